#!/usr/bin/env bash
# Writes a plan as a comment of the pull request: the one that this account wrote before is edited, so that there is one a
# target. The first line of the file is the hidden marker that the comment is known by.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/say.sh
. "$scripts/say.sh"
# shellcheck source=action/process.sh
. "$scripts/process.sh"
# shellcheck source=action/api.sh
. "$scripts/api.sh"

die() {
  tell error "$*"
  exit 1
}

number=$(jq --raw-output '.pull_request.number // empty' "${GITHUB_EVENT_PATH:?}")
[ -n "$number" ] || die "the event names no pull request"
marker=$(head -n 1 "${COMMENT_FILE:?}")
case $marker in
  '<!-- stocktake:'*'-->') ;;
  *) die "$COMMENT_FILE does not begin with a marker" ;;
esac

token=${GITHUB_TOKEN:?}
work=$(mktemp -d)
trap 'rm -rf -- "$work"; resume_commands' EXIT
body=$work/body

# GitHub takes no more than 65,536 characters; plans are shorter, and what is not is cut. Counted in UTF-16, to be sure.
jq --raw-input --slurp 'def units: explode | map(if . > 65535 then 2 else 1 end) | add // 0;
  { body: (if units > 65536 then .[:[64000 - (units - length), 32000] | max] + "\n\n… The rest is cut: a comment holds no more.\n" else . end) }' \
  "$COMMENT_FILE" >"$body"

# A run of an older commit, perhaps one that is run again, has nothing to say of the newest one.
head=$(jq --raw-output '.pull_request.head.sha // empty' "$GITHUB_EVENT_PATH")
newest=
! call GET "$api/pulls/$number" || newest=$(jq --raw-output '.head.sha? // empty' "$work/answer") || newest=
if [ -n "$newest" ] && [ "$newest" != "$head" ]; then
  tell notice "no comment is written: this run is of $head, and the request is at $newest by now"
  exit 0
fi

list_comments "$number" "$marker" || die "the comments cannot be read: $(said)"

# The first comment of an account, empty without one.
first_of() {
  jq --raw-output --slurp --arg login "$1" 'map(select(.login == $login)) | first | .id // empty' "$work/comments"
}

edit() {
  call PATCH "$api/issues/comments/$1" --data-binary "@$body" || die "the comment cannot be edited: $(said)"
}

author=${COMMENT_AUTHOR:?}
others=$(jq --raw-output --slurp --arg author "$author" 'map(.login | select(. != $author)) | unique | join(", ")' "$work/comments")
found=$(first_of "$author")
if [ -n "$found" ]; then
  edit "$found"
  [ -z "$others" ] || tell warning "a comment that looks like this plan was written by $others, not by $author: do not rely on it"
  exit 0
fi

call POST "$api/issues/$number/comments" --data-binary "@$body" || die "the comment cannot be written: $(said)"
written=$(jq --raw-output '.id // empty' "$work/answer")
self=$(jq --raw-output '.user.login // empty' "$work/answer")
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
