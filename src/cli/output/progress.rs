//! Shows the progress of a run: a bar for the writes, a line for each reindex step.

use std::sync::Mutex;
use std::sync::PoisonError;

use indicatif::{ProgressBar, ProgressStyle};
use spanned_yaml::diag::visible;

use crate::cli::output::printer::Printer;
use crate::run::{Event, Observer};

/// Shows a run on standard error.
pub(crate) struct Progress {
    printer: Printer,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    pub(crate) fn new(printer: &Printer) -> Self {
        Self {
            printer: printer.clone(),
            bar: Mutex::new(None),
        }
    }

    fn bar(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Observer for Progress {
    fn notice(&self, event: Event<'_>) {
        match event {
            Event::Reading => tracing::info!("reading the live state"),
            Event::PreImageKept { path } => {
                tracing::info!(path = %path.display(), "the pre-image was saved");
            }
            Event::NotInPreImage { stock } => self
                .printer
                .warn(&visible(&format!("a rollback will not bring back {stock}"))),
            Event::LockHeld { holder, max_wait } => {
                let holder = holder.map_or_else(String::new, |holder| format!(": {holder}"));
                self.printer.note(&format!(
                    "Another stocktake is at work on this target{}; waiting up to {} s",
                    visible(&holder),
                    max_wait.as_secs()
                ));
            }
            Event::WriteMayArrive { began, max_wait } => {
                self.printer.note(&format!(
                    "The effect of the write of {began:.0} is unknown, and it may still arrive: waiting until it does, up to \
                     {} s",
                    max_wait.as_secs() + 1
                ));
            }
            Event::IndexCheck => tracing::info!("reading again to prove the result"),
            Event::ProvingIndex => tracing::info!("looking at the index"),
            Event::IndexStale { pause } => {
                self.printer.note(&format!(
                    "  the index does not show the links yet; looking again in {pause} s"
                ));
            }
            Event::WritingBegins { links } if self.printer.shows_progress() => {
                self.bar(|bar| *bar = Some(self.printer.show_bar(writing_bar(links))));
            }
            Event::WritingBegins { links } => tracing::info!(links, "writing"),
            Event::Written { links } => self.bar(|bar| {
                if let Some(bar) = bar {
                    bar.inc(links as u64);
                }
            }),
            Event::WritingEnds => self.bar(|bar| {
                if let Some(bar) = bar.take() {
                    bar.finish_and_clear();
                }
            }),
            Event::StepBegins { number, of, title } => {
                self.printer
                    .note(&format!("Reindex step {number} of {of}: {}", visible(title)));
            }
            Event::StepOutput { line } => self.printer.note(&format!("  | {}", visible(line))),
            Event::IndexLocked { pause } => {
                self.printer.note(&format!(
                    "  another index run is working; trying again in {pause} s"
                ));
            }
            Event::IndexHeldForLong { seconds, hint } => {
                self.printer
                    .warn(&visible(&format!("the index is held for {seconds} s; {hint}")));
            }
            Event::StepWasCutOff { began } => self.printer.warn(&format!(
                "the reindex step of {began:.0} was ended midway: it may have left the shop's index at `working`, which each \
                 later run skips"
            )),
        }
    }
}

fn writing_bar(links: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}Writing links {bar:40} {pos}/{len} {eta}");
    ProgressBar::new(links as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
