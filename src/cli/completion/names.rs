//! The names that an option takes here, from the targets file and the inventory files.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::args::INVENTORY;
use crate::cli::args::select_target::load_targets;
use crate::cli::input::files::read_files;
use crate::cli::output::printer::Printer;
use crate::reconcile::GUARD_NAMES;
use crate::spec::load;
use crate::target::{select, select_named};

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Names {
    /// Targets, for `--target`.
    Targets,
    /// Stocks, for `--stock`.
    Stocks,
    /// Guards, those of stocks with each stock, for `--allow`.
    Guards,
}

impl Names {
    /// Each kind with its option.
    pub(crate) const OPTIONS: [(Self, &'static str); 3] = [
        (Self::Targets, "target"),
        (Self::Stocks, "stock"),
        (Self::Guards, "allow"),
    ];

    /// The kind's name in scripts.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Targets => "targets",
            Self::Stocks => "stocks",
            Self::Guards => "guards",
        }
    }

    /// The names, none where the files cannot be read. `words` are those of the command line, which may name other files.
    pub(crate) fn known(self, words: &[String], printer: &Printer) -> Vec<String> {
        let names = match self {
            Self::Targets => targets(words),
            Self::Stocks => stocks(words, printer),
            Self::Guards => guards(&stocks(words, printer)),
        };
        // A name that a line cannot show is not offered.
        let is_shown = |name: &String| !name.contains(char::is_control);
        names.into_iter().filter(is_shown).collect()
    }
}

fn targets(words: &[String]) -> Vec<String> {
    let targets = load_targets(&targets_file(words)).map(|found| found.targets);
    targets
        .unwrap_or_default()
        .into_iter()
        .map(|target| target.name)
        .collect()
}

fn targets_file(words: &[String]) -> PathBuf {
    let named = given(words, &["--targets"]).pop();
    named.unwrap_or_else(|| PathBuf::from("targets.yaml"))
}

fn stocks(words: &[String], printer: &Printer) -> Vec<String> {
    let mut files = given(words, &["-f", "--file"]);
    if files.is_empty() {
        files = of_targets(words);
    }
    if files.is_empty() {
        files.push(PathBuf::from(INVENTORY));
    }
    let spec = read_files(&files, printer)
        .ok()
        .and_then(|files| load(&files).spec);
    let stocks = spec.into_iter().flat_map(|spec| spec.stocks);
    stocks.map(|stock| stock.name.to_string()).collect()
}

/// The files that the targets of a command list.
fn of_targets(words: &[String]) -> Vec<PathBuf> {
    let Ok(targets) = load_targets(&targets_file(words)) else {
        return Vec::new();
    };
    let names = given(words, &["--target"]);
    let names = names.iter().filter_map(|names| names.to_str());
    let names: Vec<String> = names
        .flat_map(|names| names.split(','))
        .map(str::to_owned)
        .collect();
    let chosen = match names.as_slice() {
        [] => select(&targets, None).map(|target| vec![target]),
        names => select_named(&targets, names),
    };
    let listed = chosen.unwrap_or_default().into_iter();
    let listed = listed.flat_map(|target| &target.inventory);
    listed.map(|file| file.path.clone()).collect()
}

/// The guards; each that applies to one stock with the name of each stock.
fn guards(stocks: &[String]) -> Vec<String> {
    let of = |(guard, of_stock): &(&'static str, bool)| match of_stock {
        true => stocks.iter().map(|stock| format!("{guard}={stock}")).collect(),
        false => vec![(*guard).to_owned()],
    };
    GUARD_NAMES.iter().flat_map(of).collect::<Vec<String>>()
}

/// The values of an option in the words of a command line.
fn given(words: &[String], option: &[&str]) -> Vec<PathBuf> {
    let mut values = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if option.contains(&word.as_str()) {
            values.extend(words.next().map(PathBuf::from));
        } else if let Some((name, value)) = word.split_once('=')
            && option.contains(&name)
        {
            values.push(PathBuf::from(value));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{given, guards};

    #[test]
    fn files_that_the_line_names_are_found() {
        let words = ["plan", "-f", "a.yaml", "--file=b", "--target", "x", "--file"].map(str::to_owned);
        let files = given(&words, &["-f", "--file"]);
        assert_eq!(files, [PathBuf::from("a.yaml"), PathBuf::from("b")]);
    }

    #[test]
    fn guards_of_a_stock_come_with_each_stock() {
        let names = guards(&["Europe Stock".to_owned()]);
        assert!(names.contains(&"deletes".to_owned()));
        assert!(names.contains(&"empty-stock=Europe Stock".to_owned()));
    }
}
