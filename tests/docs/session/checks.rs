//! The test of the pages, tested: what is wrong with one is found, what is right is played.

use super::play;
use crate::page::Page;

fn played(text: &str) -> Result<usize, String> {
    play(&Page::new("page.md".to_owned(), text))
}

#[test]
fn a_page_that_is_wrong_is_found() {
    for (wrong, why) in [
        ("```sh\nstocktake validate --nonsense\n```", "ended with 64"),
        ("```sh\nstocktake validate\n```", "ended with 1"),
        (
            "```sh\nstocktake --version   # 2: there are changes\n```",
            "ended with 0",
        ),
        ("```sh\nno-such-program\n```", "ended with 127"),
        ("```sh\nif\n```", "no command"),
        ("```console\n$ echo one; echo two\none\n```", "two"),
        ("```console\n$ echo one\n```", "one"),
        ("```console\n$ echo one\n…\ntwo\n```", "two"),
        ("```console\none\n```", "behind no `$ `"),
        ("```bash\necho one\n```", "nobody knows"),
        ("```\necho one\n```", "nobody knows"),
        ("    echo one\n", "nobody knows"),
        ("```sh not-run:\necho one\n```", "nobody knows"),
        ("```sh\nsleep 9 &\n```", "in the background"),
        ("<!-- test: nonsense -->\n", "no such fixture"),
    ] {
        let output = played(wrong).expect_err(wrong);
        assert!(output.contains(why), "{wrong}\n{output}");
    }
}

#[test]
fn a_page_that_is_right_is_played() {
    assert_eq!(played(include_str!("right.md")), Ok(13));
}
