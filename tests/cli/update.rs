//! `export --update`: files in line with the shop, their comments and layout kept.

use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TUTORIAL, Workspace};

fn read(workspace: &Workspace, name: &str) -> String {
    std::fs::read_to_string(workspace.path(name)).expect("it is there")
}

#[test]
fn what_differs_is_edited_and_nothing_else() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let outcome = workspace.run(&["export", "--update"]).exits(0).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
note: `North America Stock`: `berkeley` and `sausalito` have the same priority and no order between them, so the numbers are written.
Brought in line: `North America Stock`.
Brought in line: `Europe Stock`.
Wrote inventory.yaml.

"#]]
    );
    assert_data_eq!(
        read(&workspace, "inventory.yaml"),
        str![[r#"
# yaml-language-server: $schema=./schemas/inventory.schema.json
#
# Which sources serve which stocks, in which order: the first one ships first.
version: 1

sources:
  - { code: ne_wh, name: Northeast Warehouse }
  - { code: west_wh, name: West Coast Warehouse }
  - { code: brooklyn, name: Brooklyn Store }
  - { code: manhattan, name: Manhattan Store }
  - { code: huntington, name: Huntington Store }
  - { code: berkeley, name: Berkeley Store }
  - { code: sausalito, name: Sausalito Store }
  - { code: hq, name: Headquarters }
  - { code: leipzig, name: Leipzig Lager }
  - { code: berlin, name: Berlin Lager }
  - { code: frankfurt, name: Frankfurt Lager }
  - { code: austin_wh, name: Austin Warehouse }
  - { code: baltimore_wh, name: Baltimore Warehouse }

stocks:
  - name: North America Stock
    sources:
      - { code: ne_wh, priority: 1 }
      - { code: west_wh, priority: 3 }
      - { code: brooklyn, priority: 2 }
      - { code: manhattan, priority: 4 }
      - { code: berkeley, priority: 6 }
      - { code: sausalito, priority: 6 }
      - { code: hq, priority: 8 }
      - { code: austin_wh, priority: 9 }

  - name: Europe Stock
    sources: [leipzig, berlin, hq, baltimore_wh]

"#]]
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.writes(), 0);

    let before = read(&workspace, "inventory.yaml");
    let outcome = workspace.run(&["export", "--update"]).exits(0).prints_nothing();
    assert_eq!(outcome.stderr, "In line already; nothing was written.\n");
    assert_eq!(read(&workspace, "inventory.yaml"), before);
}

#[test]
fn an_unchanged_shop_changes_no_byte() {
    let shop = SandboxProcess::demo();
    let odd = "\u{feff}version:   1\r\nstocks:   # ours\r\n-   name:  'Outlet Stock'\r\n    sources:   [reno_wh ,austin_wh]   # two";
    let workspace = Workspace::with(odd).at(shop.url());
    workspace.run(&["export", "--update"]).exits(0);
    assert_eq!(read(&workspace, "inventory.yaml"), odd);
}

#[test]
fn each_stock_is_edited_where_it_stands_and_others_are_added_when_asked_for() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::bare().at(shop.url());
    workspace.write(
        "a.yaml",
        "version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [austin_wh, reno_wh] # the order\n",
    );
    workspace.write(
        "b.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources:\n      # the first one\n      - hq # ours\n      - frankfurt # closed\n",
    );
    let outcome = workspace
        .run(&["export", "--update", "-f", "a.yaml", "-f", "b.yaml"])
        .exits(0);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
Brought in line: `Outlet Stock`.
Brought in line: `Europe Stock`.
Wrote a.yaml.
Wrote b.yaml.

"#]]
    );
    assert_data_eq!(
        read(&workspace, "a.yaml") + &read(&workspace, "b.yaml"),
        str![[r#"
version: 1
stocks:
  - name: Outlet Stock
    sources: [reno_wh, austin_wh] # the order
version: 1
stocks:
  - name: Europe Stock
    sources:
      # the first one
      - leipzig
      - berlin
      - hq # ours
      - baltimore_wh

"#]]
    );

    let outcome = workspace
        .run(&["export", "--update", "--all", "-f", "a.yaml", "-f", "b.yaml"])
        .exits(0);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
Added: `North America Stock`.
Wrote b.yaml.

"#]]
    );
    assert_data_eq!(
        read(&workspace, "b.yaml"),
        str![[r#"
version: 1
stocks:
  - name: Europe Stock
    sources:
      # the first one
      - leipzig
      - berlin
      - hq # ours
      - baltimore_wh

  # `berkeley` and `sausalito` have the same priority and no order between them, so the numbers are written.
  - name: North America Stock
    sources:
      - { code: ne_wh, priority: 1 } # Northeast Warehouse
      - { code: brooklyn, priority: 2 } # Brooklyn Store
      - { code: west_wh, priority: 3 } # West Coast Warehouse
      - { code: manhattan, priority: 4 } # Manhattan Store
      - { code: berkeley, priority: 6 } # Berkeley Store
      - { code: sausalito, priority: 6 } # Sausalito Store
      - { code: hq, priority: 8 } # Headquarters
      - { code: austin_wh, priority: 9 } # Austin Warehouse

"#]]
    );
    workspace
        .run(&["plan", "--detailed-exitcode", "-f", "a.yaml", "-f", "b.yaml"])
        .exits(0);
}

#[test]
fn an_empty_file_gets_stocks_and_declares_their_sources() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with("version: 1\nsources: [] # all\n").at(shop.url());
    workspace
        .run(&["export", "--update", "--stock", "outlet stock"])
        .exits(0);
    assert_data_eq!(
        read(&workspace, "inventory.yaml"),
        str![[r#"
version: 1
sources: [{ code: austin_wh, name: Austin Warehouse }, { code: reno_wh, name: Reno Warehouse }] # all

stocks:
  - name: Outlet Stock
    sources:
      - reno_wh # Reno Warehouse
      - austin_wh # Austin Warehouse

"#]]
    );
    workspace
        .run(&["export", "--update", "--stock", "Europe Stock"])
        .exits(0);
    assert_data_eq!(
        read(&workspace, "inventory.yaml"),
        str![[r#"
version: 1
sources: # all
  - { code: austin_wh, name: Austin Warehouse }
  - { code: reno_wh, name: Reno Warehouse }
  - { code: baltimore_wh, name: Baltimore Warehouse }
  - { code: berlin, name: Berlin Lager }
  - { code: hq, name: Headquarters }
  - { code: leipzig, name: Leipzig Lager }

stocks:
  - name: Outlet Stock
    sources:
      - reno_wh # Reno Warehouse
      - austin_wh # Austin Warehouse

  - name: Europe Stock
    sources:
      - leipzig # Leipzig Lager
      - berlin # Berlin Lager
      - hq # Headquarters
      - baltimore_wh # Baltimore Warehouse

"#]]
    );
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn what_stands_for_several_is_not_edited() {
    let shop = SandboxProcess::demo();
    let text = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: &both [leipzig, berlin]\n  - name: Outlet Stock\n    sources: *both\n";
    let workspace = Workspace::with(text).at(shop.url());
    let outcome = workspace.run(&["export", "--update"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error[not-editable]: the file cannot be brought in line without touching more than what differs
 --> inventory.yaml:6:14
  |
6 |     sources: *both
  |              ^^^^^ this stands for a part of the list that would change
  |
  = help: write it out as a plain list (`stocktake fmt` does what it can), or edit it by hand
error: the files cannot be brought in line with this target

"#]]
    );
    assert_eq!(read(&workspace, "inventory.yaml"), text);
}

#[test]
fn options_of_a_new_file_do_not_go_with_an_old_one() {
    let workspace = Workspace::with(TUTORIAL);
    workspace
        .run(&["export", "--sandbox", "--update", "--explicit"])
        .exits(64);
    workspace.run(&["export", "--sandbox", "--all"]).exits(64);
    workspace
        .run(&["export", "--sandbox", "-f", "inventory.yaml"])
        .exits(64);
}
