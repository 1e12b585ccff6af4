//! Reads some stocks: their links, and the sources that these and the files name.

use std::collections::{BTreeSet, HashSet};

use super::decode::{SOURCES, by_code};
use super::partial::{Listed, assemble, sources_listed};
use super::reader::Reader;
use crate::commerce::http::error::api_error::ApiError;
use crate::model::{DEFAULT_STOCK, LiveState, Source, SourceCode, Stock, StockId};

impl Reader {
    /// Reads all stocks, the links of those that are chosen, and the sources that these links or `wanted` name. The Default
    /// Stock, the source `default` and their link are read too, so that an empty answer is seen. Where a source is not found by
    /// its code, all sources are read, for the likely spelling.
    pub async fn fetch_stocks<'a>(
        &self,
        is_chosen: impl Fn(&Stock) -> bool,
        wanted: impl IntoIterator<Item = &'a SourceCode>,
    ) -> Result<LiveState, ApiError> {
        let stocks = self.stocks().await?;
        let chosen = stocks.items.iter().filter(|stock| is_chosen(stock));
        let mut only: BTreeSet<StockId> = chosen.map(|stock| stock.id).collect();
        let links = self.links_of(only.iter().copied(), None).await?;
        only.insert(DEFAULT_STOCK);
        let mut named: HashSet<&SourceCode> = links.items.iter().map(|link| &link.source).collect();
        for code in wanted {
            named.insert(code);
        }
        let mut sources = self.sources_of(named.iter().copied(), None).await?;
        let found: HashSet<&SourceCode> = sources.items.iter().map(|source| &source.code).collect();
        if !named.is_subset(&found) {
            sources = self.sources().await?;
        }
        Ok(LiveState {
            only: Some(only),
            ..assemble(stocks, sources, links)
        })
    }

    /// Reads all sources.
    async fn sources(&self) -> Result<Listed<Source>, ApiError> {
        let read = SOURCES.read(&self.connection, &self.page_size, by_code).await?;
        Ok(sources_listed(read))
    }
}
