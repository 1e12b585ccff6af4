//! Names that would act if they could: in Markdown they are inline code and nothing else, whatever they hold.

use anstream::adapter::strip_str;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;
use serde_json::Value;
use spanned_yaml::diag::{escape_text, is_hidden, json_text, visible};
use spanned_yaml::{comment, scalar};
use stocktake::report::{
    Graph, PlanView, dot, finding_rules, github, html, junit, markdown, mermaid, plan_findings, plan_text,
    sarif, svg,
};

use super::page;
use testkit::ci_runner::{COMMANDS, obeyed};
use testkit::plan_fixtures::{self as plans, HOSTILE};

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
        let comment = markdown(&PlanView::from(&plan));
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
        let xml = junit(&PlanView::from(&plan)).expect("XML");
        roxmltree::Document::parse(&xml).expect("well-formed");
        for line in github(&plan_findings(&PlanView::from(&plan))).lines() {
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
    for name in HOSTILE.into_iter().chain(COMMANDS) {
        assert_inert_everywhere(name);
    }
}

/// Asserts that no form of a plan that has a text in every place of it says anything to a CI system but what it is made to
/// say, and that none hides a character.
#[track_caller]
fn assert_commands_nothing(name: &str) {
    let plan = plans::renamed(&PLACES.map(|place| (place, name)));
    let findings = plan_findings(&PlanView::from(&plan));
    let json = json_text(&plan).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Value>(&json).expect("JSON"),
        serde_json::to_value(&plan).expect("JSON"),
        "{name:?}"
    );
    let graph = Graph::of_plan(&plan);
    let forms = [
        ("text", escape_text(&plan_text(&plan)).into_owned()),
        ("json", json),
        ("markdown", markdown(&PlanView::from(&plan))),
        ("html", html(&PlanView::from(&plan)).expect("a page")),
        ("sarif", sarif(&findings, &finding_rules(stocktake::rules()))),
        ("junit", junit(&PlanView::from(&plan)).expect("XML")),
        ("dot", dot(&graph)),
        ("mermaid", mermaid(&graph)),
        ("svg", svg(&graph).expect("a picture")),
        ("yaml", format!("- {} {}\n", scalar(name), comment(name))),
    ];
    for (form, text) in forms {
        assert_eq!(obeyed(&text), [""; 0], "{form}: {name:?}");
        let hidden = text
            .chars()
            .find(|c| *c != '\n' && *c != '\u{1b}' && is_hidden(*c));
        assert_eq!(hidden, None, "{form}: {name:?}");
    }
    for line in github(&findings).lines() {
        let [found] = &obeyed(line)[..] else {
            panic!("{line:?} is no command");
        };
        let ours = ["::error ", "::warning ", "::notice "];
        assert!(ours.iter().any(|begin| found.starts_with(begin)), "{found:?}");
        assert!(!line.contains("##["), "{line:?}");
    }
}

#[test]
fn no_form_commands_a_ci_system() {
    for name in COMMANDS.into_iter().chain(HOSTILE) {
        assert_commands_nothing(name);
    }
}

/// Texts made of what commands are made of, of what a comparison passes over, and of what breaks lines.
fn commanding() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "##",
        "#",
        "[",
        "::",
        ":",
        "error",
        "vso",
        "]",
        " ",
        "\u{a0}",
        "\u{200b}",
        "\u{ad}",
        "\u{fe0f}",
        "\r",
        "\n",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{b}",
        "\u{c}",
        "\u{1b}[0m",
        "\t",
        "–",
        "é",
    ]);
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_name_is_inert(name in r#"[ab |\\`<>@#\[\]()!*_~$&;:/.\-\n"']{1,16}"#) {
        assert_inert_everywhere(&name);
    }

    #[test]
    fn no_text_commands_a_ci_system(name in commanding()) {
        assert_commands_nothing(&name);
    }

    #[test]
    fn any_text_is_inert(name in any::<String>()) {
        prop_assume!(!name.is_empty());
        assert_inert_everywhere(&name);
    }
}

proptest! {
    #[test]
    fn no_text_commands_a_ci_system_however_it_is_escaped(text in commanding()) {
        for escaped in [visible(&text), escape_text(&text)] {
            prop_assert_eq!(obeyed(&escaped), [""; 0]);
            prop_assert_eq!(obeyed(&strip_str(&escaped).to_string()), [""; 0], "without colours");
        }
        for escape in [visible, escape_text] {
            let once = escape(&text);
            prop_assert_eq!(escape(&once), once.as_ref());
        }
    }
}
