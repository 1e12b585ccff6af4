//! The topology as a picture: what each language makes of it, and that no name is a part of a language.

use spanned_yaml::diag::shown;
use stocktake::model::StockName;
use stocktake::report::{Graph, dot, mermaid, svg};

use testkit::plan_fixtures::{self as plans, HOSTILE};

#[test]
fn every_language_draws_the_same_plan() {
    let graph = Graph::of_plan(&plans::refused());
    insta::assert_snapshot!("graph.mermaid", mermaid(&graph));
    insta::assert_snapshot!("graph.dot", dot(&graph));
    insta::assert_snapshot!("graph.svg", svg(&graph).expect("a picture"));
}

#[test]
fn a_shop_is_drawn_as_it_is() {
    insta::assert_snapshot!("graph.live", mermaid(&Graph::of_live("shop", &plans::live(&[]))));
}

#[test]
fn one_stock_takes_its_own_sources_along() {
    let graph = Graph::of_plan(&plans::refused()).only(&[StockName::from_server("europe STOCK")]);
    assert_eq!(graph.stock_names().collect::<Vec<_>>(), ["Europe Stock"]);
    assert_eq!(graph.edges(), 5);
    let drawn = mermaid(&graph);
    assert!(!drawn.contains("west_wh"), "{drawn}");
    assert_eq!(drawn.matches("([").count(), 5, "{drawn}");
}

/// A text without what stands between quotation marks; a backslash takes the meaning of what follows it.
fn unquoted(text: &str, escapes: bool) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted && escapes => drop(characters.next()),
            _ if quoted => {}
            _ => out.push(c),
        }
    }
    assert!(!quoted, "a quotation has no end: {text}");
    out
}

/// The elements of a picture with the names of their attributes.
fn elements(picture: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(picture).expect("well-formed");
    let element = |node: roxmltree::Node<'_, '_>| {
        let attributes: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
        format!("{} {}", node.tag_name().name(), attributes.join(" "))
    };
    document
        .descendants()
        .filter(roxmltree::Node::is_element)
        .map(element)
        .collect()
}

#[test]
fn hostile_names_are_texts_in_every_language() {
    for place in ["Europe Stock", "austin_wh", "Headquarters", "production"] {
        let drawn = |name: &str| Graph::of_plan(&plans::renamed(&[(place, name)]));
        let harmless = drawn("harmless");
        for name in HOSTILE {
            let hostile = drawn(name);
            let skeleton = |graph: &Graph| unquoted(&mermaid(graph), false);
            assert_eq!(skeleton(&hostile), skeleton(&harmless), "{place}: {name:?}");
            let skeleton = |graph: &Graph| unquoted(&dot(graph), true);
            assert_eq!(skeleton(&hostile), skeleton(&harmless), "{place}: {name:?}");
            let picture = svg(&hostile).expect("a picture");
            let plain = svg(&harmless).expect("a picture");
            assert_eq!(elements(&picture), elements(&plain), "{place}: {name:?}");
            let document = roxmltree::Document::parse(&picture).expect("well-formed");
            let is_shown =
                |node: roxmltree::Node<'_, '_>| node.text().is_some_and(|text| text.contains(&shown(name)));
            assert!(document.descendants().any(is_shown), "{place}: {name:?}");
        }
    }
}

#[test]
fn no_label_of_a_flowchart_holds_markup() {
    for name in HOSTILE {
        let drawn = mermaid(&Graph::of_plan(&plans::renamed(&[("Europe Stock", name)])));
        let label = drawn
            .lines()
            .find(|line| line.starts_with("  stock3["))
            .expect("the stock is drawn");
        let label = label.trim_start_matches("  stock3[\"").trim_end_matches("\"]");
        let is_plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || " _#;".contains(c);
        assert!(label.chars().all(is_plain), "{label}");
    }
}
