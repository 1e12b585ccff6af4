#!/usr/bin/env bash
# Writes a plan as a comment of the pull request: the one that this account wrote before is edited, so that there is one a
# target. The first line of the file is the hidden marker that the comment is known by.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/say.sh
. "$scripts/say.sh"

die() {
  tell error "$*"
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

work=$(mktemp -d)
trap 'rm -rf -- "$work"; resume_commands' EXIT
body=$work/body answer=$work/answer

call() {
  # The token goes by standard input: arguments can be seen by every process.
  local method=$1 url=$2
  shift 2
  # What writes is not tried again: an answer that is lost may stand for a comment that is written.
  [ "$method" != GET ] || set -- "$@" --retry 3
  curl --config - --fail-with-body --silent --show-error --request "$method" --output "$answer" \
    --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' "$@" "$url" <<<"header = \"Authorization: Bearer ${GITHUB_TOKEN:?}\""
}

# What the last answer says, for a message.
said() {
  jq --raw-output '.message // tostring' "$answer" 2>/dev/null >"$work/said" || cp "$answer" "$work/said"
  head -c 300 "$work/said"
}

# GitHub takes no more than 65,536 characters; plans are shorter, and what is not is cut. Counted in UTF-16, to be sure.
jq --raw-input --slurp 'def units: explode | map(if . > 65535 then 2 else 1 end) | add // 0;
  { body: (if units > 65536 then .[:[64000 - (units - length), 32000] | max] + "\n\n… The rest is cut: a comment holds no more.\n" else . end) }' \
  "$COMMENT_FILE" >"$body"

# Every comment with the marker: its number and its account.
: >"$work/marked"
page=1
while :; do
  call GET "$api/issues/$number/comments?per_page=100&page=$page" || die "the comments cannot be read: $(said)"
  jq --compact-output --arg marker "$marker" \
    '.[] | select((.body // "") | startswith($marker)) | { id, login: (.user.login // "") }' "$answer" >>"$work/marked"
  [ "$(jq length "$answer")" -eq 100 ] || break
  page=$((page + 1))
  [ $page -le 100 ] || die "the pull request has more than 10,000 comments; nobody can tell which one is ours"
done

# The first comment of an account, empty without one.
first_of() {
  jq --raw-output --slurp --arg login "$1" 'map(select(.login == $login)) | first | .id // empty' "$work/marked"
}

edit() {
  call PATCH "$api/issues/comments/$1" --data-binary "@$body" || die "the comment cannot be edited: $(said)"
}

author=${COMMENT_AUTHOR:?}
others=$(jq --raw-output --slurp --arg author "$author" 'map(.login | select(. != $author)) | unique | join(", ")' "$work/marked")
found=$(first_of "$author")
if [ -n "$found" ]; then
  edit "$found"
  [ -z "$others" ] || tell warning "a comment that looks like this plan was written by $others, not by $author: do not rely on it"
  exit 0
fi

call POST "$api/issues/$number/comments" --data-binary "@$body" || die "the comment cannot be written: $(said)"
written=$(jq --raw-output '.id // empty' "$answer")
self=$(jq --raw-output '.user.login // empty' "$answer")
if [ -z "$self" ] || [ "$self" = "$author" ]; then
  [ -z "$others" ] || tell warning "a comment that looks like this plan was written by $others, not by $author: do not rely on it"
  exit 0
fi
# The token is of another account than the input says. Its comment of the last time is known only now.
tell warning "the comment is written by the account $self, not by $author: give 'comment-author: $self', so that it is found at once"
found=$(first_of "$self")
if [ -n "$found" ]; then
  edit "$found"
  call DELETE "$api/issues/comments/$written" || tell warning "the comment $written stands twice and cannot be deleted: $(said)"
fi
