//! The question before an apply.

use spanned_yaml::diag::{joined, shown};

use super::words::count;
use crate::reconcile::{Plan, TargetLabel};

/// The question about the plans of the targets on which there is work. On a target without changes the work is a reindex.
pub fn question<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> String {
    let (mut writes, mut reindexes) = (Vec::new(), Vec::new());
    for plan in plans {
        let changes: usize = plan.stocks.iter().map(|stock| stock.changes.len()).sum();
        let target = target(&plan.target);
        if changes == 0 {
            reindexes.push(target);
        } else {
            writes.push(format!("{} to {target}", count(changes as u64, "change")));
        }
    }
    let writes = joined(writes, ", ");
    let reindexes = joined(reindexes, ", ");
    let what = match (writes.is_empty(), reindexes.is_empty()) {
        (false, true) => format!("Apply {writes}"),
        (true, _) => format!("Reindex {reindexes} if needed"),
        (false, false) => format!("Apply {writes}, and reindex {reindexes} if needed"),
    };
    format!("{what}? Type \"yes\" to confirm:")
}

/// The target's name and, where it says more than the name, its address without the scheme.
fn target(label: &TargetLabel) -> String {
    let address = label.url.split_once("://").map_or(&*label.url, |(_, rest)| rest);
    let address = address.trim_end_matches('/');
    if address == label.name {
        shown(&label.name)
    } else {
        format!("{} ({})", shown(&label.name), shown(address))
    }
}

#[cfg(test)]
mod tests {
    use super::{TargetLabel, target};

    #[test]
    fn a_target_is_named_with_its_address_once() {
        for (name, url, named) in [
            (
                "production",
                "https://shop.example.com/",
                "production (shop.example.com)",
            ),
            ("de", "https://shop.example.com/de/", "de (shop.example.com/de)"),
            (
                "shop.example.com",
                "https://shop.example.com/",
                "shop.example.com",
            ),
        ] {
            let label = TargetLabel {
                name: name.to_owned(),
                url: url.to_owned(),
            };
            assert_eq!(target(&label), named);
        }
    }
}
