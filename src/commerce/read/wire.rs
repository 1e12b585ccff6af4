//! The server's records in JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use crate::model::Quantity;

/// A page of a list. An empty one is `"items": null` under a field projection (recording 04, pages beyond the last).
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub items: Option<AtMost<T, PAGE_SIZE>>,
    pub total_count: u64,
    /// The header by which a cache in front of the shop says that it answered.
    #[serde(skip)]
    pub cached: Option<String>,
}

impl<T> Page<T> {
    /// The number of items.
    pub(super) fn len(&self) -> usize {
        self.items.as_ref().map_or(0, |items| items.0.len())
    }

    /// True if there are no items.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first item.
    pub(super) fn first(&self) -> Option<&T> {
        self.items.as_ref()?.0.first()
    }
}

/// The first page size to try: 5,001 links took 0.19 s in one page, 0.85 s in eleven (recording 08).
pub(super) const PAGE_SIZE: usize = 10_000;

/// A list of at most `MOST` entries. A longer one is refused at the first entry beyond, before the rest is read.
#[derive(Debug)]
pub(super) struct AtMost<T, const MOST: usize>(pub Vec<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for AtMost<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T, const MOST: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Entries<T, MOST> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {MOST} entries")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element()? {
                    if entries.len() == MOST {
                        return Err(A::Error::invalid_length(MOST + 1, &self));
                    }
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        deserializer
            .deserialize_seq(Entries::<T, MOST>(PhantomData))
            .map(Self)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct WireStock {
    pub stock_id: u32,
    pub name: String,
    #[serde(default)]
    pub extension_attributes: Option<WireStockExtension>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct WireStockExtension {
    #[serde(default)]
    pub sales_channels: Option<Vec<WireChannel>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireChannel {
    #[serde(rename = "type")]
    pub kind: String,
    pub code: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireSource {
    pub source_code: String,
    #[serde(default)]
    pub name: Option<String>,
    pub enabled: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireLink {
    pub stock_id: u32,
    pub source_code: String,
    pub priority: u16,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireItem {
    pub source_code: String,
    pub sku: String,
    pub quantity: Quantity,
    pub status: i64,
}

/// A row of the index. Products without a quantity of their own may have `"qty": null`.
#[derive(Debug, Deserialize)]
pub(super) struct WireRow {
    pub sku: String,
    #[serde(default)]
    pub qty: Option<Quantity>,
    #[serde(default)]
    pub is_salable: Option<bool>,
}
