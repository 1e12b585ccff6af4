//! How much of a list is read, and at a time, whatever the server promises.

use std::sync::Mutex;

use super::wire::PAGE_SIZE;

/// The most items of one list: five times as many as the largest shop that this program is measured with.
const MOST_ITEMS: u64 = 5_000_000;

/// The most pages of one list: one request each.
const MOST_PAGES: u64 = 20_000;

/// What any page may have, in bytes.
const PAGE: u64 = 4 * 1024 * 1024;

/// What each item of a page may have on top of it, in bytes; a link has 70, a source seldom more than 150.
const ITEM: u64 = 1024;

/// The most of one list altogether, in bytes.
const LIST: u64 = 160 * 1024 * 1024;

/// The page size that the server is known to accept, kept for the whole run.
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

    /// Whether a list of so many items takes several pages.
    pub(super) fn cuts(&self, items: usize) -> bool {
        items > self.current()
    }

    pub(super) fn shrink_to(&self, limit: usize) {
        let mut size = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *size = limit.min(*size);
    }
}

/// In how many pages of a size a list is read, by the number of items that the server says it has; why it is not, else.
pub(super) fn pages(total: u64, size: usize, name: &str) -> Result<usize, String> {
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

/// The most bytes of a page for which so many items were asked.
pub(super) fn most_bytes_of_page(size: usize) -> u64 {
    PAGE.saturating_add(ITEM.saturating_mul(size as u64))
}

/// The most bytes of all pages of a list of so many items together.
pub(super) fn most_bytes_of_list(total: u64) -> u64 {
    PAGE.saturating_add(ITEM.saturating_mul(total)).min(LIST)
}

#[cfg(test)]
mod tests {
    use super::{LIST, most_bytes_of_list, most_bytes_of_page, pages};

    #[test]
    fn what_shops_have_is_read() {
        assert_eq!(pages(0, 10_000, "links"), Ok(0));
        assert_eq!(pages(10_001, 10_000, "links"), Ok(2));
        assert_eq!(pages(5_000_000, 300, "links"), Ok(16_667));
        assert!(most_bytes_of_list(1_000_000) > 2 * 75_000_000);
        assert!(most_bytes_of_page(10_000) > 10 * 700_000);
        assert!(most_bytes_of_page(1) > 1024 * 1024);
    }

    #[test]
    fn what_no_shop_has_is_not_read() {
        for (total, size) in [
            (u64::MAX, 10_000),
            (1_000_000_000_000_000, 10_000),
            (5_000_001, 10_000),
        ] {
            let refusal = pages(total, size, "links").expect_err("it is too much");
            assert!(refusal.contains("more than 5000000 are not read"), "{refusal}");
        }
        let refusal = pages(3_000_000, 1, "links").expect_err("it is too much");
        assert!(refusal.contains("take 3000000 requests"), "{refusal}");
        assert_eq!(most_bytes_of_list(u64::MAX), LIST);
        assert_eq!(most_bytes_of_page(usize::MAX), u64::MAX);
    }
}
