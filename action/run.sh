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
# shellcheck source=action/newest.sh
. "$scripts/newest.sh"
# shellcheck source=action/request.sh
. "$scripts/request.sh"
# shellcheck source=action/api.sh
. "$scripts/api.sh"
# shellcheck source=action/labels.sh
. "$scripts/labels.sh"

output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

finished=false
finish() {
  finished=true
  output exit-code "$1"
  exit "$1"
}

# Wrong usage, or what is refused.
die() {
  tell error "$*"
  finish 64
}

# What did not work; nothing was written.
fail() {
  local code=0
  go_on || code=$?
  if [ "$code" != 0 ]; then
    tell notice "cancelled; nothing was written"
    finish "$code"
  fi
  tell error "$*"
  finish 1
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
allow_older=${INPUT_ALLOW_OLDER:-false}

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
leave() {
  # A slip of a script here must not end with a code that means something else, as jq's 5 would.
  local slip=$?
  cd /
  [ -z "$base_tree" ] || plain_git -C "$top" worktree remove --force "$base_tree" || true
  rm -rf -- "$work"
  if ! $finished; then
    tell error "the action itself failed (with $slip), which it should not: the lines above say where"
    output exit-code 1
    resume_commands
    exit 1
  fi
  resume_commands
}
trap leave EXIT
output report "$report"

# Tells later steps whether live and desired state differ.
changed() {
  case $1 in
    0) output changes false ;;
    2 | 3) output changes true ;;
    *) output changes "" ;;
  esac
}

# Adds a file to the summary of the run. GitHub drops a summary of more than 1 MiB: of a longer one the first lines are kept, and
# the last ones, which hold the verdict.
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
summarize() {
  local room
  room=$((1000000 - $({ wc -c <"$summary"; } 2>/dev/null || echo 0)))
  LC_ALL=C awk -v room="$room" '
    FNR == NR { size[++lines] = length($0) + 1; whole += size[lines]; next }
    FNR == 1 && whole > room {
      for (last = lines; last > 0 && tail + size[last] <= 8192; last--) tail += size[last]
      for (head = 0; head < last && kept + size[head + 1] <= room - tail - 200; head++) kept += size[head + 1]
    }
    whole > room && FNR == head + 1 { printf "\n… %d lines are left out here: the summary of a run holds no more. They are in the log.\n\n", last - head }
    whole > room && FNR > head && FNR <= last { next }
    { print }
  ' "$1" "$1" >>"$summary"
}

validate() {
  local code=0
  run validate "${files[@]}" --format github >"$work/annotations" || code=$?
  show_annotations "$work/annotations"
  [ "$code" != 0 ] || code=$wrong
  finish "$code"
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
  if [ "${GITHUB_EVENT_NAME:-}" = workflow_dispatch ] && [ "${GITHUB_SHA:-$own}" != "$own" ]; then
    die "the checkout is at $own, not at the commit that was dispatched, $GITHUB_SHA: nobody may have reviewed it"
  fi
  [ "$command" != apply ] || check_newest
else
  if [ "$command" = validate ]; then
    offline="the files are checked offline"
  elif [ -z "$offline" ] && [ "$(event .pull_request.head.repo.full_name)" != "$(event .pull_request.base.repo.full_name)" ]; then
    offline="a request from a fork has no credential; the files are checked offline"
  fi
  [ -z "$offline" ] || check_offline "$offline"
  enter_base
fi
# A file that is named must be there: in its place an address in the environment would act, without the guards of the file.
if [ -e "$targets" ] || [ "$targets" != targets.yaml ]; then
  place+=("--targets=$targets")
fi

code=0
case $command in
  plan)
    plan() {
      run plan "${files[@]}" "${place[@]}" "$@" --detailed-exitcode \
        --format "text,github=$work/annotations,markdown=$report/plan.md,json=$report/plan.json,html=$report/plan.html"
    }
    plan >"$work/plan.txt" || code=$?
    if $from_request && [ "$code" = 3 ] && [ -s "$report/plan.md" ]; then
      read_labels
      if [ ${#lifts[@]} -gt 0 ]; then
        code=0
        plan "${lifts[@]}" >"$work/plan.txt" || code=$?
      fi
      show_labels
    fi
    cat "$work/plan.txt"
    [ ! -s "$work/annotations" ] || show_annotations "$work/annotations"
    if [ -s "$report/plan.md" ]; then
      summarize "$report/plan.md"
      output comment "$report/plan.md"
    fi
    if $from_request && lacks_secret; then
      output changes ""
      check_offline "$lacking; GitHub gives no secrets to forks and to Dependabot. The files are checked offline"
    fi
    changed "$code"
    # Changes are what a plan is for; a guard's refusal fails the check, so that it is seen before the merge.
    [ "$code" != 2 ] || code=0
    [ "$code" != 0 ] || code=$wrong
    finish "$code"
    ;;
  drift)
    notify=()
    [ "${INPUT_NOTIFY:-false}" != true ] || notify=(--notify)
    run drift "${files[@]}" "${place[@]}" ${notify[@]+"${notify[@]}"} \
      --format "text,markdown=$report/plan.md,json=$report/drift.json,html=$report/plan.html" >"$report/drift.txt" ||
      code=$?
    cat "$report/drift.txt"
    [ ! -s "$report/plan.md" ] || summarize "$report/plan.md"
    changed "$code"
    finish "$code"
    ;;
  apply)
    run apply "${files[@]}" "${place[@]}" ${allow[@]+"${allow[@]}"} --yes >"$report/apply.txt" || code=$?
    if [ "$code" = 3 ] && read_merged_labels; then
      code=0
      apply_lifted || code=$?
    fi
    cat "$report/apply.txt"
    # As it is: the names in it are no Markdown.
    { echo '```text' && sed 's/`/'"'"'/g' "$report/apply.txt" && echo '```'; } >"$work/summary"
    summarize "$work/summary"
    finish "$code"
    ;;
esac
