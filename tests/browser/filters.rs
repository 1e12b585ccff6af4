//! The filters: by stock, by source, changed only, and back.

use fantoccini::Locator;

use super::browser::with_browser;
use super::page::Page;
use testkit::plan_fixtures as plans;

const COUNT: &str = "document.getElementById('count').textContent";

impl Page {
    pub async fn write(&self, field: &str, text: &str) {
        let field = self
            .browser
            .client
            .find(Locator::Id(field))
            .await
            .expect("a field");
        field.clear().await.expect("it can be emptied");
        field.send_keys(text).await.expect("it can be written in");
    }

    pub async fn click(&self, id: &str) {
        let control = self
            .browser
            .client
            .find(Locator::Id(id))
            .await
            .expect("a control");
        control.click().await.expect("it can be clicked");
    }

    pub async fn shows(&self, count: &str) {
        self.until(&format!("{COUNT} === {count:?}")).await;
    }
}

#[test]
fn stocks_and_sources_are_found_and_shown_again() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.shows("3 of 3 stocks, 12 of 12 links").await;
        page.write("by-stock", "EUROPÉ").await;
        page.shows("1 of 3 stocks, 5 of 12 links").await;
        page.until("document.getElementById('stock-3').checkVisibility()")
            .await;
        page.until("!document.getElementById('stock-2').checkVisibility()")
            .await;
        page.write("by-source", "austin").await;
        page.shows("1 of 3 stocks, 1 of 12 links").await;
        page.click("reset").await;
        page.shows("3 of 3 stocks, 12 of 12 links").await;
        page.write("by-source", "headq").await;
        page.shows("3 of 3 stocks, 3 of 12 links").await;
        // A stock that is in sync is folded; what is looked for in it is shown.
        page.until("document.querySelector('#stock-4').closest('details').open")
            .await;
        page.write("by-source", "no such source").await;
        page.until("document.getElementById('nothing').checkVisibility()")
            .await;
        page.shows("0 of 3 stocks, 0 of 12 links").await;
        page.assert_quiet().await;
    });
}

#[test]
fn only_what_changes_can_be_shown() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.click("changed-only").await;
        page.shows("2 of 3 stocks, 7 of 12 links").await;
        page.until(
            "[...document.querySelectorAll('.order tbody tr:not([hidden])')].every((row) => row.className !== '')",
        )
        .await;
        page.click("changed-only").await;
        page.shows("3 of 3 stocks, 12 of 12 links").await;
    });
}

#[test]
fn a_hundred_stocks_of_two_hundred_sources_are_filtered() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::large(100, 200)).await;
        page.shows("100 of 100 stocks, 20000 of 20000 links").await;
        page.write("by-stock", "stock 42").await;
        page.shows("1 of 100 stocks, 200 of 20000 links").await;
        page.write("by-source", "source_0007").await;
        page.shows("1 of 100 stocks, 1 of 20000 links").await;
        page.assert_quiet().await;
    });
}
