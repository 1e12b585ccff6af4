//! The keys of `reindex` and its steps.

use spanned_yaml::{Entries, List, NodeKind, Sensitive, record};

use super::auth::ValueEntry;
use super::either::{NonEmpty, either};
use crate::target::duration::duration_text;
use crate::target::scalar::{Argv, Body, CronWord, EnvName, MethodName, StepUrl, Timeout};
use crate::target::types::{DEFAULT_INTERVAL, DEFAULT_TIMEOUT, Method};

either! {
    /// The value of `reindex`.
    pub enum ReindexEntry<'t>: "Reindex" {
        /// The shop's cron does it.
        Word(CronWord),
        /// A list of steps.
        Steps(NonEmpty<'t, StepEntry<'t>>) if NodeKind::Sequence | NodeKind::Mapping | NodeKind::Broken,
    }
}

record! {
    /// A step of a reindex.
    pub struct StepEntry<'t>: "a step" {
        /// A program with its arguments. There is no shell.
        optional run: Argv,
        /// A request.
        optional http: HttpEntry<'t>,
        /// A wait until the index shows the links, if cron or a queue brings it up to date.
        optional wait: WaitEntry<'t>,
        /// Environment variables that the program of `run` may see although they hold secrets.
        optional pass_env: List<'t, EnvName<'t>>,
        /// The longest time of the step, such as `90s`, `30m` or `1h`. An index that another run holds is waited for up to a sixth
        /// of it, and a minute at least.
        optional timeout: Timeout = duration_text(DEFAULT_TIMEOUT),
    }
    exactly one of run, http, wait;
}

record! {
    /// A wait until the index shows the links.
    pub struct WaitEntry<'t>: "`wait`" {
        /// The pause between two checks, such as `30s`.
        optional interval: Timeout = duration_text(DEFAULT_INTERVAL),
    }
}

record! {
    /// A request that a step sends.
    pub struct HttpEntry<'t>: "`http`" {
        /// The method.
        optional method: MethodName = Method::default().as_str(),
        /// The address: https, without credentials. http is only for this machine.
        required url: StepUrl,
        /// The headers by name.
        optional headers: Sensitive<Entries<'t, ValueEntry<'t>>>,
        /// The body.
        optional body: Sensitive<Body<'t>>,
    }
}
