//! The Default Stock, the source `default` and their link, which every shop has: finds those that are missing, and names the
//! requests that restore them. After an upgrade that broke off they may be missing; the Default Stock then sells nothing.

use crate::model::{DEFAULT_SOURCE, DEFAULT_STOCK, LiveState, SourceCode};

/// The request that links the two.
const LINK: &str = r#"POST /V1/inventory/stock-source-links {"links":[{"stock_id":1,"source_code":"default","priority":1}]}"#;

/// The request that creates the source.
const SOURCE: &str = r#"PUT /V1/inventory/sources/default {"source":{"name":"Default Source","enabled":true,"country_id":"US","postcode":"00000"}}"#;

/// A missing part of the default pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingDefault {
    /// The missing part, as a sentence.
    pub what: &'static str,
    /// The remedy.
    pub help: String,
}

impl MissingDefault {
    /// Both in one sentence.
    pub(super) fn sentence(&self) -> String {
        format!("{}; {}", self.what, self.help)
    }
}

/// The parts that a sorted live state lacks. A missing end explains a missing link, which is then not reported.
pub(super) fn missing(state: &LiveState) -> Vec<MissingDefault> {
    let default = SourceCode::from_server(DEFAULT_SOURCE);
    let mut missing = Vec::new();
    if !state.stocks.iter().any(|stock| stock.id == DEFAULT_STOCK) {
        missing.push(MissingDefault {
            what: "the Default Stock (id 1), which every shop has, is not listed",
            help: format!(
                "look for it in Admin; if it is gone, bring it back with the id 1 from a backup of the database, then link it: {LINK}"
            ),
        });
    }
    if state.source(&default).is_none() {
        missing.push(MissingDefault {
            what: "the source `default`, which every shop has, is not listed",
            help: format!(
                "look for it in Admin; if it is gone, this call makes it: {SOURCE}, and this one links it: {LINK}"
            ),
        });
    }
    let linked = state
        .links_of(DEFAULT_STOCK)
        .iter()
        .any(|link| link.source == default);
    if missing.is_empty() && !linked {
        missing.push(MissingDefault {
            what: "the link of the Default Stock (id 1) with the source `default`, which every shop has, is not listed \
                   (magento/inventory#3053)",
            help: format!("if Admin does not show it either, this call makes it: {LINK}"),
        });
    }
    missing
}
