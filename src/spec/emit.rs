//! Writes an inventory from stocks and links, for exports and rollback files.

use spanned_yaml::diag::joined;
use spanned_yaml::{comment, scalar};

use super::wanted::Links;
use crate::model::{Priority, SourceCode, StockName};

/// The widest line that a list of codes may fill before it is written one code a line.
pub const WIDTH: usize = 100;

/// An inventory to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Comments at the top, one a line.
    pub header: Vec<String>,
    /// The closed list of sources; `None` writes no list.
    pub sources: Option<Vec<SourceText>>,
    /// The stocks, in this order.
    pub stocks: Vec<StockText>,
}

/// A source in the closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// Its code.
    pub code: SourceCode,
    /// Its name for people.
    pub name: Option<String>,
}

/// A stock with its links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockText {
    /// Comments above the stock, one a line.
    pub comments: Vec<String>,
    /// Its name.
    pub name: StockName,
    /// Its links; an empty list of either form is written as `[]`.
    pub links: LinksText,
}

/// A stock's links in one of the two forms.
pub type LinksText = Links<LinkText>;

/// A link's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkText {
    /// The source's code.
    pub code: SourceCode,
    /// A comment behind it, such as the source's name; a list with comments is written one link a line.
    pub comment: Option<String>,
}

impl From<SourceCode> for LinkText {
    fn from(code: SourceCode) -> Self {
        Self { code, comment: None }
    }
}

impl Document {
    /// The text of the inventory, which the loader reads back as it was given.
    ///
    /// Texts are quoted where they must be, whatever they hold. What the loader refuses (the Default Stock, a code with
    /// a blank in it) is written too, and is then refused.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.header {
            push_line(&mut out, "", &comment(line));
        }
        out.push_str("version: 1\n");
        if let Some(sources) = &self.sources {
            out.push('\n');
            open_list(&mut out, "sources", sources.is_empty());
            for source in sources {
                push_line(&mut out, "  - ", &source.text());
            }
        }
        out.push('\n');
        open_list(&mut out, "stocks", self.stocks.is_empty());
        for (at, stock) in self.stocks.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            for line in stock.lines() {
                push_line(&mut out, "  ", &line);
            }
        }
        out
    }
}

impl SourceText {
    /// The source as an item of a list.
    pub fn text(&self) -> String {
        let code = scalar(self.code.as_str());
        match &self.name {
            Some(name) => format!("{{ code: {code}, name: {} }}", scalar(name)),
            None => format!("{{ code: {code} }}"),
        }
    }
}

impl StockText {
    /// The stock as an item of a list, line by line, the dash without indentation.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self.comments.iter().map(|line| comment(line)).collect();
        lines.push(format!("- name: {}", scalar(self.name.as_str())));
        if let Some(list) = self.links.in_one_line() {
            lines.push(format!("  sources: {list}"));
        } else {
            lines.push("  sources:".to_owned());
            lines.extend(self.links.items().into_iter().map(|item| format!("    - {item}")));
        }
        lines
    }
}

impl LinksText {
    /// The codes of the links.
    pub fn codes(&self) -> impl Iterator<Item = &SourceCode> {
        self.numbered().map(|(link, _)| &link.code)
    }

    /// Each link as an item of a list of lines.
    pub fn items(&self) -> Vec<String> {
        self.numbered()
            .map(|(link, priority)| link.item(priority))
            .collect()
    }

    /// The list in brackets, when its place for that is a line of its own without comments and numbers.
    fn in_one_line(&self) -> Option<String> {
        let links = match self {
            Self::Ordered(links) => links.as_slice(),
            Self::Explicit(links) if links.is_empty() => &[],
            Self::Explicit(_) => return None,
        };
        if links.iter().any(|link| link.comment.is_some()) {
            return None;
        }
        let codes = links.iter().map(|link| scalar(link.code.as_str()));
        let list = format!("[{}]", joined(codes, ", "));
        let width = "    sources: ".len() + list.chars().count();
        (width <= WIDTH).then_some(list)
    }
}

impl LinkText {
    fn item(&self, priority: Option<Priority>) -> String {
        let code = scalar(self.code.as_str());
        let item = match priority {
            Some(priority) => format!("{{ code: {code}, priority: {priority} }}"),
            None => code,
        };
        match &self.comment {
            Some(text) => format!("{item} {}", comment(text)),
            None => item,
        }
    }
}

fn open_list(out: &mut String, key: &str, empty: bool) {
    push_line(out, key, if empty { ": []" } else { ":" });
}

fn push_line(out: &mut String, before: &str, line: &str) {
    out.extend([before, line, "\n"]);
}
