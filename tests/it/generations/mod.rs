//! What differs between generations of Commerce, over real HTTP: limits, fields, sign-in, signatures, index, cloud.

mod changes;
mod cloud;
mod fields;
mod index;
mod limits;
mod proof;
mod sign_in;
mod signatures;
mod two_factor;

use std::path::Path;

use commerce_sandbox::{Options, Profile};
use serde_json::Value;

use testkit::shop::Shop;
use testkit::wire::Answer;

/// The integration of the demo shop.
const CLI: &str = "stocktake";

/// Starts the demo shop in a generation.
fn demo(profile: Profile) -> Shop {
    Shop::demo_with(Options {
        profile,
        ..Options::default()
    })
}

/// Starts a shop whose admins never allowed integrations' tokens as bearer tokens.
fn baseline(profile: Profile) -> Shop {
    let options = Options {
        profile,
        ..Options::default()
    };
    let seed =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/commerce-sandbox/contract/seeds/baseline.json");
    Shop::open(&seed, options)
}

/// Gives status and body of an answer in JSON.
fn read(answer: &Answer) -> (u16, Value) {
    let body = serde_json::from_slice(&answer.body);
    (answer.status, body.expect("an answer is JSON"))
}
