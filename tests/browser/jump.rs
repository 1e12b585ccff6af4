//! The list of stocks: it shows what changes in each, stays at hand, and leads to them.

use fantoccini::Locator;
use serde_json::json;

use super::browser::with_browser;
use super::page::Page;
use testkit::plan_fixtures as plans;

/// Expressions about the list, and about the heading of Outlet Stock.
const OPEN: &str = "document.querySelector('#jump details').open";
const ARRIVED: &str = "(() => {
    const { left, top, bottom } = document.getElementById('stock-4').getBoundingClientRect();
    const on_top = document.elementFromPoint(left + 1, (top + bottom) / 2);
    return on_top !== null && on_top.closest('h2')?.id === 'stock-4';
})()";

impl Page {
    /// Clicks the first element that a selector finds.
    pub async fn choose(&self, selector: &str) {
        let element = self.browser.client.find(Locator::Css(selector)).await;
        element
            .expect("an element")
            .click()
            .await
            .expect("it can be clicked");
    }
}

#[test]
fn every_stock_is_listed_with_its_changes() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.browser.resize(1280, 900).await;
        let listed = page
            .browser
            .run("return [...document.querySelectorAll('#jump li')].map((entry) => entry.textContent.replaceAll(/\\s+/g, ' '))")
            .await;
        let expected = [
            "North America Stock −1 to delete +1 to create ~1 to reorder",
            "Europe Stock −2 to delete +1 to create !1 blocked",
            "Outlet Stock ✓ in sync",
        ];
        assert_eq!(listed, json!(expected));
        page.write("by-stock", "outlet").await;
        page.until("document.querySelectorAll('#jump li:not([hidden])').length === 1")
            .await;
    });
}

#[test]
fn on_a_wide_window_it_stays_beside_the_stocks() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::large(100, 20)).await;
        page.browser.resize(1280, 700).await;
        page.browser
            .run("scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' })")
            .await;
        page.until(
            "(({ top, bottom }) => top > 0 && bottom < innerHeight)(document.getElementById('jump').getBoundingClientRect())",
        )
        .await;
    });
}

#[test]
fn on_a_narrow_window_it_is_a_bar_that_opens() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.browser.resize(320, 700).await;
        page.until(&format!("!{OPEN}")).await;
        page.choose("#jump summary").await;
        page.until(OPEN).await;
        page.choose("#jump a[href='#stock-4']").await;
        page.until(&format!("!{OPEN}")).await;
        page.until(ARRIVED).await;
        // A stock that is in sync is folded until somebody goes there.
        page.until("document.getElementById('stock-4').closest('details').open")
            .await;
        // The bar is still at hand.
        page.until("document.getElementById('jump').getBoundingClientRect().top === 0")
            .await;
        page.browser.resize(1280, 900).await;
        page.until(OPEN).await;
    });
}
