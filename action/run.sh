#!/usr/bin/env bash
# Runs one stocktake command for a workflow. What a pull request may change is the inventory alone: everything else comes from
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
paths=()
while IFS= read -r file; do
  [ -z "$file" ] || files+=(--file "$file") paths+=("$file")
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

place=(--state-dir "$(realpath -m "${INPUT_STATE_DIR:-.stocktake}" 2>/dev/null || echo "$PWD/${INPUT_STATE_DIR:-.stocktake}")")
if [ -n "${INPUT_TARGET:-}" ]; then
  place+=(--target "$INPUT_TARGET")
fi
targets=${INPUT_TARGETS:-targets.yaml}
if $from_request; then
  # Targets, certificates and programs are those of the base commit; from the request come the inventory files alone.
  base=$(event .pull_request.base.sha)
  git cat-file -e "$base" 2>/dev/null || git fetch --quiet --depth=1 origin "$base"
  trusted=$report/base
  git worktree add --quiet --detach "$trusted" "$base"
  trap 'git worktree remove --force "$trusted"' EXIT
  here=$(git rev-parse --show-prefix)
  for file in "${paths[@]}"; do
    if git ls-files --stage -- "$file" | grep -q '^120000'; then
      die "$file is a symbolic link: what it points to would be shown"
    fi
    rm -rf "${trusted:?}/$here$file"
    git archive --prefix="$here" HEAD -- "$file" | tar -x -C "$trusted" || die "the request has no $file"
  done
  cd "$trusted/$here"
  [ -e "$targets" ] || die "the base branch has no $targets; targets are taken from there, not from the request"
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
  plan)
    run plan "${files[@]}" "${place[@]}" --detailed-exitcode \
      --format "text,github=$report/annotations,markdown=$report/plan.md,json=$report/plan.json,html=$report/plan.html" ||
      code=$?
    [ ! -s "$report/annotations" ] || cat "$report/annotations"
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
  *) die "there is no command '$command': plan, apply, drift or validate" ;;
esac
