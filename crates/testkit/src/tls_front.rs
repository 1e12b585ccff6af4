//! A shop behind TLS, with certificates of authorities of our own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use commerce_sandbox::{Options, Seed, Shop, serve};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
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
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate in PEM.
    pub fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A client's certificate with its key, in PEM.
    pub fn identity(&self) -> Vec<u8> {
        let (certificate, key) = self.issue("ci.example");
        (certificate.pem() + &key.serialize_pem()).into_bytes()
    }
}

/// A demo shop behind TLS.
pub struct SecureShop {
    /// Where it listens on loopback.
    pub port: u16,
    /// The protocol of each connection, as it was agreed on.
    pub protocols: tokio::sync::mpsc::UnboundedReceiver<Option<Vec<u8>>>,
}

impl SecureShop {
    /// Serves the demo shop under a name, to clients of an authority if one is given.
    pub async fn start(authority: &Authority, name: &str, clients: Option<&Authority>) -> Self {
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
}
