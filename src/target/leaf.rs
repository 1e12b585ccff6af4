//! The values of `targets.yaml`, each with its JSON Schema.

use std::time::Duration;

use spanned_yaml::{StrLit, leaf_schema};
use url::Url;

use super::types::{Api, Method, Prove};
use crate::model::StockName;

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

/// The name of a stock that is protected.
#[derive(Debug)]
pub struct ProtectedName(pub StockName);

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

/// A pause.
#[derive(Debug)]
pub struct Pause(pub Duration);

/// A method of HTTP.
#[derive(Debug)]
pub struct MethodName(pub Method);

/// A text that is no secret.
#[derive(Debug)]
pub struct PlainText<'t>(pub StrLit<'t>);

/// The body of a request.
#[derive(Debug)]
pub struct Body<'t>(pub &'t str);

/// The word for leaving the index to the shop's cron.
#[derive(Debug)]
pub struct CronWord;

/// A word for how much is proven.
#[derive(Debug)]
pub struct ProveWord(pub Prove);

/// The SKU of a product.
#[derive(Debug)]
pub struct CanarySku<'t>(pub &'t str);

leaf_schema!(BaseUrl, { "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://" });
leaf_schema!(StepUrl, { "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://" });
leaf_schema!(ApiName, { "type": "string", "enum": ["paas", "saas"] });
leaf_schema!(StoreCode<'_>, { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$" });
leaf_schema!(EnvName<'_>, { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" });
leaf_schema!(FilePath<'_>, { "type": "string", "minLength": 1 });
leaf_schema!(ProtectedName, { "type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^\S(.*\S)?$" });
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
leaf_schema!(Pause, { "type": "string", "pattern": "^[1-9][0-9]{0,4}(ms|s)$" });
leaf_schema!(MethodName, { "type": "string", "enum": Method::ALL.map(Method::as_str) });
leaf_schema!(PlainText<'_>, { "type": "string" });
leaf_schema!(Body<'_>, { "type": "string" });
leaf_schema!(CronWord, { "type": "string", "enum": ["cron"] });
leaf_schema!(ProveWord, { "type": "string", "enum": ["links", "index"] });
leaf_schema!(CanarySku<'_>, { "type": "string", "minLength": 1, "maxLength": 64 });
