//! `fmt`: what it writes, what it says of files that would change, and when it refuses.

use std::io::Write as _;
use std::process::Stdio;

use snapbox::{assert_data_eq, str};

use testkit::workspace::Workspace;

const UNTIDY: &str = "\
# The topology of the shop.
version: 1
stocks:
# Ships to the whole continent.
- sources: # by distance
  - ne_wh # Northeast

  # The stores come last.
  - \"brooklyn\"
  name: 'North America Stock'
- name: Europe Stock
  sources: [
      leipzig,
      berlin,
  ] # both
- name: Numbers
  sources: [{priority: 10, code: leipzig}, {code: 'berlin', priority: 20}]
# Every source that there is.
sources:
- code: ne_wh
  name: Northeast
- {name: Brooklyn, code: brooklyn}
- code: leipzig
- code: berlin # the new one
";

#[test]
fn the_canonical_form() {
    let workspace = Workspace::with(UNTIDY);
    let outcome = workspace.run(&["fmt"]).exits(0).prints_nothing();
    assert_eq!(outcome.stderr, "Wrote inventory.yaml.\n");
    let text = std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there");
    assert_data_eq!(
        text,
        str![[r#"
# The topology of the shop.
version: 1

# Every source that there is.
sources:
  - { code: ne_wh, name: Northeast }
  - { code: brooklyn, name: Brooklyn }
  - { code: leipzig }
  - { code: berlin } # the new one

stocks:
  # Ships to the whole continent.
  - name: North America Stock
    sources: # by distance
      - ne_wh # Northeast

      # The stores come last.
      - brooklyn

  - name: Europe Stock
    sources: [leipzig, berlin] # both

  - name: Numbers
    sources:
      - { code: leipzig, priority: 10 }
      - { code: berlin, priority: 20 }

"#]]
    );
    let again = workspace.run(&["fmt"]).exits(0).prints_nothing();
    assert_eq!(again.stderr, "");
}

#[test]
fn files_that_would_change_are_named_and_not_touched() {
    let workspace = Workspace::with(UNTIDY);
    workspace.write("tidy/one.yaml", "version: 1\n\nstocks: []\n");
    let outcome = workspace
        .run(&["fmt", "--check", "inventory.yaml", "tidy"])
        .exits(2);
    assert_eq!(
        (outcome.stdout.as_str(), outcome.stderr.as_str()),
        ("inventory.yaml\n", "")
    );
    workspace
        .run(&["fmt", "--check", "tidy"])
        .exits(0)
        .prints_nothing();
    let outcome = workspace.run(&["fmt", "--diff", "inventory.yaml"]).exits(2);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
--- inventory.yaml
+++ inventory.yaml
@@ -1,24 +1,26 @@
 # The topology of the shop.
 version: 1
-stocks:
-# Ships to the whole continent.
-- sources: # by distance
-  - ne_wh # Northeast
 
-  # The stores come last.
-  - "brooklyn"
-  name: 'North America Stock'
-- name: Europe Stock
-  sources: [
-      leipzig,
-      berlin,
-  ] # both
-- name: Numbers
-  sources: [{priority: 10, code: leipzig}, {code: 'berlin', priority: 20}]
 # Every source that there is.
 sources:
-- code: ne_wh
-  name: Northeast
-- {name: Brooklyn, code: brooklyn}
-- code: leipzig
-- code: berlin # the new one
+  - { code: ne_wh, name: Northeast }
+  - { code: brooklyn, name: Brooklyn }
+  - { code: leipzig }
+  - { code: berlin } # the new one
+
+stocks:
+  # Ships to the whole continent.
+  - name: North America Stock
+    sources: # by distance
+      - ne_wh # Northeast
+
+      # The stores come last.
+      - brooklyn
+
+  - name: Europe Stock
+    sources: [leipzig, berlin] # both
+
+  - name: Numbers
+    sources:
+      - { code: leipzig, priority: 10 }
+      - { code: berlin, priority: 20 }

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there"),
        UNTIDY
    );
}

#[test]
fn a_file_that_is_no_inventory_is_refused_and_no_other_is_written() {
    let workspace = Workspace::with(UNTIDY);
    workspace.write("wrong.yaml", "version: 1\nstocks:\n- nam: X\n");
    let outcome = workspace
        .run(&["fmt", "inventory.yaml", "wrong.yaml"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error[unknown-key]: a stock has no key `nam`
 --> wrong.yaml:3:3
  |
3 | - nam: X
  |   ^^^
  |
  = help: did you mean `name`?

error[missing-key]: a stock needs the key `name`
 --> wrong.yaml:3:3
  |
3 | - nam: X
  |   ^^^

error[missing-key]: a stock needs the key `sources`
 --> wrong.yaml:3:3
  |
3 | - nam: X
  |   ^^^
error: the files cannot be formatted

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there"),
        UNTIDY
    );
}

#[test]
fn from_standard_input_to_standard_output() {
    let workspace = Workspace::bare();
    let mut child = workspace
        .command(&["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let text =
        "stocks: [{ name: A, sources: &all [a, b] }, { name: B, sources: *all }]\r\nversion: 1 # first\r\n";
    child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(text.as_bytes())
        .expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("output is UTF-8");
    assert!(
        !text.replace("\r\n", "").contains('\n'),
        "the line breaks are the file's"
    );
    assert_data_eq!(
        text.replace('\r', ""),
        str![[r#"
stocks:
  - name: A
    sources: &all [a, b]

  - name: B
    sources: *all

version: 1 # first

"#]]
    );
}
