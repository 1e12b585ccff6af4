#!/usr/bin/env bash
# Runs one stocktake command for a workflow. What a pull request may change is the inventory alone: everything else comes from
# the base branch, and a request from a fork is only checked offline. Nothing is written into the checkout.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/say.sh
. "$scripts/say.sh"
# shellcheck source=action/commit.sh
. "$scripts/commit.sh"
# shellcheck source=action/fetch.sh
. "$scripts/fetch.sh"
# shellcheck source=action/process.sh
. "$scripts/process.sh"

output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

event() {
  jq --raw-output "$1 // empty" "${GITHUB_EVENT_PATH:?}"
}

# The token is for the fetch alone: no program that is started from here finds it in its environment.
token=${INPUT_GITHUB_TOKEN:-}
unset INPUT_GITHUB_TOKEN
stocktake=${STOCKTAKE_BINARY:-stocktake}
command=${INPUT_COMMAND:-plan}
targets=${INPUT_TARGETS:-targets.yaml}

case $command in
  plan | apply | drift | validate) ;;
  *) die "there is no command '$command': plan, apply, drift or validate" ;;
esac

# Only events that are known to run what somebody has reviewed, or to be a request. Others hold secrets while a workflow of theirs
# may look at somebody else's files.
from_request=false offline=
case ${GITHUB_EVENT_NAME:-} in
  push | schedule | workflow_dispatch) ;;
  pull_request | pull_request_review | pull_request_review_comment) from_request=true ;;
  merge_group) from_request=true offline="in a merge queue the files are checked offline; the plan stands in the request" ;;
  *)
    die "the event '${GITHUB_EVENT_NAME:-}' is refused: it may hold secrets while the workflow looks at files that nobody has reviewed. Use 'pull_request' for plans; 'push', 'schedule' or 'workflow_dispatch' for everything else" ;;
esac
if $from_request && [ "$command" != plan ] && [ "$command" != validate ]; then
  die "'$command' does not run for a pull request: it would act on what nobody has reviewed"
fi

paths=()
while IFS= read -r file; do
  [ -z "$file" ] || paths+=("$file")
done <<<"${INPUT_FILES:-inventory.yaml}"
[ ${#paths[@]} -gt 0 ] || die "the input 'files' names no file"

allow=()
while IFS= read -r guard; do
  [ -z "$guard" ] || allow+=("--allow=$guard")
done <<<"${INPUT_ALLOW:-}"
if [ ${#allow[@]} -gt 0 ] && [ "$command" != apply ]; then
  die "'allow' belongs to 'apply'"
fi

report=$(mktemp -d "${RUNNER_TEMP:-/tmp}/stocktake-XXXXXX")
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/stocktake-work-XXXXXX")
base_tree=
leave() {
  cd /
  [ -z "$base_tree" ] || plain_git -C "$top" worktree remove --force "$base_tree" || true
  rm -rf -- "$work"
  resume_commands
}
trap leave EXIT
output report "$report"

finish() {
  output exit-code "$1"
  exit "$1"
}

# Tells later steps whether live and desired state differ.
changed() {
  case $1 in
    0) output changes false ;;
    2 | 3) output changes true ;;
    *) output changes "" ;;
  esac
}

# Shows a text in the log and, as it is, in the summary of the run.
summarize() {
  cat "$1"
  {
    echo '```text'
    sed 's/`/'"'"'/g' "$1"
    echo '```'
  } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

validate() {
  local code=0
  run validate "${files[@]}" --format github >"$work/annotations" || code=$?
  show_annotations "$work/annotations"
  finish "$code"
}

# Checks the files of a request without asking a shop. A file of targets in the request is looked at too.
check_offline() {
  local code=0
  tell notice "$1"
  mkdir -p "$work/request/$here"
  place_files "$work/request" /
  cd "$work/request/$here"
  validate
}

place=(--state-dir "$(realpath -m "${INPUT_STATE_DIR:-.stocktake}" 2>/dev/null || echo "$PWD/${INPUT_STATE_DIR:-.stocktake}")")
if [ -n "${INPUT_TARGET:-}" ]; then
  place+=("--target=$INPUT_TARGET")
fi

if find_commit; then
  choose_files
elif $from_request; then
  die "the job has no checkout of the request: begin with actions/checkout"
else
  files=() names=() ids=()
  for file in "${paths[@]}"; do
    files+=("--file=$file")
  done
fi

if ! $from_request; then
  check_files
  [ "$command" != validate ] || validate
else
  if [ "$command" = validate ]; then
    offline="the files are checked offline"
  elif [ "$(event .pull_request.head.repo.full_name)" != "$(event .pull_request.base.repo.full_name)" ]; then
    offline="a request from a fork has no credential; the files are checked offline"
  fi
  [ -z "$offline" ] || check_offline "$offline"
  # Targets, certificates and programs are those of the base commit; from the request come the inventory files alone.
  base=$(event .pull_request.base.sha)
  need_commit "$base"
  base_tree=$work/base
  plain_git worktree add --quiet --detach "$base_tree" "$base" || die "the base commit $base cannot be checked out"
  # An absolute path into the checkout means that file of the base, too.
  ! full_name "$targets" || targets=$base_tree/$full
  mkdir -p "$base_tree/$here"
  cd "$base_tree/$here"
  targets=${targets#"$PWD/"}
  [ -e "$targets" ] || die "the base branch has no $targets; targets are taken from there, not from the request"
  place_files "$base_tree" "$targets"
fi
if [ -e "$targets" ]; then
  place+=(--targets "$targets")
fi

code=0
case $command in
  plan)
    run plan "${files[@]}" "${place[@]}" --detailed-exitcode \
      --format "text,github=$work/annotations,markdown=$report/plan.md,json=$report/plan.json,html=$report/plan.html" ||
      code=$?
    [ ! -s "$work/annotations" ] || show_annotations "$work/annotations"
    if [ -s "$report/plan.md" ]; then
      cat "$report/plan.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
      output comment "$report/plan.md"
    fi
    changed "$code"
    # Changes are what a plan is for; a guard's refusal fails the check, so that it is seen before the merge.
    [ "$code" != 2 ] || code=0
    finish "$code"
    ;;
  drift)
    notify=()
    [ "${INPUT_NOTIFY:-false}" != true ] || notify=(--notify)
    run drift "${files[@]}" "${place[@]}" ${notify[@]+"${notify[@]}"} \
      --format "text,markdown=$report/plan.md,json=$report/drift.json,html=$report/plan.html" >"$report/drift.txt" ||
      code=$?
    cat "$report/drift.txt"
    [ ! -s "$report/plan.md" ] || cat "$report/plan.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    changed "$code"
    finish "$code"
    ;;
  apply)
    run apply "${files[@]}" "${place[@]}" ${allow[@]+"${allow[@]}"} --yes >"$report/apply.txt" || code=$?
    summarize "$report/apply.txt"
    finish "$code"
    ;;
esac
