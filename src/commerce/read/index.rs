//! Reads for the inventory index: source items, rows of the index, salable quantities.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::Deserialize;

use super::collection::Collection;
use super::decode::{Codes, complete};
use super::filter::{any_of, like_any_of};
use super::join::Joined;
use super::reader::Reader;
use super::wire::{AtMost, PAGE_SIZE, WireItem, WireRow};
use crate::commerce::http::error::api_error::ApiError;
use crate::commerce::http::error::error_kind::ErrorKind;
use crate::commerce::http::percent::encode;
use crate::commerce::http::response::Response;
use crate::model::{IndexRow, Quantity, SalesChannel, Sku, SourceCode, SourceItem, StockId};

const ITEMS: Collection<'_> = Collection {
    name: "source items",
    path: "inventory/source-items",
    fields: Some("sku,source_code,quantity,status"),
    sort: &["source_code", "sku"],
    page: PAGE_SIZE,
    filter: None,
};

/// The rows of an index; they come in one response.
type Rows = AtMost<WireRow, 2_000_000>;

/// Most bytes of the rows of an index; one row has 50.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A page of an export. Its total counts the rows of the page alone (17-386 of 2.4.8), so it is of no use.
#[derive(Debug, Deserialize)]
struct Exported {
    items: Option<AtMost<WireRow, 10_000>>,
}

/// The status of an item in stock; 0 is out of stock.
const IN_STOCK: i64 = 1;

/// Source items, and the signs that some may be missing.
#[derive(Debug, Default)]
pub struct SourceItems {
    /// The items, by source and SKU.
    pub items: Vec<SourceItem>,
    /// Signs that items are missing; empty if the list is complete.
    pub issues: Vec<String>,
}

impl Reader {
    /// Reads all items of some sources; needs `Magento_InventoryApi::source`.
    pub async fn items_of_sources(&self, sources: &[&SourceCode]) -> Result<SourceItems, ApiError> {
        self.items(any_of("source_code", sources.iter().map(|code| code.as_str())))
            .await
    }

    /// Reads the items of some products in all sources; needs `Magento_InventoryApi::source`.
    pub async fn items_of_products(&self, skus: &[&Sku]) -> Result<SourceItems, ApiError> {
        self.items(any_of("sku", skus.iter().map(|sku| sku.as_str())))
            .await
    }

    /// Reads by each filter in turn; reads everything if there are no filters.
    async fn items(&self, filters: Option<Vec<String>>) -> Result<SourceItems, ApiError> {
        let Some(filters) = filters else {
            return self.list_of_items(None).await;
        };
        let mut read = SourceItems::default();
        for filter in &filters {
            let part = self.list_of_items(Some(filter)).await?;
            read.items.extend(part.items);
            read.issues.extend(part.issues);
        }
        Ok(read)
    }

    async fn list_of_items(&self, filter: Option<&str>) -> Result<SourceItems, ApiError> {
        let list = Collection { filter, ..ITEMS };
        let read = list
            .read::<WireItem>(&self.connection, &self.page_size, by_source_and_sku)
            .await?;
        Ok(source_items(read))
    }

    /// Reads the rows of the index of a sales channel's stock, which may be stale (recording 14); needs
    /// `Magento_InventoryApi::stock`. Products that the website does not sell are missing.
    pub async fn index_rows(&self, channel: &SalesChannel) -> Result<Vec<IndexRow>, ApiError> {
        let path = format!(
            "inventory/dump-stock-index-data/{}/{}",
            encode(&channel.kind),
            encode(&channel.code)
        );
        let read = self.connection.get_fresh(MOST_BYTES, &path, "").await;
        read.map(index_rows)
    }

    /// Reads the salable quantity of a product in a stock: the quantity of its index row with reservations, less the
    /// threshold. 0 also if there is no such row (recording 07), if the row is not salable (17-024 of 2.4.8), and from 2.4.8 on
    /// if the catalogue does not have the product (17-031). `None` if the shop refuses the question about this product:
    /// one that the catalogue does not have, that has no quantity of its own, or whose SKU does not fit into a path. Needs
    /// `Magento_InventorySalesApi::stock`.
    pub async fn salable_quantity(&self, sku: &Sku, stock: StockId) -> Result<Option<Quantity>, ApiError> {
        let path = format!(
            "inventory/get-product-salable-quantity/{}/{}",
            encode(sku.as_str()),
            stock.0
        );
        // Only a SKU that is spelt otherwise in a path, such as one with a slash, can be refused before the shop sees it.
        let is_answer = if encode(sku.as_str()) == sku.as_str() {
            is_about_the_product
        } else {
            is_about_the_product_or_its_path
        };
        let answered = self.connection.get_unless::<Quantity>(&path, is_answer).await?;
        Ok(answered.ok())
    }

    /// Reads which of some products the catalogue has; asked of products with an item in a linked source of the channel's
    /// stock, with a row in its index or without (recording 14, step 14-037). Needs `Magento_InventoryApi::stock`.
    pub async fn in_catalogue(
        &self,
        skus: &[&Sku],
        channel: &SalesChannel,
    ) -> Result<BTreeSet<Sku>, ApiError> {
        let path = format!(
            "inventory/export-stock-salable-qty/{}/{}",
            encode(&channel.kind),
            encode(&channel.code)
        );
        let size = self.page_size.current().max(1);
        let mut found = BTreeSet::new();
        // Each page has room for all that its filter asks for: its length does not show whether another one follows.
        let filters = skus
            .chunks(size)
            .flat_map(|some| like_any_of("sku", some.iter().map(|sku| sku.as_str())));
        for filter in filters {
            let query = format!("{filter}&searchCriteria[page_size]={size}&searchCriteria[current_page]=1");
            let page = self
                .connection
                .get_fresh::<Exported>(MOST_BYTES, &path, &query)
                .await?;
            let listed = page.items.iter().flat_map(|items| &items.0);
            found.extend(listed.map(|row| Sku::new(&row.sku)));
        }
        Ok(found)
    }
}

impl SourceItems {
    /// Decodes pages as a reader does; fails at the first that is not a page.
    pub fn decode(pages: &[Response]) -> Result<Self, ErrorKind> {
        complete(ITEMS, pages, by_source_and_sku).map(source_items)
    }
}

impl Response {
    /// Decodes the rows of an index as a reader does.
    pub fn index_rows(&self) -> Result<Vec<IndexRow>, ErrorKind> {
        self.json().map(index_rows)
    }
}

fn source_items(read: Joined<WireItem>) -> SourceItems {
    let mut codes = Codes::default();
    let items = read.items.into_iter().map(|item| SourceItem {
        source: codes.intern(item.source_code),
        sku: Sku::new(&item.sku),
        quantity: item.quantity,
        in_stock: item.status == IN_STOCK,
    });
    SourceItems {
        items: items.collect(),
        issues: read.issues,
    }
}

fn index_rows(rows: Rows) -> Vec<IndexRow> {
    let row = |row: WireRow| IndexRow {
        sku: Sku::new(&row.sku),
        quantity: row.qty,
        salable: row.is_salable,
    };
    rows.0.into_iter().map(row).collect()
}

/// True if a shop that works refuses the question about one product: 404 or 400 by its API, or 500 `text/plain` for a product
/// that the catalogue does not have (07-182 of 2.4.7).
fn is_about_the_product(error: &ApiError) -> bool {
    match &error.kind {
        ErrorKind::Refused { status, .. } => matches!(status, 400 | 404),
        kind => error.status() == Some(500) && kind.is_php_fault(),
    }
}

/// True also for the page of a web server that refuses the path, and for a redirect to another spelling of it.
fn is_about_the_product_or_its_path(error: &ApiError) -> bool {
    let is_about_the_path = match &error.kind {
        ErrorKind::NotTheApi { status, .. } => matches!(status, 400 | 403 | 404),
        ErrorKind::Redirected { .. } => true,
        _ => false,
    };
    is_about_the_path || is_about_the_product(error)
}

fn by_source_and_sku(a: &WireItem, b: &WireItem) -> Ordering {
    (&a.source_code, &a.sku).cmp(&(&b.source_code, &b.sku))
}
