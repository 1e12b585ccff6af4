//! What web hooks were told last of a target: one file, replaced as a whole, by one process at a time.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::json_text;

use super::error::JournalError;
use super::folder::{Folder, at, keep_names, write_new};
use super::lock::Lock;
use crate::disk;
use crate::reconcile::TargetLabel;
use crate::run::event::Observer;
use crate::run::notify::TargetState;

/// The version of the file.
const FORMAT: u32 = 1;

/// How long to wait for another process that tells something.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// What one web hook was told last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    /// The web hook, by the place of its address.
    webhook: String,
    /// When it was told.
    at: Timestamp,
    /// Of what.
    #[serde(flatten)]
    condition: TargetState,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Document {
    format_version: u32,
    told: BTreeMap<String, Last>,
}

/// What web hooks were told last of a target; nobody else tells them anything as long as this value lives.
#[derive(Debug)]
pub struct DeliveryLog {
    path: PathBuf,
    document: Document,
    _lock: Lock,
}

impl DeliveryLog {
    /// Reads what is remembered, once no other process is at it.
    pub async fn open(
        state_dir: &Path,
        target: &TargetLabel,
        observer: &dyn Observer,
    ) -> Result<Self, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.make()?;
        let lock = Lock::take(&folder.telling_lock(), "drift", MAX_WAIT, observer).await?;
        let path = folder.told();
        let document = match disk::read(&path, disk::LARGEST_TEXT) {
            Ok(bytes) => understood(&bytes, &path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Document::default(),
            Err(error) => return Err(at(&path)(error)),
        };
        Ok(Self {
            path,
            document,
            _lock: lock,
        })
    }

    /// What was told last under that key.
    pub fn last(&self, key: &str) -> Option<&TargetState> {
        self.document.told.get(key).map(|last| &last.condition)
    }

    /// Remembers what a web hook was told; it is on the disk when this returns.
    pub fn remember(
        &mut self,
        key: &str,
        webhook: String,
        condition: TargetState,
    ) -> Result<(), JournalError> {
        let last = Last {
            webhook,
            at: Timestamp::now(),
            condition,
        };
        self.document.told.insert(key.to_owned(), last);
        self.document.format_version = FORMAT;
        let text = json_text(&self.document).map_err(|error| at(&self.path)(error.into()))?;
        let new = self.path.with_extension("json.new");
        match fs::remove_file(&new) {
            // Of a process that was ended in between.
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&new)(error)),
        }
        write_new(&new, &text)?;
        fs::rename(&new, &self.path).map_err(at(&self.path))?;
        keep_names(self.path.parent().unwrap_or(Path::new("")))
    }
}

fn understood(bytes: &[u8], path: &Path) -> Result<Document, JournalError> {
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let path = path.to_owned();
    match serde_json::from_slice::<Version>(bytes) {
        Ok(Version { format_version }) if format_version > FORMAT => {
            Err(JournalError::Newer { path, line: None })
        }
        _ => match serde_json::from_slice::<Document>(bytes) {
            Ok(document) if document.format_version == FORMAT => Ok(document),
            _ => Err(JournalError::Muddled { path }),
        },
    }
}
