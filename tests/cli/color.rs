//! Colour and loudness: the result alone on standard output, colour where it is wanted.

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

const ESCAPE: char = '\u{1b}';

#[test]
fn no_colour_without_a_terminal() {
    let outcome = Workspace::new().run(&["apply", "--sandbox", "--yes"]).exits(0);
    assert!(!outcome.stdout.contains(ESCAPE));
    assert!(!outcome.stderr.contains(ESCAPE));
}

#[test]
fn colour_when_it_is_asked_for() {
    let outcome = Workspace::new()
        .run(&["plan", "--sandbox", "--color", "always"])
        .exits(0);
    assert!(outcome.stdout.contains("\u{1b}[31m"), "{:?}", outcome.stdout);
    let failure = Workspace::bare().run(&["validate", "--color", "always"]).exits(1);
    assert!(failure.stderr.contains(ESCAPE));
}

#[test]
fn what_colour_says_is_said_without_it() {
    let workspace = Workspace::new();
    let plain = workspace.run(&["plan", "--sandbox"]).exits(0).stdout;
    let coloured = workspace
        .run(&["plan", "--sandbox", "--color", "always"])
        .exits(0)
        .stdout;
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn the_environment_is_heard_and_the_flag_beats_it() {
    let forced = Workspace::new().variable("CLICOLOR_FORCE", "1");
    assert!(
        forced
            .run(&["plan", "--sandbox"])
            .exits(0)
            .stdout
            .contains(ESCAPE)
    );
    assert!(
        !forced
            .run(&["plan", "--sandbox", "--color", "never"])
            .exits(0)
            .stdout
            .contains(ESCAPE)
    );
    let forbidden = Workspace::new().variable("NO_COLOR", "1");
    assert!(
        !forbidden
            .run(&["plan", "--sandbox"])
            .exits(0)
            .stdout
            .contains(ESCAPE)
    );
    assert!(
        forbidden
            .run(&["plan", "--sandbox", "--color", "always"])
            .exits(0)
            .stdout
            .contains(ESCAPE)
    );
}

#[test]
fn quiet_tells_nothing_but_the_result() {
    let workspace = Workspace::new();
    let quiet = workspace.run(&["apply", "--sandbox", "--yes", "-q"]).exits(0);
    assert_eq!(quiet.stderr, "");
    assert_eq!(
        quiet.stdout,
        workspace.run(&["apply", "--sandbox", "--yes"]).exits(0).stdout
    );
}

#[test]
fn quiet_still_tells_errors() {
    let outcome = Workspace::bare()
        .run(&["validate", "-q"])
        .exits(1)
        .prints_nothing();
    assert!(outcome.stderr.starts_with("error: "));
}

#[test]
fn louder_tells_more_and_only_beside_the_result() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let output: Vec<(String, usize)> = ["-q", "-v", "-vv", "-vvv"]
        .iter()
        .map(|flag| {
            let outcome = workspace.run(&["plan", flag]).exits(0);
            (outcome.stdout, outcome.stderr.lines().count())
        })
        .collect();
    assert!(
        output.windows(2).all(|pair| pair[0].0 == pair[1].0),
        "the result is the same"
    );
    assert!(output.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{output:?}");
    assert_eq!(output[0].1, 0);
    assert!(output[2].1 >= 3, "-vv tells each request");
}
