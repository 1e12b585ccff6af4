//! Secrets that are not there, or not as they were meant: told with their place and what to do, never with their value.

use serde_json::json;

use super::desk::Desk;

/// A folder whose only target has its token there.
fn desk(place: &str) -> Desk {
    let desk = Desk::new();
    desk.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: http://127.0.0.1:1\n    auth: {{ bearer: {place} }}\n"
        ),
    );
    desk
}

#[test]
fn an_empty_secret_is_told_by_kind_and_place() {
    for value in ["", "\n"] {
        let desk = desk("{ env: SHOP_TOKEN }").variable("SHOP_TOKEN", value);
        let failure = desk.run(&["plan", "--format", "json"]).exits(1).json();
        assert_eq!(failure["kind"], "empty_secret");
        assert_eq!(
            failure["error"],
            "empty secret: the environment variable `SHOP_TOKEN` is empty"
        );
        let told = desk.run(&["plan"]).exits(1).stderr;
        assert!(
            told.starts_with("error: empty secret: the environment variable `SHOP_TOKEN` is empty\n"),
            "{told}"
        );
        assert!(told.contains("Dependabot"), "{told}");
        let all = desk.run(&["plan", "--all-targets", "--format", "json"]).exits(1);
        assert_eq!(all.json()["targets"][0]["error"]["kind"], "empty_secret");
    }
    let file = desk("{ file: token }");
    file.write("token", "\n");
    let told = |desk: &Desk| desk.run(&["doctor", "--format", "json"]).exits(1).json()["error"].clone();
    assert_eq!(told(&file), "empty secret: the file `token` is empty");
    let command = desk("{ command: [\"true\"] }");
    assert_eq!(
        told(&command),
        "empty secret: the output of the program `true` is empty"
    );
}

#[test]
fn so_is_one_of_the_environment_and_one_that_is_not_set() {
    let url = ["plan", "--url", "http://127.0.0.1:1", "--format", "json"];
    let failure = |desk: &Desk| desk.run(&url).exits(64).json();
    let empty = failure(&Desk::new().variable("STOCKTAKE_TOKEN", ""));
    assert_eq!(empty["kind"], "empty_secret");
    assert_eq!(
        empty["error"],
        "empty secret: the environment variable `STOCKTAKE_TOKEN` is empty"
    );
    let user = Desk::new().variable("STOCKTAKE_ADMIN_USER", "ci");
    assert_eq!(failure(&user)["kind"], "unset_secret");
    let emptied = failure(&user.variable("STOCKTAKE_ADMIN_PASSWORD", ""));
    assert_eq!(emptied["kind"], "empty_secret");
    assert_eq!(
        emptied["error"],
        "empty secret: the environment variable `STOCKTAKE_ADMIN_PASSWORD` is empty"
    );
    assert_eq!(failure(&Desk::new())["kind"], "unset_secret");
    let unset = desk("{ env: SHOP_TOKEN }");
    let unset = unset.run(&["plan", "--format", "json"]).exits(1).json();
    assert_eq!(unset["kind"], "unset_secret");
    // What fails for another reason has no kind.
    let nobody = Desk::new().at("http://127.0.0.1:1");
    let failure = nobody.run(&["plan", "--format", "json"]).exits(1).json();
    assert_eq!(failure["kind"], json!(null));
}
