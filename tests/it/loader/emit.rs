//! Whatever is emitted is read back as it was given, by our loader and by another reader of YAML.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stocktake::model::{Priority, SourceCode, StockName};
use stocktake::spec::emit::{Document, LinkText, LinksText, SourceText, StockText};
use stocktake::spec::{Spec, WantedLinks};

use super::{inventory, rendered};

/// The rules that speak of what is wanted; any other would mean that it was not written well.
const OF_MEANING: [&str; 12] = [
    "invalid-code",
    "invalid-name",
    "duplicate-source",
    "duplicate-stock",
    "duplicate-link",
    "default-stock",
    "default-source",
    "undeclared-source",
    "equal-priorities",
    "unused-source",
    "typographic-quotes",
    "look-alike",
];

/// Texts that YAML could take for something else, and texts of any characters.
fn text() -> impl Strategy<Value = String> {
    let odd = vec![
        "no",
        "Yes",
        "~",
        "null",
        "0x1F",
        "1e3",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#",
        "*a",
        "&a",
        "!!str",
        "[a]",
        "{a: b}",
        "a,b",
        "'a'",
        "\"a\"",
        "\\",
        "a\\nb",
        "%YAML",
        "---",
        "...",
        "@a",
        "`a`",
        "|",
        ">-",
        "?",
        "<<",
        "=",
        "2024-01-01",
        "12:30",
        "a:",
        ":a",
        "a\u{301}",
        "\u{1f3ec}",
        "\u{fffd}",
        "倉庫",
        "-.inf",
        "007",
        "0o17",
    ];
    prop_oneof![
        prop::sample::select(odd).prop_map(str::to_owned),
        "[a-z]{1,4}(_[a-z]{1,3})?",
        "\\PC{1,8}",
        "[a-z ]{1,5}",
        "(?s).{0,8}",
        "[a-zü]{200,260}",
    ]
}

fn link() -> impl Strategy<Value = LinkText> {
    (text(), prop::option::weighted(0.2, text())).prop_map(|(code, comment)| LinkText {
        code: SourceCode::from_server(&code),
        comment,
    })
}

fn links() -> impl Strategy<Value = LinksText> {
    let priority = (1..=65535_i64).prop_map(|number| Priority::try_from(number).expect("in range"));
    prop_oneof![
        prop::collection::vec(link(), 0..12).prop_map(LinksText::Ordered),
        prop::collection::vec((link(), priority), 0..6).prop_map(LinksText::Explicit),
    ]
}

pub fn document() -> impl Strategy<Value = Document> {
    let source = (text(), prop::option::of(text())).prop_map(|(code, name)| SourceText {
        code: SourceCode::from_server(&code),
        name,
    });
    let stock = (prop::collection::vec(text(), 0..2), text(), links()).prop_map(|(comments, name, links)| {
        StockText {
            comments,
            name: StockName::from_server(&name),
            links,
        }
    });
    (
        prop::collection::vec(text(), 0..3),
        prop::option::weighted(0.3, prop::collection::vec(source, 0..4)),
        prop::collection::vec(stock, 0..4),
    )
        .prop_map(|(header, sources, stocks)| Document {
            header,
            sources,
            stocks,
        })
}

/// A document in plain words: sources, and stocks with codes and numbers.
type Plain = (
    Option<Vec<(String, Option<String>)>>,
    Vec<(String, Vec<(String, Option<i64>)>)>,
);

fn given(document: &Document) -> Plain {
    let code = |link: &LinkText| link.code.as_str().to_owned();
    let links = |links: &LinksText| match links {
        LinksText::Ordered(links) => links.iter().map(|link| (code(link), None)).collect(),
        LinksText::Explicit(links) => links
            .iter()
            .map(|(link, priority)| (code(link), Some(i64::from(priority.number()))))
            .collect(),
    };
    (
        document.sources.as_ref().map(|sources| {
            let sources = sources.iter();
            sources
                .map(|source| (source.code.as_str().to_owned(), source.name.clone()))
                .collect()
        }),
        document
            .stocks
            .iter()
            .map(|stock| (stock.name.as_str().to_owned(), links(&stock.links)))
            .collect(),
    )
}

fn loaded(spec: &Spec) -> Plain {
    let links = |links: &WantedLinks| match links {
        WantedLinks::Ordered(links) => links
            .iter()
            .map(|link| (link.code.as_str().to_owned(), None))
            .collect(),
        WantedLinks::Explicit(links) => links
            .iter()
            .map(|(link, priority)| (link.code.as_str().to_owned(), Some(i64::from(priority.number()))))
            .collect(),
    };
    (
        spec.sources.as_ref().map(|sources| {
            let sources = sources.iter();
            sources
                .map(|source| (source.code.as_str().to_owned(), source.name.clone()))
                .collect()
        }),
        spec.stocks
            .iter()
            .map(|stock| (stock.name.as_str().to_owned(), links(&stock.links)))
            .collect(),
    )
}

#[derive(serde::Deserialize)]
struct File {
    sources: Option<Vec<BTreeMap<String, String>>>,
    stocks: Vec<Stock>,
}

#[derive(serde::Deserialize)]
struct Stock {
    name: String,
    sources: Vec<serde_json::Value>,
}

fn read_by_another(text: &str) -> Plain {
    let file: File = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let link = |link: serde_json::Value| match link {
        serde_json::Value::String(code) => (code, None),
        other => (
            other["code"].as_str().expect("a code is a text").to_owned(),
            other["priority"].as_i64(),
        ),
    };
    (
        file.sources.map(|sources| {
            let sources = sources.into_iter();
            sources
                .map(|source| (source["code"].clone(), source.get("name").cloned()))
                .collect()
        }),
        file.stocks
            .into_iter()
            .map(|stock| (stock.name, stock.sources.into_iter().map(link).collect()))
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn what_is_emitted_is_read(document in document()) {
        let text = document.text();
        let read = inventory(&text);
        match &read.spec {
            Some(spec) => prop_assert_eq!(loaded(spec), given(&document), "{}", text),
            None => {
                for found in &read.diagnostics {
                    prop_assert!(OF_MEANING.contains(&found.rule), "{}\n{}", text, rendered(&read.diagnostics, &text));
                }
            }
        }
        prop_assert_eq!(read_by_another(&text), given(&document), "{}", text);
    }
}

#[test]
fn an_inventory_reads_well() {
    let code = SourceCode::from_server;
    let number = |number| Priority::try_from(number).expect("in range");
    let document = Document {
        header: vec!["what stood there before".to_owned(), String::new()],
        sources: Some(vec![
            SourceText {
                code: code("ne_wh"),
                name: Some("Northeast Warehouse".to_owned()),
            },
            SourceText {
                code: code("12"),
                name: None,
            },
        ]),
        stocks: vec![
            StockText {
                comments: Vec::new(),
                name: StockName::from_server("North America Stock"),
                links: LinksText::Ordered(vec![code("ne_wh").into(), code("12").into()]),
            },
            StockText {
                comments: vec!["two of one number".to_owned()],
                name: StockName::from_server("Europe: Stock"),
                links: LinksText::Explicit(vec![
                    (code("ne_wh").into(), number(10)),
                    (
                        LinkText {
                            code: code("12"),
                            comment: Some("Leipzig".to_owned()),
                        },
                        number(10),
                    ),
                ]),
            },
            StockText {
                comments: Vec::new(),
                name: StockName::from_server("Outlet"),
                links: LinksText::Explicit(Vec::new()),
            },
        ],
    };
    insta::assert_snapshot!(document.text(), @r#"
    # what stood there before
    #
    version: 1

    sources:
      - { code: ne_wh, name: Northeast Warehouse }
      - { code: "12" }

    stocks:
      - name: North America Stock
        sources: [ne_wh, "12"]

      # two of one number
      - name: "Europe: Stock"
        sources:
          - { code: ne_wh, priority: 10 }
          - { code: "12", priority: 10 } # Leipzig

      - name: Outlet
        sources: []
    "#);
}
