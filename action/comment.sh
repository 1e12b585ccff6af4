#!/usr/bin/env bash
# Writes a plan as a comment of the pull request: the one that this account wrote before is edited, so that there is one a
# target. The first line of the file is the hidden marker that the comment is known by.
set -euo pipefail

die() {
  printf '::error title=stocktake::%s\n' "$*"
  exit 1
}

number=$(jq --raw-output '.pull_request.number // empty' "${GITHUB_EVENT_PATH:?}")
[ -n "$number" ] || die "the event names no pull request"
api=${GITHUB_API_URL:?}/repos/${GITHUB_REPOSITORY:?}
marker=$(head -n 1 "${COMMENT_FILE:?}")
case $marker in
  '<!-- stocktake:'*'-->') ;;
  *) die "$COMMENT_FILE does not begin with a marker" ;;
esac

call() {
  # The token goes by standard input: arguments can be seen by every process.
  local method=$1 url=$2
  shift 2
  curl --config - --fail-with-body --silent --show-error --retry 3 --request "$method" \
    --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' "$@" "$url" <<<"header = \"Authorization: Bearer ${GITHUB_TOKEN:?}\""
}

body=$(mktemp)
answer=$(mktemp)
trap 'rm -f "$body" "$answer"' EXIT
jq --raw-input --slurp '{ body: . }' "$COMMENT_FILE" >"$body"

found=
page=1
while [ -z "$found" ]; do
  call GET "$api/issues/$number/comments?per_page=100&page=$page" --output "$answer" ||
    die "the comments cannot be read: $(head -c 300 "$answer")"
  found=$(jq --raw-output --arg marker "$marker" --arg author "${COMMENT_AUTHOR:?}" \
    'map(select(.user.login == $author and (.body | startswith($marker)))) | first | .id // empty' "$answer")
  [ "$(jq length "$answer")" -eq 100 ] || break
  page=$((page + 1))
done

if [ -n "$found" ]; then
  call PATCH "$api/issues/comments/$found" --data-binary "@$body" --output "$answer" ||
    die "the comment cannot be edited: $(head -c 300 "$answer")"
else
  call POST "$api/issues/$number/comments" --data-binary "@$body" --output "$answer" ||
    die "the comment cannot be written: $(head -c 300 "$answer")"
fi
