# shellcheck shell=bash
# Whether an apply is the newest of its branch; sourced by run.sh. A job that is run again brings its old commit along: what was
# merged since would be taken back.

# The names that a newer commit must have as they are here, besides the inventory: the file of targets.
compared=()
tip=''
# What run.sh sets, and what commit.sh finds.
work='' allow_older='' targets='' targets_name='' own='' full='' given_names=()

# An apply that is not the newest writes nothing.
check_newest() {
  # The whole name of the ref: a tag may be called as the branch is.
  if [ "${GITHUB_EVENT_NAME:-}" = workflow_dispatch ] &&
    [ "${GITHUB_REF:-refs/heads/${GITHUB_REF_NAME:-}}" != "refs/heads/$(event .repository.default_branch)" ]; then
    die "'apply' by workflow_dispatch runs from the default branch alone, not from '${GITHUB_REF_NAME:-}'"
  fi
  [ "$allow_older" != true ] || return 0
  [ -n "$own" ] || die "the job has no checkout of a commit, so nobody can tell whether it is the newest: begin with actions/checkout"
  [ -z "$targets_name" ] || compared+=("$targets_name")
  # A link counts with what it points to.
  if [ -L "$targets" ] && full_name "$(realpath -- "$targets")"; then
    compared+=("$full")
  fi
  ! is_superseded || superseded
  output superseded false
}

superseded() {
  tell notice "nothing was written: the branch ${GITHUB_REF_NAME:-} is at $tip by now, where the inventory or the targets are others than in the commit $own of this run. The run of that commit applies them; 'allow-older: true' applies this one all the same"
  output superseded true
  # A person who runs an old job again expects that it writes.
  [ "${GITHUB_RUN_ATTEMPT:-1}" = 1 ] || finish 4
  finish 0
}

# Whether the event's branch has moved on to something else since this commit. Sets `tip`.
is_superseded() {
  local branch=${GITHUB_REF_NAME:-} given name
  case ${GITHUB_REF:-refs/heads/} in
    refs/heads/*) ;;
    *) die "'apply' runs for a branch, not for $GITHUB_REF: nobody can tell whether something newer was applied since. 'allow-older: true' lifts this" ;;
  esac
  [ -n "$branch" ] || die "the job names no branch (GITHUB_REF_NAME), so nobody can tell whether its commit is the newest"
  if ! fetch_from_origin "refs/heads/$branch" || ! tip=$(plain_git rev-parse --verify --quiet 'FETCH_HEAD^{commit}'); then
    fail "the tip of the branch $branch cannot be fetched, so nobody can tell whether something newer was applied since; nothing was written. The token of the input 'github-token' needs 'contents: read'; 'allow-older: true' applies without looking"
  fi
  : >"$work/own"
  : >"$work/tip"
  for given in "${given_names[@]}"; do
    list_inventory "$work/own" "$own" "$given"
    list_inventory "$work/tip" "$tip" "$given"
  done
  for name in ${compared[@]+"${compared[@]}"}; do
    list_entries "$work/own" "$own" "$name" -r
    list_entries "$work/tip" "$tip" "$name" -r
  done
  ! cmp -s "$work/own" "$work/tip"
}
