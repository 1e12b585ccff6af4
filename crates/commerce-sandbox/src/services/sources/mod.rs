//! Sources: list, read, save, and those of a stock by priority.

mod row;
mod save;

use serde_json::{Value, json};

use super::source_selection;
use crate::database::collation::{fold, same};
use crate::database::source::Source;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;
use crate::webapi::criteria::{self, Row};
use save::SentSource;

/// Lists sources.
pub fn list(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let mut rows: Vec<&Source> = state.store.sources.iter().collect();
    rows.sort_by_key(|source| fold(&source.source_code));
    criteria::list(&rows, arguments.criteria()?)
}

/// Reads one source.
pub fn read(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let code = arguments.text("sourceCode")?;
    let found = state
        .store
        .sources
        .iter()
        .find(|source| same(&source.source_code, code));
    found.map(Row::shown).ok_or_else(|| {
        ApiError::with(
            404,
            "Source with code \"%value\" does not exist.",
            json!({ "value": code }),
        )
    })
}

/// Creates a source, or changes the fields that are sent.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let sent: SentSource = arguments.object("source")?;
    let errors = save::errors(&sent);
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    save::put(&mut state.store, &sent)?;
    Ok(json!([]))
}

/// Lists the sources of a stock by priority, including disabled ones.
pub fn of_stock(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let sources = source_selection::by_priority(&state.store, arguments.int("stockId")?);
    Ok(sources.into_iter().map(Row::shown).collect())
}
