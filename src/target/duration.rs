//! Durations and pauses as people write them, such as `30m` or `250ms`.

use std::time::Duration;

/// Reads a duration such as `90s` or `30m`, from one second to one day.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let seconds = seconds(text).filter(|seconds| (1..=24 * 3600).contains(seconds));
    seconds.map(Duration::from_secs)
}

/// Reads a pause such as `250ms` or `2s`, from one millisecond to one minute.
pub(super) fn parse_pause(text: &str) -> Option<Duration> {
    let milliseconds = milliseconds(text).filter(|pause| (1..=60_000).contains(pause));
    milliseconds.map(Duration::from_millis)
}

/// Writes a duration of whole seconds, in the largest unit that fits.
pub(super) fn duration_text(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    match text.strip_suffix("ms") {
        Some(number) => digits(number),
        None => digits(text.strip_suffix('s')?)?.checked_mul(1000),
    }
}

fn seconds(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return None,
    };
    digits(&text[..text.len() - 1])?.checked_mul(unit)
}

/// Reads a number of at most five digits, without zeros before it.
fn digits(number: &str) -> Option<u64> {
    let is_plain =
        number.len() <= 5 && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Duration, duration_text, milliseconds, parse_duration, seconds};

    #[test]
    fn pauses_are_short() {
        assert_eq!(milliseconds("250ms"), Some(250));
        assert_eq!(milliseconds("2s"), Some(2000));
        for wrong in ["", "ms", "s", "250", "0ms", "1m", "1.5s", "-1ms"] {
            assert_eq!(milliseconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_have_one_unit() {
        assert_eq!(seconds("90s"), Some(90));
        assert_eq!(seconds("30m"), Some(1800));
        assert_eq!(seconds("1h"), Some(3600));
        for wrong in [
            "", "s", "30", "1.5h", "-1s", "+1s", "007s", "1d", "1h30m", "999999s", "30é",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_written_duration_is_read_back() {
        for text in ["15s", "90s", "1m", "30m", "2h"] {
            assert_eq!(parse_duration(text).map(duration_text).as_deref(), Some(text));
        }
        assert_eq!(duration_text(Duration::from_mins(1)), "1m");
    }
}
