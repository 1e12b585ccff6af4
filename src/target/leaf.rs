//! The values of `targets.yaml`: addresses, commands, durations, limits, words; each with its JSON Schema.

use std::time::Duration;

use url::Url;

use super::address::{AddressError, base_address, step_address};
use super::rules::{
    GUARD_RANGE, INVALID_COMMAND, INVALID_DURATION, INVALID_SECRET_PLACE, INVALID_STORE, INVALID_URL,
    UNKNOWN_VALUE,
};
use super::types::{Api, Method};
use crate::diag::{Rule, closest};
use crate::yaml::{Decode, Node, Reading, Shape, Text, Whole, leaf_schema};

/// The base address of a shop.
#[derive(Debug)]
pub struct BaseUrl(pub Url);

/// The address of a step's request.
#[derive(Debug)]
pub struct StepUrl(pub Url);

/// The kind of API.
#[derive(Debug)]
pub struct ApiName(pub Api);

/// The store code in the path of REST calls.
#[derive(Debug)]
pub struct StoreCode<'t>(pub &'t str);

/// The name of an environment variable.
#[derive(Debug)]
pub struct EnvName<'t>(pub &'t str);

/// The path of a file.
#[derive(Debug)]
pub struct FilePath<'t>(pub &'t str);

/// A program with its arguments.
#[derive(Debug)]
pub struct Argv(pub Vec<String>);

/// Yes or no.
#[derive(Debug)]
pub struct Flag(pub bool);

/// A number of deletes.
#[derive(Debug)]
pub struct MaxDeletes(pub u32);

/// A part in percent.
#[derive(Debug)]
pub struct Percent(pub u8);

/// How long something may take.
#[derive(Debug)]
pub struct Timeout(pub Duration);

/// A method of HTTP.
#[derive(Debug)]
pub struct MethodName(pub Method);

/// A text that is no secret.
#[derive(Debug)]
pub struct PlainText<'t>(pub Text<'t>);

/// The body of a request.
#[derive(Debug)]
pub struct Body<'t>(pub &'t str);

/// The word for leaving the index to the shop's cron.
#[derive(Debug)]
pub struct CronWord;

leaf_schema!(BaseUrl, { "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://" });
leaf_schema!(StepUrl, { "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://" });
leaf_schema!(ApiName, { "type": "string", "enum": ["paas", "saas"] });
leaf_schema!(StoreCode<'_>, { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$" });
leaf_schema!(EnvName<'_>, { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" });
leaf_schema!(FilePath<'_>, { "type": "string", "minLength": 1 });
leaf_schema!(Argv, {
    "type": "array",
    "minItems": 1,
    "prefixItems": [{ "type": "string", "minLength": 1 }],
    "items": { "type": "string" },
});
leaf_schema!(Flag, { "type": "boolean" });
leaf_schema!(MaxDeletes, { "type": "integer", "minimum": 0, "maximum": u32::MAX });
leaf_schema!(Percent, { "type": "integer", "minimum": 0, "maximum": 100 });
leaf_schema!(Timeout, { "type": "string", "pattern": "^[1-9][0-9]{0,4}[smh]$" });
leaf_schema!(MethodName, { "type": "string", "enum": Method::ALL.map(Method::as_str) });
leaf_schema!(PlainText<'_>, { "type": "string" });
leaf_schema!(Body<'_>, { "type": "string" });
leaf_schema!(CronWord, { "type": "string", "enum": ["cron"] });

/// Reports a value that has the right type but cannot be used.
fn refuse<T>(node: Node<'_>, reading: &mut Reading, rule: &Rule, message: impl Into<String>) -> Option<T> {
    reading.conceal(node);
    reading.findings.push(rule.at(node.head(), message));
    None
}

fn address(
    node: Node<'_>,
    reading: &mut Reading,
    read: fn(&str) -> Result<Url, AddressError>,
) -> Option<Url> {
    let text = Text::read(node, "a URL", reading)?;
    match read(text.value) {
        Ok(url) => Some(url),
        Err(error) => refuse(node, reading, &INVALID_URL, error.to_string()),
    }
}

impl Decode<'_> for BaseUrl {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        address(node, reading, base_address).map(Self)
    }
}

impl Decode<'_> for StepUrl {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        address(node, reading, step_address).map(Self)
    }
}

/// Reads a word that must be one of the known ones.
fn word<T: Copy>(node: Node<'_>, noun: &str, known: &[(&str, T)], reading: &mut Reading) -> Option<T> {
    let text = Text::read(node, noun, reading)?;
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == text.value) {
        return Some(*value);
    }
    reading.conceal(node);
    let names: Vec<_> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
    let found = UNKNOWN_VALUE.at(text.span, format!("this is not {noun} that is known here"));
    let found = found.help(format!("known: {}", names.join(", ")));
    let likely = closest(text.value, known.iter().map(|(name, _)| *name));
    reading.findings.push(match likely {
        Some(likely) if known.len() > 1 => found.help(format!("did you mean `{likely}`?")),
        _ => found,
    });
    None
}

impl Decode<'_> for ApiName {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        word(
            node,
            "a kind of API",
            &[("paas", Api::Paas), ("saas", Api::Saas)],
            reading,
        )
        .map(Self)
    }
}

impl Decode<'_> for MethodName {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        word(
            node,
            "a method",
            &Method::ALL.map(|method| (method.as_str(), method)),
            reading,
        )
        .map(Self)
    }
}

impl Decode<'_> for CronWord {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        word(node, "a way to reindex", &[("cron", ())], reading).map(|()| Self)
    }
}

fn is_name(text: &str, first: fn(char) -> bool) -> bool {
    text.starts_with(first) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl<'t> Decode<'t> for StoreCode<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        let text = Text::read(node, "a store code", reading)?;
        if is_name(text.value, |c| c.is_ascii_alphabetic()) {
            return Some(Self(text.value));
        }
        let message = "a store code has letters, digits and underscores, and begins with a letter";
        refuse(node, reading, &INVALID_STORE, message)
    }
}

impl<'t> Decode<'t> for EnvName<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        let text = Text::read(node, "the name of an environment variable", reading)?;
        if is_name(text.value, |c| c.is_ascii_alphabetic() || c == '_') {
            return Some(Self(text.value));
        }
        let message = "the name of an environment variable has letters, digits and underscores";
        refuse(node, reading, &INVALID_SECRET_PLACE, message)
    }
}

impl<'t> Decode<'t> for FilePath<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        let text = Text::read(node, "the path of a file", reading)?;
        if !text.value.is_empty() && !text.value.contains(char::is_control) {
            return Some(Self(text.value));
        }
        refuse(
            node,
            reading,
            &INVALID_SECRET_PLACE,
            "this is not the path of a file",
        )
    }
}

impl Decode<'_> for Argv {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        if !matches!(node.shape(), Shape::Sequence) {
            let help =
                "write the program and each argument by itself: [program, argument]; there is no shell";
            reading.wrong_type(node, "a list", Some(help.to_owned()));
            return None;
        }
        let texts: Vec<_> = node
            .items()
            .map(|item| Text::read(item, "an argument (a text)", reading))
            .collect();
        let argv: Vec<_> = texts.into_iter().collect::<Option<_>>()?;
        let argv: Vec<String> = argv.iter().map(|text: &Text<'_>| text.value.to_owned()).collect();
        if argv.first().is_none_or(String::is_empty) {
            return refuse(
                node,
                reading,
                &INVALID_COMMAND,
                "a command begins with the name of a program",
            );
        }
        if argv.iter().any(|argument| argument.contains('\0')) {
            return refuse(
                node,
                reading,
                &INVALID_COMMAND,
                "an argument cannot hold a zero byte",
            );
        }
        Some(Self(argv))
    }
}

impl Decode<'_> for Flag {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
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
    reading: &mut Reading,
) -> Option<T> {
    let number = Whole::read(node, "a limit", reading)?;
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
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        limit(node, u32::MAX, reading).map(Self)
    }
}

impl Decode<'_> for Percent {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        limit(node, 100, reading).map(Self)
    }
}

impl Decode<'_> for Timeout {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        let text = Text::read(node, "a duration such as 30m", reading)?;
        let seconds = seconds(text.value).filter(|seconds| (1..=24 * 3600).contains(seconds));
        seconds
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .or_else(|| {
                let message =
                    "a duration is a whole number with `s`, `m` or `h`, such as 90s or 30m, from 1s to 24h";
                refuse(node, reading, &INVALID_DURATION, message)
            })
    }
}

fn seconds(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let plain =
        number.len() <= 5 && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| number.parse::<u64>().ok())
        .flatten()?
        .checked_mul(unit)
}

impl<'t> Decode<'t> for PlainText<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        // It may be a secret after all.
        reading.conceal(node);
        Text::read(
            node,
            "a header's value (a text, or the place of a secret)",
            reading,
        )
        .map(Self)
    }
}

impl<'t> Decode<'t> for Body<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        reading.conceal(node);
        Text::read(node, "a body (a text)", reading).map(|text| Self(text.value))
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

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
