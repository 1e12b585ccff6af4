//! Reads the limits of `targets.yaml`: yes or no, numbers, durations.

use std::time::Duration;

use spanned_yaml::{Decode, DecodeContext, IntLit, Node, StrLit};

use super::leaf::{Flag, MaxDeletes, Pause, Percent, Timeout};
use super::rules::{GUARD_RANGE, INVALID_DURATION};
use super::texts::refuse;

impl Decode<'_> for Flag {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        let flag = node.as_bool();
        if flag.is_none() {
            reading.wrong_type(node, "`true` or `false`", None);
        }
        flag.map(Self)
    }
}

fn limit<T: TryFrom<i64> + PartialOrd + Copy + std::fmt::Display>(
    node: Node<'_>,
    most: T,
    reading: &mut DecodeContext,
) -> Option<T> {
    let number = IntLit::read(node, "a limit", reading)?;
    let value = T::try_from(number.value).ok().filter(|value| *value <= most);
    value.or_else(|| {
        refuse(
            node,
            reading,
            &GUARD_RANGE,
            format!("this limit is a whole number from 0 to {most}"),
        )
    })
}

impl Decode<'_> for MaxDeletes {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        limit(node, u32::MAX, reading).map(Self)
    }
}

impl Decode<'_> for Percent {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        limit(node, 100, reading).map(Self)
    }
}

impl Decode<'_> for Timeout {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::word(node, "a duration such as 30m", reading)?;
        parse_duration(text.value).map(Self).or_else(|| {
            let message =
                "a duration is a whole number with `s`, `m` or `h`, such as 90s or 30m, from 1s to 24h";
            refuse(node, reading, &INVALID_DURATION, message)
        })
    }
}

impl Decode<'_> for Pause {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::word(node, "a pause such as 250ms", reading)?;
        let pause = milliseconds(text.value).filter(|pause| (1..=60_000).contains(pause));
        pause.map(|pause| Self(Duration::from_millis(pause))).or_else(|| {
            let message = "a pause is a whole number with `ms` or `s`, such as 250ms or 2s, from 1ms to 60s";
            refuse(node, reading, &INVALID_DURATION, message)
        })
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    match text.strip_suffix("ms") {
        Some(number) => plain(number),
        None => plain(text.strip_suffix('s')?)?.checked_mul(1000),
    }
}

/// Reads a duration such as `90s` or `30m`, from one second to one day.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let seconds = seconds(text).filter(|seconds| (1..=24 * 3600).contains(seconds));
    seconds.map(Duration::from_secs)
}

fn seconds(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return None,
    };
    plain(&text[..text.len() - 1])?.checked_mul(unit)
}

/// A number as people write it, of five digits at most.
fn plain(number: &str) -> Option<u64> {
    let is_plain =
        number.len() <= 5 && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, seconds};

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
}
