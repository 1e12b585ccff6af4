//! Finds the pre-image that a rollback goes back to.

use std::path::{Path, PathBuf};

use spanned_yaml::diag::shown;

use super::failure::Failure;
use super::journal::{Journal, PreImage};
use super::session::Session;

/// The pre-images of a target, the newest first.
pub fn pre_images(session: &Session) -> Result<Vec<PreImage>, Failure> {
    Ok(Journal::pre_images(&session.state_dir, &session.rules.label)?)
}

/// The newest pre-image of a target.
pub fn newest_pre_image(session: &Session) -> Result<PathBuf, Failure> {
    let newest = pre_images(session)?.into_iter().next().map(|image| image.path);
    newest.ok_or_else(|| {
        Failure::error(format!(
            "there is nothing to go back to: no pre-image is kept for {} in {}",
            shown(&session.rules.label.url),
            session.state_dir.display()
        ))
        .hint("apply keeps one before it writes; name the folder that it used by --state-dir")
    })
}

/// Refuses a file that is the pre-image of another target.
pub fn refuse_foreign_pre_image(file: &Path, session: &Session) -> Result<(), Failure> {
    if Journal::is_pre_image_of_another(file, &session.state_dir, &session.rules.label) {
        let message = format!("{} is the pre-image of another target", file.display());
        return Err(
            Failure::usage(message).hint("if that is meant: `stocktake apply -f` takes any inventory")
        );
    }
    Ok(())
}
