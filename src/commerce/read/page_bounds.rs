//! Page size, and upper bounds for items, pages and bytes of a list, whatever the server claims.

use std::sync::Mutex;

use super::wire::PAGE_SIZE;

/// Most items of one list: five times the largest shop in our measurements.
const MOST_ITEMS: u64 = 5_000_000;

/// Most pages of one list; each takes one request.
const MOST_PAGES: u64 = 20_000;

/// Bytes that any page may have.
const PAGE: u64 = 4 * 1024 * 1024;

/// Bytes that each item may add to a page; a link has 70, a source rarely more than 150.
const ITEM: u64 = 1024;

/// Most bytes of one list.
const LIST: u64 = 160 * 1024 * 1024;

/// The page size that the server accepts, for the whole run.
#[derive(Debug)]
pub(super) struct PageSize(Mutex<usize>);

impl Default for PageSize {
    fn default() -> Self {
        Self(Mutex::new(PAGE_SIZE))
    }
}

impl PageSize {
    pub(super) fn current(&self) -> usize {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// True if a list of this length takes several pages.
    pub(super) fn splits(&self, items: usize) -> bool {
        items > self.current()
    }

    pub(super) fn shrink_to(&self, limit: usize) {
        let mut size = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *size = limit.min(*size);
    }
}

/// The number of pages of a list, by the total that the server claims; an error if that is too much to read.
pub(super) fn page_count(total: u64, size: usize, name: &str) -> Result<usize, String> {
    if total > MOST_ITEMS {
        return Err(format!(
            "the server says that it has {total} {name}; more than {MOST_ITEMS} are not read"
        ));
    }
    let pages = total.div_ceil(size.max(1) as u64);
    match usize::try_from(pages) {
        Ok(count) if pages <= MOST_PAGES => Ok(count),
        _ => Err(format!(
            "{total} {name} in pages of {size} take {pages} requests, and more than {MOST_PAGES} are not sent; a shop that \
             gives larger pages can be read (Stores > Configuration > Services > Web API Input Limiting)"
        )),
    }
}

/// Most bytes of a page of `size` items.
pub(super) fn most_bytes_of_page(size: usize) -> u64 {
    PAGE.saturating_add(ITEM.saturating_mul(size as u64))
}

/// Most bytes of all pages of a list of `total` items.
pub(super) fn most_bytes_of_list(total: u64) -> u64 {
    PAGE.saturating_add(ITEM.saturating_mul(total)).min(LIST)
}

#[cfg(test)]
mod tests {
    use super::{LIST, most_bytes_of_list, most_bytes_of_page, page_count};

    #[test]
    fn lists_of_real_shops_are_read() {
        assert_eq!(page_count(0, 10_000, "links"), Ok(0));
        assert_eq!(page_count(10_001, 10_000, "links"), Ok(2));
        assert_eq!(page_count(5_000_000, 300, "links"), Ok(16_667));
        assert!(most_bytes_of_list(1_000_000) > 2 * 75_000_000);
        assert!(most_bytes_of_page(10_000) > 10 * 700_000);
        assert!(most_bytes_of_page(1) > 1024 * 1024);
    }

    #[test]
    fn lists_larger_than_any_shop_are_not_read() {
        for (total, size) in [
            (u64::MAX, 10_000),
            (1_000_000_000_000_000, 10_000),
            (5_000_001, 10_000),
        ] {
            let refusal = page_count(total, size, "links").expect_err("it is too much");
            assert!(refusal.contains("more than 5000000 are not read"), "{refusal}");
        }
        let refusal = page_count(3_000_000, 1, "links").expect_err("it is too much");
        assert!(refusal.contains("take 3000000 requests"), "{refusal}");
        assert_eq!(most_bytes_of_list(u64::MAX), LIST);
        assert_eq!(most_bytes_of_page(usize::MAX), u64::MAX);
    }
}
