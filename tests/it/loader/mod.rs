//! The loaders of `inventory.yaml` and `targets.yaml`: what good files give, their schemas, and no panic for anything.

mod defaults;
mod emit;
mod format;
mod groups;
mod hand_written;
mod inventory;
mod random;
mod round_trip;
mod schemas;
mod second_opinion;
mod targets;
mod template;

use spanned_yaml::diag::{Diagnostic, InputFiles, Style, render};
use stocktake::{spec, target};

/// One file of that text.
fn one(text: &str) -> InputFiles {
    InputFiles::one("file.yaml", text)
}

/// What an inventory of that text gives.
fn inventory(text: &str) -> spec::Loaded {
    spec::load(&one(text))
}

/// What targets of that text give.
fn targets(text: &str) -> target::Loaded {
    target::load(&mut one(text))
}

/// What was found, as text.
fn rendered(diagnostics: &[Diagnostic], text: &str) -> String {
    render(diagnostics, &one(text), Style::Plain)
}
