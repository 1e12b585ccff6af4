//! The embedded Commerce that `--sandbox` starts for a single command.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use commerce_sandbox::{Options, Seed, Shop, serve};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::run::Failure;
use crate::target::{SecretRef, Target};

/// The token of the demo shop's integration: made up, and good for nothing but the sandbox.
const DEMO_TOKEN: &str = "sandboxtoken00000000000000000000";

/// An embedded shop that lives as long as this value and leaves nothing behind.
pub(crate) struct EmbeddedSandbox {
    address: SocketAddr,
    state_dir: TempDir,
    shutdown: Option<oneshot::Sender<()>>,
    server: JoinHandle<io::Result<()>>,
}

impl EmbeddedSandbox {
    /// Starts it.
    pub(crate) async fn start() -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::error("the sandbox could not be started").caused_by(&error);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let state_dir = tempfile::tempdir().map_err(failed)?;
        let (shutdown, ended) = oneshot::channel();
        let shop = Arc::new(Shop::new(Seed::demo()));
        let until = async move {
            // The sandbox that holds the sender is gone, one way or the other.
            let _ = ended.await;
        };
        let server = tokio::spawn(serve(listener, shop, Options::default(), until));
        Ok(Self {
            address,
            state_dir,
            shutdown: Some(shutdown),
            server,
        })
    }

    /// Its state directory.
    pub(crate) fn state_dir(&self) -> &Path {
        self.state_dir.path()
    }

    /// The shop as a target, its reindex wired up.
    pub(crate) fn target(&self) -> Result<Target, Failure> {
        Target::sandbox(
            &format!("http://{}", self.address),
            SecretRef::Value(DEMO_TOKEN.into()),
        )
        .map_err(|error| Failure::error("the sandbox cannot be a target").caused_by(&error))
    }
}

impl Drop for EmbeddedSandbox {
    fn drop(&mut self) {
        if let Some(shutdown) = self.shutdown.take() {
            // A server that has ended already hears nothing.
            let _ = shutdown.send(());
        }
        self.server.abort();
    }
}
