//! Several forms of a plan at once, each to its file, and what goes to standard output.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use testkit::workspace::Workspace;

#[test]
fn every_form_goes_to_its_file_and_the_text_to_standard_output() {
    let workspace = Workspace::new();
    let formats = "markdown=plan.md,json=plan.json,github=plan.gh,sarif=plan.sarif,junit=plan.xml,text=plan.txt,html=plan.html";
    let outcome = workspace
        .run(&["plan", "--sandbox", "--format", formats])
        .exits(0);
    let read = |name: &str| std::fs::read_to_string(workspace.path(name)).expect("the file is there");
    assert!(
        outcome.stdout.contains("\nPlan: 2 to delete"),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        read("plan.txt").lines().skip(1).collect::<Vec<_>>(),
        outcome.stdout.lines().skip(1).collect::<Vec<_>>()
    );
    assert!(read("plan.md").starts_with("<!-- stocktake:plan target=sandbox -->\n"));
    assert!(read("plan.html").contains("<h1 id=\"title\">Inventory plan for <bdi>sandbox</bdi></h1>"));
    assert!(read("plan.gh").starts_with("::warning file=inventory.yaml,line=20,"));
    assert!(read("plan.xml").contains("<testsuites name=\"stocktake sandbox\" tests=\"7\""));
    let json = |name: &str| serde_json::from_str::<Value>(&read(name)).expect("JSON");
    assert_eq!(json("plan.json")["summary"]["moves"], 4);
    assert_eq!(json("plan.sarif")["version"], "2.1.0");
}

#[test]
fn they_are_written_also_when_a_guard_refuses() {
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n");
    let formats = [
        "plan",
        "--sandbox",
        "--detailed-exitcode",
        "--format",
        "json,markdown=plan.md",
    ];
    let outcome = workspace.run(&formats).exits(3);
    assert_eq!(outcome.json()["guards"][0]["effect"], "refused");
    let comment = std::fs::read_to_string(workspace.path("plan.md")).expect("the file is there");
    assert!(comment.contains("⛔ **Refused by a guard:**"), "{comment}");
}

#[test]
fn a_file_that_cannot_be_written_keeps_no_other_from_it() {
    let workspace = Workspace::new();
    let formats = [
        "plan",
        "--sandbox",
        "--format",
        "json,markdown=none/plan.md,junit=plan.xml",
    ];
    let outcome = workspace.run(&formats).exits(1);
    assert_data_eq!(
        outcome.stderr.as_str(),
        str![[r#"
error: none/plan.md cannot be written
  because: entity not found

"#]]
    );
    assert_eq!(outcome.json()["plan"]["summary"]["deletes"], 2);
    assert!(workspace.path("plan.xml").is_file());
}

#[test]
fn forms_that_get_in_each_others_way_are_wrong_usage() {
    let workspace = Workspace::new();
    for (formats, error) in [
        ("text,markdown", "only one form can go to standard output"),
        ("markdown=a,html=a", "two forms cannot go to a"),
        ("markdown=", "a file must stand behind `=`"),
    ] {
        let outcome = workspace
            .run(&["plan", "--sandbox", "--format", formats])
            .exits(64);
        assert!(outcome.stderr.contains(error), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
    let both = workspace
        .run(&["plan", "--sandbox", "--format", "json,text"])
        .exits(64);
    assert_eq!(both.json()["exit_code"], 64);
    let unknown = workspace
        .run(&["plan", "--sandbox", "--format", "markdwon=a"])
        .exits(64);
    assert!(
        unknown.stderr.contains("a similar value exists: 'markdown'"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn files_of_which_no_plan_can_be_made_are_annotated() {
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hqq]\n");
    let formats = [
        "plan",
        "--sandbox",
        "--format",
        "github,sarif=plan.sarif,markdown=plan.md",
    ];
    let outcome = workspace.run(&formats).exits(1);
    assert!(
        outcome.stdout.starts_with(
            "::error file=inventory.yaml,line=4,endLine=4,col=15,endColumn=17,title=unknown-source::"
        ),
        "{}",
        outcome.stdout
    );
    let log = std::fs::read_to_string(workspace.path("plan.sarif")).expect("the file is there");
    let log: Value = serde_json::from_str(&log).expect("JSON");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "unknown-source");
    assert!(!workspace.path("plan.md").exists());
}

/// What an earlier run left must not be taken for the result of a run that came to none.
#[test]
fn files_of_an_earlier_run_do_not_stay_when_no_plan_can_be_made() {
    let files = [
        "plan.txt",
        "plan.md",
        "plan.html",
        "plan.xml",
        "plan.gh",
        "plan.sarif",
        "plan.json",
    ];
    let formats = "text=plan.txt,markdown=plan.md,html=plan.html,junit=plan.xml,github=plan.gh,sarif=plan.sarif,json=plan.json";
    for command in ["plan", "drift"] {
        let workspace = Workspace::new();
        let there = || {
            let there = files.iter().filter(|name| workspace.path(name).exists());
            there.copied().collect::<Vec<_>>()
        };
        workspace.run(&[command, "--sandbox", "--format", formats]);
        assert_eq!(there(), files, "{command}");
        let unreachable = ["--url", "http://127.0.0.1:1", "--token-file", "token"];
        workspace.write("token", "t");
        workspace
            .run(&[&[command, "--format", formats][..], &unreachable].concat())
            .exits(1)
            .prints_nothing();
        assert_eq!(there(), ["plan.json"], "{command}");
        let reported = std::fs::read_to_string(workspace.path("plan.json")).expect("the file is there");
        let reported: Value = serde_json::from_str(&reported).expect("JSON");
        assert_eq!(reported["exit_code"], 1, "{command}");
        assert!(
            reported["error"]
                .as_str()
                .is_some_and(|error| error.contains("no connection"))
        );

        workspace.run(&[command, "--sandbox", "--format", formats]);
        workspace.write(
            "inventory.yaml",
            "version: 1\nstocks: [{ name: Europe Stock, sources: [hqq] }]\n",
        );
        workspace
            .run(&[command, "--sandbox", "--format", formats])
            .exits(1);
        assert_eq!(there(), ["plan.gh", "plan.sarif", "plan.json"], "{command}");
        let annotations = std::fs::read_to_string(workspace.path("plan.gh")).expect("the file is there");
        assert!(annotations.contains("title=unknown-source"), "{annotations}");
    }
}

#[test]
fn what_else_goes_wrong_leaves_no_form_of_an_earlier_run_either() {
    let workspace = Workspace::new();
    let read = |name: &str| std::fs::read_to_string(workspace.path(name)).unwrap_or_default();
    workspace.write("d.md", "old");
    workspace.write("d.json", "old");
    let formats = "markdown=d.md,json=d.json";
    workspace
        .run(&["drift", "--sandbox", "--notify", "--format", formats])
        .exits(64);
    assert!(!workspace.path("d.md").exists());
    assert!(read("d.json").contains("\"exit_code\": 64"), "{}", read("d.json"));
    workspace.write("d.md", "old");
    let unsaved = [
        "plan",
        "--sandbox",
        "--out",
        "none/plan.json",
        "--format",
        formats,
    ];
    workspace.run(&unsaved).exits(1).prints_nothing();
    assert!(
        read("d.md").contains("### Inventory plan for"),
        "{}",
        read("d.md")
    );
    assert!(read("d.json").contains("\"live_sha256\""), "{}", read("d.json"));
}

#[test]
fn a_file_that_cannot_be_shown_is_left_as_it_is() {
    let workspace = Workspace::new();
    workspace.write("plan.json", "{ \"no\": \"plan\" }");
    workspace.write("plan.md", "old");
    workspace
        .run(&["show", "plan.json", "--format", "json=plan.json,markdown=plan.md"])
        .exits(1);
    let read = |name: &str| std::fs::read_to_string(workspace.path(name)).expect("the file is there");
    assert_eq!(read("plan.json"), "{ \"no\": \"plan\" }");
    workspace
        .run(&["show", "plan.json", "--format", "markdown=plan.md"])
        .exits(1);
    assert!(!workspace.path("plan.md").exists());
}

#[cfg(unix)]
#[test]
fn a_device_is_not_removed_and_a_link_is_left_and_reported() {
    let workspace = Workspace::with("version: 1\nstocks: [{ name: Europe Stock, sources: [hqq] }]\n");
    workspace.write("real.md", "old");
    std::os::unix::fs::symlink(workspace.path("real.md"), workspace.path("plan.md"))
        .expect("a link can be made");
    let outcome = workspace
        .run(&["plan", "--sandbox", "--format", "markdown=plan.md,html=/dev/null"])
        .exits(1);
    let reported = "error: plan.md is of an earlier run and cannot be removed\n  because: it is a link, and no link is written through";
    assert!(outcome.stderr.contains(reported), "{}", outcome.stderr);
    let retained = std::fs::read_to_string(workspace.path("real.md")).expect("the file is there");
    assert_eq!(retained, "old");
    assert!(std::path::Path::new("/dev/null").exists());
}

#[test]
fn findings_of_files_are_annotations_too() {
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hq, hq]\n");
    let outcome = workspace.run(&["validate", "--format", "github"]).exits(1);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
::error file=inventory.yaml,line=4,endLine=4,col=19,endColumn=20,title=duplicate-link::the source `hq` is linked twice to `Europe Stock`

"#]]
    );
    let log = workspace.run(&["validate", "--format", "sarif"]).exits(1).json();
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "duplicate-link");
    assert_eq!(
        rule["shortDescription"]["text"],
        "A stock names each source once, by itself or through a group; so does a group."
    );
}
