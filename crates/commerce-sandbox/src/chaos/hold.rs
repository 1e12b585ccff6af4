//! Holds requests until a test releases or drops them, and counts those in flight.

use tokio::sync::watch;

/// A request that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The request's number by arrival; 0 for a command of `bin/magento`.
    pub request: u64,
    /// True if it was carried out, so that only its answer is held.
    pub carried_out: bool,
}

/// The way a hold ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum HoldEnd {
    /// The requests go on.
    #[default]
    Released,
    /// The requests end without an answer.
    Dropped,
}

/// Holds requests that meet `hold_before` or `hold_after`.
#[derive(Debug)]
pub struct Hold {
    held: watch::Sender<Vec<Held>>,
    opened: watch::Sender<HoldEnd>,
    under_way: watch::Sender<usize>,
}

impl Default for Hold {
    fn default() -> Self {
        Self {
            held: watch::Sender::new(Vec::new()),
            opened: watch::Sender::new(HoldEnd::default()),
            under_way: watch::Sender::new(0),
        }
    }
}

impl Hold {
    /// Gives the requests that are held now.
    pub fn held(&self) -> Vec<Held> {
        self.held.borrow().clone()
    }

    /// Waits until a request is held.
    pub async fn until_held(&self) -> Held {
        loop {
            if let Some(first) = self.until_all_held(1).await.first() {
                return *first;
            }
        }
    }

    /// Waits until this number of requests is held.
    pub async fn until_all_held(&self, count: usize) -> Vec<Held> {
        let mut held = self.held.subscribe();
        // The sender lives as long as this value.
        let all = held.wait_for(|all| all.len() >= count).await;
        all.map_or_else(|_| Vec::new(), |all| all.clone())
    }

    /// Waits until no request is in flight, even those whose client is gone.
    pub async fn until_idle(&self) {
        let mut under_way = self.under_way.subscribe();
        let _ = under_way.wait_for(|count| *count == 0).await;
    }

    /// Releases the requests that are held now.
    pub fn release(&self) {
        self.open(HoldEnd::Released);
    }

    /// Drops the requests that are held now, as a server that stops does.
    pub fn drop_held(&self) {
        self.open(HoldEnd::Dropped);
    }

    fn open(&self, end: HoldEnd) {
        self.held.send_modify(Vec::clear);
        self.opened.send_replace(end);
    }

    /// Holds a request. Tells whether it goes on.
    pub(crate) async fn wait(&self, held: Held) -> bool {
        let mut opened = self.opened.subscribe();
        self.held.send_modify(|all| all.push(held));
        let goes_on = opened.changed().await.is_ok() && *opened.borrow() == HoldEnd::Released;
        // A request that arrived between the two steps of `open` is still listed.
        self.held.send_modify(|all| {
            if let Some(at) = all.iter().position(|other| *other == held) {
                all.remove(at);
            }
        });
        goes_on
    }

    /// Counts a request as in flight while the value lives.
    pub(crate) fn track(&self) -> InFlight<'_> {
        self.under_way.send_modify(|count| *count += 1);
        InFlight(self)
    }
}

/// A request in flight.
pub(crate) struct InFlight<'a>(&'a Hold);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.under_way.send_modify(|count| *count -= 1);
    }
}
