//! Completion scripts: options and their values by clap, names by asking this program.

use std::fmt::Write as _;

use clap::Command;
use clap_complete::Shell;

use super::names::Names;

/// The script for a shell. bash, zsh and fish complete names too.
pub(crate) fn script(shell: Shell, command: &mut Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "stocktake", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        Shell::Bash => script + BASH,
        Shell::Zsh => of_zsh(&script),
        Shell::Fish => script + &of_fish(command),
        _ => script,
    }
}

/// The names first; everything else is clap's.
const BASH: &str = r#"
_stocktake_with_names() {
    local names name
    if names=$("$1" completions bash --words -- "$2" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); then
        COMPREPLY=()
        if [[ -n $names ]]; then
            while IFS= read -r name; do COMPREPLY+=("$name"); done <<< "$names"
        fi
        return 0
    fi
    _stocktake "$@"
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _stocktake_with_names -o nosort -o bashdefault -o default stocktake
else
    complete -F _stocktake_with_names -o bashdefault -o default stocktake
fi
"#;

/// The function that offers names, before the one that uses it. Zsh hands it options of `compadd`, then the kind of names.
const ZSH: &str = r#"_stocktake_names() {
    local -a names
    names=("${(@f)$(stocktake completions zsh --names ${@[-1]} -- "${(Q)words[@]:1}" 2>/dev/null)}")
    [[ -n $names ]] && compadd "${@[1,-2]}" -a names
}

_stocktake() {
"#;

fn of_zsh(script: &str) -> String {
    let script = script.replacen("_stocktake() {\n", ZSH, 1);
    let mut out = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let takes = |(names, option): &(Names, &str)| {
            let (_, rest) = line.split_once(&format!("--{option}=["))?;
            rest.contains(":_default' \\").then(|| names.word())
        };
        match Names::OPTIONS.iter().find_map(takes) {
            Some(word) => out += &line.replace(":_default' \\", &format!(":_stocktake_names {word}' \\")),
            None => out += line,
        }
    }
    out
}

/// A line for each option that takes names, of each command that has it.
fn of_fish(command: &Command) -> String {
    let mut out = String::new();
    for sub in command.get_subcommands() {
        for (names, option) in Names::OPTIONS {
            if sub
                .get_arguments()
                .all(|argument| argument.get_long() != Some(option))
            {
                continue;
            }
            let (name, word) = (sub.get_name(), names.word());
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "complete -c stocktake -n \"__fish_stocktake_using_subcommand {name}\" -l {option} -x -a \
                 \"(stocktake completions fish --names {word} -- (commandline -opc) 2>/dev/null)\""
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use clap_complete::Shell;

    use super::script;

    #[test]
    fn names_are_asked_for_where_an_option_takes_them() {
        let zsh = script(Shell::Zsh, &mut crate::cli::command());
        assert!(zsh.contains("\n_stocktake_names() {\n"));
        let fish = script(Shell::Fish, &mut crate::cli::command());
        for (option, word) in [("target", "targets"), ("stock", "stocks"), ("allow", "guards")] {
            let lines: Vec<_> = zsh
                .lines()
                .filter(|line| line.contains(&format!("--{option}=[")))
                .collect();
            assert!(!lines.is_empty(), "{option}");
            for line in lines {
                assert!(line.ends_with(&format!(":_stocktake_names {word}' \\")), "{line}");
            }
            assert!(fish.contains(&format!("using_subcommand graph\" -l {option} -x")) || option == "allow");
            assert!(fish.contains(&format!("--names {word} -- ")), "{option}");
        }
    }
}
