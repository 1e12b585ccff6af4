//! How several targets are selected: by flags and by the environment.

use snapbox::{assert_data_eq, str};

use super::{NOWHERE, Shops, codes, summary, targets};

#[test]
fn a_target_that_is_named_twice_is_asked_once_and_reported_as_one() {
    let shops = Shops::new();
    let twice = shops
        .run(&["drift", "--target", "eu,eu", "--target", "eu"])
        .exits(2);
    assert_eq!(shops.eu.methods()["GET"], 3);
    let once = shops.run(&["drift", "--target", "eu"]).exits(2);
    assert_eq!((twice.stdout, twice.stderr), (once.stdout, once.stderr));
}

#[test]
fn all_targets_are_reported_as_several_also_when_there_is_one() {
    let shops = Shops::new();
    targets(&shops.workspace, &[("eu", &shops.eu.url(), "reindex: cron")]);
    let document = shops.document(&["drift", "--all-targets"], 2);
    assert_eq!(codes(&document), [("eu", 2)]);
}

#[test]
fn names_that_cannot_be_meant_are_wrong_usage_before_anything_is_asked() {
    let shops = Shops::new();
    let outcome = shops
        .run(&["drift", "--target", "eu,asai"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: there is no target `asai`; known: `eu`, `us`, `asia`; did you mean `asia`?

"#]]
    );
    for arguments in [
        &["drift", "--all-targets", "--target", "eu"][..],
        &["drift", "--all-targets", "--sandbox"],
        &["drift", "--all-targets", "--url", NOWHERE],
        &["export", "--all-targets"],
    ] {
        shops.run(arguments).exits(64).prints_nothing();
    }
    let outcome = shops.run(&["export", "--target", "eu,us"]).exits(64);
    assert!(
        outcome.stderr.contains("this command works on one target"),
        "{}",
        outcome.stderr
    );
    assert!(shops.eu.methods().is_empty());
}

#[test]
fn the_environment_can_name_several() {
    let shops = Shops::new();
    let Shops { workspace, eu, us } = shops;
    let shops = Shops {
        workspace: workspace.variable("STOCKTAKE_TARGET", "us,eu"),
        eu,
        us,
    };
    let outcome = shops.run(&["drift"]).exits(2);
    assert_eq!(summary(&outcome), "Targets: us drifted, eu drifted.");
    let outcome = shops.run(&["drift", "--all-targets"]).exits(1);
    assert_eq!(summary(&outcome), "Targets: eu drifted, us drifted, asia failed.");
}
