//! Complete lists, page by page: sorted, projected, a few pages at a time, and checked for completeness.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::future::ready;
use std::sync::Mutex;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use super::connection::Connection;
use super::error::ApiError;
use super::wire::Page;

/// The size of a page as long as the server does not object: 5,001 links in one page took 0.19 s, in eleven 0.85 s
/// (recording 08).
const PAGE_SIZE: usize = 10_000;

/// Pages that are read at the same time; the recorded server gains nothing beyond two (recording 08).
const AT_ONCE: usize = 4;

/// The page size that the server is known to accept, kept for the whole run.
#[derive(Debug)]
pub(super) struct PageSize(Mutex<usize>);

impl Default for PageSize {
    fn default() -> Self {
        Self(Mutex::new(PAGE_SIZE))
    }
}

impl PageSize {
    fn current(&self) -> usize {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether a list of so many items takes several pages.
    pub(super) fn cuts(&self, items: usize) -> bool {
        items > self.current()
    }

    fn shrink_to(&self, limit: usize) {
        let mut size = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *size = limit.min(*size);
    }
}

/// A list of the server: what people call it, where it is, the fields of each item that are wanted where there are more, by
/// which keys it is sorted, and the filter that it is read through, as part of a query.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    pub name: &'static str,
    pub path: &'static str,
    pub fields: Option<&'static str>,
    pub sort: &'static [&'static str],
    pub filter: Option<&'a str>,
}

/// A list as it was read: all pages together, and what makes one doubt that they are complete.
#[derive(Debug)]
pub(super) struct Complete<T> {
    pub items: Vec<T>,
    pub doubts: Vec<String>,
}

impl List<'_> {
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
    ) -> Result<Complete<T>, ApiError> {
        let first = self.read_once(connection, size, order).await?;
        if first.doubts.is_empty() {
            return Ok(first);
        }
        tracing::warn!(list = self.path, doubts = ?first.doubts, "reading the list again");
        self.read_once(connection, size, order).await
    }

    async fn read_once<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Complete<T>, ApiError> {
        let (first, size) = self.first_page::<T>(connection, size).await?;
        let total = usize::try_from(first.total_count).unwrap_or(usize::MAX);
        let rest: Vec<Page<T>> = stream::iter(2..=total.div_ceil(size))
            .map(|number| {
                let query = self.query(size, number);
                async move { connection.get(self.path, &query).await }
            })
            .buffered(AT_ONCE)
            // A page beyond the last is empty: a count that promises more than there is must not be followed for ever.
            .try_take_while(|page: &Page<T>| {
                ready(Ok(page.items.as_ref().is_some_and(|items| !items.is_empty())))
            })
            .try_collect()
            .await?;
        Ok(self.join(std::iter::once(first).chain(rest), order))
    }

    /// Asks for the number of items alone.
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
            .map(|(_, size)| size)
    }

    /// Reads the first page, smaller when the server names a limit; the limit is kept for all lists of the run.
    async fn first_page<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
    ) -> Result<(Page<T>, usize), ApiError> {
        loop {
            let tried = size.current();
            match connection.get(self.path, &self.query(tried, 1)).await {
                Ok(page) => return Ok((page, tried)),
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
    ) -> Complete<T> {
        let mut items = Vec::new();
        let mut counts = Vec::new();
        for page in pages {
            counts.push(page.total_count);
            items.extend(page.items.unwrap_or_default());
        }
        let mut doubts = Vec::new();
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
        Complete { items, doubts }
    }
}

#[cfg(test)]
mod tests {
    use super::{Complete, List, Page};

    const LIST: List<'_> = List {
        name: "links",
        path: "p",
        fields: Some("f"),
        sort: &["a", "b"],
        filter: None,
    };

    fn join(pages: Vec<(Option<Vec<u32>>, u64)>) -> Complete<u32> {
        LIST.join(
            pages
                .into_iter()
                .map(|(items, total_count)| Page { items, total_count }),
            u32::cmp,
        )
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
        let whole = List {
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
