//! Websites and store views; they are read-only.

use serde_json::{Value, json};

use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;

/// Lists websites.
#[expect(clippy::unnecessary_wraps, reason = "every service has this signature")]
pub fn list(state: &mut State, _arguments: &mut Arguments) -> Result<Value, ApiError> {
    Ok(json!(state.store.websites))
}

/// Lists store views.
#[expect(clippy::unnecessary_wraps, reason = "every service has this signature")]
pub fn views(state: &mut State, _arguments: &mut Arguments) -> Result<Value, ApiError> {
    Ok(json!(state.store.store_views))
}
