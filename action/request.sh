# shellcheck shell=bash
# A pull request; sourced by run.sh. It may change the inventory alone: targets, certificates and programs are those of its base.

# What stocktake says of an empty secret.
lacking=''
# The exit code that the request's own file of targets earned, once it was looked at; and where the base is checked out.
wrong=0 looked_at=false base_tree=''
# What run.sh sets, and what commit.sh finds.
work='' report='' targets='' targets_name='' top='' own='' here='' full='' mode='' id='' files=()

# Checks the files of a request without asking a shop.
check_offline() {
  tell notice "$1"
  place_files "$work/request" /
  check_targets
  mkdir -p "$work/request/$here"
  cd "$work/request/$here" || exit
  validate
}

# Checks the file of targets that a request brings, which is used for nothing else. Sets `wrong` where it cannot be used.
check_targets() {
  local from=$PWD
  [ -n "$targets_name" ] && ! $looked_at || return 0
  looked_at=true
  look_up "$own" "$targets_name"
  case $mode in
    '') return ;;
    100*) ;;
    *) die "$targets_name is not a regular file in the request" ;;
  esac
  place_blob "$work/request" "$targets_name" "$id"
  cd "$work/request" || exit
  run targets --targets "$targets_name" >/dev/null || wrong=$?
  cd "$from" || exit
  [ "$wrong" = 0 ] || tell error "$targets_name of this request cannot be used"
}

# The first request that brings a file of targets: there is none yet that anybody has reviewed.
first_targets() {
  [ -n "$targets_name" ] || die "there is no $targets"
  look_up "$own" "$targets_name"
  [ -n "$mode" ] || die "the base branch has no $targets; targets are taken from there, not from the request"
  {
    printf '<!-- stocktake:first-targets -->\n\n### Inventory plan\n\n'
    printf 'The base branch has no file of targets yet, and the one of a request is not used before its merge: it says where the\n'
    printf 'credential goes. So this request is checked offline. Plans come with the requests after its merge.\n'
  } >"$report/plan.md"
  summarize "$report/plan.md"
  output comment "$report/plan.md"
  check_offline "the base branch has no $targets: plans come after the merge of this request; the files are checked offline"
}

# Whether a plan came to nothing because a secret is empty, and for no other reason: where another target of several is refused or
# fails, that is what counts. Sets `lacking` to what stocktake says of the secret.
lacks_secret() {
  lacking=
  [ ! -s "$report/plan.json" ] || lacking=$(jq --raw-output '
    [(.targets // [.])[] | if (.error | type) == "object" then .error else . end]
    | map(select(.kind == "empty_secret")) as $empty
    | select(all(.[]; .kind == "empty_secret" or .exit_code == 0 or .exit_code == 2))
    | $empty[0].error // empty' "$report/plan.json")
  [ -n "$lacking" ]
}

# Checks out the base commit beside the checkout, with the inventory of the request in it, and goes there.
enter_base() {
  local base base_targets without=false
  base=$(event .pull_request.base.sha)
  need_commit "$base"
  case $own in
    "${GITHUB_SHA:-$own}" | "$(event .pull_request.head.sha)") ;;
    *) tell warning "the checkout is at $own, which is neither the request's commit nor what a merge would make of it: the plan is of something else" ;;
  esac
  tell_unnamed "$base"
  check_state "$base"
  plain_git worktree add --quiet --detach "$work/base" "$base" || fail "the base commit $base cannot be checked out"
  base_tree=$work/base
  mkdir -p "$base_tree/$here"
  cd "$base_tree/$here" || exit
  # An absolute path into the checkout means that file of the base, too.
  [ -z "$targets_name" ] || targets=$base_tree/$targets_name
  targets=${targets#"$PWD/"}
  if [ ! -e "$targets" ]; then
    without=true
    # A single target may stand in the environment alone, where no other file of targets is named.
    { [ -n "${STOCKTAKE_URL:-}" ] && [ "$targets" = targets.yaml ]; } || first_targets
  fi
  place_files "$base_tree" "$targets"
  if $without && [ -e "$targets" ]; then
    die "a file of the inventory would be taken for $targets"
  fi
  [ -n "$targets_name" ] || return 0
  look_up "$base" "$targets_name"
  base_targets=$mode$id
  look_up "$own" "$targets_name"
  if [ "$mode$id" != "$base_targets" ]; then
    tell notice "this request changes $targets_name: the plan is made with the one of the base branch, the new one counts after the merge"
    check_targets
  fi
}

# Says which inventories the request changes that no run looks at, since the input 'files' does not name them.
tell_unnamed() {
  local changed unnamed='' count=0
  plain_git -C "$top" diff-tree -r -z --name-only --no-renames --diff-filter=d "$1" "$own" >"$work/changed" ||
    fail "what the request changes cannot be listed"
  while IFS= read -r -d '' changed; do
    case /$changed in
      */.*) continue ;;
      */[iI]nventory*.[yY][aA][mM][lL] | */[iI]nventory*.[yY][mM][lL] | */inventory/*.[yY][aA][mM][lL] | */inventory/*.[yY][mM][lL]) ;;
      *) continue ;;
    esac
    case " ${files[*]} " in
      *" --file=${changed#"$here"} "*) continue ;;
    esac
    count=$((count + 1))
    [ "$count" -gt 5 ] || unnamed="$unnamed $changed"
  done <"$work/changed"
  [ "$count" = 0 ] ||
    tell warning "this request changes inventories that the input 'files' does not name, so nobody checks or applies them ($count):$unnamed"
}

# What is remembered between runs is nothing that a request may bring along.
check_state() {
  local at='' rest known
  full_name "${INPUT_STATE_DIR:-.stocktake}" || return 0
  rest=$full/
  while [ -n "$rest" ]; do
    at=${at:+$at/}${rest%%/*} rest=${rest#*/}
    look_up "$own" "$at"
    [ "$mode" != 120000 ] || die "$at is a symbolic link: the state directory would be somewhere else"
  done
  known=$mode$id
  look_up "$1" "$full"
  [ "$mode$id" = "$known" ] || die "the request changes $full, the state directory: what is remembered there is not a part of an inventory"
}
