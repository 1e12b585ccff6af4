# shellcheck shell=bash
# Fetching from the repository's own server; sourced by run.sh, which sets the token.

token=''

# `fetch_from_origin REF`; a signal ends it.
fetch_from_origin() {
  ask fetch_with_token "$1" </dev/null
}

# Fetches with the workflow's token, since the checkout need not keep one. The token goes by the environment of this process, a copy
# of the shell, for the server of the workflow alone, and is stored nowhere; a stored one of the checkout is not sent besides.
fetch_with_token() {
  local depth=() settings=${GIT_CONFIG_COUNT:-0} header
  # A whole clone is not to be cut off by our fetch.
  [ "$(plain_git rev-parse --is-shallow-repository)" != true ] || depth=(--depth=1)
  if [ -n "$token" ] && [ -n "${GITHUB_SERVER_URL:-}" ]; then
    header="Authorization: Basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')"
    export "GIT_CONFIG_KEY_$settings=http.$GITHUB_SERVER_URL/.extraheader" "GIT_CONFIG_VALUE_$settings="
    settings=$((settings + 1))
    export "GIT_CONFIG_KEY_$settings=http.$GITHUB_SERVER_URL/.extraheader" "GIT_CONFIG_VALUE_$settings=$header"
    export GIT_CONFIG_COUNT=$((settings + 1))
  fi
  plain_git -c http.followRedirects=false -c http.lowSpeedLimit=1 -c http.lowSpeedTime=120 \
    fetch --quiet --no-tags --no-prune --no-recurse-submodules ${depth[@]+"${depth[@]}"} origin "$1"
}

# Has a commit in the repository; the checkout of a workflow holds a single one.
need_commit() {
  case $1 in
    *[!0-9a-f]* | '') die "the event names no base commit" ;;
  esac
  plain_git cat-file -e "$1^{commit}" 2>/dev/null || fetch_from_origin "$1" ||
    fail "the base commit $1 cannot be fetched. The token of the input 'github-token' needs 'contents: read'; or let actions/checkout fetch it with 'fetch-depth: 0'"
}
