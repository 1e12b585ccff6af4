//! The client through TLS: private authorities, client certificates, wrong names, HTTP/2, each failure with its hint.

use std::sync::Arc;

use commerce_sandbox::{Options, Seed, Shop, serve};
use stocktake::commerce::{Api, ApiError, Connection, Credential, Limits, Reader, Tls};
use tokio::net::TcpListener;

use testkit::tls_front::{Authority, SecureShop};

fn reader(shop: &SecureShop, tls: &Tls) -> Reader {
    let url = format!("https://localhost:{}/", shop.port).parse().unwrap();
    let api = Api::Paas {
        store: "all".to_owned(),
    };
    let token = Credential::Bearer("sandboxtoken00000000000000000000".into());
    let limits = Limits {
        attempts: 1,
        ..Limits::default()
    };
    Reader::new(Connection::new(&url, &api, token, limits, tls).unwrap())
}

fn trusting(authority: &Authority) -> Tls {
    Tls {
        authorities: Some(authority.pem()),
        identity: None,
    }
}

/// The error in words, without the port, with its hints.
fn message(error: &ApiError) -> String {
    format!("{error}\n{}", error.hints.join("\n"))
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_named_and_http_2_is_spoken() {
    let authority = Authority::new();
    let mut shop = SecureShop::start(&authority, "localhost", None).await;
    let live = reader(&shop, &trusting(&authority)).fetch().await.unwrap();
    assert_eq!(live.stocks.len(), 4);
    assert_eq!(
        shop.protocols.recv().await.unwrap().as_deref(),
        Some(b"h2".as_slice())
    );
    assert!(
        shop.protocols.try_recv().is_err(),
        "one connection carries all requests"
    );
}

#[tokio::test]
async fn an_unknown_authority_is_refused() {
    let shop = SecureShop::start(&Authority::new(), "localhost", None).await;
    let stranger = reader(&shop, &Tls::default()).fetch().await.unwrap_err();
    insta::assert_snapshot!(message(&stranger), @r"
    GET /rest/all/V1/inventory/stocks: no connection to the server
    no authority that this machine trusts has signed the certificate: name a private one by `ca_file`
    ");
    let other = reader(&shop, &trusting(&Authority::new()))
        .fetch()
        .await
        .unwrap_err();
    assert_eq!(message(&other), message(&stranger));
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new();
    let shop = SecureShop::start(&authority, "shop.example.com", None).await;
    let error = reader(&shop, &trusting(&authority)).fetch().await.unwrap_err();
    insta::assert_snapshot!(message(&error), @r"
    GET /rest/all/V1/inventory/stocks: no connection to the server
    the certificate is for another host name: use the name that it is for
    ");
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let shop = SecureShop::start(&authority, "localhost", Some(&clients)).await;
    let error = reader(&shop, &trusting(&authority)).fetch().await.unwrap_err();
    // The alert that says so can be cut off by the end of the connection: then the client can only guess at it.
    let broke = "GET /rest/all/V1/inventory/stocks: the connection broke before the answer was complete";
    let heard =
        format!("{broke}\nthe server asks for a client certificate: name one by `client_certificate`");
    let guessed = message(&error).strip_prefix(broke).is_some_and(|hints| {
        hints.ends_with("\nif the server asks for a client certificate, name one by `client_certificate`")
    });
    assert!(message(&error) == heard || guessed, "{}", message(&error));
    assert_eq!(
        message(&error).matches("client_certificate").count(),
        1,
        "{}",
        message(&error)
    );
    let tls = Tls {
        identity: Some(clients.identity()),
        ..trusting(&authority)
    };
    assert_eq!(reader(&shop, &tls).fetch().await.unwrap().stocks.len(), 4);
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shop = Arc::new(Shop::new(Seed::demo()));
    tokio::spawn(serve(listener, shop, Options::default(), std::future::pending()));
    let (_, protocols) = tokio::sync::mpsc::unbounded_channel();
    let error = reader(&SecureShop { port, protocols }, &Tls::default())
        .fetch()
        .await
        .unwrap_err();
    insta::assert_snapshot!(message(&error), @r"
    GET /rest/all/V1/inventory/stocks: no connection to the server
    the server does not speak TLS there: check the URL's scheme and port
    ");
}
