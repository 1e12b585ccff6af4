//! The model against the recordings that it is made of.

use super::measured::*;
use super::*;

/// The recorded times scatter by a third.
#[test]
fn every_recorded_call_costs_about_what_it_took() {
    let recording = include_str!("../../contract/2.4.1/recordings/08_size_and_speed.json");
    let recording: serde_json::Value = serde_json::from_str(recording).unwrap();
    let mut compared = 0;
    for step in recording["steps"].as_array().unwrap() {
        let Some(name) = step["name"].as_str() else {
            continue;
        };
        let number = name
            .split(|c: char| !c.is_ascii_digit())
            .find_map(|text| text.parse().ok());
        let (measured, links): (_, usize) = match (name, number) {
            (name, Some(links)) if name.starts_with("POST ") => (SAVE, links),
            (name, Some(links)) if name.starts_with("delete ") => (DELETE, links),
            (name, Some(size)) if name.ends_with("with fields") => (LIST_OF_FIELDS, size.min(5_001)),
            (name, Some(size)) if name.starts_with("GET page_size=") => (LIST, size.min(5_001)),
            _ => continue,
        };
        let (took, costs) = (step["ms"].as_f64().unwrap(), at(measured, links));
        assert!(
            (0.6..1.7).contains(&(took / costs)),
            "{name}: {took} ms, {costs} here"
        );
        compared += 1;
    }
    assert_eq!(compared, 59);
}

/// A busy machine, and sources by `eq` or `in`: these times scatter by more than a half.
#[test]
fn every_read_of_a_large_shop_costs_about_what_it_took() {
    let recording = include_str!("../../contract/2.4.8/recordings/18_sizes.json");
    let recording: serde_json::Value = serde_json::from_str(recording).unwrap();
    let mut compared = 0;
    for step in recording["steps"].as_array().unwrap() {
        let request = Request {
            method: step["request"]["method"].as_str().unwrap_or_default().to_owned(),
            path: step["request"]["path"].as_str().unwrap_or_default().to_owned(),
            ..Request::default()
        };
        // The recorder left the number of rows in place of the rows.
        let body = &step["response"]["body"];
        let rows = body["items"]
            .as_u64()
            .or(body.is_number().then_some(1))
            .or(body.is_boolean().then_some(1));
        let (Some(rows), "GET") = (rows, request.method.as_str()) else {
            continue;
        };
        let costs = Work::of(&request).time_of_rows(usize::try_from(rows).unwrap());
        let took = step["ms"].as_f64().unwrap();
        assert!(
            (0.6..1.75).contains(&(took / costs)),
            "{}: {took} ms, {costs} here",
            step["id"]
        );
        compared += 1;
    }
    assert_eq!(compared, 53);
}

#[test]
fn two_at_a_time_are_answered_as_often_as_recorded() {
    let recording = include_str!("../../contract/2.4.1/recordings/08_size_and_speed.json");
    let recording: serde_json::Value = serde_json::from_str(recording).unwrap();
    let per_second = |event: &str| {
        let mut steps = recording["steps"].as_array().unwrap().iter();
        let step = steps.find(|step| step["event"] == event).unwrap();
        let output: serde_json::Value = match &step["output"] {
            serde_json::Value::String(text) => serde_json::from_str(text).unwrap(),
            output => output.clone(),
        };
        output["per_second"].as_f64().unwrap()
    };
    let [one, two, four] = ["concurrency 1", "concurrency 2", "concurrency 4"].map(per_second);
    assert!((2.0 * one / BESIDE - two).abs() < 0.1, "{one} {two}");
    assert!((four / two - 1.0).abs() < 0.1, "{four}: two are at work");
}

#[test]
fn between_and_beyond_it_grows_on() {
    for measured in [SAVE, LIST, LIST_OF_FIELDS, SOURCE_ITEMS, DUMP, EXPORT, SALABILITY] {
        let times: Vec<f64> = (20..)
            .step_by(7_919)
            .take(10)
            .map(|links| at(measured, links))
            .collect();
        assert!(times.is_sorted(), "{times:?}");
    }
    assert!((190.0..984.0).contains(&at(SAVE, 2_000)));
    assert!(at(SAVE, 100_000) > 2.0 * 113_455.0, "worse than in proportion");
}

#[test]
fn work_is_known_by_what_is_asked_and_answered() {
    let request = |method: &str, path: &str, body: &str| Request {
        method: method.to_owned(),
        path: path.to_owned(),
        body: body.as_bytes().to_vec(),
        ..Request::default()
    };
    let save = "/rest/all/V1/inventory/stock-source-links";
    let two = r#"{"links":[{"stock_id":2},{"stock_id":3}]}"#;
    assert_eq!(Work::of(&request("POST", save, two)), Work::Save(2));
    let delete = format!("{save}-delete");
    assert_eq!(Work::of(&request("POST", &delete, two)), Work::Delete(2));
    assert_eq!(
        Work::of(&request("POST", "/rest/V1/integration/admin/token", "{}")),
        Work::Small
    );
    let page = Answer::json(
        200,
        &serde_json::json!({ "items": vec![1; 1_000], "total_count": 1_000 }),
    );
    assert_eq!(
        Work::of(&request("GET", save, "")).time(&page),
        Duration::from_millis(85)
    );
    let of_fields = Request {
        query: "searchCriteria[page_size]=1000&fields=items[priority],total_count".to_owned(),
        ..request("GET", save, "")
    };
    let paths = [
        ("source-items", Work::SourceItems),
        ("dump-stock-index-data/website/us_site", Work::Dump),
        ("export-stock-salable-qty/website/us_site", Work::Export),
        ("get-product-salable-quantity/A/2", Work::Salability),
        ("are-products-salable", Work::Salability),
        ("stocks/2", Work::List { of_fields: false }),
    ];
    for (path, work) in paths {
        assert_eq!(
            Work::of(&request("GET", &format!("/rest/V1/inventory/{path}"), "")),
            work
        );
    }
    let list = Answer::json(200, &serde_json::json!(vec![1; 20_002]));
    assert_eq!(Work::Dump.time(&list), Duration::from_millis(494));
    let number = Answer::json(200, &serde_json::json!(3));
    assert_eq!(Work::Salability.time(&number), Duration::from_millis(64));
    assert_eq!(Work::of(&of_fields).time(&page), Duration::from_millis(61));
}
