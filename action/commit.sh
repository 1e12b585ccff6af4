# shellcheck shell=bash
# The inventory files as a commit holds them; sourced by run.sh. They are taken blob by blob: nothing that a pull request may
# write (attributes, filters, links, submodules, names with a meaning for git) has a say in what stocktake reads.

# What run.sh sets: the folder for what is passing, whether a request asks, and two inputs.
work='' from_request=false command='' allow_older='' targets='' paths=()
# The name that commits have for the file of targets; empty for one outside the repository.
targets_name=''
# The repository: its folder, the way from there to where the job works, and the commit.
top='' here='' own=''
# No inventory has more files; each costs a process.
most_files=5000

# Where the job works. In a container that often belongs to another account, which git would refuse; it is the job's own all the same.
workspace=$PWD

# git without what an earlier step may have set up to run by itself, and with paths that are nothing but paths.
plain_git() {
  GIT_LITERAL_PATHSPECS=1 GIT_NO_REPLACE_OBJECTS=1 GIT_TERMINAL_PROMPT=0 \
    git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c gc.auto=0 -c maintenance.auto=false \
    -c safe.directory="$workspace" "$@"
}

# Finds the repository that the job works in: `top` is its folder, `here` the way from there, `own` the commit. Fails without one.
find_commit() {
  if ! top=$(plain_git rev-parse --show-toplevel 2>"$work/git"); then
    [ ! -e .git ] || fail "git cannot read the checkout: $(head -c 300 "$work/git")"
    return 1
  fi
  here=$(plain_git rev-parse --show-prefix)
  own=$(plain_git rev-parse --verify --quiet 'HEAD^{commit}') || return 1
}

# Sets `full` to the name that commits have for a path of the inputs. Fails for one outside the repository.
full_name() {
  local part rest
  case $1 in
    "$PWD" | "$PWD"/*) rest=${1#"$PWD"} full=${here%/} ;;
    "$top" | "$top"/*) rest=${1#"$top"} full= ;;
    /*) return 1 ;;
    *) rest=$1 full=${here%/} ;;
  esac
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
    case $part in
      '' | .) ;;
      ..)
        [ -n "$full" ] || return 1
        case $full in
          */*) full=${full%/*} ;;
          *) full= ;;
        esac
        ;;
      *) full=${full:+$full/}$part ;;
    esac
  done
}

# `list_entries FILE COMMIT NAME`: appends the entry of a full name to a file, or everything below it with `-r` behind:
# `MODE TYPE ID<tab>NAME<nul>`.
list_entries() {
  local list=$1 commit=$2 name=$3
  shift 3
  set -- "$@" "$commit"
  [ -z "$name" ] || set -- "$@" -- "$name"
  plain_git -C "$top" ls-tree -z "$@" >>"$list" || fail "what the commit $commit holds cannot be listed"
}

# Looks for the entry of a full name; without one `mode` is empty.
look_up() {
  mode='' id='' name=''
  : >"$work/entry"
  list_entries "$work/entry" "$1" "$2"
  next_entry <"$work/entry" || true
}

# Reads the next entry of a list into `mode`, `id` and `name`.
next_entry() {
  local entry rest
  IFS= read -r -d '' entry || return 1
  name=${entry#*$'\t'}
  mode=${entry%% *}
  rest=${entry%%$'\t'*}
  id=${rest##* }
}

# `list_inventory FILE COMMIT NAME`: appends what a commit holds of the inventory at a full name: a file as it is named; of a folder
# and its sub-folders every .yaml and .yml and all that is not a regular file, hidden names and the file of targets left out.
list_inventory() {
  local list=$1 folder=$3
  : >"$work/below"
  list_entries "$work/below" "$2" "$folder" -r
  while next_entry; do
    case $name in
      "$folder") ;;
      "$targets_name") continue ;;
      *)
        case /${name#"$folder"} in
          */.*) continue ;;
          *.[yY][aA][mM][lL] | *.[yY][mM][lL]) ;;
          *) [ "${mode#100}" = "$mode" ] || continue ;;
        esac
        ;;
    esac
    printf '%s %s\t%s\0' "$mode" "$id" "$name" >>"$list"
  done <"$work/below"
}

# Chooses one entry of the commit as an inventory file.
choose() {
  case $mode in
    100*) ;;
    120000) die "$name is a symbolic link: what it points to would be read in place of what was reviewed" ;;
    *) die "$name is not a file of this repository (mode $mode, such as a submodule)" ;;
  esac
  case /$name/ in
    */../* | */./* | *//*) die "the commit has a file with the name $name, which leads somewhere else" ;;
  esac
  case $name in
    "$here"*) ;;
    *) die "$name stands above the folder that the job works in" ;;
  esac
  case $chosen in
    *"//$name//"*) return ;;
  esac
  [ ${#names[@]} -lt $most_files ] || die "there are more than $most_files inventory files"
  names+=("$name") ids+=("$id") files+=("--file=${name#"$here"}")
}

# Chooses the inventory files of the commit. Sets `names`, `ids`, and `files` for the command line.
choose_files() {
  local chosen=// given folder list=$work/entries
  ! full_name "$targets" || targets_name=$full
  names=() ids=() files=() given_names=()
  for given in "${paths[@]}"; do
    # What is named twice is one file.
    [ ${#names[@]} -eq 0 ] || chosen=$(printf '%s//' '' "${names[@]}")
    full_name "$given" || die "the input 'files' names $given, which is outside the repository"
    folder=$full
    given_names+=("$folder")
    [ -z "$folder" ] || [ "$folder" != "$targets_name" ] || die "$given is the file of targets, no inventory"
    look_up "$own" "$folder"
    if [ -z "$mode" ]; then
      ! $from_request || die "the request has no $given"
      # Made by an earlier step, perhaps: stocktake itself says so when it is not there.
      [ "$command" != apply ] || [ "$allow_older" = true ] ||
        die "the commit has no $given, so nobody can tell whether a newer one was applied; 'allow-older: true' lifts this"
      files+=("--file=$given")
      continue
    fi
    if [ -n "$folder" ] && [ "$mode" != 040000 ]; then
      [ "$name" = "$folder" ] || die "$given leads into $name, which is not a folder of this repository"
      choose
      continue
    fi
    : >"$list"
    list_inventory "$list" "$own" "$folder"
    while next_entry; do
      choose
    done <"$list"
    tell_untracked "$given" "$folder"
    [ -s "$list" ] || die "the folder $given holds no .yaml or .yml file"
  done
}

# Says that a folder holds inventories which the commit does not: they were neither reviewed nor are they read.
tell_untracked() {
  local untracked
  plain_git -C "$top" ls-files --others --exclude-standard -z ${2:+-- "$2"} >"$work/untracked" ||
    fail "the files of the checkout cannot be listed"
  while IFS= read -r -d '' untracked; do
    case /${untracked#"$2"} in
      */.*) ;;
      *.[yY][aA][mM][lL] | *.[yY][mM][lL])
        tell warning "the folder $1 holds files that the commit does not, such as $untracked: they are not read"
        return
        ;;
    esac
  done <"$work/untracked"
}

# Clears the way for a file in a folder of ours: what stands there, and what stands in the place of its folders.
clear_way() {
  local place=$1 rest=$2/
  while [ -n "$rest" ]; do
    place=$place/${rest%%/*} rest=${rest#*/}
    if [ -e "$place" ] && [ -e "$kept" ] && [ "$place" -ef "$kept" ]; then
      die "$2 would stand in the place of the file of targets"
    fi
    if [ -L "$place" ] || { [ -e "$place" ] && [ ! -d "$place" ]; }; then
      rm -f -- "$place"
    fi
  done
  rm -rf -- "$place"
}

# Writes the chosen files into a folder of ours, byte for byte. `kept` is a file in it that none of them may replace.
place_files() {
  local at folder=$1 kept=$2 index
  for index in ${names[@]+"${!names[@]}"}; do
    clear_way "$folder" "${names[index]}"
  done
  for index in ${names[@]+"${!names[@]}"}; do
    place_blob "$folder" "${names[index]}" "${ids[index]}"
  done
}

place_blob() {
  local at=$1/$2
  mkdir -p -- "${at%/*}"
  if [ -e "$at" ] || [ -L "$at" ]; then
    die "two names of the commit are one file here: $2 and another one; they differ in case alone, perhaps"
  fi
  plain_git -C "$top" cat-file blob "$3" >"$at" || fail "the content of $2 cannot be read from the repository"
}

# What an apply reads must be what a plan of the same commit reads: the very bytes of the commit.
check_files() {
  local index
  for index in ${names[@]+"${!names[@]}"}; do
    [ "$(plain_git hash-object --no-filters -- "$top/${names[index]}" 2>/dev/null)" = "${ids[index]}" ] ||
      die "${names[index]} in the checkout is not what the commit $own holds: .gitattributes or an earlier step changed it. Plans are made from what the commit holds, so nothing else is applied"
  done
}
