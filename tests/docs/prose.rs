//! The pages can be read: the README is short, and sentences are.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::page::{markdown, names};

/// The most words of the README, outside blocks of code and tables.
const README_WORDS: usize = 1_200;

/// The most words of a sentence.
const SENTENCE_WORDS: usize = 30;

/// Pages that still have longer sentences. A page leaves this list when it is revised; none joins it.
const LONG_SENTENCES: &[&str] = &[];

/// A piece of text that stands by itself: a paragraph, a heading, an item of a list, or a cell of a table.
struct Passage {
    line: usize,
    /// The text without markup; inline code is one word.
    text: String,
    is_in_table: bool,
    /// The words that a reader counts, those of inline code too.
    words: usize,
}

fn passages(text: &str) -> Vec<Passage> {
    let mut options = Options::default();
    options.extension.table = true;
    let arena = Arena::new();
    let mut found = Vec::new();
    for node in parse_document(&arena, text, &options).descendants() {
        let data = node.data.borrow();
        let is_in_table = matches!(data.value, NodeValue::TableCell);
        if is_in_table || matches!(data.value, NodeValue::Paragraph | NodeValue::Heading(_)) {
            found.push(passage(node, data.sourcepos.start.line, is_in_table));
        }
    }
    found
}

fn passage<'a>(node: &'a AstNode<'a>, line: usize, is_in_table: bool) -> Passage {
    let (mut text, mut code_words) = (String::new(), 0);
    for node in node.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(part) => text.push_str(part),
            NodeValue::Code(code) => {
                code_words += code.literal.split_whitespace().count().saturating_sub(1);
                text.push_str("code");
            }
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    let words = text.split_whitespace().count() + code_words;
    Passage {
        line,
        text,
        is_in_table,
        words,
    }
}

/// The sentences of a text. One ends with a full stop, a question mark or an exclamation mark before a space.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut sentence: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        sentence.push(word);
        if word.trim_end_matches([')', '"', '”']).ends_with(['.', '?', '!']) {
            found.push(sentence.join(" "));
            sentence.clear();
        }
    }
    if !sentence.is_empty() {
        found.push(sentence.join(" "));
    }
    found
}

/// The sentences of a page that are too long, each with its line.
fn too_long(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for passage in passages(text) {
        for sentence in sentences(&passage.text) {
            let words = sentence.split_whitespace().count();
            if words > SENTENCE_WORDS {
                found.push(format!("{}: {words} words: {sentence}", passage.line));
            }
        }
    }
    found
}

fn words(text: &str) -> usize {
    let passages = passages(text);
    let outside = passages.iter().filter(|passage| !passage.is_in_table);
    outside.map(|passage| passage.words).sum()
}

#[test]
fn the_readme_is_short() {
    let words = words(&markdown("README.md"));
    assert!(words > 300, "only {words} words of the README were found");
    assert!(
        words <= README_WORDS,
        "README.md has {words} words outside blocks of code and tables; {README_WORDS} at most: move the rest to docs"
    );
}

#[test]
fn sentences_are_short() {
    let (mut wrong, mut needless) = (Vec::new(), Vec::new());
    for name in names().iter().filter(|name| is_ours(name)) {
        let found = too_long(&markdown(name));
        if LONG_SENTENCES.contains(&name.as_str()) {
            needless.extend(found.is_empty().then(|| name.clone()));
        } else {
            wrong.extend(found.iter().map(|sentence| format!("{name}:{sentence}")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{SENTENCE_WORDS} words a sentence at most:\n{}",
        wrong.join("\n")
    );
    assert!(needless.is_empty(), "take out of LONG_SENTENCES: {needless:?}");
}

/// Whether a page is for users and written by hand.
fn is_ours(name: &str) -> bool {
    let is_made = markdown(name).starts_with("<!-- Made from the code");
    name == "README.md" || (name.starts_with("docs/") && !is_made)
}

#[test]
fn what_is_too_long_is_found() {
    let long = ["word"; SENTENCE_WORDS].join(" ");
    assert_eq!(too_long(&format!("{long}.\n\n- {long}. {long}!\n")), [""; 0]);
    assert_eq!(too_long(&format!("Well. One {long}.\n")).len(), 1);
    assert_eq!(too_long(&format!("| a |\n|---|\n| one {long} |\n")).len(), 1);
    assert_eq!(too_long(&format!("- {long} `some code` and.\n")).len(), 1);
    assert_eq!(
        words("# Two words\n\nAnd `three more words`.\n\n| not | me |\n|---|---|\n| a | b |\n"),
        6
    );
    assert_eq!(words("```sh\nstocktake plan\n```\n<!-- a comment -->\n"), 0);
}
