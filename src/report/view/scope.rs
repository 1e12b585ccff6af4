//! The stocks that a plan compares, in words; nothing is said of a plan that compares all.

use std::fmt::Write as _;

use spanned_yaml::diag::joined;

use crate::model::StockName;
use crate::reconcile::{Plan, PlanScope};

/// The most stocks that a sentence names.
const NAMED: usize = 10;

/// The scope of a plan in one to three sentences; `None` if it compares all stocks of the files. `quote` writes names.
pub(crate) fn scope_words(plan: &Plan, quote: impl Fn(&str) -> String) -> Option<String> {
    let scope = plan.scope.as_ref()?;
    let compared: Vec<&StockName> = plan.stocks.iter().map(|stock| &stock.name).collect();
    let in_no_file = scope.stocks.iter().filter(|name| !compared.contains(name));
    let in_no_file: Vec<&StockName> = in_no_file.collect();
    let mut words = match compared.as_slice() {
        [] => "No stock was compared.".to_owned(),
        one_or_more => format!("Only {} compared.", were(one_or_more, &quote)),
    };
    // Writing to a String cannot fail.
    match in_no_file.as_slice() {
        [] => {}
        [one] => {
            let _ = write!(words, " {} is in no file.", quote(one.as_str()));
        }
        several => {
            let _ = write!(words, " {} are in no file.", names(several, &quote));
        }
    }
    words.push_str(&unknown_words(scope, &quote));
    Some(words)
}

/// The stocks of a read that shows only some, in a sentence. `quote` writes names.
pub(crate) fn shown_words(scope: &PlanScope, quote: impl Fn(&str) -> String) -> String {
    let stocks: Vec<&StockName> = scope.stocks.iter().collect();
    let words = match stocks.as_slice() {
        [] => "No stock was read.".to_owned(),
        one_or_more => format!("Only {} read.", were(one_or_more, &quote)),
    };
    words + &unknown_words(scope, &quote)
}

/// The names that the target does not have, each with the likely spelling, in a sentence after a blank.
fn unknown_words(scope: &PlanScope, quote: &impl Fn(&str) -> String) -> String {
    if scope.unknown.is_empty() {
        return String::new();
    }
    let unknown = scope.unknown.iter().map(|stock| {
        let likely = stock.likely.as_ref().map_or_else(String::new, |likely| {
            format!(" (did you mean {}?)", quote(likely.as_str()))
        });
        quote(stock.name.as_str()) + &likely
    });
    format!(
        " This target has no stock {}.",
        limited(unknown, scope.unknown.len())
    )
}

/// The names and the verb.
fn were(stocks: &[&StockName], quote: &impl Fn(&str) -> String) -> String {
    let verb = if stocks.len() == 1 { "was" } else { "were" };
    format!("{} {verb}", names(stocks, quote))
}

fn names(stocks: &[&StockName], quote: &impl Fn(&str) -> String) -> String {
    limited(stocks.iter().map(|name| quote(name.as_str())), stocks.len())
}

/// The first of so many names, and the number of the rest.
fn limited(names: impl Iterator<Item = String>, number: usize) -> String {
    let first = joined(names.take(NAMED), ", ");
    match number.saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
