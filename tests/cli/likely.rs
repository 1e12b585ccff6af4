//! The likely spelling: whatever a person may mistype, the word that was probably meant is named.

use super::desk::Desk;
use super::standing::Standing;

/// Asserts that a run is refused and names what was probably meant.
#[track_caller]
fn meant(desk: &Desk, arguments: &[&str], likely: &str) {
    let outcome = desk.run(arguments);
    assert!(matches!(outcome.code, 1 | 64), "{arguments:?}: {outcome:?}");
    let told = outcome.stderr;
    let words = [format!("did you mean `{likely}`?"), format!("exists: '{likely}'")];
    assert!(
        words.iter().any(|words| told.contains(words)),
        "{arguments:?}: {told}"
    );
}

#[test]
fn words_of_the_command_line() {
    let desk = Desk::new();
    for (arguments, likely) in [
        (&["pln"][..], "plan"),
        (&["staus", "--sandbox"], "status"),
        (&["plan", "--sandbx"], "--sandbox"),
        (&["drift", "--sandbox", "--prov", "index"], "--prove"),
        (&["plan", "--format", "jsn"], "json"),
        (&["drift", "--sandbox", "--prove", "indx"], "index"),
        (&["schema", "inventry"], "inventory"),
        (&["completions", "bsh"], "bash"),
        (&["init", "--ci", "githb"], "github"),
        (&["plan", "--sandbox", "--color", "nver"], "never"),
    ] {
        meant(&desk, arguments, likely);
    }
}

#[test]
fn stocks() {
    let desk = Desk::new();
    for arguments in [
        &["export", "--sandbox", "--stock", "Europ Stock"][..],
        &["graph", "--sandbox", "--stock", "Europ Stock"],
        &["plan", "--sandbox", "--allow", "empty-stock=Europ Stock"],
        &[
            "apply",
            "--sandbox",
            "--yes",
            "--allow",
            "delete-percent=Europ Stock",
        ],
    ] {
        meant(&desk, arguments, "Europe Stock");
    }
}

#[test]
fn names_and_keys_of_files() {
    let desk = Desk::with("version: 1\nstocks:\n  - name: Europ Stock\n    sources: [leipzig]\n");
    meant(&desk, &["plan", "--sandbox"], "Europe Stock");
    let desk = Desk::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzi]\n");
    meant(&desk, &["plan", "--sandbox"], "leipzig");
    let desk = Desk::with("version: 1\nstock:\n  - name: Europe Stock\n");
    meant(&desk, &["validate"], "stocks");
    let desk =
        Desk::with("version: 1\nsources: [{ code: leipzig }]\nstocks: [{ name: A, sources: [leipzi] }]\n");
    meant(&desk, &["validate"], "leipzig");
}

#[test]
fn targets_and_their_keys() {
    let shop = Standing::demo();
    let desk = Desk::new().variable("SHOP_TOKEN", super::desk::TOKEN);
    desk.settings(&shop.url(), &["protect: [Europ Stock]"]);
    meant(&desk, &["plan", "--target", "shpo"], "shop");
    // Not in the way of a plan, and told all the same.
    let told = desk.run(&["plan"]).exits(0).stderr;
    assert!(told.contains("Europe Stock"), "{told}");
    desk.settings(&shop.url(), &["gaurd: {}"]);
    meant(&desk, &["plan"], "guard");
    desk.settings(&shop.url(), &["prove: indx"]);
    meant(&desk, &["plan"], "index");
}
