//! The changes of an apply that are not done, as text: one by one as long as they are few, counted beyond.

use std::fmt::Write as _;

use spanned_yaml::diag::{shown, visible};

use super::apply::{ChangeReport, StockReport};
use super::style::MOVE;
use crate::run::ChangeResult;

/// The most changes of one stock, with one result and one reason, that are listed.
const LISTED: usize = 10;

/// The lines of a stock's changes that are not done, in the order of the plan.
pub(super) fn unfinished_text(stock: &StockReport) -> String {
    let mut out = String::new();
    for alike in groups(&stock.changes) {
        // What was not tried is as it was: a number says enough.
        let listed = match alike[..] {
            [one] if one.result == ChangeResult::NotTried => 1,
            _ if alike[0].result == ChangeResult::NotTried => 0,
            _ => LISTED,
        };
        let (listed, rest) = alike.split_at(listed.min(alike.len()));
        for change in listed {
            let code = shown(change.change.source_code().as_str());
            let place = change.change.place().to_string();
            let place = change.reason.as_ref().map(|_| visible(&place).into_owned());
            line(&mut out, change, &code, &stock.name, place.as_deref());
        }
        if let Some(first) = rest.first() {
            let more = if listed.is_empty() { "" } else { "more " };
            let links = if rest.len() == 1 { "link" } else { "links" };
            line(
                &mut out,
                first,
                &format!("{} {more}{links}", rest.len()),
                &stock.name,
                None,
            );
        }
    }
    out
}

/// The changes that are not done, those of one result and reason together, by the first of each.
fn groups(changes: &[ChangeReport]) -> Vec<Vec<&ChangeReport>> {
    let mut groups: Vec<Vec<&ChangeReport>> = Vec::new();
    for change in changes
        .iter()
        .filter(|change| change.result != ChangeResult::Done)
    {
        let is_alike = |of: &&mut Vec<&ChangeReport>| {
            let first = of.first();
            first.is_some_and(|first| (first.result, &first.reason) == (change.result, &change.reason))
        };
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    groups
}

fn line(out: &mut String, change: &ChangeReport, what: &str, stock: &str, place: Option<&str>) {
    let result = match change.result {
        ChangeResult::Done => "done",
        ChangeResult::Failed => "failed",
        ChangeResult::Unknown => "unknown",
        ChangeResult::NotTried => "not tried",
    };
    // Writing to a String cannot fail.
    let _ = write!(out, "         {MOVE}{result}{MOVE:#}: {what} in {}", shown(stock));
    if let Some(place) = place {
        let _ = write!(out, " ({place})");
    }
    if let Some(reason) = &change.reason {
        let _ = write!(out, ": {}", visible(reason));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use spanned_yaml::diag::Place;

    use super::unfinished_text;
    use crate::model::SourceCode;
    use crate::reconcile::Change;
    use crate::report::apply::{ChangeReport, StockReport};
    use crate::run::ChangeResult;

    fn text(changes: impl IntoIterator<Item = (ChangeResult, Option<&'static str>)>) -> String {
        let change = |(number, (result, reason)): (usize, (ChangeResult, Option<&str>))| ChangeReport {
            change: Change::Create {
                source_code: SourceCode::from_server(&format!("s{number}")),
                priority: 1,
                place: Place {
                    file: "f.yaml".to_owned(),
                    line: u32::try_from(number).unwrap(),
                    column: 1,
                },
            },
            result,
            reason: reason.map(ToOwned::to_owned),
        };
        let stock = StockReport {
            stock_id: 2,
            name: "Europe".to_owned(),
            changes: changes.into_iter().enumerate().map(change).collect(),
        };
        anstream::adapter::strip_str(&unfinished_text(&stock)).to_string()
    }

    #[test]
    fn what_was_not_tried_is_counted_by_reason() {
        let plain = std::iter::repeat_n((ChangeResult::NotTried, None), 800);
        let held = std::iter::repeat_n((ChangeResult::NotTried, Some("held back")), 2);
        let single = [
            (ChangeResult::Done, None),
            (ChangeResult::NotTried, Some("withheld")),
        ];
        assert_eq!(
            text(plain.chain(held).chain(single)),
            "         not tried: 800 links in Europe\n         not tried: 2 links in Europe: held back\n         \
             not tried: s803 in Europe (f.yaml:803:1): withheld\n"
        );
    }

    #[test]
    fn of_many_that_failed_the_first_are_listed() {
        let failed = std::iter::repeat_n((ChangeResult::Failed, Some("400 no")), 12);
        let text = text(failed);
        assert_eq!(text.lines().count(), 11, "{text}");
        assert!(
            text.starts_with("         failed: s0 in Europe (f.yaml:0:1): 400 no\n"),
            "{text}"
        );
        assert!(
            text.ends_with("         failed: 2 more links in Europe: 400 no\n"),
            "{text}"
        );
    }
}
