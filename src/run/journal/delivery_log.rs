//! The last notification that each web hook received: one file, replaced as a whole, by one process at a time.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::json_text;

use super::error::JournalError;
use super::folder::{DELIVERY_LOCK, DELIVERY_LOG, Folder, at, sync_names, write_new};
use super::lock::Lock;
use crate::disk;
use crate::reconcile::TargetLabel;
use crate::run::event::Observer;
use crate::run::notify::TargetState;

/// The version of the file.
const FORMAT: u32 = 1;

/// The longest wait for another process that delivers.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// The last notification of one web hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Delivery {
    /// The web hook, by the source of its address.
    webhook: String,
    /// The time of the delivery.
    at: Timestamp,
    /// The state that it reported.
    #[serde(flatten)]
    state: TargetState,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Document {
    format_version: u32,
    told: BTreeMap<String, Delivery>,
}

/// The deliveries of a target. No other process delivers as long as this value lives.
#[derive(Debug)]
pub struct DeliveryLog {
    path: PathBuf,
    document: Document,
    _lock: Lock,
}

impl DeliveryLog {
    /// Reads the log once no other process holds it.
    pub async fn open(
        state_dir: &Path,
        target: &TargetLabel,
        observer: &dyn Observer,
    ) -> Result<Self, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.make()?;
        let lock = Lock::take(&folder.at(DELIVERY_LOCK), "drift", MAX_WAIT, observer).await?;
        let path = folder.at(DELIVERY_LOG);
        let document = match disk::read_if_there(&path, disk::LARGEST_TEXT).map_err(at(&path))? {
            Some(bytes) => parse(&bytes, &path)?,
            None => Document::default(),
        };
        Ok(Self {
            path,
            document,
            _lock: lock,
        })
    }

    /// The state that was delivered last under that key.
    pub fn last(&self, key: &str) -> Option<&TargetState> {
        self.document.told.get(key).map(|last| &last.state)
    }

    /// Records a delivery. It is on the disk when this returns.
    pub fn record(&mut self, key: &str, webhook: String, state: TargetState) -> Result<(), JournalError> {
        let last = Delivery {
            webhook,
            at: Timestamp::now(),
            state,
        };
        self.document.told.insert(key.to_owned(), last);
        self.document.format_version = FORMAT;
        let text = json_text(&self.document).map_err(|error| at(&self.path)(error.into()))?;
        let new = self.path.with_extension("json.new");
        match fs::remove_file(&new) {
            // A process that was killed has left it.
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&new)(error)),
        }
        write_new(&new, &text)?;
        fs::rename(&new, &self.path).map_err(at(&self.path))?;
        sync_names(self.path.parent().unwrap_or(Path::new("")))
    }
}

fn parse(bytes: &[u8], path: &Path) -> Result<Document, JournalError> {
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
