//! `action/comment.sh`: one comment a target, edited in place, never somebody else's.

use super::checkout::{Checkout, Ended, of_project};
use super::forge::{BOT, Comment, FORGE_TOKEN, Forge};
use super::standing::Standing;

const MARKER: &str = "<!-- stocktake:plan target=shop -->";

fn comment(forge: &Forge, text: &str, token: &str) -> Ended {
    let shop = Standing::demo();
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
fn a_refused_token_is_told_and_never_shown() {
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
