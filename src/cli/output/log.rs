//! The log on standard error. Terminal control characters in foreign text are made visible.

use std::borrow::Cow;
use std::fmt::{self, Debug, Write as _};

use jiff::Timestamp;

use spanned_yaml::diag::{Escaped, escape_json, escape_text, visible};
use tracing::field::{Field, Visit};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

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
        .with_timer(Milliseconds)
        .fmt_fields(Sentences);
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

/// The time of a line, to the millisecond.
struct Milliseconds;

impl FormatTime for Milliseconds {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{:.3}", Timestamp::now())
    }
}

/// Writes the message of an event with its fields as a sentence, such as `trying again in 274 ms: no connection`.
struct Sentences;

impl<'writer> FormatFields<'writer> for Sentences {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut sentence = Sentence::default();
        fields.record(&mut sentence);
        let Sentence {
            words,
            duration,
            cause,
        } = sentence;
        write!(writer, "{}{}{}", words.join(" "), duration, cause)
    }
}

/// The parts of a sentence, in the order in which they are written.
#[derive(Default)]
struct Sentence {
    /// The message, and the fields that stand by name.
    words: Vec<String>,
    duration: String,
    cause: String,
}

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}");
        let value = visible(&value);
        // Writing to a String cannot fail.
        let _ = match field.name() {
            "message" => return self.words.insert(0, value.into_owned()),
            "pause" | "elapsed" => write!(self.duration, " in {}", rounded(&value)),
            "error" | "failure" | "issues" => write!(self.cause, ": {value}"),
            name => return self.words.push(format!("{name}={value}")),
        };
    }
}

/// A duration as `Debug` writes it, without digits that say nothing: `274 ms`, `1.5 s`.
fn rounded(duration: &str) -> Cow<'_, str> {
    let seconds = [("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9), ("s", 1.0)]
        .iter()
        .find_map(|(unit, factor)| Some(duration.strip_suffix(unit)?.parse::<f64>().ok()? * factor));
    match seconds {
        Some(seconds) if seconds < 1.0 => Cow::Owned(format!("{:.0} ms", seconds * 1e3)),
        Some(seconds) => Cow::Owned(format!("{seconds:.1} s")),
        None => Cow::Borrowed(duration),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::rounded;

    #[test]
    fn durations_are_rounded() {
        for (duration, text) in [
            (Duration::from_nanos(273_712_345), "274 ms"),
            (Duration::from_nanos(12_345), "0 ms"),
            (Duration::from_nanos(1_512_345_678), "1.5 s"),
            (Duration::from_mins(2), "120.0 s"),
        ] {
            assert_eq!(rounded(&format!("{duration:?}")), text);
        }
        assert_eq!(rounded("soon"), "soon");
    }
}
