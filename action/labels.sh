# shellcheck shell=bash
# Labels of a pull request that lift guards; sourced by run.sh. `stocktake: allow GUARD` lifts that guard for what the plan in our
# comment shows, and for nothing else.
#
# A label counts for the commit that it was set at: what is pushed later, nobody has looked at. Which commit that is, the event
# says that GitHub sends when the label is set; dates of commits are in the hands of who makes them, and GitHub tells no other time
# of a push for sure. So the run that is started by the label notes in our comment for which commit it was set (the record, a hidden
# line behind the marker), and a run for another commit finds that the label was not set for its own.

# What run.sh sets.
work='' report='' token='' own='' api=${api:-} files=() place=() allow=()
label_prefix='stocktake: allow '
# The guards that a label lifts; of others nobody should hear so late.
liftable='["deletes","delete-percent","empty-stock","disabled-only"]'
# What labels lift, as arguments.
lifts=()
# The record, as the second line of a comment of ours.
record_of='def record: .body | split("\n")[1] // ""
  | try (capture("^<!-- stocktake:labels (?<text>[A-Za-z0-9+/=]+) -->\r?$").text | @base64d | fromjson) catch empty;'

# Whether the API can be asked at all.
has_api() {
  [ -n "$token" ] && [ -n "${GITHUB_API_URL:-}" ] && [ -n "${GITHUB_REPOSITORY:-}" ]
}

# What a refused plan of a request says of labels: sets `lifts`, and $work/labels for the comment.
read_labels() {
  local head number
  # The guards of several targets have one report, and labels do not say which target they mean.
  jq --exit-status 'has("guards")' "$report/plan.json" >/dev/null || return 0
  number=$(event .pull_request.number) head=$(event .pull_request.head.sha)
  echo '{}' >"$work/pull"
  : >"$work/comments"
  if [ -n "$head" ] && has_api; then
    if call GET "$api/pulls/$number" && jq --exit-status 'type == "object"' "$work/answer" >/dev/null; then
      cp "$work/answer" "$work/pull"
      list_comments "$number" "$(head -n 1 "$report/plan.md")" ||
        tell warning "the comments of the request cannot be read, so that labels of earlier runs do not count: $(said)"
    else
      tell warning "the labels of the request cannot be read: $(said)"
    fi
  fi
  jq --slurp --compact-output --arg prefix "$label_prefix" --argjson liftable "$liftable" --arg head "$head" \
    --arg target "${INPUT_TARGET:-}" --arg author "${INPUT_COMMENT_AUTHOR:-github-actions[bot]}" \
    --slurpfile pull "$work/pull" --slurpfile plan "$report/plan.json" --slurpfile event "${GITHUB_EVENT_PATH:?}" "$record_of"'
    def among($list): . as $one | $list | index([$one]) != null;
    # GitHub knows no two labels that differ in case alone: whoever made it in another case has no other.
    def guard_of: strings | ascii_downcase | select(startswith($prefix)) | ltrimstr($prefix);
    ($pull[0].head.sha == $head) as $newest
    | [$pull[0].labels[]?.name? | guard_of | select(among($liftable))] as $set
    | [.[] | select(.login == $author) | record | select(.head == $head and .target == $target) | .labels[]?] as $noted
    | [$event[0] | select(.action == "labeled") | .label.name | guard_of] as $now
    | [$set[] | select($newest and (among($noted) or among($now)))] as $valid
    | [$plan[0].guards[]? | select(.effect == "refused" and (.allowance // "") != "")] as $refused
    | {
        head: $head, target: $target, labels: $valid,
        lifted: [$refused[] | select(.guard | among($valid)) | .allowance],
        void: ($set - $valid), newest: $newest,
        offered: [$refused[] | select((.guard | among($liftable)) and (.guard | among($set) | not)) | .guard] | unique
      }' "$work/comments" >"$work/labels"
  lifts=()
  while IFS= read -r lift; do
    lifts+=("--allow=$lift")
  done < <(jq --raw-output '.lifted[] | select(test("[[:cntrl:]]") | not)' "$work/labels")
}

# Puts what labels do into the comment: the record behind the marker, the words behind the verdict. Nothing is recorded as lifted but
# what the last plan says of itself: that is the one which the comment shows.
show_labels() {
  local record
  [ -s "$work/labels" ] || return 0
  jq --slurpfile plan "$report/plan.json" \
    '.lifted -= (.lifted - ($plan[0].allowances // []))
    | .stocks = [$plan[0].stocks[]? | select(any(.changes[]?; .action == "delete")) | .name]' "$work/labels" >"$work/shown"
  record=$(jq --raw-output '{ head, target, labels, lifted, stocks } | @base64 "<!-- stocktake:labels \(tojson) -->"' "$work/shown")
  jq --raw-output --arg prefix "$label_prefix" '
    def code: "`" + (gsub("`"; "\u0027") | gsub("[[:cntrl:]]"; " ")) + "`";
    def listed: map(code) | join(", ");
    [
      (select(.lifted != []) | "- 🏷️ **Lifted by labels of this request**, for what this plan shows and until the next push: \(.lifted | listed)"),
      (.void[] | "- 🏷️ The label \($prefix + . | code) was not set for this commit, so it lifts nothing. If this plan is meant, take it off and set it again."),
      (.offered[] | "- 🏷️ If this plan is meant, the label \($prefix + . | code) lifts the guard \(code) for it; a request has no `--allow`.")
    ] | join("\n")' "$work/shown" >"$work/words"
  awk -v record="$record" -v words="$work/words" '
    { print }
    NR == 1 { print record }
    NR == 5 { print ""; while ((getline line < words) > 0) print line }
  ' "$report/plan.md" >"$work/with-labels"
  cp "$work/with-labels" "$report/plan.md"
}

# What the labels of the merged request that this commit came with lift, for an apply that was refused. Sets `lifts`, and
# $work/record; fails where there is nothing.
read_merged_labels() {
  local number
  if ! has_api || ! call GET "$api/commits/$own/pulls"; then
    tell notice "a guard refuses, and no label is looked at: the token of the input 'github-token' needs 'pull-requests: read'"
    return 1
  fi
  jq --compact-output --arg own "$own" --arg branch "${GITHUB_REF_NAME:-}" \
    'map(select(.merged_at != null and .merge_commit_sha == $own and .base.ref == $branch)) | if length == 1 then .[0] else empty end' "$work/answer" >"$work/pull"
  number=$(jq --raw-output '.number' "$work/pull")
  if [ -z "$number" ]; then
    tell notice "a guard refuses, and no pull request, or more than one, was merged as the commit $own: no label is looked at"
    return 1
  fi
  list_comments "$number" '<!-- stocktake:plan ' || {
    tell warning "the comments of the request #$number cannot be read, so that no label counts: $(said)"
    return 1
  }
  jq --slurp --compact-output --arg prefix "$label_prefix" --arg target "${INPUT_TARGET:-}" \
    --arg author "${INPUT_COMMENT_AUTHOR:-github-actions[bot]}" --slurpfile pull "$work/pull" "$record_of"'
    [$pull[0].labels[]?.name? | strings | ascii_downcase] as $set
    | map(select(.login == $author) | record | select(.head == $pull[0].head.sha and .target == $target)) | first // empty
    | .lifted |= map(. as $lift | select($set | index([$prefix + ($lift | split("=")[0])]) != null))' "$work/comments" >"$work/record"
  lifts=()
  while IFS= read -r lift; do
    lifts+=("--allow=$lift")
  done < <(jq --raw-output '.lifted[]?' "$work/record")
  if [ ${#lifts[@]} -eq 0 ]; then
    tell notice "a guard refuses, and no label of the request #$number was set for what our comment there shows: nothing is lifted"
    return 1
  fi
  tell notice "labels of the request #$number lift, for what our comment there shows: $(jq --raw-output '.lifted | join(", ")' "$work/record")"
}

# Whether a plan deletes from no other stocks than the comment showed.
stays_within() {
  jq --exit-status --slurpfile record "$work/record" \
    '[.stocks[] | select(any(.changes[]?; .action == "delete")) | .name] - $record[0].stocks == []' "$1" >/dev/null
}

# Applies what labels lift: a saved plan, so that it is exactly what was looked at. Returns the exit code.
apply_lifted() {
  local code=0
  run plan "${files[@]}" "${place[@]}" ${allow[@]+"${allow[@]}"} "${lifts[@]}" --out "$work/lifted.json" >"$work/lifted.txt" || code=$?
  if [ "$code" != 0 ]; then
    cat "$work/lifted.txt"
    return "$code"
  fi
  if ! stays_within "$work/lifted.json"; then
    tell error "the plan deletes from other stocks now than the comment of the request showed: labels lift nothing of that"
    return 3
  fi
  run apply "$work/lifted.json" "${files[@]}" "${place[@]}" --yes >"$report/apply.txt" || code=$?
  return "$code"
}
