# shellcheck shell=bash
# Running stocktake so that a cancelled job is heard; sourced by run.sh. The runner signals the script alone: first INT, 7.5 s
# later TERM. A shell that waits for a program in the foreground would hear neither before the program has ended.

stocktake='' child='' signal='' signals=0

hand_on() {
  signal=$1 signals=$((signals + 1))
  [ -z "$child" ] || kill -s "$1" "$child" 2>/dev/null || true
}
trap 'hand_on INT' INT
trap 'hand_on TERM' TERM

# Runs stocktake and returns its exit code: signals are handed on to it, and its report is waited for.
run() {
  local code=0 last before
  case $signal in
    INT) return 130 ;;
    TERM) return 143 ;;
  esac
  "$stocktake" "$@" &
  child=$!
  [ -z "$signal" ] || kill -s "$signal" "$child" 2>/dev/null || true
  while :; do
    before=$signals last=$code code=0
    wait "$child" || code=$?
    # A wait that a signal ended says nothing of the child, unless that had just ended and nobody knows it any more.
    [ "$signals" != "$before" ] || break
  done
  [ "$code" != 127 ] || [ "$signals" = 0 ] || code=$last
  child=
  return "$code"
}
