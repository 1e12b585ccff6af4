//! A shop that answers as no honest one does; what it sends is made while it is sent, so that this process stays small.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// An answer in parts, each sent so many times.
pub struct Parts {
    parts: Vec<(Vec<u8>, usize)>,
    /// How long the shop waits before each byte; it sends as fast as it can when there is none.
    pause: Option<Duration>,
}

impl Parts {
    /// Parts that follow one another.
    pub fn of(parts: Vec<(Vec<u8>, usize)>) -> Self {
        Self { parts, pause: None }
    }

    /// The same answer, a byte at a time with that pause before each.
    pub fn trickle(self, pause: Duration) -> Self {
        Self {
            pause: Some(pause),
            ..self
        }
    }

    /// An answer of JSON: a beginning, a part so many times, and an end.
    pub fn json(status: u16, begin: &str, part: &str, times: usize, end: &str) -> Self {
        let length = begin.len() + part.len() * times + end.len();
        let head = format!(
            "HTTP/1.1 {status} Odd\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        let parts = [
            (head, 1),
            (begin.to_owned(), 1),
            (part.to_owned(), times),
            (end.to_owned(), 1),
        ];
        Self::of(parts.map(|(text, times)| (text.into_bytes(), times)).into())
    }

    /// A page of a list: its items as JSON, and how many the shop says there are.
    pub fn page(items: &[String], total: u64) -> Self {
        Self::json(
            200,
            "{\"items\":[",
            &items.join(","),
            1,
            &format!("],\"total_count\":{total}}}"),
        )
    }

    /// Bytes that stand alone, so many times.
    pub fn raw(part: impl Into<Vec<u8>>, times: usize) -> Self {
        Self::of(vec![(part.into(), times)])
    }

    fn send(&self, to: &mut TcpStream) -> std::io::Result<()> {
        const AT_ONCE: usize = 64 * 1024;
        for (part, times) in &self.parts {
            if let Some(pause) = self.pause {
                for byte in part.repeat(*times) {
                    std::thread::sleep(pause);
                    to.write_all(&[byte])?;
                }
                continue;
            }
            let mut left = *times;
            let many = (AT_ONCE / part.len().max(1)).clamp(1, left.max(1));
            let block = part.repeat(many);
            while left > 0 {
                let now = many.min(left);
                to.write_all(&block[..now * part.len()])?;
                left -= now;
            }
        }
        to.flush()
    }
}

/// What a shop answers: to a path with its query, nothing being silence.
type Rule = dyn Fn(&str) -> Option<Parts> + Send + Sync;

/// A running shop; it ends with this value.
pub struct HostileServer {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl HostileServer {
    /// Starts a server that answers by a rule.
    pub fn new(rule: impl Fn(&str) -> Option<Parts> + Send + Sync + 'static) -> Self {
        let socket = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
        let address = socket.local_addr().expect("the listener has an address");
        let rule: Arc<Rule> = Arc::new(rule);
        let (asked, ended) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (counted, is_over) = (Arc::clone(&asked), Arc::clone(&ended));
        let listener = std::thread::spawn(move || {
            for connection in socket.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(connection), rule, counted) = (connection, Arc::clone(&rule), Arc::clone(&counted))
                else {
                    continue;
                };
                std::thread::spawn(move || answer(connection, &*rule, &counted));
            }
        });
        Self {
            address,
            asked,
            ended,
            listener: Some(listener),
        }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of requests there were.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for HostileServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // One more connection wakes the listener up to see that.
        let _ = TcpStream::connect(self.address);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

/// Answers one request. Who hangs up has heard enough.
fn answer(mut connection: TcpStream, rule: &Rule, asked: &AtomicUsize) {
    let Ok(read) = connection.try_clone() else { return };
    let mut lines = BufReader::new(read).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let length = lines
        .by_ref()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .count();
    assert!(length > 0, "a request has headers");
    asked.fetch_add(1, Ordering::SeqCst);
    let path = first.split(' ').nth(1).unwrap_or_default();
    match rule(path) {
        Some(parts) => {
            let _ = parts.send(&mut connection);
            let _ = connection.shutdown(Shutdown::Write);
        }
        // Silent until the other side has had enough of it.
        None => while let Some(Ok(_)) = lines.next() {},
    }
}
