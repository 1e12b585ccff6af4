//! The page of a plan, opened from a file.

use std::time::Duration;

use stocktake::reconcile::Plan;
use stocktake::report::{PlanView, html};
use tempfile::NamedTempFile;

use super::browser::Browser;

/// An open page; the file lives as long.
pub struct Page {
    pub browser: Browser,
    file: NamedTempFile,
}

impl Page {
    /// Opens the page of a plan.
    pub async fn open(browser: Browser, plan: &Plan) -> Self {
        let file = tempfile::Builder::new()
            .suffix(".html")
            .tempfile()
            .expect("a file can be made");
        std::fs::write(file.path(), html(&PlanView::from(plan)).expect("a page"))
            .expect("the page can be written");
        let page = Self { browser, file };
        // What a new window does by itself is none of the page's doing.
        page.browser
            .client
            .goto("about:blank")
            .await
            .expect("a blank page opens");
        page.browser.requests().await;
        page.browser
            .client
            .goto(&page.address())
            .await
            .expect("the page opens");
        page
    }

    fn address(&self) -> String {
        format!("file://{}", self.file.path().display())
    }

    /// Waits until an expression of the page is true.
    #[track_caller]
    pub fn until(&self, expression: &str) -> impl Future<Output = ()> {
        let script = format!("return Boolean({expression})");
        async move {
            for _ in 0..200 {
                if self.browser.run(&script).await == true {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            let page = self.browser.run("return document.body.innerText").await;
            panic!("never true: {script}\n{}", page.as_str().unwrap_or_default());
        }
    }

    /// Asserts that the console said nothing and nobody was asked for anything but the page.
    pub async fn assert_quiet(&self) {
        assert_eq!(self.browser.console().await, Vec::<serde_json::Value>::new());
        let mut requests = self.browser.requests().await;
        requests.retain(|address| !address.starts_with("data:"));
        assert_eq!(requests, [self.address()]);
    }
}
