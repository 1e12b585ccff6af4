//! A page of the documentation, taken apart: what a reader would run, look at and follow.

use std::fs;
use std::path::{Path, PathBuf};

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Anchorizer, Arena, Options, parse_document};

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its path from the root of the project, with `/`.
    pub name: String,
    /// Blocks of code and comments, from top to bottom.
    pub blocks: Vec<Block>,
    /// Inline code: the line, and what it says.
    pub spans: Vec<(usize, String)>,
    /// Links and pictures: the line, and where to.
    pub links: Vec<(usize, String)>,
    /// The anchors of its headings.
    pub anchors: Vec<String>,
}

/// A block of code, or a comment that a reader does not see.
#[derive(Debug, Clone)]
pub struct Block {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The language of the code; `<!--` for a comment.
    pub language: String,
    /// What stands behind the language.
    pub remark: String,
    /// The text.
    pub text: String,
}

/// The language of a comment.
pub const COMMENT: &str = "<!--";

/// The root of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of all pages that are files: the README, `docs/`, and what else is Markdown at the top.
pub fn names() -> Vec<String> {
    let mut names = vec![
        "README.md".to_owned(),
        "CHANGELOG.md".to_owned(),
        "fuzz/README.md".to_owned(),
        "ARCHITECTURE.md".to_owned(),
        "CONTRIBUTING.md".to_owned(),
        "SECURITY.md".to_owned(),
    ];
    collect(&root().join("docs"), &mut names);
    names
}

/// The text of a page.
pub fn markdown(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("a page can be read")
}

/// Every page, and what the crate says of itself.
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = names()
        .into_iter()
        .map(|name| {
            let text = markdown(&name);
            Page::new(name, &text)
        })
        .collect();
    pages.push(Page::new("src/lib.rs".to_owned(), &crate_docs()));
    assert!(pages.len() > 12, "the pages were not found");
    pages
}

fn collect(folder: &Path, names: &mut Vec<String>) {
    let entries = fs::read_dir(folder).expect("a folder of pages");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.strip_prefix(root()).expect("below the root");
            let parts: Vec<_> = name
                .iter()
                .map(|part| part.to_str().expect("a name in UTF-8"))
                .collect();
            names.push(parts.join("/"));
        }
    }
}

/// The crate's own documentation, on the lines where it stands.
fn crate_docs() -> String {
    let source = fs::read_to_string(root().join("src/lib.rs")).expect("the crate's root");
    let lines = source.lines().map(|line| {
        line.strip_prefix("//!")
            .map_or("", |text| text.strip_prefix(' ').unwrap_or(text))
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Page {
    /// Takes a page apart.
    pub fn new(name: String, text: &str) -> Self {
        let mut options = Options::default();
        options.extension.table = true;
        let arena = Arena::new();
        let mut page = Self {
            name,
            blocks: Vec::new(),
            spans: Vec::new(),
            links: Vec::new(),
            anchors: Vec::new(),
        };
        let mut anchors = Anchorizer::new();
        for node in parse_document(&arena, text, &options).descendants() {
            page.take(node, &mut anchors);
        }
        page
    }

    fn take<'a>(&mut self, node: &'a AstNode<'a>, anchors: &mut Anchorizer) {
        let data = node.data.borrow();
        let line = data.sourcepos.start.line;
        match &data.value {
            NodeValue::CodeBlock(code) => {
                let (language, remark) = code.info.split_once(' ').unwrap_or((&code.info, ""));
                self.blocks.push(Block {
                    line,
                    language: language.to_owned(),
                    remark: remark.trim().to_owned(),
                    text: code.literal.clone(),
                });
            }
            NodeValue::HtmlBlock(html) => {
                let comment = html.literal.trim().strip_prefix("<!--");
                if let Some(comment) = comment.and_then(|text| text.strip_suffix("-->")) {
                    self.blocks.push(Block {
                        line,
                        language: COMMENT.to_owned(),
                        remark: String::new(),
                        text: comment.trim().to_owned(),
                    });
                }
            }
            NodeValue::Code(code) => self.spans.push((line, code.literal.clone())),
            NodeValue::Link(link) | NodeValue::Image(link) => self.links.push((line, link.url.clone())),
            NodeValue::Heading(_) => self.anchors.push(anchors.anchorize(&plain_text(node))),
            _ => {}
        }
    }
}

/// The words of a node without their markup.
fn plain_text<'a>(node: &'a AstNode<'a>) -> String {
    let texts = node.descendants().map(|node| match &node.data.borrow().value {
        NodeValue::Text(text) => text.to_string(),
        NodeValue::Code(code) => code.literal.clone(),
        _ => String::new(),
    });
    texts.collect()
}

/// Every file of the program's code.
pub fn sources() -> Vec<(String, String)> {
    sources_below(&root().join("src"))
}

/// Every file of code below a folder.
pub fn sources_below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the code") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a file of the code");
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}
