//! temporary until the loader of targets.yaml is merged
#![allow(missing_docs)]
use secrecy::SecretString;
use std::{fmt, path::PathBuf, time::Duration};
use url::Url;
#[derive(Debug, Clone)]
pub enum SecretRef {
    Env(String),
    File(PathBuf),
    Value(SecretString),
}
#[derive(Debug, Clone)]
pub enum Reindex {
    Cron,
    Absent,
    Steps(Vec<Step>),
}
#[derive(Debug, Clone)]
pub struct Step {
    pub kind: StepKind,
    pub timeout: Duration,
}
#[derive(Debug, Clone)]
pub enum StepKind {
    Run { argv: Vec<String> },
    Http(HttpStep),
}
#[derive(Debug, Clone)]
pub struct HttpStep {
    pub method: String,
    pub url: Url,
    pub headers: Vec<(String, SecretRef)>,
    pub body: Option<String>,
}
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StepKind::Run { argv } => f.write_str(&argv.join(" ")),
            StepKind::Http(h) => write!(f, "{} {}", h.method, h.url),
        }
    }
}
#[derive(Debug, Clone)]
pub struct GuardSettings {
    pub max_deletes: u32,
    pub max_delete_percent: u8,
}
#[derive(Debug, Clone)]
pub struct Target {
    pub name: String,
    pub url: Url,
    pub store: String,
    pub token: SecretRef,
    pub guard: GuardSettings,
    pub reindex: Reindex,
}
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct E(String);
impl Target {
    pub fn token(&self) -> &SecretRef {
        &self.token
    }
    pub fn single(u: &str, t: SecretRef) -> Result<Self, E> {
        let url: Url = u.parse().map_err(|e: url::ParseError| E(e.to_string()))?;
        Ok(Self {
            name: url.host_str().unwrap_or("").to_owned(),
            url,
            store: "all".into(),
            token: t,
            guard: GuardSettings {
                max_deletes: 10,
                max_delete_percent: 30,
            },
            reindex: Reindex::Absent,
        })
    }
    pub fn rehearsal(u: &str, t: SecretRef) -> Result<Self, E> {
        let mut s = Self::single(u, t)?;
        s.name = "sandbox".into();
        s.reindex=Reindex::Steps(vec![Step{timeout:Duration::from_mins(1),kind:StepKind::Http(HttpStep{method:"POST".into(),url:format!("{u}/_sandbox/magento").parse().map_err(|e:url::ParseError|E(e.to_string()))?,headers:vec![],body:Some(r#"{"argv":["indexer:reindex","inventory","catalog_product_price","catalogsearch_fulltext"]}"#.into())})}]);
        Ok(s)
    }
}
pub struct Loaded {
    pub targets: Option<Vec<Target>>,
    pub diagnostics: Vec<crate::diag::Diagnostic>,
}
pub fn load(_: &crate::diag::InputFiles) -> Loaded {
    Loaded {
        targets: None,
        diagnostics: vec![],
    }
}
pub fn select<'a>(t: &'a [Target], _: Option<&str>) -> Result<&'a Target, E> {
    t.first().ok_or(E("none".into()))
}
pub fn resolve_secret(r: &SecretRef) -> Result<SecretString, E> {
    match r {
        SecretRef::Env(n) => std::env::var(n)
            .map(Into::into)
            .map_err(|_| E(format!("the environment has no {n}"))),
        SecretRef::File(p) => std::fs::read_to_string(p)
            .map(|s| s.trim_end().to_owned().into())
            .map_err(|e| E(e.to_string())),
        SecretRef::Value(v) => Ok(v.clone()),
    }
}
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(String)
}
