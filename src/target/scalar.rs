//! The scalars of `targets.yaml`: each with its type, its decoder and its JSON Schema.

use std::path::PathBuf;
use std::time::Duration;

use spanned_yaml::diag::{Rule, closest, did_you_mean, joined};
use spanned_yaml::{Decode, DecodeContext, IntLit, Node, NodeKind, StrLit, leaf_schema};
use url::Url;

use super::address::{AddressError, base_address, step_address};
use super::duration::{parse_duration, parse_pause};
use super::rules::{
    GUARD_RANGE, INVALID_CANARY, INVALID_COMMAND, INVALID_DURATION, INVALID_FILES, INVALID_PROTECTED_STOCK,
    INVALID_SECRET_PLACE, INVALID_STORE, INVALID_URL, UNKNOWN_VALUE,
};
use super::types::{Api, Method, Prove};
use crate::model::StockName;

/// Declares a scalar. Its decoder reports a wrong value and returns `None`.
macro_rules! scalar {
    ($(#[doc = $doc:literal])+ $name:ident($inner:ty), $schema:tt, $decode:expr) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name(pub $inner);

        impl Decode<'_> for $name {
            fn decode(node: Node<'_>, context: &mut DecodeContext) -> Option<Self> {
                let decode: fn(Node<'_>, &mut DecodeContext) -> Option<$inner> = $decode;
                decode(node, context).map(Self)
            }
        }

        leaf_schema!($name, $schema);
    };
    ($(#[doc = $doc:literal])+ $name:ident<$life:lifetime>($inner:ty), $schema:tt, $decode:expr) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name<$life>(pub $inner);

        impl<$life> Decode<$life> for $name<$life> {
            fn decode(node: Node<$life>, context: &mut DecodeContext) -> Option<Self> {
                let decode: fn(Node<$life>, &mut DecodeContext) -> Option<$inner> = $decode;
                decode(node, context).map(Self)
            }
        }

        leaf_schema!($name<'_>, $schema);
    };
}

scalar!(
    /// The base address of a shop.
    BaseUrl(Url),
    { "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://" },
    |node, context| address(node, context, base_address)
);
scalar!(
    /// The address of a request.
    StepUrl(Url),
    { "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://" },
    |node, context| address(node, context, step_address)
);
scalar!(
    /// The kind of API.
    ApiName(Api),
    { "type": "string", "enum": ["paas", "saas"] },
    |node, context| word(node, "a kind of API", &[("paas", Api::Paas), ("saas", Api::Saas)], context)
);
scalar!(
    /// The store code of REST calls.
    StoreCode<'t>(&'t str),
    { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$" },
    |node, context| {
        let text = StrLit::word(node, "a store code", context)?.value;
        if is_name(text, |c| c.is_ascii_alphabetic()) {
            return Some(text);
        }
        let message = "a store code has letters, digits and underscores, and begins with a letter";
        refuse(node, context, &INVALID_STORE, message)
    }
);
scalar!(
    /// The name of an environment variable.
    EnvName<'t>(&'t str),
    { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" },
    |node, context| {
        let text = StrLit::word(node, "the name of an environment variable", context)?.value;
        if is_name(text, |c| c.is_ascii_alphabetic() || c == '_') {
            return Some(text);
        }
        let message = "the name of an environment variable has letters, digits and underscores";
        refuse(node, context, &INVALID_SECRET_PLACE, message)
    }
);
scalar!(
    /// The path of a file.
    FilePath<'t>(&'t str),
    { "type": "string", "minLength": 1 },
    |node, context| {
        let text = StrLit::word(node, "the path of a file", context)?.value;
        if !text.is_empty() && !text.contains(char::is_control) {
            return Some(text);
        }
        refuse(node, context, &INVALID_SECRET_PLACE, "this is not the path of a file")
    }
);
scalar!(
    /// The path of an inventory file or a folder of them.
    InventoryPath(PathBuf),
    { "type": "string", "minLength": 1 },
    |node, context| {
        let text = StrLit::word(node, "the path of an inventory file", context)?.value;
        if !text.is_empty() && !text.contains(char::is_control) {
            return Some(PathBuf::from(text));
        }
        refuse(node, context, &INVALID_FILES, "this is not the path of an inventory file or a folder")
    }
);
scalar!(
    /// The name of a protected stock.
    ProtectedName(StockName),
    { "type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^\S(.*\S)?$" },
    |node, context| match StockName::parse(StrLit::read(node, "a stock's name", context)?.value) {
        Ok(name) => Some(name),
        Err(error) => refuse(node, context, &INVALID_PROTECTED_STOCK, error.to_string()),
    }
);
scalar!(
    /// A program with its arguments.
    Argv(Vec<String>),
    {
        "type": "array",
        "minItems": 1,
        "prefixItems": [{ "type": "string", "minLength": 1 }],
        "items": { "type": "string" },
    },
    argv
);
scalar!(
    /// A boolean.
    Flag(bool),
    { "type": "boolean" },
    |node, context| {
        let flag = node.as_bool();
        if flag.is_none() {
            context.wrong_type(node, "`true` or `false`", None);
        }
        flag
    }
);
scalar!(
    /// A number of deletes.
    MaxDeletes(u32),
    { "type": "integer", "minimum": 0, "maximum": u32::MAX },
    |node, context| limit(node, u32::MAX, context)
);
scalar!(
    /// A percentage.
    Percent(u8),
    { "type": "integer", "minimum": 0, "maximum": 100 },
    |node, context| limit(node, 100, context)
);
scalar!(
    /// The longest time that something may take.
    Timeout(Duration),
    { "type": "string", "pattern": "^[1-9][0-9]{0,4}[smh]$" },
    |node, context| {
        let text = StrLit::word(node, "a duration such as 30m", context)?;
        parse_duration(text.value).or_else(|| {
            let message = "a duration is a whole number with `s`, `m` or `h`, such as 90s or 30m, from 1s to 24h";
            refuse(node, context, &INVALID_DURATION, message)
        })
    }
);
scalar!(
    /// A pause.
    Pause(Duration),
    { "type": "string", "pattern": "^[1-9][0-9]{0,4}(ms|s)$" },
    |node, context| {
        let text = StrLit::word(node, "a pause such as 250ms", context)?;
        parse_pause(text.value).or_else(|| {
            let message = "a pause is a whole number with `ms` or `s`, such as 250ms or 2s, from 1ms to 60s";
            refuse(node, context, &INVALID_DURATION, message)
        })
    }
);
scalar!(
    /// An HTTP method.
    MethodName(Method),
    { "type": "string", "enum": Method::ALL.map(Method::as_str) },
    |node, context| word(node, "a method", &Method::ALL.map(|method| (method.as_str(), method)), context)
);
scalar!(
    /// A text that is not a secret.
    PlainText<'t>(StrLit<'t>),
    { "type": "string" },
    |node, context| {
        // A secret may stand here by mistake.
        context.conceal(node);
        StrLit::read(node, "a text, or where it is kept", context)
    }
);
scalar!(
    /// The body of a request.
    Body<'t>(&'t str),
    { "type": "string" },
    |node, context| {
        context.conceal(node);
        StrLit::read(node, "a body (a text)", context).map(|text| text.value)
    }
);
scalar!(
    /// The word that leaves the index to the shop's cron.
    CronWord(()),
    { "type": "string", "enum": ["cron"] },
    |node, context| word(node, "a way to reindex", &[("cron", ())], context)
);
scalar!(
    /// The level of proof.
    ProveWord(Prove),
    { "type": "string", "enum": ["links", "index"] },
    |node, context| {
        let known = [("links", Prove::Links), ("index", Prove::Index)];
        word(node, "a level of proof", &known, context)
    }
);
scalar!(
    /// The SKU of a product.
    CanarySku<'t>(&'t str),
    { "type": "string", "minLength": 1, "maxLength": 64 },
    |node, context| {
        let text = StrLit::read(node, "a SKU", context)?.value;
        if (1..=64).contains(&text.chars().count()) {
            return Some(text);
        }
        refuse(node, context, &INVALID_CANARY, "a SKU has 1 to 64 characters")
    }
);

/// Reports a value that has the right type but cannot be used.
fn refuse<T>(
    node: Node<'_>,
    context: &mut DecodeContext,
    rule: &Rule,
    message: impl Into<String>,
) -> Option<T> {
    if context.is_sensitive() {
        context.conceal(node);
    }
    context.report(rule.at(node.head(), message));
    None
}

fn address(
    node: Node<'_>,
    context: &mut DecodeContext,
    read: fn(&str) -> Result<Url, AddressError>,
) -> Option<Url> {
    let text = StrLit::word(node, "a URL", context)?;
    if text.value.contains(['@', '?']) {
        // It may hold a password.
        context.conceal(node);
    }
    match read(text.value) {
        Ok(url) => Some(url),
        Err(error) => refuse(node, context, &INVALID_URL, error.to_string()),
    }
}

/// Reads one of the known words.
fn word<T: Clone>(node: Node<'_>, noun: &str, known: &[(&str, T)], context: &mut DecodeContext) -> Option<T> {
    let text = StrLit::word(node, noun, context)?;
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == text.value) {
        return Some(value.clone());
    }
    let names = known.iter().map(|(name, _)| format!("`{name}`"));
    let found = UNKNOWN_VALUE.at(text.span, format!("this is not {noun} that is known here"));
    let found = found.help(format!("known: {}", joined(names, ", ")));
    let likely = closest(text.value, known.iter().map(|(name, _)| *name));
    context.report(match likely {
        Some(likely) if known.len() > 1 => found.help(did_you_mean(text.value, likely)),
        _ => found,
    });
    None
}

fn limit<T: TryFrom<i64> + PartialOrd + Copy + std::fmt::Display>(
    node: Node<'_>,
    most: T,
    context: &mut DecodeContext,
) -> Option<T> {
    let number = IntLit::read(node, "a limit", context)?;
    let value = T::try_from(number.value).ok().filter(|value| *value <= most);
    value.or_else(|| {
        let message = format!("this limit is a whole number from 0 to {most}");
        refuse(node, context, &GUARD_RANGE, message)
    })
}

fn is_name(text: &str, first: fn(char) -> bool) -> bool {
    text.starts_with(first) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn argv(node: Node<'_>, context: &mut DecodeContext) -> Option<Vec<String>> {
    if !matches!(node.kind(), NodeKind::Sequence) {
        let help = "write the program and each argument by itself: [program, argument]; there is no shell";
        context.wrong_type(node, "a list", Some(help.to_owned()));
        return None;
    }
    let read = |item| StrLit::read(item, "an argument (a text)", context).map(|text| text.value.to_owned());
    let texts: Vec<_> = node.items().map(read).collect();
    let argv: Vec<String> = texts.into_iter().collect::<Option<_>>()?;
    if argv.first().is_none_or(String::is_empty) {
        let message = "a command begins with the name of a program";
        return refuse(node, context, &INVALID_COMMAND, message);
    }
    if argv.iter().any(|argument| argument.contains('\0')) {
        let message = "an argument cannot hold a zero byte";
        return refuse(node, context, &INVALID_COMMAND, message);
    }
    Some(argv)
}
