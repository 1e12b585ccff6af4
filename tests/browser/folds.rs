//! What is folded, and what a person reads who opens nothing.

use serde_json::{Value, json};
use stocktake::reconcile::PlanWarning;

use super::browser::with_browser;
use super::page::Page;
use testkit::plan_fixtures as plans;

/// The text that is seen.
const READ: &str = "
    const read = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (texts.currentNode.parentElement.checkVisibility()) read.push(texts.currentNode.data);
    return read.join('')";

const FOLDED: &str = "document.querySelectorAll('.run[hidden]').length";

#[test]
fn a_person_who_opens_nothing_reads_no_code() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        let read = page.browser.run(READ).await;
        let read = read.as_str().expect("a text");
        assert!(read.contains("“huntington” is disabled"), "{read}");
        for code in [
            "`",
            "--allow",
            "disabled-source",
            "delete-percent",
            "inventory.yaml",
            "priority",
        ] {
            assert!(!read.contains(code), "{code:?} in {read}");
        }
        page.browser
            .run("document.querySelectorAll('.engineers').forEach((fold) => fold.open = true)")
            .await;
        let read = page.browser.run(READ).await;
        let read = read.as_str().expect("a text");
        let expected = [
            "--allow 'delete-percent=Europe Stock'",
            "disabled-source inventory.yaml:4:41",
            "delete, priority 4",
            "move, priority 2 → 4",
        ];
        for code in expected {
            assert!(read.contains(code), "{code:?} not in {read}");
        }
    });
}

#[test]
fn many_warnings_are_folded() {
    with_browser(|browser| async {
        let mut plan = plans::refused();
        plan.warnings = (1..=20)
            .map(|number| PlanWarning {
                rule: "disabled-source".to_owned(),
                message: format!("source `shop{number}` is disabled"),
                place: None,
            })
            .collect();
        let page = Page::open(browser, &plan).await;
        let seen = "[...document.querySelectorAll('.notices li.warning')].filter((it) => it.checkVisibility()).length";
        let numbers = page
            .browser
            .run(&format!(
                "return [{seen}, document.querySelector('.more summary').textContent]"
            ))
            .await;
        assert_eq!(numbers, json!([3, "17 more warnings"]));
        page.browser
            .run("document.querySelector('.more').open = true")
            .await;
        page.until(&format!("{seen} === 20")).await;
    });
}

#[test]
fn sources_that_keep_their_order_are_folded_in_a_long_list() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::large(1, 200)).await;
        let folds = page
            .browser
            .run("return [...document.querySelectorAll('.unfold')].map((it) => it.innerText.trim())")
            .await;
        let expected = ["Show 200 sources that keep their order"];
        assert_eq!(folds, json!(expected));
        page.write("by-source", "source_0100").await;
        page.shows("1 of 1 stock, 1 of 200 links").await;
        page.until(&format!("{FOLDED} === 0")).await;
        page.click("reset").await;
        page.until(&format!("{FOLDED} === 1")).await;
        page.choose(".unfold button").await;
        page.until("document.querySelector('.unfold') === null").await;
        page.until(&format!("{FOLDED} === 0")).await;
    });
}

#[test]
fn the_button_says_which_theme_it_brings() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.browser.prefer("dark").await;
        page.until("document.getElementById('theme').textContent === 'Use light theme'")
            .await;
        page.click("theme").await;
        page.until("document.getElementById('theme').textContent === 'Use dark theme'")
            .await;
        page.until("document.documentElement.dataset.theme === 'light'")
            .await;
    });
}

/// What a sheet of paper shows of the page.
async fn printed(page: &Page) -> Value {
    page.browser
        .run(
            "const brightness = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
            const seen = (selector) => [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility()).length;
            const texts = [...document.querySelectorAll('main bdi, main p, main td, main summary, footer p')];
            return {
                buttons: seen('button, input'),
                folded: [...document.querySelectorAll('details > *, .order tbody:not(.unfold) tr')].filter((it) => !it.checkVisibility()).length,
                pale: texts.filter((it) => brightness(getComputedStyle(it).color) > 450).length,
            }",
        )
        .await
}

#[test]
fn on_paper_every_fold_is_open_and_every_text_legible() {
    with_browser(|browser| async {
        let mut plan = plans::refused();
        let mut large = plans::large(1, 50).stocks;
        plan.stocks.append(&mut large);
        let page = Page::open(browser, &plan).await;
        page.browser.prefer("dark").await;
        let screen = printed(&page).await;
        assert!(
            screen["buttons"] != 0 && screen["folded"] != 0 && screen["pale"] != 0,
            "{screen}"
        );
        page.browser.print_view().await;
        assert_eq!(
            printed(&page).await,
            json!({ "buttons": 0, "folded": 0, "pale": 0 })
        );
        // A theme that was chosen by the button is for the screen.
        page.browser
            .run("document.documentElement.dataset.theme = 'dark'")
            .await;
        assert_eq!(
            printed(&page).await,
            json!({ "buttons": 0, "folded": 0, "pale": 0 })
        );
    });
}
