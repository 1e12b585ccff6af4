//! Everything can be done without a mouse.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::browser::with_browser;
use super::page::Page;
use testkit::plan_fixtures as plans;

impl Page {
    async fn press(&self, key: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.browser
            .client
            .perform_actions(keys)
            .await
            .expect("keys can be pressed");
    }

    /// Goes on by tab until an element has the focus; it must be seen that it has.
    async fn tab_to(&self, selector: &str) {
        for _ in 0..20 {
            self.press(Key::Tab.into()).await;
            let script = format!(
                "const at = document.activeElement; return at.matches({selector:?}) ? getComputedStyle(at).outlineStyle : ''"
            );
            match self.browser.run(&script).await.as_str() {
                Some("") => {}
                Some("none") => panic!("the focus on {selector} is not seen"),
                _ => return,
            }
        }
        panic!("{selector} is not reached by tab");
    }
}

#[test]
fn the_page_is_walked_through_by_keys_alone() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.tab_to(".skip").await;
        page.tab_to("#theme").await;
        page.press(' ').await;
        page.until("document.getElementById('theme').textContent === 'Use light theme'")
            .await;
        page.tab_to("#by-stock").await;
        for key in "outlet".chars() {
            page.press(key).await;
        }
        page.until("document.getElementById('count').textContent.startsWith('1 of 3 stocks')")
            .await;
        page.tab_to("#changed-only").await;
        page.press(' ').await;
        page.until("document.getElementById('count').textContent.startsWith('0 of 3 stocks')")
            .await;
        page.tab_to("#reset").await;
        page.press(Key::Enter.into()).await;
        page.until("document.getElementById('count').textContent.startsWith('3 of 3 stocks')")
            .await;
        page.tab_to("#jump a").await;
        page.tab_to(".stock summary").await;
        page.until("document.activeElement.parentElement.open").await;
        page.press(Key::Enter.into()).await;
        page.until("!document.activeElement.parentElement.open").await;
        page.press(' ').await;
        page.until("document.activeElement.parentElement.open").await;
    });
}

#[test]
fn the_first_tab_leads_past_everything() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.tab_to(".skip").await;
        page.press(Key::Enter.into()).await;
        page.tab_to("summary").await;
        page.until("document.activeElement.querySelector('h2').id === 'stock-2'")
            .await;
    });
}
