//! `--prove`: the level of proof, from the flag or from the target.

use clap::{Args, ValueEnum};

use crate::run::{Failure, IndexCheck, Session};
use crate::target::Prove;

/// The level of proof.
#[derive(Debug, Default, Args)]
pub(crate) struct ProveArgs {
    /// The level of proof, in place of the target's own.
    #[arg(long, value_enum, value_name = "LEVEL")]
    prove: Option<Level>,
}

/// The levels of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    /// The links alone: those of the changed stocks are read again.
    Links,
    /// The inventory index too: each row against links and source items.
    Index,
    /// The rows of the products that the target names under `prove`.
    Canary,
}

impl ProveArgs {
    /// The level in one word.
    pub(crate) fn word(&self, target: &Prove) -> &'static str {
        match (self.prove, target) {
            (Some(Level::Links), _) | (None, Prove::Links) => "links",
            (Some(Level::Index), _) | (None, Prove::Index) => "index",
            (Some(Level::Canary), _) | (None, Prove::Canary(_)) => "canary",
        }
    }

    /// The check of the index: the flag beats the target.
    pub(crate) fn index_check(&self, session: &Session) -> Result<IndexCheck, Failure> {
        let level = match (self.prove, &session.prove) {
            (None, target) => target.clone(),
            (Some(Level::Links), _) => Prove::Links,
            (Some(Level::Index), _) => Prove::Index,
            (Some(Level::Canary), canary @ Prove::Canary(_)) => canary.clone(),
            (Some(Level::Canary), _) => {
                return Err(Failure::usage("--prove canary: the target names no products")
                    .hint("name some in targets.yaml, such as `prove: { canary: [SKU-1] }`"));
            }
        };
        Ok(IndexCheck::new(&level, session.prove_timeout))
    }
}
