# shellcheck shell=bash
# Asking the platform's API; sourced by the scripts, which set the token and a folder for what is passing.

token='' work=''
api=${GITHUB_API_URL:-}/repos/${GITHUB_REPOSITORY:-}

# `call METHOD URL [ARGUMENT OF CURL]…`: the answer is in $work/answer. What writes is not tried again: an answer that is lost may
# stand for a comment that is written. The token goes by standard input: arguments can be seen by every process.
call() {
  local method=$1 url=$2
  shift 2
  [ "$method" != GET ] || set -- "$@" --retry 3
  : >"$work/answer"
  ask curl --config - --fail-with-body --silent --show-error --max-time 120 --request "$method" --output "$work/answer" \
    --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' "$@" "$url" \
    <<<"header = \"Authorization: Bearer $token\""
}

# What the last answer says, for a message.
said() {
  jq --raw-output '.message // tostring' "$work/answer" 2>/dev/null >"$work/said" || cp "$work/answer" "$work/said"
  head -c 300 "$work/said"
}

# `list_comments NUMBER PREFIX`: the comments of a request that begin so, each a line of JSON in $work/comments.
list_comments() {
  local page=1
  : >"$work/comments"
  while :; do
    call GET "$api/issues/$1/comments?per_page=100&page=$page" || return 1
    jq --compact-output --arg prefix "$2" \
      '.[] | select((.body // "") | startswith($prefix)) | { id, login: (.user.login // ""), body }' "$work/answer" \
      >>"$work/comments" || return 1
    [ "$(jq length "$work/answer")" -eq 100 ] || return 0
    page=$((page + 1))
    # Nobody reads as many; it is a server that always has another page.
    [ $page -le 100 ] || return 1
  done
}
