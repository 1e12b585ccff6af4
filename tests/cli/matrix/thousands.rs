//! 5,000 links to create in a shop with hard limits, each request counted by the shop.

use super::world::{World, paged};
use testkit::proxy::Proxy;
use testkit::sandbox_process::Logged;
use testkit::workspace::TOKEN;

const WORLD: World = World {
    empty: 25,
    full: 4,
    sources: 200,
};

/// Largest page of a front, and most items of 2.4.3.
const PAGE: usize = 300;
const ITEMS: usize = 20;

const LINKS: &str = "/inventory/stock-source-links";

/// The pages of links that were given, and all requests that were refused.
fn count(log: &[Logged]) -> (usize, Vec<&Logged>) {
    let given = log
        .iter()
        .filter(|logged| logged.lists(LINKS) && logged.status == 200);
    (
        given.count(),
        log.iter().filter(|logged| logged.status != 200).collect(),
    )
}

/// How many pages a front refused: those of the size that stocktake tries first.
fn too_large(front: &Proxy) -> usize {
    let seen = front.seen().into_iter();
    seen.filter(|asked| asked.query.contains("=10000&")).count()
}

/// Asserts that each list was read so often, page after page in their order, none twice.
#[track_caller]
fn passes(log: &[Logged], expected: &[usize]) {
    let pages = log.iter().filter(|logged| logged.lists(LINKS));
    let sizes = format!("searchCriteria[page_size]={PAGE}&");
    let numbers: Vec<usize> = pages
        .map(|logged| {
            let query = logged.query.replace("%5B", "[").replace("%5D", "]");
            assert!(query.contains(&sizes), "{query}");
            let (_, number) = query
                .split_once("searchCriteria[current_page]=")
                .expect("a page has a number");
            let number = number.split('&').next().unwrap_or_default();
            number.parse().expect("a page number is a number")
        })
        .collect();
    let mut rest = numbers.as_slice();
    for pages in expected {
        let (pass, after) = rest.split_at(*pages);
        let mut pass = pass.to_vec();
        // Pages after the first are asked for a few at a time.
        pass.sort_unstable();
        assert_eq!(pass, (1..=*pages).collect::<Vec<_>>());
        rest = after;
    }
    assert!(rest.is_empty(), "{numbers:?}");
}

#[test]
fn five_thousand_links_in_as_few_requests_as_the_limits_allow() {
    let workspace = WORLD.workspace().variable("STOCKTAKE_TOKEN", TOKEN);
    let shop = WORLD.start(&workspace, "2.4.3", &[]);
    let front = paged(&shop, PAGE);
    let workspace = workspace.variable("STOCKTAKE_URL", front.url());
    let before = WORLD.before().div_ceil(PAGE);
    let after = (WORLD.before() + WORLD.wanted()).div_ceil(PAGE);
    assert_eq!((WORLD.wanted(), before, after), (5_000, 3, 20));

    let plan = workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
    assert!(plan.stdout.contains("Plan: 5000 to create"), "{}", plan.stdout);
    let log = shop.log();
    let (given, refused) = count(&log);
    assert_eq!(given, before, "one pass");
    passes(&log, &[before]);
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(too_large(&front), 1);

    let planned = log.len();
    let apply = workspace.run(&["apply", "--yes"]).exits(0);
    assert!(apply.stdout.contains("5000 done"), "{}", apply.stdout);
    let log = &shop.log()[planned..];
    let (given, refused) = count(log);
    // The plan's read takes several pages, and so is compared; the comparison and the proof read the changed stocks.
    let [compared, proven] = [1, WORLD.wanted() + 1].map(|links| links.div_ceil(PAGE));
    assert_eq!(given, before + compared + proven, "three passes");
    passes(log, &[before, compared, proven]);
    let writes = log.iter().filter(|logged| logged.method == "POST");
    let (done, in_vain): (Vec<_>, Vec<_>) = writes.partition(|logged| logged.status == 200);
    assert_eq!(done.len(), 5_000_usize.div_ceil(ITEMS));
    assert_eq!((in_vain.len(), refused.len()), (1, 1), "{refused:?}");
    assert_eq!(too_large(&front), 2, "once a run");
    assert_eq!(shop.tables().len(), WORLD.before() + 5_000);

    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
}
