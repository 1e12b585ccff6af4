# shellcheck shell=bash
# Writes to the log of a job; sourced by the scripts. The runner carries out every line of a log that looks like a command
# (`::name::` at its start, `##[name]` anywhere), whoever wrote it. So commands are stopped from here to the end of the script, but
# for the lines that these functions print. Standard error joins standard output: the runner reads two streams in no sure order.

exec 2>&1
# A word that nobody can know before, so that no text of others lets commands in again.
stop_word=stocktake-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

stop_commands() {
  printf '::stop-commands::%s\n' "$stop_word"
}

resume_commands() {
  printf '\n::%s::\n' "$stop_word"
}

# The text of an annotation: one line, without what would end it, and without characters that move a terminal.
escaped() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '%s' "${text//[[:cntrl:]]/?}"
}

# `tell error|warning|notice TEXT`: an annotation.
tell() {
  resume_commands
  printf '::%s title=stocktake::%s\n' "$1" "$(escaped "$2")"
  stop_commands
}

# Shows a file of annotations that stocktake wrote; a line that is none is shown as a text.
show_annotations() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      '::error '* | '::warning '* | '::notice '*)
        resume_commands
        printf '%s\n' "$line"
        stop_commands
        ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$1"
}

trap resume_commands EXIT
stop_commands
