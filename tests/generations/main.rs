//! What differs between generations of Commerce, over real HTTP: limits, fields, sign-in, signatures, index, cloud.

mod cloud;
mod fields;
mod index;
mod limits;
mod proof;
#[allow(dead_code, reason = "the replay of recordings needs more of it")]
#[path = "../replay/shop.rs"]
mod shop;
mod sign_in;
mod signatures;
mod two_factor;
#[allow(dead_code, reason = "the replay of recordings needs more of it")]
#[path = "../replay/wire.rs"]
mod wire;

use serde_json::Value;
use stocktake::sandbox::{Options, Profile};

use shop::Shop;
use wire::Answer;

/// The integration of the demo shop.
const CLI: &str = "stocktake";

/// Starts the demo shop in a generation.
fn demo(profile: Profile) -> Shop {
    Shop::demo_with(Options {
        profile,
        ..Options::default()
    })
}

/// Gives status and body of an answer in JSON.
fn read(answer: &Answer) -> (u16, Value) {
    let body = serde_json::from_slice(&answer.body);
    (answer.status, body.expect("an answer is JSON"))
}
