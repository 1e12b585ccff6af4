//! Signs in the lists together that one of them is not complete: no database of a shop holds such rows.

use super::default_pair::missing;
use crate::model::{LiveState, ReadIssue, StockId};

/// What makes one doubt a sorted live state, whose lists were each read without a doubt or not.
///
/// Every shop has the link (1, `default`); a link goes with its stock and its source (foreign keys of
/// `inventory_source_stock_link`); and a code is unique without regard to case and accents (commerce.md B3).
pub(super) fn signs(state: &LiveState) -> Vec<ReadIssue> {
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
    use super::signs;
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
            issues: Vec::new(),
        }
        .sorted()
    }

    fn reasons(state: &LiveState) -> Vec<String> {
        signs(state).into_iter().map(|doubt| doubt.reason).collect()
    }

    #[test]
    fn of_a_pair_whose_end_is_missing_that_end_is_told() {
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
    fn a_shop_like_any_other_is_not_doubted() {
        let links = [(1, "default"), (2, "hq"), (3, "hq"), (3, "DEFAULT")];
        let shop = state(&[1, 2, 3], &["default", "hq", "unlinked"], &links);
        assert_eq!(reasons(&shop), Vec::<String>::new());
    }

    #[test]
    fn rows_that_no_shop_has_are_doubted() {
        let default = (1, "default");
        for (shop, doubt) in [
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
            assert_eq!(reasons(&shop), [doubt]);
        }
    }
}
