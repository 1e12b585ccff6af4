//! Lists without end.

use super::bounded_run::plan;
use testkit::hostile_server::{HostileServer, Parts};

const DEFAULT_LINK: &str = r#"{"stock_id":1,"source_code":"default","priority":1}"#;

/// The number of the page that a query asks for, and its size.
fn asked(path: &str) -> (u64, usize) {
    let number = |name: &str| {
        let (_, rest) = path.split_once(name).expect("a list is asked for by pages");
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().expect("it is a number")
    };
    (
        number("current_page]="),
        usize::try_from(number("page_size]=")).expect("it is small"),
    )
}

/// A shop whose stocks and sources are honest, and whose links that rule tells, by page and size.
fn shop(links: fn(u64, usize) -> Parts) -> HostileServer {
    HostileServer::new(move |path| {
        let honest = |items: &[&str]| {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            Parts::page(&items, items.len() as u64)
        };
        Some(if path.contains("stock-source-links") {
            let (page, size) = asked(path);
            links(page, size)
        } else if path.contains("/sources") {
            honest(&[
                r#"{"source_code":"default","enabled":true}"#,
                r#"{"source_code":"hq","enabled":true}"#,
            ])
        } else {
            honest(&[
                r#"{"stock_id":1,"name":"Default Stock"}"#,
                r#"{"stock_id":2,"name":"Europe Stock"}"#,
            ])
        })
    })
}

/// So many links of a page, each of which stands there once.
fn fresh(page: u64, count: usize) -> Vec<String> {
    let link = |at| format!(r#"{{"stock_id":2,"source_code":"s{page}x{at}","priority":1}}"#);
    std::iter::once(DEFAULT_LINK.to_owned())
        .filter(|_| page == 1)
        .chain((0..count).map(link))
        .collect()
}

#[test]
fn a_shop_that_promises_what_no_shop_has_is_not_followed() {
    let shop = shop(|page, _| Parts::page(&fresh(page, 2_000), 1_000_000_000_000_000));
    let ended = plan(&shop);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("has 1000000000000000 links"),
        "{}",
        ended.stderr
    );
    assert_eq!(shop.asked(), 3);
}

#[test]
fn a_count_that_grows_is_asked_for_once() {
    let shop = shop(|page, _| Parts::page(&fresh(page, 200), 100_000 * page));
    let ended = plan(&shop);
    assert!(
        ended.stderr.contains("the number of links changed"),
        "{}",
        ended.stderr
    );
    assert_eq!(shop.asked(), 2 + 2 * 10);
}

#[test]
fn a_page_that_comes_again_and_again_is_not_asked_for_again_and_again() {
    let shop = shop(|_, _| Parts::page(&[DEFAULT_LINK.to_owned(), fresh(2, 1).remove(0)], 4_000_000));
    let ended = plan(&shop);
    assert!(
        ended.stderr.contains("pages of links overlap"),
        "{}",
        ended.stderr
    );
    assert!(shop.asked() < 20, "{} requests", shop.asked());
}

#[test]
fn millions_of_pages_are_not_asked_for() {
    let shop = shop(|_, size| match size {
        1 => Parts::page(&[DEFAULT_LINK.to_owned()], 3_000_000),
        _ => Parts::json(
            400,
            r#"{"message":"Maximum SearchCriteria pageSize is %max","parameters":{"max":1}}"#,
            "",
            0,
            "",
        ),
    });
    let ended = plan(&shop);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("3000000 links in pages of 1"),
        "{}",
        ended.stderr
    );
    assert!(shop.asked() < 10, "{} requests", shop.asked());
}

#[test]
fn a_page_with_more_than_was_asked_for_is_refused() {
    let full = shop(|page, size| Parts::page(&fresh(page, size + 1), 4_000_000));
    let ended = plan(&full);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("a list of at most 10000 entries"),
        "{}",
        ended.stderr
    );

    let limited = shop(|page, size| match size {
        300 => Parts::page(&fresh(page, 301), 4_000),
        _ => Parts::json(400, r#"{"message":"%max","parameters":{"max":300}}"#, "", 0, ""),
    });
    let ended = plan(&limited);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("where 300 were asked for"),
        "{}",
        ended.stderr
    );
}

#[test]
fn pages_of_long_names_end_where_a_list_is_long_enough() {
    let shop = shop(|page, size| {
        let long = format!(
            r#"{{"stock_id":2,"source_code":"{page}-{}","priority":1}}"#,
            "x".repeat(900)
        );
        Parts::page(&vec![long; size], 5_000_000)
    });
    let ended = plan(&shop);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("with more than"), "{}", ended.stderr);
}
