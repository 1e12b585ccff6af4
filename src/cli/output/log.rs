//! The log on standard error. Terminal control characters in foreign text are made visible.

use std::borrow::Cow;
use std::fmt::{self, Debug};

use spanned_yaml::diag::{Escaped, escape_json, escape_text, visible};
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

use crate::cli::environment;
use crate::cli::output::streams::Stderr;

/// The format of the log.
pub(crate) enum Form {
    /// As text, each line with its time and origin when `detailed`.
    Text { ansi: bool, detailed: bool },
    /// Each line one JSON object.
    Json,
}

/// Starts the log at a level, unless `STOCKTAKE_LOG` says another.
pub(crate) fn start(level: &str, form: &Form) {
    let said = std::env::var(environment::LOG).ok();
    let said = said.filter(|filter| !filter.is_empty());
    let filter = said.and_then(|filter| EnvFilter::try_new(filter).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(level));
    let (ansi, detailed) = match *form {
        Form::Text { ansi, detailed } => (ansi, detailed),
        Form::Json => {
            // It would print its own errors by a macro that panics.
            let log = tracing_subscriber::fmt()
                .log_internal_errors(false)
                .with_env_filter(filter)
                .json();
            // A second log in one process cannot be started; then the first one stands.
            let _ = log.with_writer(|| escaped(escape_json)).try_init();
            return;
        }
    };
    let log = tracing_subscriber::fmt()
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(|| escaped(escape_text))
        .with_ansi(ansi)
        .fmt_fields(debug_fn(write_field).delimited(" "));
    // A second log in one process cannot be started; then the first one stands.
    let _ = if detailed {
        log.try_init()
    } else {
        log.without_time().with_target(false).try_init()
    };
}

/// Standard error, which gets each event in one piece.
fn escaped(by: fn(&str) -> Cow<'_, str>) -> Escaped<Stderr> {
    Escaped { to: Stderr, by }
}

fn write_field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let value = format!("{value:?}");
    match field.name() {
        "message" => write!(writer, "{}", visible(&value)),
        name => write!(writer, "{name}={}", visible(&value)),
    }
}
