//! Reads parts of the lists by filter: the links of some stocks, the sources with some codes.
//!
//! Every query also asks for an item that every shop has, so that an empty or cached answer is not taken for "there are
//! none".

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use super::collection::{AT_ONCE, Collection};
use super::decode::{Codes, LINKS, SOURCES, STOCKS, by_code, by_id, by_stock_and_code, link, source, stock};
use super::filter::lists_of;
use super::join::Joined;
use super::reader::Reader;
use super::wire::WireSource;
use crate::commerce::http::error::api_error::ApiError;
use crate::model::{
    DEFAULT_SOURCE, DEFAULT_STOCK, Link, LiveState, ReadIssue, Source, SourceCode, Stock, StockId,
};

/// The number of filters above which the first page of the whole list is worth a request: it says how many pages there are.
const FEW: usize = 2;

/// Items of a list, and the signs that some of those that were asked for may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Signs that items are missing; empty if all are there.
    pub issues: Vec<ReadIssue>,
}

impl Reader {
    /// Reads all stocks.
    pub async fn stocks(&self) -> Result<Listed<Stock>, ApiError> {
        let read = STOCKS.read(&self.connection, &self.page_size, by_id).await?;
        Ok(listed(read, stock))
    }

    /// Reads the links of these stocks and of the Default Stock. `known` is the number of links of the shop, if it is known:
    /// where the whole list takes fewer requests than the filters, it is read instead.
    pub async fn links_of(
        &self,
        stocks: impl IntoIterator<Item = StockId>,
        known: Option<usize>,
    ) -> Result<Listed<Link>, ApiError> {
        let asked: HashSet<StockId> = stocks.into_iter().chain([DEFAULT_STOCK]).collect();
        let mut ids: Vec<StockId> = asked.iter().copied().collect();
        ids.sort_unstable();
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let part = Part {
            list: LINKS,
            field: "stock_id",
            anchor: &DEFAULT_STOCK.to_string(),
            known,
            order: by_stock_and_code,
        };
        let values = ids.iter().map(String::as_str);
        let read = self
            .part(&part, values, |link| link.stock_id == DEFAULT_STOCK.0)
            .await?;
        let mut codes = Codes::default();
        let mut links = listed(read, |item| link(item, &mut codes));
        links.items.retain(|link| asked.contains(&link.stock));
        Ok(links)
    }

    /// Reads the sources with these codes and the source `default`. `known` is the number of sources of the shop, if it is
    /// known: where the whole list takes fewer requests than the filters, it is read instead.
    pub async fn sources_of<'a>(
        &self,
        codes: impl IntoIterator<Item = &'a SourceCode>,
        known: Option<usize>,
    ) -> Result<Listed<Source>, ApiError> {
        let default = SourceCode::from_server(DEFAULT_SOURCE);
        let asked: HashSet<SourceCode> = codes.into_iter().cloned().chain([default.clone()]).collect();
        let mut sorted: Vec<&SourceCode> = asked.iter().collect();
        sorted.sort_unstable();
        let part = Part {
            list: SOURCES,
            field: "source_code",
            anchor: DEFAULT_SOURCE,
            known,
            order: by_code,
        };
        let values = sorted.iter().map(|code| code.as_str());
        let is_anchor = |source: &WireSource| SourceCode::from_server(&source.source_code) == default;
        let read = self.part(&part, values, is_anchor).await?;
        let mut sources = sources_listed(read);
        sources.items.retain(|source| asked.contains(&source.code));
        Ok(sources)
    }

    /// Reads a part again: the stocks, the links of some of them, and some sources. All else is as in an earlier read, without
    /// the links of stocks that are gone.
    pub async fn refresh(
        &self,
        earlier: &LiveState,
        stocks: &BTreeSet<StockId>,
        sources: &BTreeSet<SourceCode>,
    ) -> Result<LiveState, ApiError> {
        let none = Listed {
            items: Vec::new(),
            issues: Vec::new(),
        };
        let named = async {
            if sources.is_empty() {
                return Ok(none);
            }
            self.sources_of(sources, None).await
        };
        let of_stocks = self.links_of(stocks.iter().copied(), None);
        let (now, mut links, mut named) = futures_util::try_join!(self.stocks(), of_stocks, named)?;
        let mut read_again = sources.clone();
        let mut unknown: BTreeSet<SourceCode> = links.items.iter().map(|link| link.source.clone()).collect();
        unknown.retain(|code| !sources.contains(code) && earlier.source(code).is_none());
        if !unknown.is_empty() {
            let new = self.sources_of(&unknown, None).await?;
            named.items.extend(new.items);
            named.issues.extend(new.issues);
            read_again.extend(unknown);
        }
        if !read_again.is_empty() {
            read_again.insert(SourceCode::from_server(DEFAULT_SOURCE));
        }
        let is_left = |source: &&Source| !read_again.contains(&source.code);
        named
            .items
            .extend(earlier.sources.iter().filter(is_left).cloned());
        let listed: HashSet<StockId> = now.items.iter().map(|stock| stock.id).collect();
        let is_left = |link: &&Link| {
            link.stock != DEFAULT_STOCK && !stocks.contains(&link.stock) && listed.contains(&link.stock)
        };
        links.items.extend(earlier.links.iter().filter(is_left).cloned());
        named.items.sort_by(|a, b| a.code.cmp(&b.code));
        named.items.dedup_by(|a, b| a.code == b.code);
        let only = earlier.only.as_ref().map(|only| only | stocks);
        Ok(LiveState {
            only,
            ..assemble(now, named, links)
        })
    }

    /// Reads the items with these values by filters, a few at a time; the whole list where that is fewer requests, or where
    /// a filter cannot carry a value. Where many filters are needed and the length of the list is not known, its first page tells.
    async fn part<'a, T: DeserializeOwned>(
        &self,
        part: &Part<'_, T>,
        values: impl IntoIterator<Item = &'a str> + Clone,
        is_anchor: impl Fn(&T) -> bool,
    ) -> Result<Joined<T>, ApiError> {
        let (connection, size) = (&self.connection, &self.page_size);
        let whole = part
            .known
            .map_or(usize::MAX, |items| part.list.pages(items, size));
        let filters = lists_of(part.field, part.anchor, values).filter(|filters| filters.len() <= whole);
        let Some(filters) = filters else {
            return part.list.read(connection, size, part.order).await;
        };
        if part.known.is_none() && filters.len() > FEW {
            let whole = part.list.read_within(filters.len(), connection, size, part.order);
            if let Some(whole) = whole.await? {
                return Ok(whole);
            }
        }
        let read = |filter: String| async move {
            let list = Collection {
                filter: Some(&filter),
                ..part.list
            };
            list.read(connection, size, part.order).await
        };
        let parts: Vec<Joined<T>> = stream::iter(filters)
            .map(read)
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let with_anchor = parts
            .iter()
            .filter(|part| part.items.iter().any(&is_anchor))
            .count();
        let is_short = with_anchor != 0 && with_anchor != parts.len();
        let mut items = Vec::new();
        let mut issues = Vec::new();
        for part in parts {
            items.extend(part.items);
            issues.extend(part.issues);
        }
        items.sort_by(part.order);
        items.dedup_by(|a, b| (part.order)(a, b).is_eq());
        if is_short {
            let name = part.list.name;
            issues.push(format!(
                "a part of the {name} lacks an item that another part has"
            ));
        }
        Ok(Joined { items, issues })
    }
}

/// The part of a list whose `field` has certain values.
struct Part<'a, T> {
    list: Collection<'static>,
    field: &'static str,
    /// The value that every shop has.
    anchor: &'a str,
    /// The number of items of the whole list, if it is known.
    known: Option<usize>,
    order: fn(&T, &T) -> Ordering,
}

/// The sources of a read.
pub(super) fn sources_listed(read: Joined<WireSource>) -> Listed<Source> {
    let mut codes = Codes::default();
    listed(read, |item| source(item, &mut codes))
}

fn listed<W, T>(read: Joined<W>, decode: impl FnMut(W) -> T) -> Listed<T> {
    let issues = read.issues.into_iter().map(|reason| ReadIssue { reason });
    Listed {
        issues: issues.collect(),
        items: read.items.into_iter().map(decode).collect(),
    }
}

/// Puts lists together to a live state, and checks them against each other as [`Reader::fetch`] does. The sources must include
/// those of all links.
pub fn assemble(stocks: Listed<Stock>, sources: Listed<Source>, links: Listed<Link>) -> LiveState {
    let mut issues = [stocks.issues, sources.issues, links.issues].concat();
    let state = LiveState {
        stocks: stocks.items,
        sources: sources.items,
        links: links.items,
        only: None,
        issues: Vec::new(),
    }
    .sorted();
    issues.extend(super::completeness::issues(&state));
    LiveState { issues, ..state }
}
