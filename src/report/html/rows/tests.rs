//! The rows of one stock, as they are read.

use super::*;
use crate::reconcile::StockPlan;
use serde_json::{Value, json};

/// A stock whose links go from one order to another, both as codes with their ranks.
fn stock(before: &[(&str, u32)], after: &[&str], reorders: &[&str]) -> StockPlan {
    let link = |code: &str, rank: u32| json!({ "rank": rank, "source_code": code, "priority": rank, "enabled": true });
    let place = json!({ "file": "inventory.yaml", "line": 1, "column": 1 });
    let is_live = |code: &str| before.iter().find(|(live, _)| *live == code);
    let deletes = before.iter().filter(|(code, _)| !after.contains(code)).map(
        |(code, rank)| json!({ "action": "delete", "source_code": code, "before": rank, "place": place }),
    );
    let writes = after.iter().zip(1..).filter_map(|(code, rank): (_, u32)| match is_live(code) {
        None => Some(json!({ "action": "create", "source_code": code, "priority": rank, "place": place })),
        Some((_, live)) if *live == rank => None,
        Some((_, live)) => {
            let kind = if reorders.contains(code) { "reorder" } else { "renumber" };
            Some(json!({ "action": "move", "source_code": code, "before": live, "after": rank, "kind": kind, "place": place }))
        }
    });
    let reordered = reorders.iter().map(|code| {
        let from = is_live(code).map(|(_, rank)| *rank);
        let to = after.iter().position(|other| other == code).map(|at| at + 1);
        json!({ "source_code": code, "from_place": from, "to_place": to, "written": true })
    });
    serde_json::from_value(json!({
        "stock_id": 2, "name": "Stock", "place": place, "protected": false,
        "live_links": before.len(), "wanted_links": after.len(),
        "before": before.iter().map(|(code, rank)| link(code, *rank)).collect::<Vec<_>>(),
        "after": after.iter().zip(1..).map(|(code, rank)| link(code, rank)).collect::<Vec<_>>(),
        "changes": deletes.chain(writes).collect::<Vec<Value>>(),
        "reorders": reordered.collect::<Vec<Value>>(),
    }))
    .unwrap()
}

/// The rows as they are read; a line of three dashes stands between blocks, and a fold has a star.
fn read(stock: &StockPlan) -> Vec<String> {
    let view = StockView::new(stock);
    let mut lines = Vec::new();
    for block in blocks(&view) {
        if block.folds {
            lines.push(format!("* {}", block.rows.len()));
            continue;
        }
        lines.extend(block.rows.iter().map(|row| {
            let words = [
                row.now(),
                row.after(),
                row.link.code.to_string(),
                row.chip().unwrap_or_default().to_owned(),
                row.words.clone(),
            ];
            words.join("|")
        }));
    }
    lines
}

#[test]
fn a_deleted_source_stands_where_it_stood() {
    let stock = stock(
        &[("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)],
        &["e", "c", "new", "d"],
        &["e"],
    );
    let expected = [
        "1||a|− delete|",
        "2||b|− delete|",
        "5|1|e|~ reorder|from place 5 to place 1",
        "3|2|c||renumbered",
        "|3|new|+ create|",
        "4|4|d||",
    ];
    assert_eq!(read(&stock), expected);
}

#[test]
fn a_deleted_source_follows_the_one_before_it() {
    let stock = stock(
        &[("a", 1), ("b", 2), ("c", 3), ("d", 4)],
        &["c", "a", "d"],
        &["c"],
    );
    let expected = [
        "3|1|c|~ reorder|from place 3 to place 1",
        "1|2|a||renumbered",
        "2||b|− delete|",
        "4|3|d||renumbered",
    ];
    assert_eq!(read(&stock), expected);
}

#[test]
fn a_shared_place_is_the_reason() {
    let both = stock(&[("a", 1), ("b", 1)], &["a", "b"], &[]);
    assert_eq!(read(&both), ["1|1|a||", "1|2|b||renumbered; place 1 was shared"]);
    let one = stock(&[("a", 1), ("b", 1)], &["new", "b"], &[]);
    assert_eq!(
        read(&one),
        ["1||a|− delete|", "|1|new|+ create|", "1|2|b||renumbered"]
    );
}

#[test]
fn a_source_may_be_put_among_others_and_stay_at_its_place() {
    let stock = stock(&[("a", 1), ("b", 2), ("c", 3)], &["c", "b"], &["b"]);
    let expected = [
        "1||a|− delete|",
        "3|1|c||renumbered",
        "2|2|b|~ reorder|among the others, still at place 2",
    ];
    assert_eq!(read(&stock), expected);
}

#[test]
fn what_is_far_from_every_change_folds() {
    let codes: Vec<String> = (0..30).map(|number| format!("s{number:02}")).collect();
    let live: Vec<(&str, u32)> = codes.iter().map(String::as_str).zip(1..).collect();
    let mut wanted: Vec<&str> = codes.iter().map(String::as_str).collect();
    let moved = wanted.remove(25);
    wanted.insert(8, moved);
    let rows = read(&stock(&live, &wanted, &[moved]));
    assert_eq!(rows[0], "* 6");
    assert_eq!(rows[1], "7|7|s06||");
    assert_eq!(rows[3], "26|9|s25|~ reorder|from place 26 to place 9");
    assert_eq!(rows[5], "10|11|s09||renumbered");
    assert_eq!(rows[6..], ["* 19"]);
}

#[test]
fn a_short_list_is_whole() {
    let stock = stock(
        &[("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5), ("f", 6)],
        &["a", "b", "c", "d", "e", "f", "g"],
        &[],
    );
    assert_eq!(read(&stock).len(), 7);
}
