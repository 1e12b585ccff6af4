//! The client through TLS: private authorities, client certificates, wrong names, HTTP/2, each failure with its hint.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use stocktake::commerce::{Api, ApiError, Connection, Credential, Limits, Reader, Tls};
use stocktake::sandbox::{Options, Seed, Shop, serve};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

/// Connections that have come through TLS; one that fails at the handshake is none.
struct TlsFront {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    protocols: tokio::sync::mpsc::UnboundedSender<Option<Vec<u8>>>,
}

impl Listener for TlsFront {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                // A test that does not look at the protocols has dropped the receiver.
                let _ = self
                    .protocols
                    .send(stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec));
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// An authority of our own.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A client's certificate with its key, in PEM.
    fn identity(&self) -> Vec<u8> {
        let (certificate, key) = self.issue("ci.example");
        (certificate.pem() + &key.serialize_pem()).into_bytes()
    }
}

/// A demo shop behind TLS.
struct SecureShop {
    port: u16,
    protocols: tokio::sync::mpsc::UnboundedReceiver<Option<Vec<u8>>>,
}

impl SecureShop {
    async fn start(authority: &Authority, name: &str, clients: Option<&Authority>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let config = match clients {
            None => config.unwrap().with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.0.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                config
                    .unwrap()
                    .with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let (certificate, key) = authority.issue(name);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = config
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, protocols) = tokio::sync::mpsc::unbounded_channel();
        let front = TlsFront {
            listener,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            protocols: sender,
        };
        let shop = Arc::new(Shop::new(Seed::demo()));
        tokio::spawn(serve(front, shop, Options::default(), std::future::pending()));
        Self { port, protocols }
    }

    fn reader(&self, tls: &Tls) -> Reader {
        let url = format!("https://localhost:{}/", self.port).parse().unwrap();
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
}

fn trusting(authority: &Authority) -> Tls {
    Tls {
        authorities: authority.pem(),
        identity: None,
    }
}

/// The error in words, without the port, with its hints.
fn told(error: &ApiError) -> String {
    format!("{error}\n{}", error.hints.join("\n"))
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_named_and_http_2_is_spoken() {
    let authority = Authority::new();
    let mut shop = SecureShop::start(&authority, "localhost", None).await;
    let live = shop.reader(&trusting(&authority)).fetch().await.unwrap();
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
    let stranger = shop.reader(&Tls::default()).fetch().await.unwrap_err();
    insta::assert_snapshot!(told(&stranger), @r"
    GET /rest/all/V1/inventory/stocks: no connection to the server
    no authority that this machine trusts has signed the certificate: name a private one by `ca_file`
    ");
    let other = shop
        .reader(&trusting(&Authority::new()))
        .fetch()
        .await
        .unwrap_err();
    assert_eq!(told(&other), told(&stranger));
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new();
    let shop = SecureShop::start(&authority, "shop.example.com", None).await;
    let error = shop.reader(&trusting(&authority)).fetch().await.unwrap_err();
    insta::assert_snapshot!(told(&error), @r"
    GET /rest/all/V1/inventory/stocks: no connection to the server
    the certificate is for another host name: use the name that it is for
    ");
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_it_is_asked_for() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let shop = SecureShop::start(&authority, "localhost", Some(&clients)).await;
    let error = shop.reader(&trusting(&authority)).fetch().await.unwrap_err();
    insta::assert_snapshot!(told(&error), @r"
    GET /rest/all/V1/inventory/stocks: the connection broke before the answer was complete
    the server asks for a client certificate: name one by `client_certificate`
    ");
    let tls = Tls {
        identity: Some(clients.identity()),
        ..trusting(&authority)
    };
    assert_eq!(shop.reader(&tls).fetch().await.unwrap().stocks.len(), 4);
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shop = Arc::new(Shop::new(Seed::demo()));
    tokio::spawn(serve(listener, shop, Options::default(), std::future::pending()));
    let (_, protocols) = tokio::sync::mpsc::unbounded_channel();
    let error = SecureShop { port, protocols }
        .reader(&Tls::default())
        .fetch()
        .await
        .unwrap_err();
    insta::assert_snapshot!(told(&error), @r"
    GET /rest/all/V1/inventory/stocks: no connection to the server
    the server does not speak TLS there: check the URL's scheme and port
    ");
}
