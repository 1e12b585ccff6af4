#!/usr/bin/env bash
# Runs one stocktake command for a workflow. What a pull request may change is the inventory alone: targets.yaml comes from
# the base branch, and a request from a fork is only checked offline.
set -euo pipefail

die() {
  printf '::error title=stocktake::%s\n' "$*"
  exit 64
}

output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

event() {
  jq --raw-output "$1 // empty" "${GITHUB_EVENT_PATH:?}"
}

stocktake=${STOCKTAKE_BINARY:-stocktake}
command=${INPUT_COMMAND:-plan}
report=$(mktemp -d "${RUNNER_TEMP:-/tmp}/stocktake-XXXXXX")
output report "$report"

case ${GITHUB_EVENT_NAME:-} in
  pull_request_target | workflow_run)
    die "the event ${GITHUB_EVENT_NAME} holds secrets while it looks at somebody else's files; use 'pull_request'" ;;
  pull_request | pull_request_review*) from_request=true ;;
  *) from_request=false ;;
esac

files=()
while IFS= read -r file; do
  [ -z "$file" ] || files+=(--file "$file")
done <<<"${INPUT_FILES:-inventory.yaml}"

run() {
  local code=0
  "$stocktake" "$@" || code=$?
  return "$code"
}

finish() {
  output exit-code "$1"
  exit "$1"
}

validate() {
  local code=0
  run validate "${files[@]}" --format github || code=$?
  finish "$code"
}

if [ "$command" = validate ]; then
  validate
fi

if $from_request; then
  [ "$command" = plan ] || die "'$command' does not run for a pull request: it would act on what nobody has reviewed"
  if [ "$(event .pull_request.head.repo.full_name)" != "$(event .pull_request.base.repo.full_name)" ]; then
    echo "::notice title=stocktake::a request from a fork has no credential; the files are checked offline"
    validate
  fi
fi

place=(--state-dir "${INPUT_STATE_DIR:-.stocktake}")
if [ -n "${INPUT_TARGET:-}" ]; then
  place+=(--target "$INPUT_TARGET")
fi
targets=${INPUT_TARGETS:-targets.yaml}
if $from_request; then
  base=$(event .pull_request.base.sha)
  git cat-file -e "$base" 2>/dev/null || git fetch --quiet --depth=1 origin "$base"
  # Beside the file of the checkout, so that paths in it mean the same.
  trusted=$(dirname "$targets")/.targets-of-base-$$.yaml
  trap 'rm -f "$trusted"' EXIT
  git show "$base:./$targets" >"$trusted" 2>/dev/null ||
    die "the base branch has no $targets; targets are taken from there, not from the request"
  targets=$trusted
fi
if [ -e "$targets" ]; then
  place+=(--targets "$targets")
fi

allow=()
while IFS= read -r guard; do
  [ -z "$guard" ] || allow+=(--allow "$guard")
done <<<"${INPUT_ALLOW:-}"
if [ ${#allow[@]} -gt 0 ] && [ "$command" != apply ]; then
  die "'allow' belongs to 'apply'"
fi

code=0
case $command in
  plan | drift)
    exit_code=()
    [ "$command" = drift ] || exit_code=(--detailed-exitcode)
    run "$command" "${files[@]}" "${place[@]}" "${exit_code[@]}" \
      --format "text,github=$report/annotations,markdown=$report/plan.md,json=$report/plan.json,html=$report/plan.html" ||
      code=$?
    [ ! -s "$report/annotations" ] || cat "$report/annotations"
    if [ -s "$report/plan.md" ]; then
      cat "$report/plan.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
      output comment "$report/plan.md"
    fi
    case $code in
      0) output changes false ;;
      2 | 3) output changes true ;;
      *) output changes "" ;;
    esac
    # Changes are what a plan is for; a guard's refusal fails the check, so that it is seen before the merge.
    [ "$command$code" != plan2 ] || code=0
    output exit-code "$code"
    exit "$code"
    ;;
  apply)
    run apply "${files[@]}" "${place[@]}" "${allow[@]}" --yes >"$report/apply.txt" || code=$?
    cat "$report/apply.txt"
    {
      echo '```text'
      sed 's/`/'"'"'/g' "$report/apply.txt"
      echo '```'
    } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    finish "$code"
    ;;
  *) die "there is no command '$command': plan, apply, drift or validate" ;;
esac
