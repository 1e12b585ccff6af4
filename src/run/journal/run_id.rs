//! The id of a run, by which its lines and its pre-image are found.

use std::time::Duration;

use uuid::Uuid;

/// An id that sorts after those of all earlier runs, even if the clock was set back: it identifies the newest pre-image.
pub(super) fn run_after(latest: &str) -> Uuid {
    let now = Uuid::now_v7();
    let latest = Uuid::parse_str(latest).ok().filter(|latest| *latest >= now);
    let Some((seconds, nanoseconds)) = latest.and_then(|run| Some(run.get_timestamp()?.to_unix())) else {
        return now;
    };
    // A millisecond later: the ids of one millisecond are in no order.
    let later = Duration::new(seconds, nanoseconds) + Duration::from_millis(1);
    let later = uuid::Timestamp::from_unix(uuid::NoContext, later.as_secs(), later.subsec_nanos());
    Uuid::new_v7(later)
}
