//! Trouble before anything is written: exit 1, told with what to do next.

use snapbox::{assert_data_eq, str};

use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// A loopback port that is held, so that nobody else takes it, and on which nobody listens.
fn dead_port() -> (tokio::net::TcpSocket, u16) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket can be made");
    let any = "127.0.0.1:0".parse().expect("this is an address");
    socket.bind(any).expect("a loopback port is free");
    let port = socket.local_addr().expect("it is bound").port();
    (socket, port)
}

#[test]
fn a_refused_connection_is_reported_with_what_to_check() {
    let (_held, port) = dead_port();
    let workspace = Workspace::new().at(format!("http://127.0.0.1:{port}"));
    let outcome = workspace.run(&["plan", "-q"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: no connection to the server
  because: error sending request
  because: client error (Connect)
  because: tcp connect error
  because: Connection refused (os error 111)
  help: nothing listens there: check the URL's host and port, and that the shop is up

"#]]
    );
}

#[test]
fn a_bad_token_is_reported_with_the_permission_that_is_missing() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_TOKEN", "never-existed");
    let outcome = workspace.run(&["apply", "--yes"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 401 The consumer isn't authorized to access Magento_InventoryApi::stock.
  help: the token is wrong or expired, or it lacks the resource Magento_InventoryApi::stock: see System > Extensions > Integrations > API. Since 2.4.4 an integration's access token alone is refused: sign with its four secrets (auth: oauth1), or switch it on in Stores > Configuration > Services > OAuth > Consumer Settings

"#]]
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_token_may_stand_in_a_file() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new();
    workspace.write("token", &format!("{}\n", testkit::workspace::TOKEN));
    workspace
        .run(&["plan", "--url", &shop.url(), "--token-file", "token"])
        .exits(0);
    let outcome = workspace
        .run(&["plan", "--url", &shop.url(), "--token-file", "elsewhere"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: the file `elsewhere` cannot be read
  because: No such file or directory (os error 2)

"#]]
    );
    let outcome = workspace
        .run(&["plan", "--url", &shop.url()])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: no credential is given for --url
  help: put a token into STOCKTAKE_TOKEN or a file (--token-file); docs/how-to/integration.md lists other ways to sign in

"#]]
    );
}

#[test]
fn an_unknown_source_is_reported_at_its_line_and_nothing_is_written() {
    let shop = SandboxProcess::demo();
    let workspace =
        Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlni, hq]\n")
            .at(shop.url());
    let outcome = workspace.run(&["apply", "--yes"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error[unknown-source]: the target has no source `berlni`
 --> inventory.yaml:4:24
  |
4 |     sources: [leipzig, berlni, hq]
  |                        ^^^^^^ not on the target
  |
  = help: did you mean `berlin`?
error: no plan can be made for this target

"#]]
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn an_unknown_stock_is_reported_at_its_line_and_nothing_is_written() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Eurpe Stock\n    sources: [leipzig]\n")
        .at(shop.url());
    let outcome = workspace.run(&["apply", "--yes"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error[unknown-stock]: the target has no stock named `Eurpe Stock`
 --> inventory.yaml:3:11
  |
3 |   - name: Eurpe Stock
  |           ^^^^^^^^^^^ not on the target
  |
  = help: did you mean `Europe Stock`?
error: no plan can be made for this target

"#]]
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_maintenance_page_is_reported_as_one() {
    let proxy = Proxy::alone(|_| {
        let page = "<!doctype html><html><head><title>Service Temporarily Unavailable</title></head></html>";
        Canned::new(503, "text/html", page).with("Retry-After", "3600")
    });
    let outcome = Workspace::new()
        .at(proxy.url())
        .run(&["plan"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 503 with text/html in place of JSON, a page titled "Service Temporarily Unavailable"
  help: the shop is in maintenance mode or a proxy in front of it cannot reach it; try again when it is back

"#]]
    );
    assert_eq!(proxy.seen().len(), 1, "an hour is too long to wait for");
}

#[test]
fn what_a_page_says_cannot_steer_the_terminal() {
    let proxy = Proxy::alone(|_| {
        Canned::new(
            404,
            "text/html",
            "<title>\u{1b}]0;owned\u{7}\u{1b}[31mred\u{202e}</title>",
        )
    });
    let outcome = Workspace::new()
        .at(proxy.url())
        .run(&["plan", "--color", "never"])
        .exits(1)
        .prints_nothing();
    assert!(
        !outcome.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{:?}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("red"), "{}", outcome.stderr);
}

#[test]
fn bad_files_stop_every_command_before_anything_is_asked() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sourcs: [leipzig]\n")
        .at(shop.url());
    for command in [&["plan"][..], &["apply", "--yes"], &["status"]] {
        let outcome = workspace.run(command).exits(1).prints_nothing();
        assert!(outcome.stderr.contains("sourcs"), "{}", outcome.stderr);
    }
    assert!(shop.methods().is_empty());
}

#[test]
fn a_damaged_journal_is_reported_and_nothing_is_written() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["reindex"]).exits(0);
    let journal = workspace.journal();
    std::fs::write(&journal, "what?\n").expect("it can be written");
    let outcome = workspace.run(&["apply", "--yes", "-q"]).exits(1);
    let folder = journal
        .parent()
        .and_then(std::path::Path::file_name)
        .expect("a folder");
    let journal = format!(".stocktake/{}/journal.jsonl", folder.display());
    assert_eq!(
        outcome.stderr,
        format!(
            "error: the journal {journal} is damaged at line 1; move it away and run `stocktake reindex --force` once, or wait \
             for the shop's cron where that reindexes\n"
        )
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_proxy_of_the_environment_is_not_asked_for_this_machine() {
    let mut workspace = Workspace::new();
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        workspace = workspace.variable(name, "http://127.0.0.1:9");
    }
    workspace.run(&["apply", "--sandbox", "--yes"]).exits(0);
}

#[test]
fn no_log_line_carries_what_a_terminal_would_obey() {
    let page = "<title>\u{1b}]0;mine\u{7}\u{1b}[31mred\u{202e}</title>";
    let proxy = Proxy::alone(move |_| Canned::new(503, "text/html", page));
    for level in ["-v", "-vv", "-vvv"] {
        let outcome = Workspace::new()
            .at_without_waits(&proxy.url())
            .run(&["plan", level])
            .exits(1);
        // A sentence, without names of fields and digits that say nothing.
        assert!(outcome.stderr.contains("trying again in "), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("pause="), "{}", outcome.stderr);
        let obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!outcome.stderr.contains(obeyed), "{:?}", outcome.stderr);
    }
}
