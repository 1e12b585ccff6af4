//! The recorded server's latency, so that a rehearsal or a benchmark takes as long as with a real shop.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use crate::http::answer::Answer;
use crate::http::request::Request;

/// The time that a request takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LatencyModel {
    /// As fast as the sandbox is.
    #[default]
    Own,
    /// As slow as the recorded server (recording 08), with two requests at work at once, as on its two cores.
    Recorded,
}

/// The name of no latency model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown cost `{0}`: use own or recorded")]
pub struct UnknownLatencyModel(String);

impl FromStr for LatencyModel {
    type Err = UnknownLatencyModel;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "own" => Ok(Self::Own),
            "recorded" => Ok(Self::Recorded),
            other => Err(UnknownLatencyModel(other.to_owned())),
        }
    }
}

impl fmt::Display for LatencyModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Own => "own",
            Self::Recorded => "recorded",
        })
    }
}

/// Requests that the recorded server works on at once. It answered 22 small requests a second one after another, 39 two at
/// a time, and 40 four at a time (recording 08, steps 073 to 077).
const AT_WORK: usize = 2;

/// Slowdown of a request beside another one: each of the 39 took 51 ms, each of the 22 took 45 (same steps).
const BESIDE: f64 = 2.0 * 22.2 / 39.2;

/// Milliseconds by number of links: the medians of recording 08, steps 001 to 015, 018 to 034 and 035.
const SAVE: &[(f64, f64)] = &[
    (1.0, 52.0),
    (20.0, 42.0),
    (100.0, 57.0),
    (1_000.0, 188.0),
    (5_000.0, 984.0),
    (21_845.0, 16_155.0),
    (50_000.0, 113_455.0),
];

/// Likewise for deletes: steps 016, 019, 022, 025 and 028.
const DELETE: &[(f64, f64)] = &[
    (1.0, 42.0),
    (20.0, 48.0),
    (100.0, 80.0),
    (1_000.0, 824.0),
    (5_000.0, 1_670.0),
];

/// Likewise for pages of links: steps 036 to 038, 042 to 044, 048 to 050, 054 to 056 and 060 to 062.
const LIST: &[(f64, f64)] = &[(1.0, 40.0), (100.0, 43.0), (1_000.0, 85.0), (5_001.0, 185.0)];

/// Likewise for pages with `fields`: the steps after those.
const LIST_OF_FIELDS: &[(f64, f64)] = &[(1.0, 40.0), (100.0, 48.0), (1_000.0, 61.0), (5_001.0, 250.0)];

/// Milliseconds of any other call: the fastest of recording 08 (step 073).
const SMALL: f64 = 45.0;

/// The server's working capacity.
#[derive(Debug)]
pub struct Workers {
    model: LatencyModel,
    free: Semaphore,
}

impl Workers {
    pub fn new(model: LatencyModel) -> Self {
        Self {
            model,
            free: Semaphore::new(AT_WORK),
        }
    }

    /// Carries a request out at once, and answers when its time is over.
    pub async fn work(&self, request: Request, execute: impl AsyncFnOnce(Request) -> Answer) -> Answer {
        if self.model == LatencyModel::Own {
            return execute(request).await;
        }
        // The semaphore is never closed. Without a permit only the limit would be missing.
        let _worker = self.free.acquire().await;
        let is_alone = self.free.available_permits() + 1 == AT_WORK;
        let begun = Instant::now();
        let work = Work::of(&request);
        let answer = execute(request).await;
        let time = work.time(&answer);
        sleep_until(begun + if is_alone { time } else { time.mul_f64(BESIDE) }).await;
        answer
    }
}

/// The kind of work that decides how long a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Save this number of links.
    Save(usize),
    /// Delete this number of links.
    Delete(usize),
    /// List something, whole or by `fields`.
    List { of_fields: bool },
    /// Anything else.
    Small,
}

impl Work {
    fn of(request: &Request) -> Self {
        #[derive(Deserialize)]
        struct Sent {
            links: Vec<IgnoredAny>,
        }
        let links = || serde_json::from_slice::<Sent>(&request.body).map_or(0, |sent| sent.links.len());
        match (request.method.as_str(), request.path.trim_end_matches('/')) {
            ("POST", path) if path.ends_with("/inventory/stock-source-links") => Self::Save(links()),
            ("POST", path) if path.ends_with("/inventory/stock-source-links-delete") => Self::Delete(links()),
            ("GET", _) => Self::List {
                of_fields: request.query.contains("fields="),
            },
            _ => Self::Small,
        }
    }

    fn time(self, answer: &Answer) -> Duration {
        #[derive(Deserialize)]
        struct Page {
            items: Vec<IgnoredAny>,
        }
        let milliseconds = match self {
            Self::Save(links) => at(SAVE, links),
            Self::Delete(links) => at(DELETE, links),
            Self::List { of_fields } => {
                let measured = if of_fields { LIST_OF_FIELDS } else { LIST };
                let page = serde_json::from_str::<Page>(&answer.body);
                page.map_or(SMALL, |page| at(measured, page.items.len()))
            }
            Self::Small => SMALL,
        };
        Duration::from_secs_f64(milliseconds / 1e3)
    }
}

/// Interpolates the time for a number of links: by a power law between two measured points. Beyond the last point the
/// power law of the last two goes on, but time grows at least in proportion.
#[expect(clippy::cast_precision_loss, reason = "no request carries 2^52 links")]
fn at(measured: &[(f64, f64)], links: usize) -> f64 {
    let links = links.max(1) as f64;
    let next = measured.partition_point(|(count, _)| *count < links);
    let next = next.clamp(1, measured.len() - 1);
    let ((fewer, low), (more, high)) = (measured[next - 1], measured[next]);
    let power = (high / low).ln() / (more / fewer).ln();
    if links > more {
        return high * (links / more).powf(power.max(1.0));
    }
    low * (links / fewer).powf(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recorded times scatter by a third.
    #[test]
    fn every_recorded_call_costs_about_what_it_took() {
        let recording = include_str!("../contract/2.4.1/recordings/08_size_and_speed.json");
        let recording: serde_json::Value = serde_json::from_str(recording).unwrap();
        let mut compared = 0;
        for step in recording["steps"].as_array().unwrap() {
            let Some(name) = step["name"].as_str() else {
                continue;
            };
            let number = name
                .split(|c: char| !c.is_ascii_digit())
                .find_map(|text| text.parse().ok());
            let (measured, links): (_, usize) = match (name, number) {
                (name, Some(links)) if name.starts_with("POST ") => (SAVE, links),
                (name, Some(links)) if name.starts_with("delete ") => (DELETE, links),
                (name, Some(size)) if name.ends_with("with fields") => (LIST_OF_FIELDS, size.min(5_001)),
                (name, Some(size)) if name.starts_with("GET page_size=") => (LIST, size.min(5_001)),
                _ => continue,
            };
            let (took, costs) = (step["ms"].as_f64().unwrap(), at(measured, links));
            assert!(
                (0.6..1.7).contains(&(took / costs)),
                "{name}: {took} ms, {costs} here"
            );
            compared += 1;
        }
        assert_eq!(compared, 59);
    }

    #[test]
    fn two_at_a_time_are_answered_as_often_as_recorded() {
        let recording = include_str!("../contract/2.4.1/recordings/08_size_and_speed.json");
        let recording: serde_json::Value = serde_json::from_str(recording).unwrap();
        let per_second = |event: &str| {
            let mut steps = recording["steps"].as_array().unwrap().iter();
            let step = steps.find(|step| step["event"] == event).unwrap();
            let output: serde_json::Value = match &step["output"] {
                serde_json::Value::String(text) => serde_json::from_str(text).unwrap(),
                output => output.clone(),
            };
            output["per_second"].as_f64().unwrap()
        };
        let [one, two, four] = ["concurrency 1", "concurrency 2", "concurrency 4"].map(per_second);
        assert!((2.0 * one / BESIDE - two).abs() < 0.1, "{one} {two}");
        assert!((four / two - 1.0).abs() < 0.1, "{four}: two are at work");
    }

    #[test]
    fn between_and_beyond_it_grows_on() {
        for measured in [SAVE, LIST, LIST_OF_FIELDS] {
            let times: Vec<f64> = (20..)
                .step_by(7_919)
                .take(10)
                .map(|links| at(measured, links))
                .collect();
            assert!(times.is_sorted(), "{times:?}");
        }
        assert!((190.0..984.0).contains(&at(SAVE, 2_000)));
        assert!(at(SAVE, 100_000) > 2.0 * 113_455.0, "worse than in proportion");
    }

    #[test]
    fn work_is_known_by_what_is_asked_and_answered() {
        let request = |method: &str, path: &str, body: &str| Request {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        };
        let save = "/rest/all/V1/inventory/stock-source-links";
        let two = r#"{"links":[{"stock_id":2},{"stock_id":3}]}"#;
        assert_eq!(Work::of(&request("POST", save, two)), Work::Save(2));
        let delete = format!("{save}-delete");
        assert_eq!(Work::of(&request("POST", &delete, two)), Work::Delete(2));
        assert_eq!(
            Work::of(&request("POST", "/rest/V1/integration/admin/token", "{}")),
            Work::Small
        );
        let page = Answer::json(
            200,
            &serde_json::json!({ "items": vec![1; 1_000], "total_count": 1_000 }),
        );
        assert_eq!(
            Work::of(&request("GET", save, "")).time(&page),
            Duration::from_millis(85)
        );
        let of_fields = Request {
            query: "searchCriteria[page_size]=1000&fields=items[priority],total_count".to_owned(),
            ..request("GET", save, "")
        };
        assert_eq!(Work::of(&of_fields).time(&page), Duration::from_millis(61));
    }
}
