//! The file with a shop's state, replaced atomically after every change.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::state::State;

/// Replaces the file atomically: a reader sees the old state or the new one, never a part.
pub fn write(file: &Path, state: &State) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut new = NamedTempFile::new_in(folder)?;
    let mut writer = BufWriter::new(&mut new);
    serde_json::to_writer(&mut writer, state)?;
    writer.flush()?;
    drop(writer);
    new.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::seed::Seed;
    use crate::shop::Shop;

    #[test]
    fn a_state_comes_back_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.json");
        let shop = Shop::new(Seed::demo());
        let token = shop.admin_token("admin").unwrap();
        write(&file, &shop.state()).unwrap();
        let again = Shop::from_snapshot(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(again.snapshot().unwrap(), shop.snapshot().unwrap());
        assert!(again.snapshot().unwrap().contains(&token));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// A state file outlives the version that wrote it.
    #[test]
    fn the_keys_of_a_state_are_those_of_earlier_versions() {
        let state: serde_json::Value =
            serde_json::from_str(&Shop::new(Seed::demo()).snapshot().unwrap()).unwrap();
        let keys =
            |of: &serde_json::Value| -> Vec<String> { of.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(keys(&state), ["sessions", "store"]);
        assert_eq!(keys(&state["sessions"]), ["lock_out", "nonces", "tokens"]);
    }

    #[test]
    fn a_state_without_what_came_later_is_read() {
        let mut state: serde_json::Value =
            serde_json::from_str(&Shop::new(Seed::demo()).snapshot().unwrap()).unwrap();
        let store = state["store"].as_object_mut().unwrap();
        for later in ["catalogue", "item_options", "salability_queue"] {
            assert!(store.remove(later).is_some(), "{later}");
        }
        store.insert("skus".to_owned(), serde_json::json!(["head-lamp"]));
        let again = Shop::from_snapshot(&state.to_string()).unwrap();
        let store = &again.state().store;
        assert!(store.catalogue.has("head-lamp") && store.item_options.manage_stock);
    }
}
