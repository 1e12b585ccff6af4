//! A proxy in front of a shop that passes requests on, or breaks them as a test wants.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

mod canned;
mod request;
mod upstream;

pub use canned::Canned;
pub use request::Request;

use canned::edited;
use upstream::{MAX_WAIT, forward, tunnel};

/// How the proxy treats a request.
pub enum Action {
    /// It is passed on, and its answer back.
    Pass,
    /// A `CONNECT` is obeyed: from then on bytes go both ways, to the shop whatever server was named.
    Tunnel,
    /// The connection is cut before the shop sees it.
    CutBefore,
    /// The shop handles it, and the connection is cut before the answer.
    CutAfter,
    /// The shop handles it, then this happens, and the connection is cut before the answer.
    Then(Box<dyn FnOnce() + Send>),
    /// The shop handles it, and the answer breaks off in its body.
    CutShort,
    /// The shop never sees it; this is the answer.
    Answer(Canned),
    /// The shop carries it out; this is the answer in place of its own.
    AnswerAfter(Canned),
    /// It is passed on, and its answer's body changed on the way back.
    Edit(fn(&str) -> String),
}

/// Decides how each request is treated, one after the other.
type Rule = Box<dyn FnMut(&Request) -> Action + Send>;

struct Shared {
    upstream: Option<SocketAddr>,
    rule: Mutex<Rule>,
    seen: Mutex<Vec<Request>>,
    ended: AtomicBool,
}

/// A running proxy; dropping it stops it.
pub struct Proxy {
    /// The address that it listens on.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Stands before a shop.
    pub fn before(shop: SocketAddr, rule: impl FnMut(&Request) -> Action + Send + 'static) -> Self {
        Self::start(Some(shop), Box::new(rule))
    }

    /// Stands before nothing and answers everything by itself.
    pub fn alone(mut answer: impl FnMut(&Request) -> Canned + Send + 'static) -> Self {
        Self::start(None, Box::new(move |asked| Action::Answer(answer(asked))))
    }

    fn start(upstream: Option<SocketAddr>, rule: Rule) -> Self {
        let socket = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
        let address = socket.local_addr().expect("the listener has an address");
        let shared = Arc::new(Shared {
            upstream,
            rule: Mutex::new(rule),
            seen: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        let listener = std::thread::spawn(move || listen(&socket, &served));
        Self {
            address,
            shared,
            listener: Some(listener),
        }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, oldest first.
    pub fn seen(&self) -> Vec<Request> {
        self.shared.seen().clone()
    }

    /// The writes so far: the end of each path, with its body as JSON.
    pub fn writes(&self) -> Vec<(String, serde_json::Value)> {
        let seen = self.seen().into_iter().filter(|asked| asked.method != "GET");
        let write = |asked: Request| {
            let name = asked.path.rsplit('/').next().unwrap_or_default().to_owned();
            (name, serde_json::from_slice(&asked.body).unwrap_or_default())
        };
        seen.map(write).collect()
    }

    /// The number of uses of each method was used.
    pub fn methods(&self) -> BTreeMap<String, usize> {
        let mut methods = BTreeMap::new();
        for asked in self.seen() {
            *methods.entry(asked.method).or_default() += 1;
        }
        methods
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // One more connection wakes the listener up to see that; one that fails finds nobody listening anyway.
        let _ = TcpStream::connect(self.address);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

impl Shared {
    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Request>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request and decides how it is treated.
    fn decide(&self, mut asked: Request) -> Action {
        {
            let mut seen = self.seen();
            let same = |one: &&Request| one.method == asked.method && one.path == asked.path;
            asked.nth = seen.iter().filter(same).count() + 1;
            seen.push(asked.clone());
        }
        (self.rule.lock().unwrap_or_else(PoisonError::into_inner))(&asked)
    }
}

fn listen(socket: &TcpListener, shared: &Arc<Shared>) {
    for connection in socket.incoming() {
        if shared.ended.load(Ordering::SeqCst) {
            return;
        }
        let Ok(connection) = connection else { continue };
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            // A client that hangs up early has what it wanted.
            let _ = handle(connection, &shared);
        });
    }
}

fn handle(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    client.set_read_timeout(Some(MAX_WAIT))?;
    let Some((head, body)) = request::read(&mut client)? else {
        return Ok(());
    };
    let asked = request::parse(&head, &body);
    let pass = || forward(shared.upstream, &head, &body);
    let answer = match shared.decide(asked) {
        Action::Pass => pass()?,
        Action::Tunnel => return tunnel(client, shared.upstream),
        Action::CutBefore => Vec::new(),
        Action::CutAfter => pass().map(|_| Vec::new())?,
        Action::Then(happen) => {
            pass()?;
            happen();
            Vec::new()
        }
        Action::CutShort => {
            let mut answer = pass()?;
            answer.truncate(answer.len() - 1);
            answer
        }
        Action::Answer(canned) => canned.bytes(),
        Action::AnswerAfter(canned) => pass().map(|_| canned.bytes())?,
        Action::Edit(edit) => edited(&pass()?, edit),
    };
    client.write_all(&answer)?;
    client.shutdown(Shutdown::Both)
}
