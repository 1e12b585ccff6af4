//! Checks the lists against each other: contradictions show that one of them is incomplete.

use super::default_pair::missing;
use crate::model::{LiveState, ReadIssue, StockId};

/// The contradictions in a sorted live state.
///
/// No database of a shop has them: every shop has the link (1, `default`); deleting a stock or source deletes its links
/// (foreign keys of `inventory_source_stock_link`); codes are unique regardless of case and accents (02-020, 04-118).
pub(super) fn issues(state: &LiveState) -> Vec<ReadIssue> {
    let checks = [
        unlisted_stocks(state),
        unlisted_sources(state),
        repeated_sources(state),
        repeated_links(state),
    ];
    let missing = missing(state).into_iter().map(|missing| missing.sentence());
    let reasons = missing.chain(checks.into_iter().flatten());
    reasons.map(|reason| ReadIssue { reason }).collect()
}

fn unlisted_stocks(state: &LiveState) -> Option<String> {
    let is_listed = |id: StockId| state.stocks.binary_search_by_key(&id, |stock| stock.id).is_ok();
    let link = state.links.iter().find(|link| !is_listed(link.stock))?;
    Some(format!(
        "there is a link of stock {}, and no such stock is listed",
        link.stock
    ))
}

fn unlisted_sources(state: &LiveState) -> Option<String> {
    let mut links = state.links.iter();
    let link = links.find(|link| state.source(&link.source).is_none())?;
    Some(format!(
        "there is a link with the source `{}`, and no such source is listed",
        link.source
    ))
}

fn repeated_sources(state: &LiveState) -> Option<String> {
    let mut pairs = state.sources.windows(2);
    let pair = pairs.find(|pair| pair[0].code == pair[1].code)?;
    Some(format!("the source `{}` is listed twice", pair[0].code))
}

fn repeated_links(state: &LiveState) -> Option<String> {
    let mut pairs = state.links.windows(2);
    let pair = pairs.find(|pair| (pair[0].stock, &pair[0].source) == (pair[1].stock, &pair[1].source))?;
    Some(format!(
        "the link of stock {} with the source `{}` is listed twice",
        pair[0].stock, pair[0].source
    ))
}

#[cfg(test)]
mod tests {
    use super::issues;
    use crate::model::{Link, LiveState, Source, SourceCode, Stock, StockId, StockName};

    fn state(stocks: &[u32], sources: &[&str], links: &[(u32, &str)]) -> LiveState {
        let stock = |id: &u32| Stock {
            id: StockId(*id),
            name: StockName::from_server(&format!("Stock {id}")),
            channels: Vec::new(),
        };
        let source = |code: &&str| Source {
            code: SourceCode::from_server(code),
            name: String::new(),
            enabled: true,
        };
        let link = |(stock, code): &(u32, &str)| Link {
            stock: StockId(*stock),
            source: SourceCode::from_server(code),
            priority: 1,
        };
        LiveState {
            stocks: stocks.iter().map(stock).collect(),
            sources: sources.iter().map(source).collect(),
            links: links.iter().map(link).collect(),
            only: None,
            issues: Vec::new(),
        }
        .sorted()
    }

    fn reasons(state: &LiveState) -> Vec<String> {
        issues(state).into_iter().map(|issue| issue.reason).collect()
    }

    #[test]
    fn if_an_end_of_the_default_link_is_missing_only_that_end_is_reported() {
        let [stock] = &reasons(&state(&[2], &["default", "hq"], &[(2, "hq")]))[..] else {
            panic!("one thing is missing");
        };
        assert!(
            stock.starts_with("the Default Stock (id 1), which every shop has, is not listed; "),
            "{stock}"
        );
        let [source] = &reasons(&state(&[1, 2], &["hq"], &[(2, "hq")]))[..] else {
            panic!("one thing is missing");
        };
        assert!(
            source.starts_with("the source `default`, which every shop has, is not listed; "),
            "{source}"
        );
        assert!(
            source.contains("PUT /V1/inventory/sources/default {")
                && source.contains("POST /V1/inventory/stock-source-links {"),
            "{source}"
        );
        assert_eq!(reasons(&LiveState::default()).len(), 2);
    }

    #[test]
    fn a_usual_shop_has_no_issues() {
        let links = [(1, "default"), (2, "hq"), (3, "hq"), (3, "DEFAULT")];
        let shop = state(&[1, 2, 3], &["default", "hq", "unlinked"], &links);
        assert_eq!(reasons(&shop), Vec::<String>::new());
    }

    #[test]
    fn rows_that_no_shop_has_are_issues() {
        let default = (1, "default");
        for (shop, issue) in [
            (
                state(&[1, 2], &["default", "hq"], &[default, (2, "hq"), (3, "hq")]),
                "there is a link of stock 3, and no such stock is listed",
            ),
            (
                state(&[1, 2], &["default"], &[default, (2, "hq")]),
                "there is a link with the source `hq`, and no such source is listed",
            ),
            (
                state(&[1, 2], &["default", "hq", "HQ"], &[default, (2, "hq")]),
                "the source `hq` is listed twice",
            ),
            (
                state(&[1, 2], &["default", "hq"], &[default, (2, "hq"), (2, "HQ")]),
                "the link of stock 2 with the source `hq` is listed twice",
            ),
            (
                state(&[1], &["default"], &[]),
                "the link of the Default Stock (id 1) with the source `default`, which every shop has, is not listed \
                 (magento/inventory#3053); if Admin does not show it either, this call makes it: POST \
                 /V1/inventory/stock-source-links {\"links\":[{\"stock_id\":1,\"source_code\":\"default\",\"priority\":1}]}",
            ),
        ] {
            assert_eq!(reasons(&shop), [issue]);
        }
    }
}
