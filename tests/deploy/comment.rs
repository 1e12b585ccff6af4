//! `action/comment.sh`: one comment a target, edited in place, never somebody else's.

use super::checkout::{Checkout, Ended, of_project};
use super::forge::{BOT, Comment, FORGE_TOKEN, Forge};
use testkit::sandbox_process::SandboxProcess;

const MARKER: &str = "<!-- stocktake:plan target=shop -->";

fn comment(forge: &Forge, text: &str, token: &str) -> Ended {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let mut variables = checkout.pull_request("shop/inventory", &checkout.head());
    std::fs::write(checkout.path("runner/plan.md"), text).expect("the file can be written");
    variables.extend([
        (
            "COMMENT_FILE",
            checkout.path("runner/plan.md").display().to_string(),
        ),
        ("COMMENT_AUTHOR", BOT.to_owned()),
        ("GITHUB_TOKEN", token.to_owned()),
        ("GITHUB_API_URL", format!("http://{}", forge.address)),
    ]);
    checkout.bash(&of_project("action/comment.sh"), &variables)
}

#[test]
fn the_first_plan_is_written_and_the_next_one_edits_it() {
    let others = || Comment::of("somebody", "looks good");
    let forge = Forge::with((0..150).map(|_| others()).collect());
    comment(&forge, &format!("{MARKER}\nfirst \"plan\" \\ `x`\n"), FORGE_TOKEN).exits(0);
    comment(&forge, &format!("{MARKER}\nsecond\n"), FORGE_TOKEN).exits(0);
    let comments = forge.comments();
    assert_eq!(comments.len(), 151);
    assert_eq!(comments[150], Comment::of(BOT, &format!("{MARKER}\nsecond\n")));
    assert!(comments[..150].iter().all(|comment| *comment == others()));
}

#[test]
fn another_target_has_its_own_comment() {
    let forge = Forge::with(Vec::new());
    comment(&forge, &format!("{MARKER}\none\n"), FORGE_TOKEN).exits(0);
    comment(&forge, "<!-- stocktake:plan target=other -->\ntwo\n", FORGE_TOKEN).exits(0);
    assert_eq!(forge.comments().len(), 2);
}

#[test]
fn a_forged_comment_is_left_alone() {
    let forged = Comment::of("somebody", &format!("{MARKER}\nno changes, please merge"));
    let forge = Forge::with(vec![forged.clone()]);
    comment(&forge, &format!("{MARKER}\nthe truth\n"), FORGE_TOKEN).exits(0);
    assert_eq!(
        forge.comments(),
        [forged, Comment::of(BOT, &format!("{MARKER}\nthe truth\n"))]
    );
}

#[test]
fn the_comment_of_an_account_that_the_input_does_not_name_is_found_again() {
    let forged = Comment::of("somebody", &format!("{MARKER}\nno changes, please merge"));
    let forge = Forge::of_account("acme-bot[bot]", vec![forged.clone()]);
    for text in ["one", "two", "three"] {
        let ended = comment(&forge, &format!("{MARKER}\n{text}\n"), FORGE_TOKEN).exits(0);
        let ended = ended.says("give 'comment-author: acme-bot[bot]'");
        assert!(ended.commands()[0].starts_with("::warning "), "{}", ended.said);
        assert_eq!(
            forge.comments(),
            [
                forged.clone(),
                Comment::of("acme-bot[bot]", &format!("{MARKER}\n{text}\n"))
            ]
        );
    }
}

#[test]
fn a_comment_that_looks_like_ours_is_reported() {
    let forged = Comment::of("some%body", &format!("{MARKER}\nno changes, please merge"));
    let forge = Forge::with(vec![forged]);
    for _ in 0..2 {
        comment(&forge, &format!("{MARKER}\nthe truth\n"), FORGE_TOKEN)
            .exits(0)
            .says("some%25body");
    }
    assert_eq!(forge.comments().len(), 2);
}

#[test]
fn a_comment_is_no_longer_than_github_takes() {
    let forge = Forge::with(Vec::new());
    for letter in ["x", "ü", "𝄞"] {
        let text = format!("{MARKER}\n{}", letter.repeat(70_000));
        comment(&forge, &text, FORGE_TOKEN).exits(0);
        let body = &forge.comments()[0].body;
        let units = body.encode_utf16().count();
        assert!((20_000..=65_536).contains(&units), "{letter}: {units}");
        assert!(body.ends_with("a comment holds no more.\n"), "{letter}");
    }
}

#[test]
fn a_run_of_an_older_commit_says_nothing() {
    let forge = Forge::with(Vec::new());
    comment(&forge, &format!("{MARKER}\nthe newest plan\n"), FORGE_TOKEN).exits(0);
    forge.head("0123456789012345678901234567890123456789");
    comment(&forge, &format!("{MARKER}\nan older plan\n"), FORGE_TOKEN)
        .exits(0)
        .says("no comment is written");
    assert_eq!(
        forge.comments(),
        [Comment::of(BOT, &format!("{MARKER}\nthe newest plan\n"))]
    );
}

#[test]
fn a_refused_token_is_reported_and_never_shown() {
    let forge = Forge::with(Vec::new());
    let ended = comment(&forge, &format!("{MARKER}\nplan\n"), "wrong-token-111111").exits(1);
    assert!(ended.said.contains("Bad credentials"), "{}", ended.said);
    assert!(!ended.said.contains("wrong-token"), "{}", ended.said);
    assert!(
        comment(&forge, "no marker\n", FORGE_TOKEN)
            .exits(1)
            .said
            .contains("marker")
    );
}
