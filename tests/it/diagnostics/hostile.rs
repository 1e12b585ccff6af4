//! Files that are made to hurt, or that no text editor would save: refused, quickly, with a plain word.

use std::fmt::Write as _;

use spanned_yaml::diag::{InputFiles, Style, render};
use stocktake::spec;

/// Bytes that break a rule.
pub fn cases() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("not-utf8", b"version: 1\nstocks:\n  - name: Z\xfcrich\n".to_vec()),
        (
            "not-utf8",
            "version: 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        ("file-size", vec![b'#'; (64 << 20) + 1]),
        (
            "yaml-depth",
            [b"stocks: ".as_slice(), &vec![b'['; 1 << 20]].concat(),
        ),
        ("yaml-depth", "- ".repeat(1 << 19).into_bytes()),
        ("yaml-aliases", bomb()),
        ("too-many-links", too_many_links()),
        ("group-budget", many_uses()),
        (
            "more-errors",
            too_many(|n| format!("  - {{ code: s{n}, x: 1 }}\n")),
        ),
        ("more-warnings", too_many(|n| format!("  - {{ code: s{n} }}\n"))),
        (
            "invalid-code",
            format!("version: 1\nsources: [{{ code: {} }}]\n", "x".repeat(256)).into_bytes(),
        ),
    ]
}

/// Nine lists, each of nine times the one before: 387 million nodes in 500 bytes.
fn bomb() -> Vec<u8> {
    let mut text = "a0: &a0 [hq]\n".to_owned();
    for level in 1..=9 {
        let before = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{before}]").expect("a String takes it");
    }
    text.into_bytes()
}

fn too_many_links() -> Vec<u8> {
    let codes: Vec<_> = (0..65_536).map(|n| format!("s{n}")).collect();
    format!(
        "version: 1\nstocks:\n  - name: A\n    sources: [{}]\n",
        codes.join(", ")
    )
    .into_bytes()
}

/// A group of 2,000 sources in 751 stocks: 1,502,000 links in 50 kB.
fn many_uses() -> Vec<u8> {
    let codes: Vec<_> = (0..2_000).map(|n| format!("s{n}")).collect();
    let mut text = format!("version: 1\ngroups: {{ all: [{}] }}\nstocks:\n", codes.join(", "));
    for n in 0..751 {
        writeln!(text, "  - {{ name: A{n}, sources: [{{ group: all }}] }}").expect("a String takes it");
    }
    text.into_bytes()
}

fn too_many(line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = "version: 1\nsources:\n".to_owned();
    for n in 0..1_234 {
        text.push_str(&line(n));
    }
    text.into_bytes()
}

/// What is found in the bytes, as text.
fn text(bytes: Vec<u8>) -> String {
    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml", bytes);
    let loaded = spec::load(&files);
    render(&loaded.diagnostics, &files, Style::Plain)
}

#[test]
fn each_is_refused_by_its_rule() {
    for (rule, bytes) in cases() {
        let text = text(bytes);
        assert!(text.contains(&format!("[{rule}]: ")), "{rule}: {text}");
    }
}

#[test]
fn what_is_no_text_is_named() {
    insta::assert_snapshot!(text(b"version: 1\nstocks:\n  - name: Z\xfcrich\n".to_vec()), @r#"
error[not-utf8]: the file is not UTF-8 text
 --> inventory.yaml:3:12
  |
3 |   - name: Z�rich
  |            ^
  |
  = help: save it as UTF-8
"#);
    insta::assert_snapshot!(text(bomb()), @r#"
error[yaml-aliases]: the aliases up to here stand for more than 1,000,000 nodes
 --> inventory.yaml:7:30
  |
7 | a6: &a6 [*a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5]
  |                              ^^^
  |
  = help: write out what the aliases stand for
"#);
    insta::assert_snapshot!(text([b"stocks: ".as_slice(), &vec![b'['; 1 << 20]].concat()), @r#"
error[yaml-depth]: lists and mappings nest more than 16 deep here
 --> inventory.yaml:1:25
  |
1 | stocks: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...
  |                         ^
"#);
    let long = format!(
        "{}version: 1, stocks: [] , stock: [] {}}}",
        "{".to_owned() + &" ".repeat(5_000),
        " ".repeat(5_000)
    );
    insta::assert_snapshot!(text(long.into_bytes()), @r#"
error[unknown-key]: an inventory has no key `stock`
 --> inventory.yaml:1:5027
  |
 ::: 
1 | ...                                     version: 1, stocks: [] , stock: []                                                           ...
  |                                                                  ^^^^^
  |
  = help: did you mean `stocks`?
"#);
}

#[test]
fn the_rest_is_counted() {
    let text = text(too_many(|n| format!("  - {{ code: s{n}, x: 1 }}\n")));
    assert_eq!(text.matches("error[unknown-key]").count(), 1_000);
    insta::assert_snapshot!(text[text.find("error[more-errors]").unwrap_or(0)..], @r#"
error[more-errors]: 234 more errors are not listed

warning[more-warnings]: 234 more warnings are not listed
"#);
}

#[test]
fn likely_spellings_are_not_sought_for_ever() {
    let mut text = "version: 1\nsources:\n".to_owned();
    for number in 0..20_000 {
        writeln!(text, "  - code: warehouse_{number}").expect("a String takes it");
    }
    text.push_str("stocks:\n  - name: A\n    sources:\n");
    for number in 0..20_000 {
        writeln!(text, "      - warehouse_x{number}").expect("a String takes it");
    }
    let text = self::text(text.into_bytes());
    assert_eq!(text.matches("error[undeclared-source]").count(), 1_000);
    assert_eq!(text.matches("did you mean").count(), 10);
}

/// What comes before a hundred thousand times may cost a hundred thousand times as much, but no more than that.
#[test]
fn repetition_does_not_hurt() {
    for piece in [
        "[",
        "{",
        "]",
        "- ",
        "? ",
        ": ",
        "a: ",
        "&a ",
        "*a ",
        "!a ",
        "'",
        "\"",
        "|",
        ">",
        "%a\n",
        "---\n",
        "...\n",
        "#",
        "\t",
        " ",
        "\n",
        "\r",
        "\u{feff}",
        "a",
        "a\n",
        "a: b\n",
        "- a\n",
        "[]",
        "{}",
        "[],",
        "{},",
        "? a\n",
        ": a\n",
        "'' ",
        "\"\\",
        "&a a\n",
        "- &a a\n- *a\n",
        "{a: b, ",
        "- - ",
        "a:\n ",
        "!!str ",
        "<<: ",
        "\0",
        "é",
        "🏬 ",
    ] {
        let mut files = InputFiles::default();
        files.add_bytes("inventory.yaml", piece.repeat(20_000).into_bytes());
        let loaded = spec::load(&files);
        assert!(loaded.spec.is_none(), "{piece:?}");
        assert!(
            render(&loaded.diagnostics, &files, Style::Plain).len() < 2_000_000,
            "{piece:?}"
        );
    }
}
