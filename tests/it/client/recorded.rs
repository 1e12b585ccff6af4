//! The distinct odd answers of the recordings: everything that is not JSON with 200, and the pages among those.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use testkit::proxy::Canned;

/// A recorded answer, once.
pub struct Recorded {
    /// The id of the first step that has it.
    pub id: String,
    /// The method of that step.
    pub method: String,
    /// The path of that step.
    pub path: String,
    /// The answer.
    pub answer: Canned,
}

/// The odd answers that one recording has over HTTP, in its order, and how many others it has.
pub fn trouble_of(recording: &str) -> (Vec<Recorded>, usize) {
    let mut all = recordings().into_iter();
    let found = all.find(|one| one["recording"] == recording);
    let steps = found.expect("there is such a recording")["steps"].clone();
    let steps = steps.as_array().expect("a recording has steps").iter();
    let over_http: Vec<&Value> = steps.filter(|step| step["response"]["status"].is_u64()).collect();
    let answers: Vec<Recorded> = over_http.iter().copied().filter_map(recorded).collect();
    assert_eq!(answers.len(), over_http.len(), "no answer is passed over");
    let (odd, good): (Vec<_>, Vec<_>) = answers.into_iter().partition(Recorded::is_odd);
    (odd, good.len())
}

/// The odd answers to calls of the inventory and token routes.
pub fn odd_answers() -> Vec<Recorded> {
    let mut seen = BTreeSet::new();
    let steps = recordings().into_iter().flat_map(|recording| {
        let steps = recording["steps"]
            .as_array()
            .expect("a recording has steps")
            .clone();
        steps.iter().filter_map(recorded).collect::<Vec<_>>()
    });
    steps
        .filter(Recorded::is_odd)
        .filter(|one| seen.insert((one.kind(), one.answer.status, one.answer.body.clone())))
        .collect()
}

impl Recorded {
    /// Whether it is anything but JSON with 200.
    fn is_odd(&self) -> bool {
        self.answer.status != 200 || self.answer.headers[0].1.starts_with("text/")
    }

    /// Whether the route gives out tokens.
    pub fn signs_in(&self) -> bool {
        self.path.contains("/integration/") || self.path.contains("/tfa/")
    }

    fn kind(&self) -> (bool, bool) {
        (self.signs_in(), self.method == "GET")
    }
}

fn recordings() -> Vec<Value> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("crates/commerce-sandbox/contract/2.4.1/recordings");
    let entries = std::fs::read_dir(&folder).expect("the recordings are there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(path).expect("a recording can be read");
        serde_json::from_str(&text).expect("a recording is JSON")
    };
    paths.into_iter().map(read).collect()
}

fn recorded(step: &Value) -> Option<Recorded> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let (request, response) = (&step["request"], &step["response"]);
    let path = text(&request["path"])?;
    let method = text(&request["method"])?;
    let ours = ["/inventory/", "/integration/admin/", "/tfa/"]
        .iter()
        .any(|part| path.contains(part));
    if !ours || path.contains("/async/") || !["GET", "POST", "PUT", "DELETE"].contains(&method.as_str()) {
        return None;
    }
    let status = u16::try_from(response["status"].as_u64()?).expect("a status is small");
    let media_type = text(&response["content_type"]).unwrap_or_default();
    Some(Recorded {
        id: text(&step["id"])?,
        method,
        path,
        answer: Canned::new(status, &media_type, body(&response["body"])),
    })
}

/// The body as it was sent; one that the recorder cut off is closed where it was cut.
fn body(body: &Value) -> String {
    if body["_truncated_by_recorder"] == true {
        let head = body["head"]
            .as_str()
            .expect("the head was kept")
            .trim_end_matches('\\');
        let page: Result<String, _> = serde_json::from_str(&format!("{head}\""));
        return page.unwrap_or_else(|_| format!("{head}\"}}"));
    }
    body.as_str().map_or_else(|| body.to_string(), ToOwned::to_owned)
}
