//! Writes whose answer is lost, odd or a refusal: what is true is found out by reading, never guessed.

mod away;
mod in_doubt;
mod lost;
mod refused;

use testkit::proxy::{Proxy, Request};

const SAVE: &str = "stock-source-links";

const DELETE: &str = "stock-source-links-delete";

const APOLOGY: &str = "An error has happened during application run. See exception log for details.";

fn is_write(asked: &Request, name: &str) -> bool {
    asked.method == "POST" && asked.path.ends_with(name)
}

/// How often each of the two writes was sent.
fn sent(proxy: &Proxy) -> [usize; 2] {
    let writes = proxy.writes();
    [SAVE, DELETE].map(|wanted| writes.iter().filter(|(name, _)| name == wanted).count())
}
