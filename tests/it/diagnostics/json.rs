//! Findings as JSON.

use spanned_yaml::diag::{DiagnosticsJson, InputFiles};
use stocktake::spec;

#[test]
fn places_count_from_one_and_in_characters() {
    let files = InputFiles::one(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Zürich\n    sources: [zürich, ZURICH]\n",
    );
    let loaded = spec::load(&files);
    let json = DiagnosticsJson::new(&loaded.diagnostics, &files);
    insta::assert_json_snapshot!(json, @r#"
{
  "format_version": 1,
  "diagnostics": [
    {
      "rule": "duplicate-link",
      "severity": "error",
      "message": "the source `ZURICH` is linked twice to `Zürich`",
      "file": "inventory.yaml",
      "line": 4,
      "column": 23,
      "end_line": 4,
      "end_column": 29,
      "help": [
        "`zürich` and `ZURICH` are the same to the shop, which compares without case and accents"
      ],
      "related": [
        {
          "message": "first here",
          "file": "inventory.yaml",
          "line": 4,
          "column": 15,
          "end_line": 4,
          "end_column": 21
        }
      ]
    }
  ]
}
"#);
}

#[test]
fn what_is_about_no_place_has_none() {
    let found = spanned_yaml::rules::SYNTAX.found("something");
    let json = DiagnosticsJson::new(&[found], &InputFiles::default());
    insta::assert_json_snapshot!(json, @r#"
{
  "format_version": 1,
  "diagnostics": [
    {
      "rule": "yaml-syntax",
      "severity": "error",
      "message": "something",
      "help": [],
      "related": []
    }
  ]
}
"#);
}
