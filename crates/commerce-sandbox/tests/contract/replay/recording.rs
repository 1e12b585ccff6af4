//! A recording as data, and what the contract says about each of its steps.

use std::path::{Path, PathBuf};

use commerce_sandbox::{Options, Profile};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sizes;
use testkit::shop::Shop;

/// Events of these commands are replayed through the control route.
const COMMANDS: [&str; 11] = [
    "indexer:reindex",
    "indexer:status",
    "indexer:reset",
    "indexer:set-mode",
    "cache:",
    "cron:run",
    "maintenance:",
    "config:set twofactorauth/",
    "config:set cataloginventory/item_options/",
    "queue:consumers:start inventory.reservations.updateSalabilityStatus",
    "security:tfa:google:set-secret",
];

/// Reindexes that follow changes made by hand in the database. Where they succeed, as in 2.4.1, their exit code is compared.
const AFTER_MANUAL_CHANGES: [&str; 3] = ["07-169", "07-235", "07b-012"];

/// Calls outside the inventory API.
const OUTSIDE: [&str; 6] = [
    "/V1/products",
    "/V1/customers",
    "/V1/modules",
    "/V1/bulk",
    "/async/",
    "/schema",
];

/// One recording.
#[derive(Debug, Deserialize)]
pub struct Recording {
    /// Its name, which is that of its file.
    #[serde(rename = "recording")]
    name: String,
    /// Name of the state before the first step; none for the baseline with something done to it.
    seed: Option<String>,
    /// What was done, in order.
    pub steps: Vec<Step>,
}

/// One step of a recording.
#[derive(Debug, Deserialize)]
pub struct Step {
    /// Such as `07-042`.
    pub id: String,
    /// What a call is about.
    #[serde(default)]
    pub name: String,
    /// Who calls.
    #[serde(default, rename = "as")]
    pub caller: String,
    /// False when it hangs on something done by hand, a lock or a race.
    pub replay: Option<bool>,
    /// The call.
    pub request: Option<Request>,
    /// Its answer.
    pub response: Option<Response>,
    /// What a step that cannot be replayed has left behind.
    #[serde(default, rename = "effect")]
    pub left_behind: LeftBehind,
    /// What was done to the shop otherwise.
    pub event: Option<String>,
    /// What an event printed.
    #[serde(default)]
    pub output: Value,
}

/// What an order, a shipment or a cancellation has left behind.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LeftBehind {
    /// The source items as they are now; all are in stock.
    pub source_items: Vec<Value>,
    /// The reservations appended.
    pub reservations: Vec<Value>,
}

/// What was sent.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// Any word.
    pub method: String,
    /// As sent.
    pub path: String,
    /// As sent, not encoded.
    pub query: Option<String>,
    /// As sent, without the credentials.
    #[serde(default)]
    pub headers: std::collections::BTreeMap<String, String>,
    /// A text is sent as it is, anything else as JSON.
    pub body: Option<Value>,
}

/// What was answered.
#[derive(Debug, Deserialize)]
pub struct Response {
    /// None when the recording's own client refused to send.
    pub status: Option<u16>,
    /// Media type with parameters.
    pub content_type: Option<String>,
    /// JSON, or the text of another media type.
    #[serde(default)]
    pub body: Value,
}

/// What is done with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    /// A call that is sent and compared whole.
    Call,
    /// A call that is sent for its effect: the answer is not compared.
    Effect,
    /// A command that is run: exit code and, for a reindex, output are compared.
    Command,
    /// A command that is run: only its exit code is compared.
    ExitCode,
    /// Left out, with the contract's reason.
    Left(Reason),
}

/// Why the contract leaves a step out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// `"replay": false`.
    NotReplayable,
    /// `as: other`: a header made by hand.
    HandMadeHeader,
    /// The recorder cut the body.
    Truncated,
    /// Outside the inventory API.
    Outside,
    /// The recording's own client could not send it, so that nobody answered.
    NeverSent,
    /// An event that is no command of the control route.
    Event,
    /// An SQL query that only looked.
    Look,
}

impl Recording {
    /// Reads a recording of a generation.
    pub fn read(profile: Profile, name: &str) -> Self {
        let path = contract()
            .join(profile.name())
            .join("recordings")
            .join(format!("{name}.json"));
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Starts a shop in the state before the first step.
    pub fn shop(&self, options: Options) -> Shop {
        let seed = self.seed.as_deref().unwrap_or("baseline");
        let path = contract().join("seeds").join(format!("{seed}.json"));
        let seed = std::fs::read_to_string(&path).expect("the seed can be read");
        match self.name.as_str() {
            "00_two_factor_enabled" => {
                let mut shop = Shop::of(&seed, options);
                shop.control("two-factor", &json!({ "enabled": true, "provider": null }));
                shop
            }
            "08_size_and_speed" => Shop::of(&sizes::seed(&seed), options),
            _ => Shop::of(&seed, options),
        }
    }
}

impl Step {
    /// Tells what the contract has done with the step.
    pub fn treatment(&self) -> Treatment {
        match (&self.request, &self.response, &self.event) {
            (Some(request), Some(response), _) => self.treatment_of_call(request, response),
            (_, _, Some(event)) => self.treatment_of_event(event),
            _ => Treatment::Left(Reason::Look),
        }
    }

    fn treatment_of_call(&self, request: &Request, response: &Response) -> Treatment {
        if self.replay == Some(false) {
            return Treatment::Left(Reason::NotReplayable);
        }
        if request.method == "POST" && request.path.ends_with("/V1/products") {
            return Treatment::Effect;
        }
        if OUTSIDE.iter().any(|path| request.path.contains(path)) {
            return Treatment::Left(Reason::Outside);
        }
        match self.caller.as_str() {
            "other" => Treatment::Left(Reason::HandMadeHeader),
            _ if is_truncated(&response.body) => Treatment::Left(Reason::Truncated),
            _ if response.status.is_none() => Treatment::Left(Reason::NeverSent),
            _ => Treatment::Call,
        }
    }

    fn treatment_of_event(&self, event: &str) -> Treatment {
        let Some(command) = event.strip_prefix("bin/magento ") else {
            return Treatment::Left(Reason::Event);
        };
        if !COMMANDS.iter().any(|known| command.starts_with(known)) {
            return Treatment::Left(Reason::Event);
        }
        match command.starts_with("indexer:reindex") {
            true if !AFTER_MANUAL_CHANGES.contains(&self.id.as_str()) => Treatment::Command,
            true if self.output["exit_code"] != 0 => Treatment::Left(Reason::NotReplayable),
            _ => Treatment::ExitCode,
        }
    }
}

/// Gives the folder of all generations: one folder for each, and one for the seeds.
fn contract() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("contract")
}

/// Tells whether the recorder cut a body.
pub fn is_truncated(body: &Value) -> bool {
    body.get("_truncated_by_recorder").is_some()
}
