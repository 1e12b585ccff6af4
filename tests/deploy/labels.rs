//! `action/labels.sh`: labels of a request lift guards for what our comment shows, at the commit that they were set at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::checkout::{Checkout, Ended, of_project};
use super::forge::{BOT, Comment, FORGE_TOKEN, Forge, Merged};
use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;

/// The Europe Stock has four sources live.
const EMPTIED: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";
const PERCENT: &str = "stocktake: allow delete-percent";
const EMPTY: &str = "stocktake: allow empty-stock";

/// A request of which a guard does not approve, on a forge.
struct Request {
    shop: SandboxProcess,
    checkout: Checkout,
    base: String,
    forge: Forge,
}

impl Request {
    fn new() -> Self {
        let shop = SandboxProcess::demo();
        let checkout = Checkout::of(&shop);
        let base = checkout.head();
        checkout.write("inventory.yaml", EMPTIED);
        checkout.commit("nobody serves Europe any more");
        Self {
            shop,
            checkout,
            base,
            forge: Forge::with(Vec::new()),
        }
    }

    fn platform(&self) -> Vec<(&'static str, String)> {
        vec![
            ("GITHUB_API_URL", format!("http://{}", self.forge.address)),
            ("GITHUB_TOKEN", FORGE_TOKEN.to_owned()),
            ("INPUT_GITHUB_TOKEN", FORGE_TOKEN.to_owned()),
            ("COMMENT_AUTHOR", BOT.to_owned()),
        ]
    }

    /// The plan of an event, whose comment is written. The event's head is the checkout's commit.
    fn plan(&self, action: &str, label: Option<&str>) -> Ended {
        self.forge.head(&self.checkout.head());
        self.plan_of_an_older_event(action, label)
    }

    fn plan_of_an_older_event(&self, action: &str, label: Option<&str>) -> Ended {
        let mut variables = self.checkout.acted("shop/inventory", &self.base, action, label);
        variables.extend(self.platform());
        variables.push(("INPUT_COMMAND", "plan".to_owned()));
        let ended = self.checkout.bash(&of_project("action/run.sh"), &variables);
        variables.push(("COMMENT_FILE", ended.output("comment").to_owned()));
        self.checkout
            .bash(&of_project("action/comment.sh"), &variables)
            .exits(0);
        ended
    }

    /// Sets a label, and has the plan of that event.
    fn label(&self, name: &'static str) -> Ended {
        self.forge.label(name);
        self.plan("labeled", Some(name))
    }

    fn push_again(&self) {
        self.checkout
            .write("inventory.yaml", &format!("{EMPTIED}# again\n"));
        self.checkout.commit("again");
    }

    fn comment(&self) -> String {
        let comments = self.forge.comments();
        let ours = comments.iter().find(|comment| comment.author == BOT);
        ours.expect("there is a comment").body.clone()
    }

    fn merge(&self) {
        self.forge.merge(&self.checkout.head());
    }

    fn apply(&self) -> Ended {
        let mut variables = self.checkout.push();
        variables.extend(self.platform());
        variables.push(("INPUT_COMMAND", "apply".to_owned()));
        self.checkout.bash(&of_project("action/run.sh"), &variables)
    }

    fn links_of_europe(&self) -> usize {
        let links = self
            .shop
            .get("/rest/all/V1/inventory/stock-source-links?searchCriteria[page_size]=1000");
        let links = links["items"].as_array().expect("there are links");
        links.iter().filter(|link| link["stock_id"] == 3).count()
    }
}

#[test]
fn labels_lift_what_the_comment_shows_and_the_merge_applies_it() {
    let request = Request::new();
    request.plan("opened", None).exits(3);
    let offered = request.comment();
    assert!(
        offered.contains(&format!("the label `{PERCENT}` lifts")),
        "{offered}"
    );
    assert!(
        offered.contains(&format!("the label `{EMPTY}` lifts")),
        "{offered}"
    );

    request.label(PERCENT).exits(3);
    let half = request.comment();
    assert!(half.contains("**Lifted by labels of this request**"), "{half}");
    assert!(
        half.contains("until the next push: `delete-percent=Europe Stock`\n"),
        "{half}"
    );
    assert!(half.contains("Refused by a guard"), "{half}");

    request.label(EMPTY).exits(0);
    let comment = request.comment();
    assert!(!comment.contains("Refused by a guard"), "{comment}");
    assert!(!comment.contains("was not set for this commit"), "{comment}");
    request.plan("reopened", None).exits(0);

    request.merge();
    let applied = request.apply().exits(0);
    assert!(
        applied.said.contains("labels of the request #7 lift"),
        "{}",
        applied.said
    );
    assert_eq!(request.links_of_europe(), 0);
}

#[test]
fn a_label_counts_in_any_letter_case() {
    let request = Request::new();
    request.label("Stocktake: Allow Delete-Percent");
    request.label("STOCKTAKE: allow empty-stock").exits(0);
    request.merge();
    request.apply().exits(0);
    assert_eq!(request.links_of_europe(), 0);
}

#[test]
fn a_plan_that_did_not_come_about_is_not_told_as_lifted() {
    let request = Request::new();
    request.forge.label(PERCENT);
    request.forge.label(EMPTY);
    let stops = request.checkout.path("runner/stops");
    let program = format!(
        "#!/usr/bin/env bash\ncase $* in *--allow=*) exit 143 ;; esac\nexec '{}' \"$@\"\n",
        testkit::binary()
    );
    Checkout::program(&stops, &program);
    request.forge.head(&request.checkout.head());
    let mut variables = request
        .checkout
        .acted("shop/inventory", &request.base, "labeled", Some(EMPTY));
    variables.extend(request.platform());
    variables.push(("STOCKTAKE_BINARY", stops.display().to_string()));
    let ended = request
        .checkout
        .bash(&of_project("action/run.sh"), &variables)
        .exits(143);
    let comment = std::fs::read_to_string(ended.output("comment")).expect("there is a comment");
    assert!(comment.contains("Refused by a guard"), "{comment}");
    assert!(!comment.contains("Lifted by labels"), "{comment}");
}

#[test]
fn an_api_that_answers_something_else_changes_no_exit_code() {
    let request = Request::new();
    for answer in ["[]", "7", "\"down\"", "{\"labels\":[7,null]}", "", "<html>"] {
        let api = Proxy::alone(move |_| Canned::new(200, "application/json", answer));
        let mut variables = request
            .checkout
            .acted("shop/inventory", &request.base, "labeled", Some(EMPTY));
        variables.extend(request.platform());
        variables.retain(|(name, _)| *name != "GITHUB_API_URL");
        variables.push(("GITHUB_API_URL", api.url()));
        let run = of_project("action/run.sh");
        let ended = request.checkout.bash(&run, &variables).exits(3);
        assert_eq!(ended.output("exit-code"), "3", "{answer}: {}", ended.said);
        assert!(ended.summary.contains("Refused by a guard"), "{answer}");
        let mut push = request.checkout.push();
        push.extend(variables.into_iter().filter(|(name, _)| name.contains("API_URL")));
        push.push(("INPUT_GITHUB_TOKEN", FORGE_TOKEN.to_owned()));
        push.push(("INPUT_COMMAND", "apply".to_owned()));
        request.checkout.bash(&run, &push).exits(3);
    }
    assert_eq!(request.links_of_europe(), 4);
}

#[test]
fn a_push_makes_a_label_void_until_it_is_set_again() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.push_again();
    request.plan("synchronize", None).exits(3);
    let comment = request.comment();
    let again = format!("The label `{EMPTY}` was not set for this commit");
    assert!(comment.contains(&again), "{comment}");
    request.plan("reopened", None).exits(3);

    request.merge();
    request.apply().exits(3).says("nothing is lifted");
    assert_eq!(request.links_of_europe(), 4);

    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.apply().exits(0);
}

#[test]
fn an_old_event_that_is_run_again_lifts_nothing() {
    let request = Request::new();
    request.forge.label(PERCENT);
    request.forge.label(EMPTY);
    request.plan("labeled", Some(PERCENT)).exits(3);
    request.forge.head("0123456789012345678901234567890123456789");
    request.plan_of_an_older_event("labeled", Some(EMPTY)).exits(3);
    let comment = request.comment();
    assert!(!comment.contains("`empty-stock=Europe Stock`"), "{comment}");
}

#[test]
fn a_label_that_was_taken_off_lifts_nothing() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.merge();
    request.forge.unlabel(EMPTY);
    request.apply().exits(3);
    request.plan("unlabeled", Some(EMPTY)).exits(3);
    assert!(request.comment().contains(&format!("the label `{EMPTY}` lifts")));
    assert_eq!(request.links_of_europe(), 4);
}

#[test]
fn a_record_of_somebody_else_and_one_of_another_target_count_for_nothing() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    let comment = request.comment();
    for (author, body) in [
        ("somebody", comment.clone()),
        (
            BOT,
            comment.replacen("<!-- stocktake:plan", "<!-- stocktake:other", 1),
        ),
        (BOT, comment.replacen('\n', "\n\n", 1)),
    ] {
        let forge = Forge::with(vec![Comment::of(author, &body)]);
        forge.label(PERCENT);
        forge.label(EMPTY);
        let request = Request {
            forge,
            ..Request::new()
        };
        request.merge();
        request.apply().exits(3);
        assert_eq!(request.links_of_europe(), 4);
    }
}

#[test]
fn a_record_that_says_nothing_of_stocks_lifts_nothing() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    let comment = request.comment();
    let line = comment.lines().nth(1).expect("there is a record");
    let text = line.split(' ').nth(2).expect("it has a text");
    let text = STANDARD.decode(text).expect("it is base64");
    let mut record: Value = serde_json::from_slice(&text).expect("it is JSON");
    record.as_object_mut().expect("it has keys").remove("stocks");
    let other = format!(
        "<!-- stocktake:labels {} -->",
        STANDARD.encode(record.to_string())
    );
    let forge = Forge::with(vec![Comment::of(BOT, &comment.replacen(line, &other, 1))]);
    forge.label(PERCENT);
    forge.label(EMPTY);
    forge.head(&request.checkout.head());
    forge.merge(&request.checkout.head());
    let request = Request { forge, ..request };
    request.apply().exits(3);
    assert_eq!(request.links_of_europe(), 4);
}

#[test]
fn the_commit_must_be_what_the_request_was_merged_as() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    // Another request of the same commit's branch cannot stand in, nor can one that is merged elsewhere.
    for merged in [
        Merged {
            base: "release",
            ..Merged::of(&request.checkout.head())
        },
        Merged {
            commit: "0123456789012345678901234567890123456789".to_owned(),
            ..Merged::of(&request.checkout.head())
        },
        // One that was merged into the other: nobody can tell whose comment showed this.
        Merged {
            requests: 2,
            ..Merged::of(&request.checkout.head())
        },
    ] {
        request.forge.merge_as(merged);
        request.apply().exits(3).says("was merged as the commit");
    }
    assert_eq!(request.links_of_europe(), 4);
}

#[test]
fn the_merge_deletes_from_no_other_stock_than_the_comment_showed() {
    let request = Request::new();
    let outlet = "  - name: Outlet Stock\n    sources: [reno_wh, austin_wh]\n";
    request
        .checkout
        .write("inventory.yaml", &format!("{EMPTIED}{outlet}"));
    request.checkout.commit("and Outlet as it is");
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.merge();
    let link = json!({ "links": [{ "source_code": "hq", "stock_id": 4, "priority": 9 }] });
    request
        .shop
        .post("/rest/all/V1/inventory/stock-source-links", &link);
    let ended = request.apply().exits(3);
    assert!(
        ended.said.contains("deletes from other stocks now"),
        "{}",
        ended.said
    );
    assert_eq!(request.links_of_europe(), 4);
}

#[test]
fn protected_stocks_and_unknown_labels_have_no_label() {
    let request = Request::new();
    let text = std::fs::read_to_string(request.checkout.path("work/targets.yaml")).expect("it is there");
    request
        .checkout
        .write("targets.yaml", &format!("{text}    protect: [Europe Stock]\n"));
    request.checkout.commit("protected");
    let request = Request {
        base: request.checkout.head(),
        ..request
    };
    request.label("stocktake: allow protected").exits(3);
    request.label("stocktake: allow protect").exits(3);
    request.label("stocktake: allow doubtful-deletes").exits(3);
    request
        .label("stocktake: allow delete-percent=Europe Stock")
        .exits(3);
    request.label(PERCENT);
    let ended = request.label(EMPTY).exits(3);
    assert!(ended.said.contains("protected"), "{}", ended.said);
    let comment = request.comment();
    assert!(!comment.contains("allow protect"), "{comment}");
}
