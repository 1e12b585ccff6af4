//! The jobs of a merge request, as its author means it.

use super::super::checkout::{Checkout, targets};
use super::super::forge::{BOT, Comment, Forge};
use super::{deletes, job, noting, plan_of, push, request, with};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TUTORIAL;

const WRONG: &str = "version: 1\nstocks:\n  - name: A\n    sourcs: []\n";
const RIGHT: &str = "version: 1\nstocks:\n  - name: A\n    sources: [hq]\n";

#[test]
fn a_merge_request_gets_one_note_and_a_merge_applies_it() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let somebody = Comment::of("somebody", "<!-- stocktake:plan target=shop -->\nforged");
    let forge = Forge::with(vec![somebody.clone()]);
    let variables = noting(request(&checkout), &forge);
    job(&checkout, "stocktake validate", &variables).exits(0);
    let output = job(&checkout, "stocktake plan", &variables).exits(0).said;
    assert!(
        output.contains("do not believe it: somebody (note 0)"),
        "{output}"
    );
    let first = forge.comments();
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first[1].body.contains("North America Stock"));
    for artifact in ["plan.md", "plan.json", "plan.html", "plan.xml"] {
        let path = checkout.path("work/stocktake-report").join(artifact);
        assert!(path.is_file(), "{artifact}");
    }

    let push = push(&checkout);
    job(&checkout, "stocktake drift", &push).exits(2);
    for artifact in ["drift.html", "drift.xml"] {
        let path = checkout.path("work/stocktake-report").join(artifact);
        assert!(path.is_file(), "{artifact}");
    }
    job(&checkout, "stocktake apply", &push).exits(0);
    job(&checkout, "stocktake drift", &push).exits(0);
    job(&checkout, "stocktake plan", &variables).exits(0);
    let second = forge.comments();
    assert_eq!((second.len(), &second[0]), (2, &somebody));
    assert_eq!(second[1].author, BOT);
    assert_ne!(second[1].body, first[1].body);
}

#[test]
fn a_shallow_checkout_stays_shallow_and_is_enough() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let variables = request(&checkout);
    checkout.write("README.md", "changed\n");
    checkout.commit("request");
    let whole = checkout.path("whole");
    std::fs::rename(checkout.path("work"), &whole).expect("it can be moved");
    std::fs::create_dir(checkout.path("work")).expect("a folder can be made");
    let origin = format!("file://{}", whole.display());
    checkout.git(&["clone", "--quiet", "--depth=1", "--branch=request", &origin, "."]);
    job(&checkout, "stocktake validate", &variables).exits(0);
    job(&checkout, "stocktake plan", &variables).exits(0);
    assert_eq!(checkout.git(&["rev-parse", "--is-shallow-repository"]), "true");
    assert_eq!(
        checkout
            .git(&["worktree", "list", "--porcelain"])
            .matches("worktree ")
            .count(),
        1
    );
}

#[test]
fn folders_are_read_as_stocktake_reads_them() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let variables = request(&checkout);
    checkout.remove("inventory.yaml");
    let (head, rest) = TUTORIAL.split_once("stocks:\n").expect("it has stocks");
    checkout.write("inventory/common/Sources.YAML", head);
    checkout.write("inventory/stocks.yml", &format!("version: 1\nstocks:\n{rest}"));
    checkout.write("inventory/.hidden.yaml", WRONG);
    checkout.write("inventory/.old/old.yaml", WRONG);
    checkout.write("inventory/README.md", "not read\n");
    checkout.commit("a folder");
    for files in [
        "inventory",
        "./inventory/\n",
        ".",
        "inventory/common\n\ninventory/stocks.yml\ninventory",
    ] {
        let variables = with(variables.clone(), "STOCKTAKE_FILES", files);
        job(&checkout, "stocktake validate", &variables).exits(0);
        job(&checkout, "stocktake plan", &variables).exits(0);
        assert_eq!(
            plan_of(&checkout)["inputs"].as_array().map(Vec::len),
            Some(2),
            "{files}"
        );
        assert_eq!(deletes(&checkout), 2, "{files}");
    }
    for files in [
        "",
        "\n",
        "missing.yaml",
        "../inventory",
        "inventory/../inventory",
        "/etc",
        "targets.yaml",
        "inventory/common/none",
    ] {
        let variables = with(variables.clone(), "STOCKTAKE_FILES", files);
        job(&checkout, "stocktake plan", &variables).exits(64);
    }
}

#[test]
fn what_changed_is_checked_wherever_it_stands() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    checkout.write("old/inventory.yaml", WRONG);
    checkout.commit("nobody has checked this one");
    let variables = request(&checkout);
    job(&checkout, "stocktake validate", &variables).exits(0);
    for name in [
        "shops/eu/inventory.yaml",
        "Inventory/north/a.YML",
        "inventory-eu.yaml",
    ] {
        checkout.write(name, WRONG);
        checkout.commit("wrong");
        let ended = job(&checkout, "stocktake validate", &variables).exits(1);
        assert!(
            ended.said.contains(&format!("{name} is checked by itself")),
            "{}",
            ended.said
        );
        assert!(ended.said.contains("sourcs"), "{}", ended.said);
        checkout.write(name, RIGHT);
        checkout.commit("right");
        job(&checkout, "stocktake validate", &variables).exits(0);
    }
    // The changed files are unknown: all are checked.
    for base in ["", "0000000000000000000000000000000000000001"] {
        let variables = with(variables.clone(), "CI_MERGE_REQUEST_DIFF_BASE_SHA", base);
        let ended = job(&checkout, "stocktake validate", &variables).exits(1);
        assert!(
            ended.said.contains("old/inventory.yaml is checked"),
            "{}",
            ended.said
        );
    }
}

#[test]
fn without_a_credential_the_files_are_checked_offline() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let forge = Forge::with(Vec::new());
    let variables = with(noting(request(&checkout), &forge), "COMMERCE_TOKEN", "");
    let ended = job(&checkout, "stocktake plan", &variables).exits(0);
    assert!(ended.said.contains("There is no credential"), "{}", ended.said);
    assert!(forge.comments().is_empty());
    checkout.write("inventory.yaml", WRONG);
    checkout.commit("wrong");
    job(&checkout, "stocktake plan", &variables).exits(1);
}

#[test]
fn the_request_that_adds_the_targets_is_checked_and_reported() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let wanted = std::fs::read_to_string(checkout.path("work/targets.yaml")).expect("it is there");
    checkout.remove("targets.yaml");
    checkout.commit("no targets yet");
    let forge = Forge::with(Vec::new());
    let variables = noting(request(&checkout), &forge);
    checkout.write("targets.yaml", &wanted);
    checkout.commit("the first targets");
    for _ in 0..2 {
        let ended = job(&checkout, "stocktake plan", &variables).exits(0);
        assert!(
            ended.said.contains("Plans come after its merge"),
            "{}",
            ended.said
        );
    }
    let notes = forge.comments();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].body.contains("Plans come after the merge"), "{notes:?}");
    assert_eq!(shop.get("/_sandbox/log").as_array().map_or(0, Vec::len), 0);

    checkout.write("targets.yaml", "version: 1\ntargets: { shop: { ulr: x } }\n");
    checkout.commit("wrong");
    job(&checkout, "stocktake plan", &variables).exits(1);
    job(&checkout, "stocktake validate", &variables).exits(1);
}

#[test]
fn a_refused_token_is_reported_and_never_shown() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let forge = Forge::with(Vec::new());
    let variables = noting(request(&checkout), &forge);
    let wrong = with(variables.clone(), "STOCKTAKE_NOTE_TOKEN", "wrong-token-111111");
    let ended = job(&checkout, "stocktake plan", &wrong).exits(1);
    assert!(ended.said.contains("401 Unauthorized"), "{}", ended.said);
    assert!(!ended.said.contains("wrong-token"), "{}", ended.said);
    assert!(checkout.path("work/stocktake-report/plan.json").is_file());
    let odd = with(
        variables,
        "STOCKTAKE_NOTE_TOKEN",
        "a\"\nurl = \"http://elsewhere.example",
    );
    job(&checkout, "stocktake plan", &odd).exits(64);
}

#[test]
fn targets_come_from_the_branch_that_is_merged_into() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let variables = request(&checkout);
    let thief = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    thief
        .set_nonblocking(true)
        .expect("it can be asked without waiting");
    let elsewhere = format!("http://{}", thief.local_addr().expect("it has an address"));
    checkout.write("targets.yaml", &targets(&elsewhere, &shop));
    checkout.commit("send the token to me");
    job(&checkout, "stocktake plan", &variables).exits(0);
    assert!(thief.accept().is_err(), "nothing was sent there");
}
