//! `validate`: offline, everything that is wrong in one run.

use snapbox::{assert_data_eq, str};

use testkit::workspace::Workspace;

const BAD: &str = "\
version: 1
sources:
  - code: ne_wh
  - code: hq
stocks:
  - name: North America Stock
    sources: [ne_wh, hqq, ne_wh]
  - name: Europe Stock
    sources:
      - { code: hq, priority: 0 }
    colour: blue
";

#[test]
fn good_files_are_valid() {
    let outcome = Workspace::new().run(&["validate"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Valid: 2 stocks with 12 links, 0 warnings.

"#]]
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn everything_that_is_wrong_is_reported_in_one_run() {
    let outcome = Workspace::with(BAD).run(&["validate"]).exits(1);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Not valid: 4 errors, 0 warnings.

"#]]
    );
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error[undeclared-source]: the source `hqq` is not declared
 --> inventory.yaml:7:22
  |
7 |     sources: [ne_wh, hqq, ne_wh]
  |                      ^^^ not under `sources`
  |
  = help: did you mean `hq`?

error[duplicate-link]: the source `ne_wh` is linked twice to `North America Stock`
 --> inventory.yaml:7:27
  |
7 |     sources: [ne_wh, hqq, ne_wh]
  |               -----       ^^^^^ again here
  |               |
  |               first here

error[priority-range]: a priority is a whole number from 1 to 65535, not 0
  --> inventory.yaml:10:31
   |
10 |       - { code: hq, priority: 0 }
   |                               ^

error[unknown-key]: a stock has no key `colour`
  --> inventory.yaml:11:5
   |
11 |     colour: blue
   |     ^^^^^^
   |
   = help: known keys: `name`, `sources`

"#]]
    );
}

#[test]
fn findings_as_json_are_complete_whatever_the_verdict() {
    let good = Workspace::new().run(&["validate", "--format", "json"]).exits(0);
    assert_eq!(good.json()["diagnostics"], serde_json::json!([]));
    let bad = Workspace::with(BAD)
        .run(&["validate", "--format", "json"])
        .exits(1);
    assert_eq!(bad.stderr, "");
    assert_data_eq!(
        bad.stdout,
        str![[r#"
{
  "format_version": 1,
  "diagnostics": [
    {
      "rule": "undeclared-source",
      "severity": "error",
      "message": "the source `hqq` is not declared",
      "file": "inventory.yaml",
      "line": 7,
      "column": 22,
      "end_line": 7,
      "end_column": 25,
      "help": [
        "did you mean `hq`?"
      ],
      "related": []
    },
    {
      "rule": "duplicate-link",
      "severity": "error",
      "message": "the source `ne_wh` is linked twice to `North America Stock`",
      "file": "inventory.yaml",
      "line": 7,
      "column": 27,
      "end_line": 7,
      "end_column": 32,
      "help": [],
      "related": [
        {
          "message": "first here",
          "file": "inventory.yaml",
          "line": 7,
          "column": 15,
          "end_line": 7,
          "end_column": 20
        }
      ]
    },
    {
      "rule": "priority-range",
      "severity": "error",
      "message": "a priority is a whole number from 1 to 65535, not 0",
      "file": "inventory.yaml",
      "line": 10,
      "column": 31,
      "end_line": 10,
      "end_column": 32,
      "help": [],
      "related": []
    },
    {
      "rule": "unknown-key",
      "severity": "error",
      "message": "a stock has no key `colour`",
      "file": "inventory.yaml",
      "line": 11,
      "column": 5,
      "end_line": 11,
      "end_column": 11,
      "help": [
        "known keys: `name`, `sources`"
      ],
      "related": []
    }
  ],
  "exit_code": 1
}

"#]]
    );
}

#[test]
fn a_warning_is_reported_and_stops_nothing() {
    let workspace = Workspace::with(
        "version: 1\nsources: [{ code: a }, { code: b }]\nstocks:\n  - name: S\n    sources: [a]\n",
    );
    let outcome = workspace.run(&["validate"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Valid: 1 stock with 1 link, 1 warning.

"#]]
    );
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
warning[unused-source]: the source `b` serves no stock
 --> inventory.yaml:2:32
  |
2 | sources: [{ code: a }, { code: b }]
  |                                ^ declared here

"#]]
    );
}

#[test]
fn files_and_folders_merge() {
    let workspace = Workspace::bare();
    workspace.write("base.yaml", "version: 1\nsources: [{ code: a }, { code: b }]\n");
    workspace.write(
        "stocks/one.yaml",
        "version: 1\nstocks:\n  - name: One\n    sources: [a]\n",
    );
    workspace.write(
        "stocks/two.yml",
        "version: 1\nstocks:\n  - name: Two\n    sources: [b, a]\n",
    );
    workspace.write("stocks/notes.txt", "not ours");
    let outcome = workspace
        .run(&["validate", "-f", "base.yaml", "-f", "stocks"])
        .exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
Valid: 2 stocks with 3 links, 0 warnings.

"#]]
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_stock_stands_in_one_file_only() {
    let workspace = Workspace::bare();
    workspace.write("a.yaml", "version: 1\nstocks:\n  - name: One\n    sources: [a]\n");
    workspace.write("b.yaml", "version: 1\nstocks:\n  - name: ONE\n    sources: [b]\n");
    let outcome = workspace
        .run(&["validate", "-f", "a.yaml", "-f", "b.yaml"])
        .exits(1);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error[duplicate-stock]: the stock `ONE` is listed twice
 --> b.yaml:3:11
  |
3 |   - name: ONE
  |           ^^^ again here
  |
 ::: a.yaml:3:11
  |
3 |   - name: One
  |           --- first here
  |
  = help: `One` and `ONE` are the same to the shop, which compares without case and accents

"#]]
    );
}

#[test]
fn a_missing_file_is_an_error_with_a_hint() {
    let outcome = Workspace::bare().run(&["validate"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: inventory.yaml cannot be read
  because: No such file or directory (os error 2)
  help: name the files with -f, or run the command where inventory.yaml stands
  help: `stocktake export --out inventory.yaml` writes one that says what the shop has now
  help: `stocktake init` writes the files that a team starts with

"#]]
    );
}

#[test]
fn files_are_named_as_arguments_or_by_option() {
    let workspace = Workspace::bare();
    workspace.write("a.yaml", "version: 1\nstocks:\n  - { name: A, sources: [hq] }\n");
    workspace.write("b.yaml", "version: 1\nstocks:\n  - { name: B, sources: [hq] }\n");
    for arguments in [
        ["validate", "a.yaml", "b.yaml"].as_slice(),
        &["validate", "a.yaml", "-f", "b.yaml"],
        &["validate", "-f", "a.yaml", "-f", "b.yaml"],
    ] {
        let outcome = workspace.run(arguments).exits(0);
        assert_eq!(outcome.stdout, "Valid: 2 stocks with 2 links, 0 warnings.\n");
    }
    workspace
        .run(&["fmt", "--check", "a.yaml", "-f", "b.yaml"])
        .exits(2);
    workspace.run(&["fmt", "a.yaml", "-f", "b.yaml"]).exits(0);
    workspace.run(&["fmt", "--check", "-f", "a.yaml"]).exits(0);
}

#[test]
fn a_folder_without_files_is_an_error() {
    let workspace = Workspace::bare();
    workspace.write("empty/readme.md", "");
    let outcome = workspace
        .run(&["validate", "-f", "empty"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: the folder empty holds no .yaml or .yml file

"#]]
    );
}
