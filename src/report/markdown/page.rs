//! A text with a limit. Parts that do not fit are left out whole and counted, so that no markup is cut in two.

use std::fmt::Write as _;

use spanned_yaml::diag::joined;

use crate::report::words::count;

/// The room for the sentence about the parts that were left out.
const RESERVE: usize = 400;

/// A text that grows up to a limit, in UTF-16 units.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    left: usize,
    cut: Vec<(&'static str, usize)>,
    cut_units: usize,
}

impl Page {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            left: limit.saturating_sub(RESERVE),
            cut: Vec::new(),
            cut_units: 0,
        }
    }

    /// The number of units that still fit.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Adds a short part that must be there.
    pub(super) fn must(&mut self, part: &str) {
        self.left = self.left.saturating_sub(units(part));
        self.text.push_str(part);
    }

    /// Adds a part if it fits, or else counts it under that noun.
    pub(super) fn may(&mut self, noun: &'static str, part: &str) {
        if units(part) <= self.left {
            self.must(part);
        } else {
            self.leave_out(noun, 1, units(part));
        }
    }

    /// Counts parts as left out.
    pub(super) fn leave_out(&mut self, noun: &'static str, number: usize, units: usize) {
        if number == 0 {
            return;
        }
        self.cut_units += units;
        match self.cut.iter_mut().find(|(known, _)| *known == noun) {
            Some((_, count)) => *count += number,
            None => self.cut.push((noun, number)),
        }
    }

    /// The text, with a sentence about the parts that were left out.
    pub(super) fn end(mut self) -> String {
        if !self.cut.is_empty() {
            let parts = self.cut.iter().map(|(noun, number)| count(*number, noun));
            // Writing to a String cannot fail.
            let _ = write!(
                self.text,
                "\n✂️ **Cut to fit a comment:** {} left out ({} characters); the whole plan is in the other formats of `stocktake plan`.\n",
                joined(parts, ", "),
                self.cut_units
            );
        }
        self.text
    }
}

/// The length of a text in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
