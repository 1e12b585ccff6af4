//! Names that would act if they could, before a real parser of HTML.

use serde_json::json;
use spanned_yaml::diag::visible;
use stocktake::reconcile::Plan;

use super::browser::with_browser;
use super::page::Page;
use testkit::plan_fixtures::{self as plans, HOSTILE};

/// Markup that would run a script in the page, by itself or once it is shown.
const SCRIPTS: [&str; 4] = [
    "<script>window.acted = 1</script>",
    "\"><img src=x onerror='window.acted = 1'>",
    "</title></style></script><svg onload='window.acted = 1'>",
    "' autofocus onfocus='window.acted = 1' x='",
];

/// A plan in which every text from outside is hostile.
pub fn hostile_plan() -> Plan {
    plans::renamed(&[
        ("Europe Stock", SCRIPTS[0]),
        ("austin_wh", SCRIPTS[1]),
        ("Headquarters", SCRIPTS[2]),
        ("site3", SCRIPTS[3]),
        ("production", "\u{202e}noitcudorp@everyone"),
        ("inventory.yaml", "a|b`c`.yaml\u{7}"),
    ])
}

#[test]
fn no_name_acts() {
    with_browser(|browser| async {
        let page = Page::open(browser, &hostile_plan()).await;
        let found = page
            .browser
            .run(
                "return {
                    acted: window.acted ?? null,
                    foreign: document.querySelectorAll('img, svg, iframe, object, embed, [autofocus], a:not([href^=\"#\"])').length,
                    scripts: document.scripts.length,
                    styles: document.styleSheets.length,
                    handlers: [...document.querySelectorAll('*')].flatMap((it) => it.getAttributeNames())
                        .filter((name) => name.startsWith('on')).length,
                }",
            )
            .await;
        let inert = json!({ "acted": null, "foreign": 0, "scripts": 1, "styles": 1, "handlers": 0 });
        assert_eq!(found, inert);
        page.assert_quiet().await;
    });
}

#[test]
fn every_name_is_shown_as_it_is() {
    with_browser(|browser| async {
        let mut page = Page::open(browser, &hostile_plan()).await;
        for name in HOSTILE.into_iter().chain(SCRIPTS) {
            let plan = plans::renamed(&[("Europe Stock", name), ("austin_wh", name)]);
            page = Page::open(page.browser, &plan).await;
            let shown = page
                .browser
                .run(
                    "return [document.querySelector('#stock-3').textContent,
                        document.querySelector('tr.delete code').textContent]",
                )
                .await;
            assert_eq!(shown, json!([visible(name), visible(name)]));
            let shape = page.browser.run("return [document.querySelectorAll('.stock').length, document.querySelectorAll('.order tbody tr').length, document.scripts.length]").await;
            assert_eq!(shape, json!([3, 12, 1]), "{name:?}");
        }
    });
}

#[test]
fn without_scripts_everything_is_shown() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.browser.without_scripts().await;
        page.browser.client.refresh().await.expect("the page opens again");
        let command = "return [document.getElementById('filters').checkVisibility(),
            document.querySelectorAll('.order tbody tr').length,
            [...document.querySelectorAll('.changed .order tbody tr')].every((row) => row.checkVisibility())]";
        assert_eq!(page.browser.run(command).await, json!([false, 12, true]));
    });
}

#[test]
fn whatever_would_ask_somebody_is_stopped_and_heard() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::refused()).await;
        page.browser
            .run("new Image().src = 'http://127.0.0.1:9/pixel.png'")
            .await;
        let console = page.browser.console().await;
        assert_eq!(console.len(), 1, "{console:#?}");
        let said = console[0]["message"].as_str().expect("a text");
        assert!(said.contains("Content Security Policy"), "{said}");
    });
}
