//! Collected lists, page by page: sorted, projected, a few pages at a time, and checked for completeness.

use std::cmp::Ordering;
use std::fmt::Write as _;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use super::page_bounds::{PageSize, most_bytes_of_list, most_bytes_of_page, pages};
use super::wire::Page;
use crate::commerce::http::connection::Connection;
use crate::commerce::http::error::api_error::ApiError;

/// Pages that are read at the same time; the recorded server gains nothing beyond two (recording 08).
const AT_ONCE: usize = 4;

/// A list of the server: what people call it, where it is, the fields of each item that are wanted where there are more, by
/// which keys it is sorted, and the filter that it is read through, as part of a query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Collection<'a> {
    pub name: &'static str,
    pub path: &'static str,
    pub fields: Option<&'static str>,
    pub sort: &'static [&'static str],
    pub filter: Option<&'a str>,
}

/// A list as it was read: all pages together, and what makes one doubt that they are complete.
#[derive(Debug)]
pub(super) struct Collected<T> {
    pub items: Vec<T>,
    pub doubts: Vec<String>,
}

impl Collection<'_> {
    /// Reads the whole list, sorted by `order`, in which no two items are equal. A read that shows signs of having
    /// moved under the reader is done once more; what is still odd then is a doubt.
    ///
    /// One item that goes and another that comes between two pages leave no sign in the numbers: that is found by the
    /// second read right before the first write, which must come to the same plan.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Collected<T>, ApiError> {
        let first = self.read_once(connection, size, order).await?;
        if first.doubts.is_empty() {
            return Ok(first);
        }
        tracing::warn!(list = self.path, doubts = ?first.doubts, "reading the list again");
        drop(first);
        self.read_once(connection, size, order).await
    }

    async fn read_once<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Collected<T>, ApiError> {
        let (first, mut bytes, size) = self.first_page::<T>(connection, size).await?;
        let refused = |detail| connection.unexpected(self.path, detail);
        // How many there are is asked once: a count that grows while it is followed is never come up with.
        let total = first.total_count;
        let last = pages(total, size, self.name).map_err(refused)?;
        let most_bytes = most_bytes_of_list(total);
        let mut read = vec![first];
        let mut rest = stream::iter(2..=last)
            .map(|number| self.page(connection, size, number))
            .buffered(AT_ONCE);
        while let Some((page, length)) = rest.try_next().await? {
            bytes += length;
            if bytes > most_bytes {
                let detail = format!("{total} {} with more than {most_bytes} bytes", self.name);
                return Err(refused(detail));
            }
            // A page beyond the last is empty, and one that begins like the one before is that one again: neither must be
            // followed for ever.
            let repeats = read
                .last()
                .is_some_and(|before| begin_alike(before, &page, order));
            if page.is_empty() {
                break;
            }
            read.push(page);
            if repeats {
                break;
            }
        }
        Ok(self.join(read.into_iter(), order))
    }

    /// Reads one page, which holds no more than was asked for, and tells how many bytes it has.
    async fn page<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: usize,
        number: usize,
    ) -> Result<(Page<T>, u64), ApiError> {
        let got = connection
            .get_within::<Page<T>>(most_bytes_of_page(size), self.path, &self.query(size, number))
            .await?;
        let page = Page {
            cached: got.cached,
            ..got.value
        };
        match page.len() {
            held if held > size => {
                let detail = format!("a page with {held} {} where {size} were asked for", self.name);
                Err(connection.unexpected(self.path, detail))
            }
            _ => Ok((page, got.bytes)),
        }
    }

    /// Challenge for the number of items alone.
    pub(super) async fn count(&self, connection: &Connection) -> Result<u64, ApiError> {
        #[derive(serde::Deserialize)]
        struct Count {
            total_count: u64,
        }
        let query = "searchCriteria[page_size]=1&searchCriteria[current_page]=1&fields=total_count";
        connection
            .get::<Count>(self.path, query)
            .await
            .map(|count| count.total_count)
    }

    /// Reads one page and tells which size the server took.
    pub(super) async fn probe_page(
        &self,
        connection: &Connection,
        size: &PageSize,
    ) -> Result<usize, ApiError> {
        self.first_page::<serde::de::IgnoredAny>(connection, size)
            .await
            .map(|(_, _, size)| size)
    }

    /// Reads the first page, smaller when the server names a limit; the limit is kept for all lists of the run. Tells its
    /// bytes and the size that was taken, too.
    async fn first_page<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
    ) -> Result<(Page<T>, u64, usize), ApiError> {
        loop {
            let tried = size.current();
            match self.page(connection, tried, 1).await {
                Ok((page, bytes)) => return Ok((page, bytes, tried)),
                Err(error) => match error.limit() {
                    Some(limit) if limit < tried => size.shrink_to(limit),
                    _ => return Err(error),
                },
            }
        }
    }

    pub(super) fn query(&self, size: usize, page: usize) -> String {
        let mut query = format!("searchCriteria[page_size]={size}&searchCriteria[current_page]={page}");
        for (at, field) in self.sort.iter().enumerate() {
            // A missing direction means descending (commerce.md A11). Writing to a String cannot fail.
            let _ = write!(
                query,
                "&searchCriteria[sort_orders][{at}][field]={field}&searchCriteria[sort_orders][{at}][direction]=ASC"
            );
        }
        if let Some(filter) = self.filter {
            query = query + "&" + filter;
        }
        match self.fields {
            Some(fields) => query + "&fields=items[" + fields + "],total_count",
            None => query,
        }
    }

    /// Puts pages together, sorted by `order`, each item once, with what is odd about them.
    pub(super) fn join<T>(
        &self,
        pages: impl Iterator<Item = Page<T>>,
        order: fn(&T, &T) -> Ordering,
    ) -> Collected<T> {
        let mut items = Vec::new();
        let mut counts = Vec::new();
        let mut cached = None;
        for page in pages {
            cached = cached.or(page.cached);
            counts.push(page.total_count);
            items.extend(page.items.map(|items| items.0).unwrap_or_default());
        }
        let told = |header| {
            format!(
                "a cache before the shop answered for the {} ({header})",
                self.name
            )
        };
        let mut doubts: Vec<String> = cached.map(told).into_iter().collect();
        counts.dedup();
        if counts.len() > 1 {
            doubts.push(format!(
                "the number of {} changed while they were read",
                self.name
            ));
        }
        let read = items.len();
        items.sort_by(order);
        items.dedup_by(|a, b| order(a, b).is_eq());
        if items.len() < read {
            doubts.push(format!("pages of {} overlap", self.name));
        }
        let told = counts.last().copied().unwrap_or(0);
        if items.len() as u64 != told && counts.len() == 1 {
            doubts.push(format!(
                "the server says {told} {} and lists {}",
                self.name,
                items.len()
            ));
        }
        Collected { items, doubts }
    }
}

/// Whether two pages begin with the same item.
fn begin_alike<T>(one: &Page<T>, other: &Page<T>, order: fn(&T, &T) -> Ordering) -> bool {
    matches!((one.first(), other.first()), (Some(a), Some(b)) if order(a, b).is_eq())
}

#[cfg(test)]
mod tests {
    use crate::commerce::read::wire::AtMost;
    use super::{Collected, Collection, Page};

    const LIST: Collection<'_> = Collection {
        name: "links",
        path: "p",
        fields: Some("f"),
        sort: &["a", "b"],
        filter: None,
    };

    fn join(pages: Vec<(Option<Vec<u32>>, u64)>) -> Collected<u32> {
        LIST.join(
            pages.into_iter().map(|(items, total_count)| Page {
                items: items.map(AtMost),
                total_count,
                cached: None,
            }),
            u32::cmp,
        )
    }

    #[test]
    fn a_page_from_a_cache_makes_the_whole_list_doubtful() {
        let page = |items, cached: Option<&str>| Page {
            items: Some(AtMost(items)),
            total_count: 2,
            cached: cached.map(str::to_owned),
        };
        let pages = [page(vec![1_u32], None), page(vec![2], Some("Age: 3600"))];
        let read = LIST.join(pages.into_iter(), u32::cmp);
        assert_eq!(
            read.doubts,
            ["a cache before the shop answered for the links (Age: 3600)"]
        );
    }

    #[test]
    fn a_page_is_asked_for_with_field_and_direction() {
        assert_eq!(
            LIST.query(300, 2),
            "searchCriteria[page_size]=300&searchCriteria[current_page]=2\
             &searchCriteria[sort_orders][0][field]=a&searchCriteria[sort_orders][0][direction]=ASC\
             &searchCriteria[sort_orders][1][field]=b&searchCriteria[sort_orders][1][direction]=ASC\
             &fields=items[f],total_count"
        );
        let whole = Collection {
            fields: None,
            sort: &[],
            ..LIST
        };
        assert_eq!(
            whole.query(300, 2),
            "searchCriteria[page_size]=300&searchCriteria[current_page]=2"
        );
    }

    #[test]
    fn whole_pages_raise_no_doubt() {
        let read = join(vec![(Some(vec![1, 2]), 3), (Some(vec![3]), 3)]);
        assert_eq!((read.items, read.doubts.len()), (vec![1, 2, 3], 0));
        assert!(join(vec![(None, 0)]).doubts.is_empty());
    }

    #[test]
    fn what_moved_or_is_missing_is_doubted() {
        assert_eq!(
            join(vec![(None, 2)]).doubts,
            ["the server says 2 links and lists 0"]
        );
        assert_eq!(
            join(vec![(Some(vec![1, 2]), 3), (Some(vec![2]), 3)]).doubts,
            ["pages of links overlap", "the server says 3 links and lists 2"]
        );
        assert_eq!(
            join(vec![(Some(vec![1, 2]), 3), (Some(vec![4]), 4)]).doubts,
            ["the number of links changed while they were read"]
        );
    }
}
