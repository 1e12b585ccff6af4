//! Limits of requests: time, size and number of attempts, with their defaults.

use std::time::Duration;

/// The largest response to any request but a list, in bytes.
pub const SMALL: u64 = 64 * 1024;

/// Limits of time, size and number for requests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time to connect.
    pub connect: Duration,
    /// Longest time from a request to the end of its response. 1,000 links take the server 0.2 s, 50,000 take it 113 s
    /// (recording 08).
    pub request: Duration,
    /// Longest time for all requests of a run together, pauses included; `None` for no limit. A shop of 1,000,000 links is
    /// read in less than a minute, and 50,000 links are written in ten (recording 08).
    pub run: Option<Duration>,
    /// Largest body, in bytes; 10,000 links are about 700 kB.
    pub body: u64,
    /// Attempts of a read, the first one included.
    pub attempts: usize,
    /// The first pause before a retry; later pauses are longer.
    pub pause: Duration,
    /// Longest time for which reads may not show our own write yet: some shops read from a replica of their database.
    pub consistency: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_mins(2),
            run: Some(Duration::from_mins(30)),
            body: 64 * 1024 * 1024,
            attempts: 4,
            pause: Duration::from_millis(250),
            consistency: Duration::from_secs(10),
        }
    }
}
