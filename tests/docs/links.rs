//! Links between pages lead to a file that is there and to a heading that it has.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::page::{Page, pages, root};

/// Why a link leads nowhere, if it does; those to other hosts are not followed.
fn broken(page: &Page, link: &str, anchors: &HashMap<PathBuf, Vec<String>>) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let from = Path::new(&page.name);
    let to = if path.is_empty() {
        from.to_owned()
    } else {
        resolved(&from.parent().expect("a page has a folder").join(path))
    };
    if !root().join(&to).exists() {
        return Some(format!("there is no {}", to.display()));
    }
    if anchor.is_empty() {
        return None;
    }
    let known = anchors.get(&to);
    if known.is_some_and(|known| known.iter().any(|known| known == anchor)) {
        return None;
    }
    Some(format!(
        "{} has no heading #{anchor}; it has {known:?}",
        to.display()
    ))
}

/// A path without `..`.
fn resolved(path: &Path) -> PathBuf {
    let mut way = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(way.pop(), "{} leaves the project", path.display()),
            Component::CurDir => {}
            part => way.push(part),
        }
    }
    way
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let anchors = pages
        .iter()
        .map(|page| (PathBuf::from(&page.name), page.anchors.clone()))
        .collect();
    let mut followed = 0;
    let mut wrong = Vec::new();
    for page in &pages {
        for (line, link) in &page.links {
            followed += 1;
            if let Some(why) = broken(page, link, &anchors) {
                wrong.push(format!("{}:{line}: {link}: {why}", page.name));
            }
        }
    }
    assert!(followed >= 20, "only {followed} links were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_is_reached_from_the_table_of_contents() {
    let pages = pages();
    let contents = pages.iter().find(|page| page.name == "docs/README.md");
    let contents = contents.expect("there is a table of contents");
    for page in pages.iter().filter(|page| page.name.starts_with("docs/")) {
        let below = page.name.strip_prefix("docs/").expect("it is below docs");
        let listed = contents.links.iter().any(|(_, link)| link == below);
        assert!(
            listed || below == "README.md",
            "docs/README.md does not list {below}"
        );
    }
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let text = "# A heading\n[a](no-such-page.md) [b](README.md#no-such-heading) [c](#a-heading) [d](https://x.example)";
    let page = Page::new("README.md".to_owned(), text);
    let anchors = HashMap::from([(PathBuf::from("README.md"), page.anchors.clone())]);
    let broken: Vec<bool> = page
        .links
        .iter()
        .map(|(_, link)| broken(&page, link, &anchors).is_some())
        .collect();
    assert_eq!(broken, [true, true, false, false]);
}
