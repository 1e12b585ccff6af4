//! The content of a message: by its schema, without secrets, and inert when names are hostile.

use serde_json::json;

use super::{Catcher, SECRET, SLACK, delete, workspace};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn the_document_is_what_its_schema_says() {
    let schema = include_str!("../../../schemas/notification.schema.json");
    let validator =
        jsonschema::validator_for(&serde_json::from_str(schema).expect("a schema")).expect("a schema");
    let shop = SandboxProcess::demo();
    let plain = Catcher::start();
    let workspace = Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("HOOK", plain.url());
    workspace.settings(&shop.url(), &["notify: [{ webhook: { env: HOOK } }]"]);
    workspace.run(&["drift", "--notify", "--prove", "index"]).exits(2);
    workspace.write(
        "inventory.yaml",
        "version: 1\nstocks: [{ name: Moon Stock, sources: [hq] }]\n",
    );
    workspace.run(&["drift", "--notify", "--prove", "index"]).exits(1);
    workspace.run(&["drift", "--notify", "--prove", "index"]).exits(1);
    let received = plain.received();
    let transition: Vec<_> = received
        .iter()
        .map(|received| (&received["news"], &received["obstacle"]))
        .collect();
    assert_eq!(json!(transition), json!([["drift", null], ["unknown", "files"]]));
    for received in &received {
        let faults: Vec<String> = validator
            .iter_errors(received)
            .map(|fault| fault.to_string())
            .collect();
        assert_eq!(faults, [""; 0], "{received:#}");
    }
}

#[test]
fn the_address_is_nowhere_however_much_is_reported() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack).variable("STOCKTAKE_LOG", "trace");
    workspace.settings(&shop.url(), &[SLACK]);
    let mut traces = String::new();
    let mut run = |received: &str| {
        let outcome = workspace.run(&[
            "drift",
            "--notify",
            "-vvv",
            "--format",
            "json,text=d.txt,html=d.html",
        ]);
        assert!(outcome.stderr.contains(received), "{}", outcome.stderr);
        traces += &(outcome.stdout + &outcome.stderr);
    };
    for (status, received) in [
        (500, "it answered 500"),
        (302, "it answered 302"),
        (404, "it answered 404"),
        (200, "was notified of drift"),
    ] {
        slack.answers(status);
        run(received);
    }
    delete(&shop, "hq");
    let at = slack.url();
    drop(slack);
    run("it cannot be reached");
    for bad in ["ftp://x/", "http://shop.example/", "no URL ", "https://u:p@x/"] {
        let workspace = Workspace::new()
            .variable("SHOP_TOKEN", TOKEN)
            .variable("SLACK_URL", format!("{bad}{SECRET}"));
        workspace.settings(&shop.url(), &[SLACK]);
        let outcome = workspace.run(&["drift", "--notify", "-vvv"]).exits(2);
        assert!(
            outcome.stderr.contains("its address cannot be used"),
            "{}",
            outcome.stderr
        );
        traces += &(outcome.stdout + &outcome.stderr);
    }
    let state = workspace.path(".stocktake");
    let folder = std::fs::read_dir(&state)
        .expect("there is state")
        .next()
        .expect("of a shop");
    for file in std::fs::read_dir(folder.expect("it is listed").path()).expect("it is a folder") {
        traces += &std::fs::read_to_string(file.expect("it is listed").path()).expect("state is text");
    }
    traces += &["d.txt", "d.html"]
        .map(|file| std::fs::read_to_string(workspace.path(file)).expect("it is there"))
        .concat();
    assert!(traces.contains("\"condition\": \"drift\""), "{traces}");
    assert!(!traces.contains(SECRET) && !traces.contains(&at));
}

#[test]
fn hostile_names_call_nobody() {
    let hostile = "<!channel> `x` @here <https://evil.example|y>";
    let demo = testkit::shop::DEMO_SEED;
    let name = json!(hostile).to_string();
    let workspace = Workspace::bare();
    workspace.write("seed.json", &demo.replace("\"Europe Stock\"", &name));
    let seed = workspace.path("seed.json");
    let shop = SandboxProcess::start(&["--seed", seed.to_str().expect("a path")]);
    let slack = Catcher::start();
    let workspace = self::workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    workspace.write(
        "inventory.yaml",
        &format!("version: 1\nstocks: [{{ name: {name}, sources: [hq] }}]\n"),
    );
    workspace.run(&["drift", "--notify"]).exits(2);
    let texts = slack.texts();
    let (_, named) = texts[0].split_once("• ").expect("it names the stock");
    assert!(
        named.starts_with("`&lt;!channel&gt; 'x' @here &lt;https://evil.example|y&gt;`: "),
        "{named}"
    );
    assert!(!texts[0].contains(['<', '>']));
}
