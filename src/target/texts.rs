//! Reads the texts of `targets.yaml`: addresses, words, names, commands.

use spanned_yaml::diag::{Rule, closest, did_you_mean};
use spanned_yaml::{Decode, DecodeContext, Node, NodeKind, StrLit};
use url::Url;

use super::address::{AddressError, base_address, step_address};
use super::leaf::{
    ApiName, Argv, BaseUrl, Body, CanarySku, CronWord, EnvName, FilePath, MethodName, PlainText,
    ProtectedName, ProveWord, StepUrl, StoreCode,
};
use super::rules::{
    INVALID_CANARY, INVALID_COMMAND, INVALID_PROTECTED_STOCK, INVALID_SECRET_PLACE, INVALID_STORE,
    INVALID_URL, UNKNOWN_VALUE,
};
use super::types::{Api, Method, Prove};
use crate::model::StockName;

/// Reports a value that has the right type but cannot be used.
pub(super) fn refuse<T>(
    node: Node<'_>,
    reading: &mut DecodeContext,
    rule: &Rule,
    message: impl Into<String>,
) -> Option<T> {
    if reading.is_sensitive() {
        reading.conceal(node);
    }
    reading.findings.push(rule.at(node.head(), message));
    None
}

fn address(
    node: Node<'_>,
    reading: &mut DecodeContext,
    read: fn(&str) -> Result<Url, AddressError>,
) -> Option<Url> {
    let text = StrLit::word(node, "a URL", reading)?;
    if text.value.contains(['@', '?']) {
        // A password may stand there.
        reading.conceal(node);
    }
    match read(text.value) {
        Ok(url) => Some(url),
        Err(error) => refuse(node, reading, &INVALID_URL, error.to_string()),
    }
}

impl Decode<'_> for BaseUrl {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        address(node, reading, base_address).map(Self)
    }
}

impl Decode<'_> for StepUrl {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        address(node, reading, step_address).map(Self)
    }
}

/// Reads a word that must be one of the known ones.
fn word<T: Clone>(node: Node<'_>, noun: &str, known: &[(&str, T)], reading: &mut DecodeContext) -> Option<T> {
    let text = StrLit::word(node, noun, reading)?;
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == text.value) {
        return Some(value.clone());
    }
    let names: Vec<_> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
    let found = UNKNOWN_VALUE.at(text.span, format!("this is not {noun} that is known here"));
    let found = found.help(format!("known: {}", names.join(", ")));
    let likely = closest(text.value, known.iter().map(|(name, _)| *name));
    reading.findings.push(match likely {
        Some(likely) if known.len() > 1 => found.help(did_you_mean(text.value, likely)),
        _ => found,
    });
    None
}

impl Decode<'_> for ApiName {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        let known = [("paas", Api::Paas), ("saas", Api::Saas)];
        word(node, "a kind of API", &known, reading).map(Self)
    }
}

impl Decode<'_> for MethodName {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
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
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        word(node, "a way to reindex", &[("cron", ())], reading).map(|()| Self)
    }
}

impl Decode<'_> for ProveWord {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        let known = [("links", Prove::Links), ("index", Prove::Index)];
        word(node, "a level of proof", &known, reading).map(Self)
    }
}

impl<'t> Decode<'t> for CanarySku<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::read(node, "a SKU", reading)?;
        if (1..=64).contains(&text.value.chars().count()) {
            return Some(Self(text.value));
        }
        refuse(node, reading, &INVALID_CANARY, "a SKU has 1 to 64 characters")
    }
}

fn is_name(text: &str, first: fn(char) -> bool) -> bool {
    text.starts_with(first) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl<'t> Decode<'t> for StoreCode<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::word(node, "a store code", reading)?;
        if is_name(text.value, |c| c.is_ascii_alphabetic()) {
            return Some(Self(text.value));
        }
        let message = "a store code has letters, digits and underscores, and begins with a letter";
        refuse(node, reading, &INVALID_STORE, message)
    }
}

impl<'t> Decode<'t> for EnvName<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::word(node, "the name of an environment variable", reading)?;
        if is_name(text.value, |c| c.is_ascii_alphabetic() || c == '_') {
            return Some(Self(text.value));
        }
        let message = "the name of an environment variable has letters, digits and underscores";
        refuse(node, reading, &INVALID_SECRET_PLACE, message)
    }
}

impl<'t> Decode<'t> for FilePath<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::word(node, "the path of a file", reading)?;
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

impl Decode<'_> for ProtectedName {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        let text = StrLit::read(node, "a stock's name", reading)?;
        match StockName::parse(text.value) {
            Ok(name) => Some(Self(name)),
            Err(error) => refuse(node, reading, &INVALID_PROTECTED_STOCK, error.to_string()),
        }
    }
}

impl Decode<'_> for Argv {
    fn decode(node: Node<'_>, reading: &mut DecodeContext) -> Option<Self> {
        if !matches!(node.kind(), NodeKind::Sequence) {
            let help =
                "write the program and each argument by itself: [program, argument]; there is no shell";
            reading.wrong_type(node, "a list", Some(help.to_owned()));
            return None;
        }
        let texts: Vec<_> = node
            .items()
            .map(|item| StrLit::read(item, "an argument (a text)", reading))
            .collect();
        let argv: Vec<_> = texts.into_iter().collect::<Option<_>>()?;
        let argv: Vec<String> = argv
            .iter()
            .map(|text: &StrLit<'_>| text.value.to_owned())
            .collect();
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

impl<'t> Decode<'t> for PlainText<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        // It may be a secret after all.
        reading.conceal(node);
        StrLit::read(node, "a text, or where it is kept", reading).map(Self)
    }
}

impl<'t> Decode<'t> for Body<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        reading.conceal(node);
        StrLit::read(node, "a body (a text)", reading).map(|text| Self(text.value))
    }
}
