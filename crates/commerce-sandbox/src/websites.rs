//! Websites and store views, which nothing here changes.

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::fault::Fault;
use super::shop::State;

/// Lists websites.
pub fn list(state: &mut State, _arguments: &mut Arguments) -> Result<Value, Fault> {
    Ok(json!(state.store.websites))
}

/// Lists store views.
pub fn views(state: &mut State, _arguments: &mut Arguments) -> Result<Value, Fault> {
    Ok(json!(state.store.store_views))
}
