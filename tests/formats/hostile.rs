//! Names that would act if they could: in Markdown they are inline code and nothing else, whatever they hold.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;
use stocktake::diag::visible;
use stocktake::report::{github, junit, markdown, plan_findings};

use super::page;
use super::plans::{self, HOSTILE};

/// The markup that the comment itself is made of.
const OURS: [&str; 4] = ["<details><summary>", "</details>", "<sub>", "</sub>"];

/// Asserts that a comment is made of our own markup alone, and gives its inline code and its cells a row.
pub fn assert_structure(comment: &str) -> Vec<String> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    let arena = Arena::new();
    let root = parse_document(&arena, comment, &options);
    let mut codes = Vec::new();
    for node in root.descendants() {
        assert_inert(node, &mut codes);
    }
    codes
}

fn assert_inert<'a>(node: &'a AstNode<'a>, codes: &mut Vec<String>) {
    match &node.data.borrow().value {
        NodeValue::Code(code) => codes.push(code.literal.clone()),
        NodeValue::Text(text) => {
            assert!(!text.contains(['@', '#', '`', '<', '[', '|']), "{text:?}");
        }
        NodeValue::HtmlInline(html) => assert!(OURS.contains(&html.as_str()), "{html:?}"),
        NodeValue::HtmlBlock(block) => {
            let html = block.literal.trim();
            let marker = html.starts_with("<!-- stocktake:plan target=")
                && html.ends_with(" -->")
                && html.matches(['<', '>']).count() == 2;
            assert!(
                marker || OURS.iter().any(|ours| html.starts_with(ours)),
                "{html:?}"
            );
            assert!(marker || html.matches('<').count() <= 3, "{html:?}");
        }
        NodeValue::TableRow(_) => assert_eq!(node.children().count(), 5),
        NodeValue::CodeBlock(block) => assert_eq!(block.info, "mermaid"),
        NodeValue::Document
        | NodeValue::Paragraph
        | NodeValue::Heading(_)
        | NodeValue::Strong
        | NodeValue::List(_)
        | NodeValue::Item(_)
        | NodeValue::Table(_)
        | NodeValue::TableCell
        | NodeValue::SoftBreak => {}
        other => panic!("a comment has no {other:?}"),
    }
}

/// Every place of a plan in which a text from outside can stand.
const PLACES: [&str; 6] = [
    "Europe Stock",
    "austin_wh",
    "Headquarters",
    "production",
    "shop.example.com",
    "inventory.yaml",
];

#[track_caller]
fn assert_inert_everywhere(name: &str) {
    for place in PLACES {
        let plan = plans::renamed(&[(place, name)]);
        let comment = markdown(&plan);
        let codes = assert_structure(&comment);
        if place != "shop.example.com" {
            let shown = visible(name);
            let shown = shown.trim_matches(' ');
            let found = codes
                .iter()
                .any(|code| unescaped(code).contains(&unescaped(shown)));
            assert!(found, "{place} {name:?}: {shown:?} is not in {codes:#?}");
        }
        assert!(comment.starts_with("<!-- stocktake:plan target="));
        page::assert_same_markup(place, name);
        let xml = junit(&plan).expect("XML");
        roxmltree::Document::parse(&xml).expect("well-formed");
        for line in github(&plan_findings(&plan)).lines() {
            let command = ["::error ", "::warning ", "::notice "];
            assert!(command.iter().any(|begin| line.starts_with(begin)), "{line:?}");
        }
    }
}

/// In a table a backslash before a bar is spelt out.
fn unescaped(text: &str) -> String {
    text.replace("\\u{5c}", "\\")
}

#[test]
fn hostile_names_are_inert() {
    for name in HOSTILE {
        assert_inert_everywhere(name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_name_is_inert(name in r#"[ab |\\`<>@#\[\]()!*_~$&;:/.\-\n"']{1,16}"#) {
        assert_inert_everywhere(&name);
    }

    #[test]
    fn any_text_is_inert(name in any::<String>()) {
        prop_assume!(!name.is_empty());
        assert_inert_everywhere(&name);
    }
}
