//! The canonical form: the same is said, every comment is there, and there is nothing left to do; however it was written.

use proptest::prelude::*;
use spanned_yaml::diag::FileId;
use stocktake::spec::{FormatError, Spec, WantedLinks, format, load};

use super::emit::document;
use super::hand_written::hand_written;
use super::one;

fn formatted(text: &str) -> Result<String, FormatError> {
    format(&one(text), FileId(0))
}

/// What a text wants, without places.
fn said(text: &str) -> Option<String> {
    let Spec { sources, stocks } = load(&one(text)).spec?;
    let sources = sources.map(|sources| {
        let sources = sources.into_iter();
        sources
            .map(|source| (source.code.as_str().to_owned(), source.name))
            .collect::<Vec<_>>()
    });
    let stocks = stocks.into_iter().map(|stock| {
        let links = match stock.links {
            WantedLinks::Ordered(links) => links
                .iter()
                .map(|link| (link.code.as_str().to_owned(), None))
                .collect(),
            WantedLinks::Explicit(links) => links
                .iter()
                .map(|(link, number)| (link.code.as_str().to_owned(), Some(number.number())))
                .collect::<Vec<_>>(),
        };
        (stock.name.as_str().to_owned(), links)
    });
    Some(format!("{sources:?} {:?}", stocks.collect::<Vec<_>>()))
}

/// The comments, in the order of their texts.
fn comments(text: &str) -> Vec<String> {
    let marked = text.lines().filter_map(|line| line.split_once("# note "));
    let mut comments: Vec<_> = marked.map(|(_, comment)| comment.trim_end().to_owned()).collect();
    comments.sort();
    comments
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn what_is_emitted_is_canonical(document in document()) {
        let text = document.text();
        match formatted(&text) {
            Ok(formatted) => prop_assert_eq!(formatted, text),
            Err(error) => prop_assert!(false, "{:?}\n{}", error, text),
        }
    }

    #[test]
    fn what_people_write_keeps_its_meaning_and_comments(text in hand_written()) {
        let once = formatted(&text).map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
        let shown = format!("{text}\n=====\n{once}");
        prop_assert_eq!(said(&once), said(&text), "{}", shown);
        prop_assert_eq!(comments(&once), comments(&text), "{}", shown);
        let twice = formatted(&once).map_err(|error| TestCaseError::fail(format!("{error:?}\n{shown}")))?;
        prop_assert_eq!(&twice, &once, "{}\n=====\n{}", shown, twice);
    }
}

/// Marks of documents, and of bytes, that say nothing: a file with them is the same file.
#[test]
fn marks_that_say_nothing_are_accepted_and_go() {
    let plain = "version: 1\n\nstocks:\n  - name: A\n    sources: [hq]\n";
    for text in [
        format!("{plain}---\n"),
        format!("{plain}...\n"),
        format!("{plain}...\n---\n"),
        format!("{plain}---\n...\n"),
        format!("{plain}---\n---\n"),
        format!("---\n{plain}"),
        format!("%YAML 1.2\n---\n{plain}"),
        format!("\u{feff}{plain}"),
        format!("\u{feff}---\n{plain}---\n"),
    ] {
        let loaded = load(&one(&text));
        assert!(
            loaded.diagnostics.is_empty(),
            "{text:?}: {:?}",
            loaded.diagnostics
        );
        assert_eq!(said(&text), said(plain), "{text:?}");
        assert_eq!(formatted(&text).as_deref(), Ok(plain), "{text:?}");
    }
    let commented = format!("{plain}---\n# note 1\n");
    assert_eq!(comments(&formatted(&commented).expect("it is good")), ["1"]);
    for second in ["version: 1\nstocks: []\n", "~\n", "{}\n", "''\n", "&a\n"] {
        let loaded = load(&one(&format!("{plain}---\n{second}")));
        let rules: Vec<_> = loaded.diagnostics.iter().map(|found| found.rule).collect();
        assert_eq!(rules, ["yaml-documents"], "{second:?}");
    }
}
