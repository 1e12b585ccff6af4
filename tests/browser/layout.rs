//! Every width shows the whole page: nothing leaves it sideways, and no word of ours is cut in two.

use serde_json::json;
use stocktake::reconcile::Plan;

use super::browser::with_browser;
use super::hostile::hostile_plan;
use super::page::Page;
use testkit::plan_fixtures as plans;

/// Phones, a tablet, a desktop.
const WIDTHS: [u32; 4] = [320, 360, 768, 1280];

/// The words that stand on two lines, or beyond the edge of the window. A line may end after a hyphen.
const BROKEN_WORDS: &str = r"
    const broken = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.checkVisibility() || text.parentElement.closest('.skip, .unseen, script')) continue;
        for (const { 0: word, index } of text.data.matchAll(/[^\s-]+-?/g)) {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.bottom)));
            if (lines.size !== 1 || range.getBoundingClientRect().right > innerWidth) broken.push(word);
        }
    }
    return broken";

/// Asserts that the page is as wide as the window at every width, with folds closed and open.
async fn assert_fits(page: &Page) {
    for width in WIDTHS {
        page.browser.resize(width, 900).await;
        for open in [false, true] {
            page.browser
                .run(&format!(
                    "document.querySelectorAll('.engineers').forEach((fold) => fold.open = {open})"
                ))
                .await;
            let overflow = page
                .browser
                .run("const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth")
                .await;
            assert_eq!(overflow, json!(0), "{width} wide, folds open: {open}");
        }
    }
}

fn assert_plan_fits(plan: &Plan) {
    with_browser(|browser| async {
        let page = Page::open(browser, plan).await;
        assert_fits(&page).await;
    });
}

#[test]
fn hostile_names_fit() {
    assert_plan_fits(&hostile_plan());
}

#[test]
fn a_name_without_a_blank_fits() {
    let name = "x".repeat(255);
    assert_plan_fits(&plans::renamed(&[
        ("Europe Stock", &name),
        ("austin_wh", &name),
        ("Headquarters", &name),
        ("production", &name),
        ("site3", &name),
    ]));
}

#[test]
fn no_word_is_broken() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        assert_fits(&page).await;
        for width in WIDTHS {
            page.browser.resize(width, 900).await;
            // Digests are no words.
            page.browser
                .run("document.querySelectorAll('main .engineers').forEach((fold) => fold.open = true)")
                .await;
            page.browser
                .run("document.querySelector('footer .engineers').open = false")
                .await;
            assert_eq!(page.browser.run(BROKEN_WORDS).await, json!([]), "{width} wide");
        }
        page.browser
            .run("document.querySelector('.say').style.width = '3rem'")
            .await;
        let broken = page.browser.run(BROKEN_WORDS).await;
        let broken = broken.as_array().expect("a list");
        assert!(broken.contains(&json!("reindex.")), "the check finds {broken:?}");
    });
}

#[test]
fn the_headings_of_a_table_stand_above_their_columns() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        for width in WIDTHS {
            page.browser.resize(width, 900).await;
            let apart = page
                .browser
                .run(
                    "return [...document.querySelectorAll('.changed .order')].flatMap((table) =>
                        [...table.tHead.rows[0].cells].slice(0, 3).map((heading, at) => {
                            const cell = table.tBodies[0].rows[0].cells[at];
                            return Math.abs(heading.getBoundingClientRect().left - cell.getBoundingClientRect().left);
                        })).filter((distance) => distance > 1)",
                )
                .await;
            assert_eq!(apart, json!([]), "{width} wide");
        }
    });
}
