//! A shop that listens, a folder to work in, and stocktake as a process of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use commerce_sandbox::{Logged, Shop, serve};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::campaign::script::{Interrupt, SAVED, Signal, Step};
use crate::campaign::world::World;

/// The first argument with which this program is stocktake itself, as its `main` is.
pub const AS_STOCKTAKE: &str = "as-stocktake";

/// The token of the shop's integration.
pub const TOKEN: &str = "sandboxtoken00000000000000000000";

/// The password of the shop's admin.
pub const PASSWORD: &str = "Sandbox-admin-1";

/// Longer than any command may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A shop and a folder.
pub struct Workspace {
    /// The shop.
    pub shop: Arc<Shop>,
    /// The folder with the files and the state.
    pub folder: TempDir,
    program: PathBuf,
    server: JoinHandle<std::io::Result<()>>,
}

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Its exit code; none when it was killed.
    pub code: Option<i32>,
    /// True if it was killed from here.
    pub killed: bool,
    /// True if a signal was sent, or two.
    pub signals: usize,
    /// True if it had to be ended for taking too long.
    pub hung: bool,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Workspace {
    /// Starts a shop and lays the files out.
    pub async fn new(world: &World) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address: SocketAddr = listener.local_addr()?;
        let shop = Arc::new(Shop::new(world.seed.clone()));
        let server = tokio::spawn(serve(
            listener,
            Arc::clone(&shop),
            world.options.clone(),
            std::future::pending(),
        ));
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("inventory.yaml"), &world.inventory)?;
        let targets = world.targets(&format!("http://{address}"));
        std::fs::write(folder.path().join("targets.yaml"), targets)?;
        Ok(Self {
            shop,
            folder,
            program: std::env::current_exe()?,
            server,
        })
    }

    /// The entries of the log after that place.
    pub fn log_after(&self, order: u64) -> Vec<Logged> {
        let log = self.shop.log().into_iter();
        log.filter(|logged| logged.order > order).collect()
    }

    /// The plan in the folder, if one was saved.
    pub fn saved_plan(&self) -> Option<serde_json::Value> {
        let plan = std::fs::read(self.folder.path().join(SAVED)).ok()?;
        serde_json::from_slice(&plan).ok()
    }

    /// The newest pre-image that is stored, by its file.
    pub fn pre_image(&self) -> Option<PathBuf> {
        let folders = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
        let targets = folders(self.folder.path().join(".stocktake"));
        let stored = targets.flat_map(|target| folders(target.path().join("pre-images")));
        // Names begin with the time, and go on with an id that grows.
        stored.map(|stored| stored.path()).max()
    }

    /// Runs a command with its faults, interrupts it as it says, and waits until the shop is done with it too.
    pub async fn run(&self, step: &Step) -> std::io::Result<Ended> {
        self.shop.follow(step.schedule.clone());
        let ended = self.play(step).await?;
        self.until_idle().await;
        Ok(ended)
    }

    /// Waits until the shop is done with everything that was asked, and drops what it holds meanwhile: the last request of a
    /// process that was killed may reach the shop when the process has ended, and nobody else would let it go.
    async fn until_idle(&self) {
        let gate = &self.shop.hold;
        let drop_held = async {
            loop {
                gate.until_held().await;
                gate.drop_held();
            }
        };
        tokio::select! {
            () = gate.until_idle() => {}
            () = drop_held => {}
        }
    }

    /// Runs a command twice at once.
    pub async fn run_twice(&self, step: &Step) -> std::io::Result<[Ended; 2]> {
        self.shop.follow(step.schedule.clone());
        let (one, other) = tokio::try_join!(self.play(step), self.play(step))?;
        self.until_idle().await;
        Ok([one, other])
    }

    async fn play(&self, step: &Step) -> std::io::Result<Ended> {
        let mut child = self.start(step)?;
        let stdout = tokio::spawn(read(child.stdout.take()));
        let stderr = tokio::spawn(read(child.stderr.take()));
        let mut ended = Ended {
            code: None,
            killed: false,
            signals: 0,
            hung: false,
            stdout: String::new(),
            stderr: String::new(),
        };
        let attended = tokio::time::timeout(PATIENCE, self.attend(&mut child, step, &mut ended)).await;
        let status = if let Ok(status) = attended {
            status?
        } else {
            ended.hung = true;
            child.kill().await?;
            child.wait().await?
        };
        ended.code = status.code();
        ended.stdout = stdout.await??;
        ended.stderr = stderr.await??;
        Ok(ended)
    }

    fn start(&self, step: &Step) -> std::io::Result<Child> {
        let mut command = Command::new(&self.program);
        command
            .arg(AS_STOCKTAKE)
            .arg(step.command.name())
            .args(&step.arguments)
            .args(["--format", "json"])
            .current_dir(self.folder.path())
            .env_clear()
            .env("SHOP_TOKEN", TOKEN)
            .env("SHOP_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command.spawn()
    }

    /// Waits for the end of a command, and does what is to be done whenever one of its requests is held.
    async fn attend(&self, child: &mut Child, step: &Step, ended: &mut Ended) -> std::io::Result<ExitStatus> {
        loop {
            tokio::select! {
                status = child.wait() => return status,
                _ = self.shop.hold.until_held() => self.interrupt(child, step.interrupt, ended).await?,
            }
        }
    }

    async fn interrupt(
        &self,
        child: &mut Child,
        interrupt: Interrupt,
        ended: &mut Ended,
    ) -> std::io::Result<()> {
        let gate = &self.shop.hold;
        match interrupt {
            Interrupt::None => gate.release(),
            Interrupt::Kill { carried_out } => {
                child.kill().await?;
                ended.killed = true;
                if carried_out {
                    gate.release();
                } else {
                    gate.drop_held();
                }
            }
            Interrupt::Signal(signal) => {
                send(signal, child).await?;
                ended.signals = 1;
                gate.release();
            }
            Interrupt::TwoSignals => {
                // Two of a kind could become one on their way.
                send(Signal::Interrupt, child).await?;
                send(Signal::Terminate, child).await?;
                ended.signals = 2;
                // It ends without an answer; the request is let go when it has.
                child.wait().await?;
                gate.release();
            }
        }
        Ok(())
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn send(signal: Signal, child: &Child) -> std::io::Result<()> {
    let Some(id) = child.id() else { return Ok(()) };
    Command::new("kill")
        .args([signal.flag(), &id.to_string()])
        .status()
        .await
        .map(|_| ())
}

async fn read(stream: Option<impl AsyncRead + Unpin>) -> std::io::Result<String> {
    let mut text = String::new();
    if let Some(mut stream) = stream {
        stream.read_to_string(&mut text).await?;
    }
    Ok(text)
}
