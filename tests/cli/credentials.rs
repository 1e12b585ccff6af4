//! Secrets that are not there, or not as they were meant: told with their place and what to do, never with their value.

use serde_json::json;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// A folder whose only target has its token there.
fn workspace(place: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: http://127.0.0.1:1\n    auth: {{ bearer: {place} }}\n"
        ),
    );
    workspace
}

#[test]
fn an_empty_secret_is_reported_by_kind_and_place() {
    for value in ["", "\n"] {
        let workspace = workspace("{ env: SHOP_TOKEN }").variable("SHOP_TOKEN", value);
        let failure = workspace.run(&["plan", "--format", "json"]).exits(1).json();
        assert_eq!(failure["kind"], "empty_secret");
        assert_eq!(
            failure["error"],
            "empty secret: the environment variable `SHOP_TOKEN` is empty"
        );
        let reported = workspace.run(&["plan"]).exits(1).stderr;
        assert!(
            reported.starts_with("error: empty secret: the environment variable `SHOP_TOKEN` is empty\n"),
            "{reported}"
        );
        assert!(reported.contains("Dependabot"), "{reported}");
        let all = workspace
            .run(&["plan", "--all-targets", "--format", "json"])
            .exits(1);
        assert_eq!(all.json()["targets"][0]["error"]["kind"], "empty_secret");
    }
    let file = workspace("{ file: token }");
    file.write("token", "\n");
    let reported =
        |workspace: &Workspace| workspace.run(&["plan", "--format", "json"]).exits(1).json()["error"].clone();
    assert_eq!(reported(&file), "empty secret: the file `token` is empty");
    let command = workspace("{ command: [\"true\"] }");
    assert_eq!(
        reported(&command),
        "empty secret: the output of the program `true` is empty"
    );
}

#[test]
fn so_is_one_of_the_environment_and_one_that_is_not_set() {
    let url = ["plan", "--url", "http://127.0.0.1:1", "--format", "json"];
    let failure = |workspace: &Workspace| workspace.run(&url).exits(64).json();
    let empty = failure(&Workspace::new().variable("STOCKTAKE_TOKEN", ""));
    assert_eq!(empty["kind"], "empty_secret");
    assert_eq!(
        empty["error"],
        "empty secret: the environment variable `STOCKTAKE_TOKEN` is empty"
    );
    let user = Workspace::new().variable("STOCKTAKE_ADMIN_USER", "ci");
    assert_eq!(failure(&user)["kind"], "unset_secret");
    let emptied = failure(&user.variable("STOCKTAKE_ADMIN_PASSWORD", ""));
    assert_eq!(emptied["kind"], "empty_secret");
    assert_eq!(
        emptied["error"],
        "empty secret: the environment variable `STOCKTAKE_ADMIN_PASSWORD` is empty"
    );
    assert_eq!(failure(&Workspace::new())["kind"], "unset_secret");
    let unset = workspace("{ env: SHOP_TOKEN }");
    let unset = unset.run(&["plan", "--format", "json"]).exits(1).json();
    assert_eq!(unset["kind"], "unset_secret");
    // What fails for another reason has no kind.
    let nobody = Workspace::new().at("http://127.0.0.1:1");
    let failure = nobody.run(&["plan", "--format", "json"]).exits(1).json();
    assert_eq!(failure["kind"], json!(null));
}

#[test]
fn what_pasting_adds_to_a_secret_is_taken_off_or_reported() {
    let shop = SandboxProcess::demo();
    let workspace = |token: String| {
        let workspace = Workspace::new().variable("SHOP_TOKEN", token);
        workspace.settings(&shop.url(), &["reindex: cron"]);
        workspace
    };
    for taken in [
        format!("Bearer {TOKEN}"),
        format!(" {TOKEN}\r\n\n"),
        format!("\u{feff}{TOKEN}"),
    ] {
        workspace(taken).run(&["plan"]).exits(0);
    }
    let before = shop.methods();
    for (token, said) in [
        (format!("\"{TOKEN}\""), "stands in quotes"),
        (
            "${{ secrets.SHOP_TOKEN }}".to_owned(),
            "was not replaced by a value",
        ),
        ("$SHOP_TOKEN".to_owned(), "was not replaced by a value"),
        (format!("Authorization: Bearer {TOKEN}"), "is a whole header"),
        (format!("{TOKEN}\u{200b}"), "has an invisible character (U+200B)"),
        (
            format!("{TOKEN}\u{e9}"),
            "has a character that no such secret has (U+00E9)",
        ),
    ] {
        let reported = workspace(token).run(&["plan", "-vvv"]).exits(1).stderr;
        let error = reported
            .lines()
            .find(|line| line.starts_with("error:"))
            .expect("an error is told");
        assert!(
            error.starts_with("error: the environment variable `SHOP_TOKEN` "),
            "{reported}"
        );
        assert!(error.contains(said) && !reported.contains(TOKEN), "{reported}");
    }
    assert_eq!(shop.methods(), before, "a useless token was sent");
}

#[test]
fn a_password_is_sent_as_it_is_and_an_odd_one_is_reported() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_ADMIN_USER", "admin")
        .variable("STOCKTAKE_ADMIN_PASSWORD", "Sandbox-admin-1 ");
    let reported = workspace.run(&["plan"]).exits(1).stderr;
    assert!(
        reported.contains("the environment variable `STOCKTAKE_ADMIN_PASSWORD` begins or ends with blanks"),
        "{reported}"
    );
    assert!(
        reported.contains("six failures lock the user out") && !reported.contains("Sandbox-admin"),
        "{reported}"
    );
}

#[test]
fn the_address_of_an_authenticator_app_gives_its_secret() {
    let shop = SandboxProcess::start(&["--profile", "2.4.7", "--two-factor"]);
    let workspace = |totp: &str| {
        Workspace::new()
            .variable("STOCKTAKE_URL", shop.url())
            .variable("STOCKTAKE_ADMIN_USER", "careful")
            .variable("STOCKTAKE_ADMIN_PASSWORD", "Sandbox-careful-1")
            .variable("STOCKTAKE_ADMIN_TOTP", totp)
    };
    for secret in [
        "otpauth://totp/Shop:careful?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Shop",
        "jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp",
    ] {
        workspace(secret).run(&["plan"]).exits(0);
    }
    let before = shop.methods();
    for (secret, said) in [
        ("123456", "is a one-time code"),
        ("no base32!", "is neither base32"),
    ] {
        let reported = workspace(secret).run(&["plan"]).exits(1).stderr;
        assert!(
            reported.contains(&format!("the environment variable `STOCKTAKE_ADMIN_TOTP` {said}")),
            "{reported}"
        );
    }
    assert_eq!(shop.methods(), before);
}
