//! The HTML page as a parser of HTML sees it: its markup is ours whatever the names, and it asks nobody for anything.

use std::iter;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use spanned_yaml::diag::visible;
use stocktake::reconcile::Plan;
use stocktake::report::{PlanView, html};

use testkit::plan_fixtures as plans;

fn parsed(plan: &Plan) -> (Vec<Handle>, Vec<String>) {
    nodes(html(&PlanView::from(plan)).expect("a page"))
}

/// Every node of a page, with what goes wrong when it is parsed.
pub fn nodes(page: String) -> (Vec<Handle>, Vec<String>) {
    fn below(node: &Handle) -> Box<dyn Iterator<Item = Handle>> {
        let children = node.children.borrow().clone();
        Box::new(iter::once(node.clone()).chain(children.into_iter().flat_map(|child| below(&child))))
    }
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    let errors = dom.errors.borrow().iter().map(ToString::to_string).collect();
    (below(&dom.document).collect(), errors)
}

/// The elements with the names of their attributes, and the values of those that could lead anywhere or name a class.
pub fn markup(nodes: &[Handle]) -> Vec<String> {
    let element = |node: &Handle| {
        let NodeData::Element { name, attrs, .. } = &node.data else {
            return None;
        };
        let attributes: Vec<String> = attrs
            .borrow()
            .iter()
            .map(|attribute| match &*attribute.name.local {
                "class" | "content" | "href" | "src" => {
                    format!("{}={}", attribute.name.local, attribute.value)
                }
                name => name.to_owned(),
            })
            .collect();
        Some(format!("{} {}", name.local, attributes.join(" ")))
    };
    nodes.iter().filter_map(element).collect()
}

pub fn texts(nodes: &[Handle]) -> String {
    let text = |node: &Handle| match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    };
    nodes.iter().filter_map(text).collect()
}

/// Asserts that a name in that place of the plan changes a text of the page and no markup.
#[track_caller]
pub fn assert_same_markup(place: &str, name: &str) {
    let (harmless, _) = parsed(&plans::renamed(&[(place, "harmless")]));
    let (hostile, errors) = parsed(&plans::renamed(&[(place, name)]));
    let (hostile_markup, harmless_markup) = (markup(&hostile), markup(&harmless));
    let differs =
        iter::zip(&hostile_markup, &harmless_markup).find(|(hostile, harmless)| hostile != harmless);
    assert_eq!(differs, None, "{place}: {name:?}");
    assert_eq!(hostile_markup.len(), harmless_markup.len(), "{place}: {name:?}");
    assert_eq!(errors, [""; 0]);
    let texts = texts(&hostile);
    // Behind other text, such as the scheme of a URL, colons at its beginning are no command.
    let behind = visible(&format!("x{name}"))[1..].to_owned();
    assert!(
        texts.contains(&*visible(name)) || texts.contains(&behind),
        "{place}: {name:?} is not shown"
    );
}

#[test]
fn nothing_leads_out_of_the_page() {
    let (nodes, _) = parsed(&plans::refused());
    let mut leads: Vec<String> = markup(&nodes)
        .into_iter()
        .filter(|element| element.contains("href=") || element.contains("src="))
        .collect();
    leads.retain(|element| !element.contains("href=#"));
    assert_eq!(leads, ["link rel href=data:,"]);
    let policy = markup(&nodes)
        .into_iter()
        .find(|element| element.starts_with("meta http-equiv"));
    let policy = policy.expect("a policy");
    assert!(
        policy.contains("content=default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
}

#[test]
fn a_hundred_stocks_of_two_hundred_sources_make_a_page_that_can_be_sent() {
    let page = html(&PlanView::from(&plans::large(100, 200))).expect("a page");
    assert_eq!(page.matches("<tr class=\"renumber\"").count(), 20_000);
    assert!(page.len() < 6_000_000, "{}", page.len());
}
