//! Joins the pages of a list, and reports signs that the list is incomplete.

use std::cmp::Ordering;

use super::wire::Page;

/// All items of a list, and the signs that some may be missing.
#[derive(Debug)]
pub(super) struct Joined<T> {
    pub items: Vec<T>,
    pub issues: Vec<String>,
}

/// Joins pages: sorted by `order`, each item once. `name` is the name of the list in issues.
pub(super) fn join<T>(
    name: &str,
    pages: impl Iterator<Item = Page<T>>,
    order: fn(&T, &T) -> Ordering,
) -> Joined<T> {
    let mut items = Vec::new();
    let mut counts = Vec::new();
    let mut cached = None;
    for page in pages {
        cached = cached.or(page.cached);
        counts.push(page.total_count);
        items.extend(page.items.map(|items| items.0).unwrap_or_default());
    }
    let from_cache = |header| format!("a cache in front of the shop answered for the {name} ({header})");
    let mut issues: Vec<String> = cached.map(from_cache).into_iter().collect();
    counts.dedup();
    if counts.len() > 1 {
        issues.push(format!("the number of {name} changed while they were read"));
    }
    let read = items.len();
    items.sort_by(order);
    items.dedup_by(|a, b| order(a, b).is_eq());
    if items.len() < read {
        issues.push(format!("pages of {name} overlap"));
    }
    let total = counts.last().copied().unwrap_or(0);
    if items.len() as u64 != total && counts.len() == 1 {
        issues.push(format!(
            "the server says {total} {name} and lists {}",
            items.len()
        ));
    }
    Joined { items, issues }
}

#[cfg(test)]
mod tests {
    use super::super::wire::AtMost;
    use super::{Joined, Page, join};

    fn joined(pages: Vec<(Option<Vec<u32>>, u64)>) -> Joined<u32> {
        let pages = pages.into_iter().map(|(items, total_count)| Page {
            items: items.map(AtMost),
            total_count,
            cached: None,
        });
        join("links", pages, u32::cmp)
    }

    #[test]
    fn a_page_from_a_cache_is_an_issue_of_the_whole_list() {
        let page = |items, cached: Option<&str>| Page {
            items: Some(AtMost(items)),
            total_count: 2,
            cached: cached.map(str::to_owned),
        };
        let pages = [page(vec![1_u32], None), page(vec![2], Some("Age: 3600"))];
        let read = join("links", pages.into_iter(), u32::cmp);
        assert_eq!(
            read.issues,
            ["a cache in front of the shop answered for the links (Age: 3600)"]
        );
    }

    #[test]
    fn whole_pages_have_no_issues() {
        let read = joined(vec![(Some(vec![1, 2]), 3), (Some(vec![3]), 3)]);
        assert_eq!((read.items, read.issues.len()), (vec![1, 2, 3], 0));
        assert!(joined(vec![(None, 0)]).issues.is_empty());
    }

    #[test]
    fn moved_and_missing_items_are_issues() {
        assert_eq!(
            joined(vec![(None, 2)]).issues,
            ["the server says 2 links and lists 0"]
        );
        assert_eq!(
            joined(vec![(Some(vec![1, 2]), 3), (Some(vec![2]), 3)]).issues,
            ["pages of links overlap", "the server says 3 links and lists 2"]
        );
        assert_eq!(
            joined(vec![(Some(vec![1, 2]), 3), (Some(vec![4]), 4)]).issues,
            ["the number of links changed while they were read"]
        );
    }
}
