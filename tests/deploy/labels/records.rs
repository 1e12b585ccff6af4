//! The record in the comment: whose it is, and what the merge may take from it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{EMPTIED, EMPTY, PERCENT, Request};
use crate::forge::{BOT, Comment, Forge, Merged};

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
