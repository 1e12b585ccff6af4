//! Options, result and error of an update.

use std::collections::BTreeSet;

use spanned_yaml::diag::{Diagnostic, FileId};

use super::edit_error::EditError;
use super::from_live::LeftOut;
use super::proof::ExportError;
use crate::model::{StockId, StockName};

/// The stocks to bring in line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateOptions {
    /// These alone, and those of them that no file lists are added; `None` is all that the files list.
    pub stocks: Option<BTreeSet<StockId>>,
    /// True to add custom stocks that no file lists.
    pub add_all: bool,
}

/// Files in line with the live state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Updated {
    /// The files that change, with their new texts.
    pub files: Vec<(FileId, String)>,
    /// The stocks whose lists change, in the order of the files.
    pub changed: Vec<StockName>,
    /// The stocks that are added, by id.
    pub added: Vec<StockName>,
    /// Remarks on stocks that change.
    pub remarks: Vec<String>,
    /// The stocks that cannot be added, by id.
    pub left_out: Vec<LeftOut>,
}

/// The reason why files cannot be brought in line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// The obstacles, with their places.
    #[error("the files cannot be brought in line with this target")]
    Findings(Vec<Diagnostic>),
    /// The proof of the result failed.
    #[error(transparent)]
    Proof(#[from] ExportError),
}

impl From<EditError> for UpdateError {
    fn from(error: EditError) -> Self {
        Self::Findings(vec![error.diagnostic()])
    }
}
