# shellcheck shell=bash
# Running programs so that a cancelled job is heard; sourced by the scripts. The runner signals the script alone: first INT, 7.5 s
# later TERM. A shell that waits for a program in the foreground would hear neither before the program has ended.

stocktake='' hearer='' handed='' signal='' signals=0

hand_on() {
  signal=$1 signals=$((signals + 1))
  [ -z "$hearer" ] || kill -s "${handed:-$1}" -- "$hearer" 2>/dev/null || true
}
trap 'hand_on INT' INT
trap 'hand_on TERM' TERM

# Fails with the exit code of a cancelled job, once it is one.
go_on() {
  case $signal in
    INT) return 130 ;;
    TERM) return 143 ;;
  esac
}

# Runs stocktake and returns its exit code: signals are handed on to it, and its report is waited for.
run() {
  go_on || return
  "$stocktake" "$@" &
  await $! $! ''
}

# Runs what only asks a server, so that a signal ends it at once, and with it what it started, as git does: it has a process group
# of its own.
ask() {
  go_on || return
  set -m
  "$@" <&0 &
  set +m
  await $! -$! TERM
}

# `await PROCESS HEARER SIGNAL`: waits for a program and returns its exit code. Its hearer gets that signal, or the one that comes.
await() {
  local code=0 last before child=$1
  hearer=$2 handed=$3
  [ -z "$signal" ] || kill -s "${handed:-$signal}" -- "$hearer" 2>/dev/null || true
  while :; do
    before=$signals last=$code code=0
    wait "$child" || code=$?
    # A wait that a signal ended says nothing of the child, unless that had just ended and nobody knows it any more.
    [ "$signals" != "$before" ] || break
  done
  [ "$code" != 127 ] || [ "$signals" = 0 ] || code=$last
  hearer=
  return "$code"
}
