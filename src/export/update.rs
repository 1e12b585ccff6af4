//! Brings files in line with the live state: edits only what differs, keeps comments and layout.

use std::collections::{HashMap, HashSet};

use spanned_yaml::diag::{Diagnostic, InputFiles};

use super::proof::{ExportError, plan};
use super::updated::{UpdateError, UpdateOptions, Updated};
use super::updater::{Updater, trees};
use crate::model::{LiveState, Priority, SourceCode, StockName};
use crate::spec::{Loaded, Spec, WantedLinks, load};

/// Brings files in line with the live state; then their plan is empty for the compared stocks.
///
/// # Errors
///
/// If the files have errors, do not fit the target or cannot be edited in place, or if the live links of a stock cannot be
/// written as an inventory.
pub fn update(files: &InputFiles, live: &LiveState, options: &UpdateOptions) -> Result<Updated, UpdateError> {
    let Loaded { spec, diagnostics } = load(files);
    let Some(spec) = spec else {
        return Err(UpdateError::Findings(diagnostics));
    };
    let before = plan(files, live).map_err(UpdateError::Findings)?;
    let trees = trees(files);
    let mut updater = Updater::new(files, &trees, &spec, live);
    let touched = updater.bring_in_line(&before, options)?;
    updater.add(&before, options)?;
    updater.declare()?;
    let updated = updater.finish()?;
    prove(&updated, files, &spec, &touched, live)?;
    Ok(updated)
}

/// Proves the new texts: chosen stocks are in line, everything else is wanted as before.
fn prove(
    updated: &Updated,
    files: &InputFiles,
    before: &Spec,
    touched: &HashSet<StockName>,
    live: &LiveState,
) -> Result<(), UpdateError> {
    let mut after = InputFiles::default();
    for (id, file) in files.iter() {
        let new = updated.files.iter().find(|(changed, _)| *changed == id);
        after.add(&file.path, new.map_or(&file.text, |(_, text)| text));
    }
    let failed = |text: &str| UpdateError::Proof(ExportError(text.to_owned()));
    let said = |found: Vec<Diagnostic>| failed(found.first().map_or("", |found| found.message.as_str()));
    let plan = plan(&after, live).map_err(said)?;
    let spec = load(&after)
        .spec
        .ok_or_else(|| failed("the result cannot be read"))?;
    let new = spec.stocks.iter().map(|stock| (&stock.name, &stock.links));
    let new: HashMap<&StockName, &WantedLinks> = new.collect();
    let untouched = before
        .stocks
        .iter()
        .filter(|stock| !touched.contains(&stock.name));
    for stock in untouched {
        if new.get(&stock.name).map(|links| said_of(links)) != Some(said_of(&stock.links)) {
            return Err(failed(&format!("`{}` would be changed on the side", stock.name)));
        }
    }
    let added: HashSet<_> = updated.added.iter().collect();
    let mut differing = plan.stocks.iter().filter(|stock| !stock.in_sync());
    match differing.find(|stock| touched.contains(&stock.name) || added.contains(&stock.name)) {
        Some(stock) => Err(failed(&format!("`{}` would still differ", stock.name))),
        None => Ok(()),
    }
}

fn said_of(links: &WantedLinks) -> Vec<(&SourceCode, Option<Priority>)> {
    links
        .numbered()
        .map(|(link, number)| (&link.code, number))
        .collect()
}
