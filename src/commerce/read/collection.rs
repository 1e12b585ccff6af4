//! Reads a whole list of the server, page by page, within limits, and checks that it is complete.

use std::cmp::Ordering;
use std::fmt::Write as _;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use super::join::{Joined, join};
use super::page_bounds::{PageSize, most_bytes_of_list, most_bytes_of_page, page_count};
use super::wire::Page;
use crate::commerce::http::connection::Connection;
use crate::commerce::http::error::api_error::ApiError;

/// Pages that are read at the same time; beyond two the recorded server is no faster (recording 08).
pub(super) const AT_ONCE: usize = 4;

/// A list of the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Collection<'a> {
    /// Its name in messages.
    pub name: &'static str,
    pub path: &'static str,
    /// The fields to request; `None` for all.
    pub fields: Option<&'static str>,
    /// The keys to sort by.
    pub sort: &'static [&'static str],
    /// Most items of a page, where the server takes so many.
    pub page: usize,
    /// A filter, as part of a query.
    pub filter: Option<&'a str>,
}

impl Collection<'_> {
    /// Reads the whole list, sorted by `order`, in which no two items are equal. If there are signs that the list changed
    /// meanwhile, it is read once more; the result has the issues of the second read.
    ///
    /// If one item is removed and another added between two pages, the numbers show nothing. The second read right before the
    /// first write finds that: it must lead to the same plan.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Joined<T>, ApiError> {
        let first = self.read_once(connection, size, order).await?;
        if first.issues.is_empty() {
            return Ok(first);
        }
        tracing::warn!(list = self.path, issues = %first.issues.join("; "), "reading the list again");
        drop(first);
        self.read_once(connection, size, order).await
    }

    /// Reads the whole list as [`Self::read`] does if it takes at most so many pages; `None` if it takes more.
    pub(super) async fn read_within<T: DeserializeOwned>(
        &self,
        most_pages: usize,
        connection: &Connection,
        size: &PageSize,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Option<Joined<T>>, ApiError> {
        let first = self.first_page::<T>(connection, size).await?;
        if first.0.total_count.div_ceil(first.2.max(1) as u64) > most_pages as u64 {
            return Ok(None);
        }
        let read = self.after_first_page(first, connection, order).await?;
        if read.issues.is_empty() {
            return Ok(Some(read));
        }
        self.read(connection, size, order).await.map(Some)
    }

    async fn read_once<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Joined<T>, ApiError> {
        let first = self.first_page::<T>(connection, size).await?;
        self.after_first_page(first, connection, order).await
    }

    /// Reads the pages after the first one, and joins them all. The first page comes with its bytes and the page size.
    async fn after_first_page<T: DeserializeOwned>(
        &self,
        (first, mut bytes, size): (Page<T>, u64, usize),
        connection: &Connection,
        order: fn(&T, &T) -> Ordering,
    ) -> Result<Joined<T>, ApiError> {
        let refused = |detail| connection.unexpected(self.path, detail);
        // The first count stands: following a growing count might never end.
        let total = first.total_count;
        let last = page_count(total, size, self.name).map_err(refused)?;
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
            // Stop at an empty page, which is beyond the last, and at a repeated page: otherwise the read might never end.
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
        Ok(join(self.name, read.into_iter(), order))
    }

    /// Reads one page of at most `size` items; returns it and its bytes.
    async fn page<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: usize,
        number: usize,
    ) -> Result<(Page<T>, u64), ApiError> {
        let decoded = connection
            .get_within::<Page<T>>(most_bytes_of_page(size), self.path, &self.query(size, number))
            .await?;
        let page = Page {
            cached: decoded.cached,
            ..decoded.value
        };
        match page.len() {
            count if count > size => {
                let detail = format!("a page with {count} {} where {size} were asked for", self.name);
                Err(connection.unexpected(self.path, detail))
            }
            _ => Ok((page, decoded.bytes)),
        }
    }

    /// The number of pages, and so of requests, that a list of so many items takes.
    pub(super) fn pages(&self, items: usize, size: &PageSize) -> usize {
        items.div_ceil(size.current().min(self.page).max(1)).max(1)
    }

    /// Reads only the number of items.
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

    /// Reads one page; returns the page size that the server accepts.
    pub(super) async fn probe_page(
        &self,
        connection: &Connection,
        size: &PageSize,
    ) -> Result<usize, ApiError> {
        self.first_page::<serde::de::IgnoredAny>(connection, size)
            .await
            .map(|(_, _, size)| size)
    }

    /// Reads the first page; returns it, its bytes and the page size. If the server names a lower limit, the page is read with
    /// that size, as are all further lists of the run.
    async fn first_page<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        size: &PageSize,
    ) -> Result<(Page<T>, u64, usize), ApiError> {
        loop {
            let tried = size.current().min(self.page);
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
            // A missing direction means descending (04-082). Writing to a String cannot fail.
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
}

/// True if two pages begin with the same item.
fn begin_alike<T>(one: &Page<T>, other: &Page<T>, order: fn(&T, &T) -> Ordering) -> bool {
    matches!((one.first(), other.first()), (Some(a), Some(b)) if order(a, b).is_eq())
}

#[cfg(test)]
mod tests {
    use super::Collection;

    const LIST: Collection<'_> = Collection {
        name: "links",
        path: "p",
        fields: Some("f"),
        sort: &["a", "b"],
        page: 300,
        filter: None,
    };

    #[test]
    fn a_query_has_fields_and_directions() {
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
}
