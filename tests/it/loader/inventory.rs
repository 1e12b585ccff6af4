//! What good inventories give.

use std::fmt::Write as _;

use spanned_yaml::diag::InputFiles;
use stocktake::spec::{self, Spec, WantedLinks};

use super::{inventory, rendered};

/// The file at the root of the project.
const EXAMPLE: &str = include_str!("../../../inventory.yaml");

fn good(text: &str) -> Spec {
    let loaded = inventory(text);
    let rendered = rendered(&loaded.diagnostics, text);
    loaded.spec.unwrap_or_else(|| panic!("{rendered}"))
}

/// Stocks and links in one line each.
fn outline(spec: &Spec) -> String {
    let mut out = String::new();
    if let Some(sources) = &spec.sources {
        let codes: Vec<_> = sources.iter().map(|source| source.code.as_str()).collect();
        writeln!(out, "sources: {}", codes.join(" ")).expect("a String takes it");
    }
    for stock in &spec.stocks {
        let links: Vec<_> = match &stock.links {
            WantedLinks::Ordered(sources) => sources.iter().map(|source| source.code.to_string()).collect(),
            WantedLinks::Explicit(sources) => sources
                .iter()
                .map(|(source, priority)| format!("{}={priority}", source.code))
                .collect(),
        };
        writeln!(out, "{}: {}", stock.name, links.join(" ")).expect("a String takes it");
    }
    out
}

#[test]
fn the_example_is_good() {
    let loaded = inventory(EXAMPLE);
    assert_eq!(loaded.diagnostics, []);
    insta::assert_snapshot!(outline(&loaded.spec.expect("a spec")), @r#"
sources: ne_wh west_wh brooklyn manhattan huntington berkeley sausalito hq leipzig berlin frankfurt
North America Stock: ne_wh west_wh brooklyn manhattan huntington berkeley sausalito hq
Europe Stock: leipzig berlin frankfurt hq
"#);
}

#[test]
fn both_forms_of_links_and_every_way_to_write() {
    let text = "\
%YAML 1.2
--- # a comment
version: 1
stocks:
  - name: 'It''s Europe'
    sources: &europe
      - {code: leipzig, priority: 10}
      - priority: 65535
        code: \"berlin\"
      - { \"code\": !!str 7, 'priority': +1 }
  - {name: Ordered, sources: [hq, \"0\", 'true', no]}
  - name: Alias
    sources: *europe
  - name: Empty
    sources: []
...
";
    insta::assert_snapshot!(outline(&good(text)), @r#"
It's Europe: leipzig=10 berlin=65535 7=1
Ordered: hq 0 true no
Alias: leipzig=10 berlin=65535 7=1
Empty:
"#);
}

#[test]
fn files_are_one_inventory() {
    let mut files = InputFiles::default();
    for (path, text) in [
        ("a.yaml", "version: 1\nstocks:\n  - { name: B, sources: [hq] }\n"),
        (
            "b.yaml",
            "\u{feff}version: 1\r\nsources:\r\n  - code: HQ\r\nstocks:\r\n  - { name: A, sources: [] }\r\n",
        ),
    ] {
        files.add(path, text);
    }
    let loaded = spec::load(&files);
    assert_eq!(loaded.diagnostics, []);
    let spec = loaded.spec.expect("a spec");
    insta::assert_snapshot!(outline(&spec), @r#"
sources: HQ
B: hq
A:
"#);
    assert_eq!(files.place(spec.stocks[1].span).to_string(), "b.yaml:5:13");
}

#[test]
fn no_files_want_nothing() {
    assert_eq!(spec::load(&InputFiles::default()).spec, Some(Spec::default()));
}

#[test]
fn a_hundred_thousand_links_are_read() {
    let mut text = "version: 1\nstocks:\n".to_owned();
    for stock in 0..20 {
        write!(text, "  - name: Stock {stock}\n    sources:\n").expect("a String takes it");
        for source in 0..5_000 {
            let priority = source + 1;
            writeln!(
                text,
                "      - {{ code: warehouse_{source:05}, priority: {priority} }}"
            )
            .expect("a String takes it");
        }
    }
    let spec = good(&text);
    assert_eq!(spec.stocks.len(), 20);
    for stock in &spec.stocks {
        let WantedLinks::Explicit(links) = &stock.links else {
            panic!("links with numbers")
        };
        assert_eq!(links.len(), 5_000);
        assert_eq!(links[4_999].0.code.as_str(), "warehouse_04999");
        assert_eq!(links[4_999].1.number(), 5_000);
    }
}
