//! Labels that lift a guard: for what the note shows, as long as no push came after them.

use serde_json::{Value, json};

use super::super::checkout::Checkout;
use super::super::forge::{Comment, Forge};
use super::{Variables, job, labelled, noting, plan_of, push, request, with};
use testkit::sandbox_process::SandboxProcess;

const EMPTIED: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";
const BEFORE: &str = "2026-03-01T10:00:00.500Z";
const PUSHED: &str = "2026-03-01T10:00:00.501Z";
const AFTER: &str = "2026-03-01T12:00:00.502+02:00";
const BOTH: [(&str, &str); 2] = [
    ("stocktake: allow empty-stock", AFTER),
    ("stocktake: allow delete-percent", AFTER),
];

/// A request that empties a stock.
fn emptied(shop: &SandboxProcess) -> (Checkout, Variables, String) {
    wanting(shop, EMPTIED)
}

/// A request that wants that inventory.
fn wanting(shop: &SandboxProcess, inventory: &str) -> (Checkout, Variables, String) {
    let checkout = Checkout::of(shop);
    let variables = request(&checkout);
    checkout.write("inventory.yaml", inventory);
    checkout.commit("nothing for Europe");
    let commit = checkout.head();
    (checkout, with(variables, "CI_COMMIT_SHA", &commit), commit)
}

#[test]
fn labels_lift_the_guards_of_the_shown_plan_and_the_note_lists_them() {
    let shop = SandboxProcess::demo();
    let (checkout, variables, commit) = emptied(&shop);
    let forge = Forge::answering(Vec::new(), labelled(&BOTH, &[(&commit, PUSHED)]));
    let ended = job(&checkout, "stocktake plan", &noting(variables.clone(), &forge)).exits(0);
    assert!(
        ended.said.contains("--allow=empty-stock=Europe Stock"),
        "{}",
        ended.said
    );
    let effects = plan_of(&checkout)["guards"].to_string();
    assert_eq!(effects.matches("\"lifted\"").count(), 2, "{effects}");
    let note = &forge.comments()[0].body;
    assert!(
        note.contains("allowed by `--allow 'empty-stock=Europe Stock'`"),
        "{note}"
    );
}

#[test]
fn one_label_lifts_one_guard() {
    let shop = SandboxProcess::demo();
    let (checkout, variables, commit) = emptied(&shop);
    for labels in [
        &[("stocktake: allow delete-percent", AFTER)][..],
        &[("stocktake: allow deletes", AFTER)],
        &[
            ("stocktake: allow protect", AFTER),
            ("stocktake: allow doubtful-deletes", AFTER),
        ],
        &[
            ("stocktake: allow empty-stock=Europe Stock", AFTER),
            ("Stocktake: Allow empty-stock", AFTER),
        ],
        &[],
    ] {
        let forge = Forge::answering(Vec::new(), labelled(labels, &[(&commit, PUSHED)]));
        job(&checkout, "stocktake plan", &noting(variables.clone(), &forge)).exits(3);
        let note = &forge.comments()[0].body;
        assert!(note.contains("Guard, refused"), "{note}");
        assert!(
            note.contains("\n\nIf this plan is meant, the label `stocktake: allow "),
            "{note}"
        );
    }
}

#[test]
fn a_push_after_a_label_makes_it_void_and_the_note_says_so() {
    let shop = SandboxProcess::demo();
    let (checkout, variables, commit) = emptied(&shop);
    let other = "1".repeat(40);
    let early = BOTH.map(|(label, _)| (label, BEFORE));
    let at_once = BOTH.map(|(label, _)| (label, PUSHED));
    let odd = BOTH.map(|(label, _)| (label, "tomorrow"));
    for (labels, pushes) in [
        (early, &[(commit.as_str(), PUSHED)][..]),
        (at_once, &[(commit.as_str(), PUSHED)]),
        (odd, &[(commit.as_str(), PUSHED)]),
        // Somebody has pushed again, and this job is an older one.
        (BOTH, &[(commit.as_str(), BEFORE), (other.as_str(), PUSHED)]),
        (BOTH, &[]),
    ] {
        let forge = Forge::answering(Vec::new(), labelled(&labels, pushes));
        let ended = job(&checkout, "stocktake plan", &noting(variables.clone(), &forge)).exits(3);
        assert!(ended.said.contains("A push came after"), "{}", ended.said);
        let note = &forge.comments()[0].body;
        assert!(
            note.contains("A push came after the label `stocktake: allow empty-stock`"),
            "{note}"
        );
    }
    // Taken off and never set again, whatever the list of labels says.
    let mut answers = labelled(&BOTH, &[(&commit, PUSHED)]);
    for (_, answer) in &mut answers {
        for event in answer.as_array_mut().into_iter().flatten() {
            if event["action"] == "add" {
                event["action"] = json!("remove");
            }
        }
    }
    let forge = Forge::answering(Vec::new(), answers);
    job(&checkout, "stocktake plan", &noting(variables.clone(), &forge)).exits(3);
}

#[test]
fn without_a_token_labels_lift_nothing_and_that_is_reported() {
    let shop = SandboxProcess::demo();
    let (checkout, variables, _) = emptied(&shop);
    let variables = with(variables, "STOCKTAKE_NOTE_TOKEN", "");
    let labels = "urgent,stocktake: allow empty-stock";
    let ended = job(
        &checkout,
        "stocktake plan",
        &with(variables, "CI_MERGE_REQUEST_LABELS", labels),
    )
    .exits(3);
    assert!(
        ended.said.contains("STOCKTAKE_NOTE_TOKEN is not set"),
        "{}",
        ended.said
    );

    checkout.git(&["checkout", "--quiet", "-B", "main", "request"]);
    let ended = job(&checkout, "stocktake apply", &push(&checkout)).exits(3);
    assert!(
        ended.said.contains("STOCKTAKE_NOTE_TOKEN is not set"),
        "{}",
        ended.said
    );
    assert_eq!(shop.writes(), 0);
}

/// The merge requests that a commit stands in.
fn requests(commit: &str, state: &str, branch: &str) -> Value {
    json!([
        { "iid": 3, "state": "opened", "target_branch": "main", "sha": commit, "merge_commit_sha": null, "squash_commit_sha": null },
        { "iid": 7, "state": state, "target_branch": branch, "sha": "0", "merge_commit_sha": commit, "squash_commit_sha": null },
    ])
}

/// Applies after the merge, with that note and that list of merge requests; the exit code.
fn applied(
    shop: &SandboxProcess,
    inventory: &str,
    notes: Vec<Comment>,
    labels: &[(&str, &str)],
    requests: impl Fn(&str) -> Value,
) -> i32 {
    let (checkout, _, pushed) = wanting(shop, inventory);
    checkout.git(&["checkout", "--quiet", "main"]);
    checkout.git(&["merge", "--quiet", "--no-ff", "--message", "merged", "request"]);
    let commit = checkout.head();
    let mut answers = labelled(labels, &[(&pushed, PUSHED)]);
    let path: &'static str = String::leak(format!("/projects/11/repository/commits/{commit}/merge_requests"));
    answers.push((path, requests(&commit)));
    let forge = Forge::answering(notes, answers);
    let variables = noting(push(&checkout), &forge);
    job(&checkout, "stocktake apply", &variables).code
}

/// The note that a plan with lifted guards leaves.
fn shown() -> Vec<Comment> {
    shown_for(EMPTIED)
}

fn shown_for(inventory: &str) -> Vec<Comment> {
    let shop = SandboxProcess::demo();
    let (checkout, variables, commit) = wanting(&shop, inventory);
    let forge = Forge::answering(Vec::new(), labelled(&BOTH, &[(&commit, PUSHED)]));
    job(&checkout, "stocktake plan", &noting(variables.clone(), &forge)).exits(0);
    forge.comments()
}

#[test]
fn an_apply_takes_the_labels_of_the_request_that_its_commit_came_by() {
    let shop = SandboxProcess::demo();
    assert_eq!(
        applied(&shop, EMPTIED, shown(), &BOTH, |commit| requests(
            commit, "merged", "main"
        )),
        0
    );
    assert!(shop.writes() > 0);
}

#[test]
fn an_apply_lifts_nothing_that_was_not_shown_or_not_labelled() {
    let merged = |commit: &str| requests(commit, "merged", "main");
    let forged = || {
        shown()
            .into_iter()
            .map(|note| Comment::of("somebody", &note.body))
            .collect()
    };
    let shop = SandboxProcess::demo();
    assert_eq!(applied(&shop, EMPTIED, Vec::new(), &BOTH, merged), 3, "no note");
    assert_eq!(
        applied(&shop, EMPTIED, forged(), &BOTH, merged),
        3,
        "somebody else's note"
    );
    assert_eq!(
        applied(&shop, EMPTIED, shown(), &BOTH[1..], merged),
        3,
        "one label is gone"
    );
    let early = BOTH.map(|(label, _)| (label, BEFORE));
    assert_eq!(applied(&shop, EMPTIED, shown(), &early, merged), 3, "void");
    for (state, branch) in [("opened", "main"), ("merged", "release")] {
        assert_eq!(
            applied(&shop, EMPTIED, shown(), &BOTH, |commit| requests(
                commit, state, branch
            )),
            3,
            "{state} {branch}"
        );
    }
    assert_eq!(
        applied(&shop, EMPTIED, shown(), &BOTH, |_| json!([])),
        3,
        "no request"
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn an_apply_lifts_nothing_when_other_stocks_would_lose_links_too() {
    let other_stocks = "  - name: North America Stock\n    sources: [ne_wh, brooklyn, west_wh, manhattan, berkeley, sausalito, hq, austin_wh]\n";
    let inventory = EMPTIED.to_owned() + other_stocks;
    let merged = |commit: &str| requests(commit, "merged", "main");
    let shop = SandboxProcess::demo();
    let link = json!({ "stock_id": 2, "source_code": "leipzig", "priority": 20 });
    shop.post(
        "/rest/all/V1/inventory/stock-source-links",
        &json!({ "links": [link] }),
    );
    let writes = shop.writes();
    assert_eq!(
        applied(&shop, &inventory, shown_for(&inventory), &BOTH, merged),
        3
    );
    assert_eq!(shop.writes(), writes);

    let shop = SandboxProcess::demo();
    assert_eq!(
        applied(&shop, &inventory, shown_for(&inventory), &BOTH, merged),
        0
    );
}
