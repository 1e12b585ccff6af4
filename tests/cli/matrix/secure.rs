//! The binary through TLS: a private authority, a client certificate, and what is said without them.

use snapbox::{assert_data_eq, str};

use testkit::tls_front::{Authority, SecureShop};
use testkit::workspace::{Outcome, TOKEN, Workspace};

/// A folder with a targets.yaml for that shop and lines for its `connection`.
fn workspace(shop: &SecureShop, connection: &str) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: https://localhost:{}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex: cron\n    connection: {{ {connection} }}\n",
            shop.port
        ),
    );
    workspace
}

/// What stands on standard error, without the port.
fn message(outcome: &Outcome, shop: &SecureShop) -> String {
    outcome.stderr.replace(&shop.port.to_string(), "[PORT]")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_authority_is_trusted_when_it_is_named() {
    let authority = Authority::new();
    let shop = SecureShop::start(&authority, "localhost", None).await;
    let workspace = workspace(&shop, "ca_file: ca.pem");
    let plan = workspace.run(&["plan"]).exits(1);
    assert_data_eq!(
        message(&plan, &shop),
        str![[r#"
error: ca.pem cannot be read
  because: No such file or directory (os error 2)

"#]]
    );
    workspace.write("ca.pem", "no certificate");
    let plan = workspace.run(&["plan"]).exits(1);
    assert_data_eq!(
        message(&plan, &shop),
        str![[r#"
error: the ca_file holds no certificate in PEM

"#]]
    );
    workspace.write(
        "ca.pem",
        &String::from_utf8(authority.pem()).expect("PEM is text"),
    );
    for (arguments, code) in [
        (&["doctor"][..], 0),
        (&["apply", "--yes"], 0),
        (&["plan", "--detailed-exitcode"], 0),
    ] {
        // Over HTTP/2 headers are packed by a library of its own, which must not tell them either.
        let outcome = workspace.run(&[arguments, &["-vvv"]].concat()).exits(code);
        assert!(outcome.stderr.contains("h2::"), "{}", outcome.stderr);
        assert!(
            !outcome.stderr.contains(TOKEN) && !outcome.stdout.contains(TOKEN),
            "{}",
            outcome.stderr
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_authority_is_refused_with_the_way_out() {
    let shop = SecureShop::start(&Authority::new(), "localhost", None).await;
    let workspace = workspace(&shop, "connect_timeout: 10s");
    let plan = workspace.run(&["plan"]).exits(1);
    assert_data_eq!(
        message(&plan, &shop),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: no connection to the server
  because: error sending request
  because: client error (Connect)
  because: invalid peer certificate: UnknownIssuer
  help: no authority that this machine trusts has signed the certificate: name a private one by `ca_file`

"#]]
    );
    let doctor = workspace.run(&["doctor"]).exits(1);
    assert!(doctor.stdout.contains("by `ca_file`"), "{}", doctor.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_host_is_refused_with_the_way_out() {
    let authority = Authority::new();
    let shop = SecureShop::start(&authority, "shop.example.com", None).await;
    let workspace = workspace(&shop, "ca_file: ca.pem");
    workspace.write(
        "ca.pem",
        &String::from_utf8(authority.pem()).expect("PEM is text"),
    );
    let plan = workspace.run(&["plan"]).exits(1);
    assert_data_eq!(
        message(&plan, &shop),
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: no connection to the server
  because: error sending request
  because: client error (Connect)
  because: invalid peer certificate: certificate not valid for name "localhost"; certificate is only valid for DnsName("shop.example.com")
  help: the certificate is for another host name: use the name that it is for

"#]]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let shop = SecureShop::start(&authority, "localhost", Some(&clients)).await;
    let pem = |bytes: Vec<u8>| String::from_utf8(bytes).expect("PEM is text");
    let without = workspace(&shop, "ca_file: ca.pem");
    without.write("ca.pem", &pem(authority.pem()));
    // The reason reaches the client or is cut off, as it happens.
    let plan = without.run(&["plan"]).exits(1);
    assert!(
        plan.stderr.contains("name one by `client_certificate`"),
        "{}",
        plan.stderr
    );
    let with = workspace(&shop, "ca_file: ca.pem, client_certificate: client.pem");
    with.write("ca.pem", &pem(authority.pem()));
    with.write("client.pem", &pem(clients.identity()));
    with.run(&["plan", "--detailed-exitcode"]).exits(2);
}

/// A shop's hooks stand behind the same authority as the shop, and ask for the same certificate.
#[tokio::test(flavor = "multi_thread")]
async fn a_web_hook_is_called_with_the_certificates_of_its_target() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let shop = SecureShop::start(&authority, "localhost", Some(&clients)).await;
    let pem = |bytes: Vec<u8>| String::from_utf8(bytes).expect("PEM is text");
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write("ca.pem", &pem(authority.pem()));
    workspace.write("client.pem", &pem(clients.identity()));
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: https://localhost:{0}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             connection: {{ ca_file: ca.pem, client_certificate: client.pem }}\n    reindex:\n      - http:\n          \
             url: https://localhost:{0}/_sandbox/magento\n          \
             body: '{{\"argv\": [\"indexer:reindex\", \"inventory\"]}}'\n",
            shop.port
        ),
    );
    let ended = workspace.run(&["reindex", "--force"]).exits(0);
    assert!(ended.stdout.contains("Reindex: done"), "{}", ended.stdout);
}
