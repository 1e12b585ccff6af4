//! A server between a client and a shop that passes requests on, or breaks them as a test wants.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Longest wait for the other side; whoever takes this long hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, as it was sent.
    pub query: String,
    /// The request line and the headers, as they came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
    /// Its number among the requests of this method and path, from 1.
    pub nth: usize,
}

/// What becomes of a request.
pub enum Action {
    /// It is passed on, and its answer back.
    Pass,
    /// A `CONNECT` is obeyed: from then on bytes go both ways, to the shop whatever server was named.
    Tunnel,
    /// The connection is cut before the shop sees it.
    CutBefore,
    /// The shop carries it out, and the connection is cut before the answer.
    CutAfter,
    /// The shop carries it out, then this happens, and the connection is cut before the answer.
    Then(Box<dyn FnOnce() + Send>),
    /// The shop carries it out, and the answer breaks off in its body.
    CutShort,
    /// The shop never sees it; this is the answer.
    Answer(Canned),
    /// The shop carries it out; this is the answer in place of its own.
    AnswerAfter(Canned),
    /// It is passed on, and its answer's body changed on the way back.
    Edit(fn(&str) -> String),
}

/// An answer that no shop made.
#[derive(Debug, Clone)]
pub struct Canned {
    /// The status.
    pub status: u16,
    /// Header lines, without the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the body is all that is sent, without a head.
    raw: bool,
}

impl Canned {
    /// Bytes that stand alone, without status and headers.
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self {
            raw: true,
            ..Self::new(0, "", bytes)
        }
    }

    /// An answer of that media type; none for an empty one.
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = match media_type {
            "" => Vec::new(),
            media_type => vec![("Content-Type", media_type.to_owned())],
        };
        Self {
            status,
            headers,
            body: body.into(),
            raw: false,
        }
    }

    /// Adds a header line.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        if self.raw {
            return self.body.clone();
        }
        let mut bytes = format!("HTTP/1.1 {} As Canned\r\nConnection: close\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// What decides over each request, one after the other.
type Rule = Box<dyn FnMut(&Request) -> Action + Send>;

struct Shared {
    upstream: Option<SocketAddr>,
    rule: Mutex<Rule>,
    seen: Mutex<Vec<Request>>,
    ended: AtomicBool,
}

/// A running proxy; it ends with this value.
pub struct Proxy {
    /// Where it listens.
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

    /// How often each method was used.
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

    /// Notes a request and decides over it.
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
    client.set_read_timeout(Some(PATIENCE))?;
    let Some((head, body)) = read_request(&mut client)? else {
        return Ok(());
    };
    let asked = parse(&head, &body);
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

/// Reads one request; nothing when the client hung up before it.
fn read_request(client: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = header(&head, "content-length")
                .and_then(|value| value.parse().ok())
                .unwrap_or(0);
            let mut body = bytes.split_off(end + 4);
            let rest = body.len();
            body.resize(length, 0);
            client.read_exact(&mut body[rest.min(length)..])?;
            return Ok(Some((head, body)));
        }
        match client.read(&mut chunk)? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// Reads the head of a request; one that names its content type twice is none that a shop must understand.
fn parse(head: &str, body: &[u8]) -> Request {
    let types = head
        .split("\r\n")
        .filter(|line| line.to_ascii_lowercase().starts_with("content-type:"))
        .count();
    assert!(types <= 1, "the content type stands twice:\n{head}");
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        head: head.to_owned(),
        body: body.to_vec(),
        nth: 0,
    }
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.next().map(|(_, value)| value.trim())
}

/// Passes a request on as it came, on a connection of its own, and gives the whole answer.
fn forward(upstream: Option<SocketAddr>, head: &str, body: &[u8]) -> io::Result<Vec<u8>> {
    let upstream = upstream.ok_or(io::ErrorKind::NotConnected)?;
    let mut shop = TcpStream::connect(upstream)?;
    shop.set_read_timeout(Some(PATIENCE))?;
    shop.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes())?;
    shop.write_all(body)?;
    let mut answer = Vec::new();
    shop.read_to_end(&mut answer)?;
    Ok(answer)
}

/// Opens the way to a server and passes bytes both ways until one side has no more.
fn tunnel(mut client: TcpStream, upstream: Option<SocketAddr>) -> io::Result<()> {
    let upstream = upstream.ok_or(io::ErrorKind::NotConnected)?;
    let mut shop = TcpStream::connect(upstream)?;
    shop.set_read_timeout(Some(PATIENCE))?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_shop, mut to_client) = (shop.try_clone()?, client.try_clone()?);
    let back = std::thread::spawn(move || {
        let copied = io::copy(&mut from_shop, &mut to_client);
        to_client.shutdown(Shutdown::Both)?;
        copied
    });
    // Whoever hangs up first ends both ways.
    let copied = io::copy(&mut client, &mut shop);
    shop.shutdown(Shutdown::Both)?;
    let _ = back.join();
    copied.map(|_| ())
}

/// An answer with another body of JSON.
fn edited(answer: &[u8], edit: fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8_lossy(answer);
    let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    Canned::new(200, "application/json", edit(body)).bytes()
}
