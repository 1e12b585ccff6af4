//! Annotations: one a line of the file, and told of the files' own findings too.

use spanned_yaml::diag::InputFiles;
use stocktake::report::{PlanView, diagnostic_findings, github, plan_findings};
use stocktake::spec::load;

use testkit::plan_fixtures as plans;

#[test]
fn many_moves_on_one_line_are_one_annotation() {
    let plan = plans::refused();
    let out = github(&plan_findings(&PlanView::from(&plan)));
    let notices = out.lines().filter(|line| line.starts_with("::notice ")).count();
    assert_eq!(notices, 3, "{out}");
    assert!(out.starts_with("::error file=inventory.yaml,line="), "{out}");
}

#[test]
fn what_is_wrong_with_a_file_stands_at_its_place() {
    let files = InputFiles::one(
        "stocks/eu.yaml",
        "version: 1\nstocks:\n  - name: S\n    sources: [a, a]\n",
    );
    let loaded = load(&files);
    insta::assert_snapshot!(
        github(&diagnostic_findings(&loaded.diagnostics, &files)),
        @"::error file=stocks/eu.yaml,line=4,endLine=4,col=18,endColumn=18,title=duplicate-link::the source `a` is linked twice to `S`"
    );
}
