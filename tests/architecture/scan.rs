//! A Rust file as the paths that it names: `use crate::{a, b::C}` is `crate::a` and `crate::b::C`.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A file of the project, cut into what the rules look at. Comments and the contents of strings are no part of it.
pub struct Source {
    /// Its path from the root of the project, such as `src/spec/mod.rs`.
    pub file: String,
    /// Every path that it names, by use or in place.
    pub paths: Vec<NamedPath>,
    /// Every macro that it calls by a single name, such as `println`.
    pub macros: Vec<String>,
    /// Every method that it calls, such as `post`.
    pub methods: Vec<String>,
    /// Every name in its code.
    pub idents: BTreeSet<String>,
    /// Every name that it hands on by `pub use`, with the path where that comes from.
    pub handed_on: Vec<(String, Vec<String>)>,
}

/// A path as it is written, with groups spread out and `*` as a name.
pub struct NamedPath {
    /// Its names.
    pub names: Vec<String>,
    /// How many `mod name { .. }` of the file stand around it.
    pub inside: usize,
}

impl Source {
    pub fn new(file: &str, text: &str) -> Self {
        let mut source = Self {
            file: file.replace('\\', "/"),
            paths: Vec::new(),
            macros: Vec::new(),
            methods: Vec::new(),
            idents: BTreeSet::new(),
            handed_on: Vec::new(),
        };
        let tokens: TokenStream = text.parse().unwrap();
        note_idents(tokens.clone(), &mut source.idents);
        source.read(tokens, 0);
        source
    }

    /// The folder or file below `src` that it belongs to, such as `spec` or `lib`; of another crate, the name of the crate.
    pub fn module(&self) -> String {
        if let Some(below) = self.file.strip_prefix("crates/") {
            return below.split('/').next().unwrap_or(below).replace('-', "_");
        }
        let below = self.file.strip_prefix("src/").unwrap_or(&self.file);
        let name = below.split('/').next().unwrap_or(below);
        name.strip_suffix(".rs").unwrap_or(name).to_owned()
    }

    /// How deep below the root of the crate its module is.
    pub fn depth(&self) -> usize {
        let below = self
            .file
            .split_once("src/")
            .map_or(&*self.file, |(_, below)| below);
        let own = !matches!(below, "lib.rs" | "main.rs") && !below.ends_with("/mod.rs");
        below.matches('/').count() + usize::from(own)
    }

    fn read(&mut self, stream: TokenStream, inside: usize) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at..] {
                [
                    TokenTree::Ident(word),
                    TokenTree::Ident(_),
                    TokenTree::Group(body),
                    ..,
                ] if *word == "mod" => {
                    self.read(body.stream(), inside + 1);
                    at += 3;
                }
                // `mod name;` says where a file is, not that it is needed.
                [
                    TokenTree::Ident(word),
                    TokenTree::Ident(_),
                    TokenTree::Punct(end),
                    ..,
                ] if *word == "mod" && end.as_char() == ';' => at += 3,
                // `pub(crate)` names no path.
                [TokenTree::Ident(word), TokenTree::Group(scope), ..]
                    if *word == "pub" && is_scope(&scope.stream()) =>
                {
                    at += 2;
                    self.note_use(&tokens[at..]);
                }
                [TokenTree::Ident(word), TokenTree::Ident(_), ..] if *word == "pub" => {
                    at += 1;
                    self.note_use(&tokens[at..]);
                }
                [TokenTree::Ident(_), ..] => {
                    self.note_call(&tokens, at);
                    at += self.read_path(Vec::new(), &tokens[at..], inside);
                }
                [TokenTree::Group(group), ..] => {
                    self.read(group.stream(), inside);
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Notes what a `pub use` hands on; the tokens stand behind `pub`.
    fn note_use(&mut self, tokens: &[TokenTree]) {
        if !matches!(tokens.first(), Some(TokenTree::Ident(word)) if *word == "use") {
            return;
        }
        let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let tree = tokens[1..].split(is_end).next().unwrap_or_default();
        hand_on(&mut Vec::new(), tree, &mut self.handed_on);
    }

    fn note_call(&mut self, tokens: &[TokenTree], at: usize) {
        let name = tokens[at].to_string();
        let is = |place: Option<usize>, sign: char| {
            place
                .and_then(|place| tokens.get(place))
                .is_some_and(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign))
        };
        let called = is(Some(at + 1), ':')
            || matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        if is(at.checked_sub(1), '.') && called {
            self.methods.push(name);
        } else if is(Some(at + 1), '!') {
            self.macros.push(name);
        }
    }

    /// Reads one path, with the names before it, and tells how many tokens it took.
    fn read_path(&mut self, mut names: Vec<String>, tokens: &[TokenTree], inside: usize) -> usize {
        let mut at = 0;
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(name)) => names.push(plain(&name.to_string())),
                Some(TokenTree::Punct(star)) if star.as_char() == '*' && !names.is_empty() => {
                    names.push("*".to_owned());
                }
                Some(TokenTree::Group(group))
                    if group.delimiter() == Delimiter::Brace && !names.is_empty() =>
                {
                    self.read_group(&names, group.stream(), inside);
                    return at + 1;
                }
                _ => break,
            }
            at += 1;
            if !is_path_separator(tokens.get(at..at + 2)) {
                break;
            }
            at += 2;
        }
        self.paths.push(NamedPath { names, inside });
        at
    }

    fn read_group(&mut self, before: &[String], group: TokenStream, inside: usize) {
        let tokens: Vec<TokenTree> = group.into_iter().collect();
        let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        for part in tokens.split(is_comma).filter(|part| !part.is_empty()) {
            self.read_path(before.to_vec(), part, inside);
        }
    }
}

fn note_idents(stream: TokenStream, idents: &mut BTreeSet<String>) {
    for token in stream {
        match token {
            TokenTree::Ident(name) => {
                idents.insert(plain(&name.to_string()));
            }
            TokenTree::Group(group) => note_idents(group.stream(), idents),
            _ => {}
        }
    }
}

/// Spreads a tree of `use` out: each name that it gives, with the path where that comes from.
fn hand_on(before: &mut Vec<String>, tree: &[TokenTree], handed_on: &mut Vec<(String, Vec<String>)>) {
    let depth = before.len();
    let mut renamed = None;
    for (at, token) in tree.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if *word == "as" => {
                renamed = tree.get(at + 1).map(ToString::to_string);
                break;
            }
            TokenTree::Ident(name) => before.push(plain(&name.to_string())),
            TokenTree::Group(group) => {
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                for part in tokens.split(is_comma).filter(|part| !part.is_empty()) {
                    hand_on(before, part, handed_on);
                }
                before.truncate(depth);
                return;
            }
            _ => {}
        }
    }
    if let Some(name) = renamed.or_else(|| before.last().cloned()) {
        handed_on.push((name, before.clone()));
    }
    before.truncate(depth);
}

fn is_scope(inside: &TokenStream) -> bool {
    matches!(inside.to_string().as_str(), "crate" | "self" | "super")
}

/// The name without the mark of a raw identifier.
fn plain(name: &str) -> String {
    name.trim_start_matches("r#").to_owned()
}

fn is_path_separator(tokens: Option<&[TokenTree]>) -> bool {
    match tokens {
        Some([TokenTree::Punct(first), TokenTree::Punct(second)]) => {
            first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
        }
        _ => false,
    }
}

/// The paths of a text, for a reader.
fn paths(text: &str) -> Vec<String> {
    let source = Source::new("src/spec/mod.rs", text);
    source
        .paths
        .iter()
        .map(|path| path.names.join("::"))
        .filter(|path| path.contains("::"))
        .collect()
}

#[test]
fn groups_are_spread_out() {
    let text = "use crate::{diag::{Span, self}, model::*}; use crate::spec::Spec as Wanted;";
    let expected = [
        "crate::diag::Span",
        "crate::diag::self",
        "crate::model::*",
        "crate::spec::Spec",
    ];
    assert_eq!(paths(text), expected);
}

#[test]
fn paths_in_place_count_wherever_they_stand() {
    let text =
        "fn f<T: crate::a::B>(x: &crate::c::D) { format!(\"{}\", crate::e::f::<T>()); ::std::fs::read(x) }";
    assert_eq!(
        paths(text),
        ["crate::a::B", "crate::c::D", "crate::e::f", "std::fs::read"]
    );
}

#[test]
fn a_visibility_is_no_path() {
    let source = Source::new(
        "src/spec/mod.rs",
        "pub(crate) struct A(pub (crate::b::C, u8)); pub(super) fn f() {}",
    );
    let names: Vec<String> = source.paths.iter().map(|path| path.names.join("::")).collect();
    assert_eq!(names, ["struct", "A", "pub", "crate::b::C", "u8", "fn", "f"]);
}

#[test]
fn comments_and_strings_name_nothing() {
    let text = r##"
        //! crate::a::B
        /// crate::a::B
        /* crate::a::B /* crate::a::B */ crate::a::B */
        const A: &str = "crate::a::B"; const B: &str = r#"" crate::a::B "#; const C: char = '"'; // crate::a::B
        fn f<'a>(x: &'a str) {}
    "##;
    assert_eq!(paths(text), [""; 0]);
}
