//! Pre-images: inventory files with the state before each run, next to the journal. All of them are kept.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use uuid::Uuid;

use super::entry::Entry;
use super::error::JournalError;
use super::file::Journal;
use super::folder::{Folder, JOURNAL, PRE_IMAGES, at, make_folder, write_new};
use super::run_summary::{RunSummary, summaries};
use crate::disk;
use crate::reconcile::TargetLabel;
use crate::spec::emit::Document;

/// A pre-image that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreImage {
    /// The inventory file.
    pub path: PathBuf,
    /// When the run began that changed these stocks.
    pub at: Timestamp,
    /// The id of that run in the journal.
    pub run: Uuid,
}

impl Journal {
    /// The pre-images of a target, the newest first.
    pub fn pre_images(state_dir: &Path, target: &TargetLabel) -> Result<Vec<PreImage>, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.check()?;
        let folder = folder.at(PRE_IMAGES);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(at(&folder)(error)),
        };
        let mut images = Vec::new();
        for entry in entries {
            // A file with another name is not a pre-image.
            images.extend(PreImage::named(entry.map_err(at(&folder))?.path()));
        }
        images.sort_by_key(|image| std::cmp::Reverse(image.run));
        Ok(images)
    }

    /// The runs of a target by their ids, as the journal tells of them.
    pub fn runs(state_dir: &Path, target: &TargetLabel) -> Result<HashMap<String, RunSummary>, JournalError> {
        let folder = Folder::of(state_dir, target);
        folder.check()?;
        let path = folder.at(JOURNAL);
        let bytes = disk::read_if_there(&path, disk::LARGEST_DOCUMENT).map_err(at(&path))?;
        Ok(summaries(&bytes.unwrap_or_default(), &target.url))
    }

    /// True if a file is the pre-image of another target, by its folder.
    pub fn is_pre_image_of_another(path: &Path, state_dir: &Path, target: &TargetLabel) -> bool {
        let folders = |path: &Path| {
            let mut names = path
                .ancestors()
                .filter_map(|path| Some(path.file_name()?.to_owned()));
            (names.next(), names.next())
        };
        let ours = folders(&Folder::of(state_dir, target).at(PRE_IMAGES));
        let its = folders(path.parent().unwrap_or(Path::new("")));
        its.0 == ours.0 && its.1.is_some() && its.1 != ours.1
    }

    /// Writes the pre-image of the stocks that will change. It is on the disk and in the journal when this returns.
    pub(in crate::run) fn keep_pre_image(&mut self, mut document: Document) -> Result<PathBuf, JournalError> {
        // A state folder that was removed must not be created anew.
        self.check()?;
        let now = Timestamp::now();
        let TargetLabel { name, url } = &self.target;
        let header = [
            format!("What these stocks held before run {} changed them.", self.run),
            format!("{now:.0}, {name}, {url}"),
            "`stocktake rollback` plans and applies it.".to_owned(),
        ];
        document.header.splice(0..0, header);
        let folder = self.folder.at(PRE_IMAGES);
        make_folder(&folder)?;
        let file = format!("{}-{}.yaml", now.strftime("%Y-%m-%dT%H%M%SZ"), self.run);
        let path = folder.join(&file);
        write_new(&path, &document.text())?;
        self.append(Entry::PreImageKept { file })?;
        Ok(path)
    }
}

impl PreImage {
    fn named(path: PathBuf) -> Option<Self> {
        let (_, run) = path
            .file_name()?
            .to_str()?
            .strip_suffix(".yaml")?
            .split_once("Z-")?;
        let run = Uuid::parse_str(run).ok()?;
        let (seconds, nanoseconds) = run.get_timestamp()?.to_unix();
        let nanoseconds = i32::try_from(nanoseconds).ok()?;
        let at = Timestamp::new(i64::try_from(seconds).ok()?, nanoseconds).ok()?;
        Some(Self { path, at, run })
    }
}
