//! What a page calls its shops and folders, and what stands for them in a session.

use std::path::Path;

use super::shop::Shop;

/// The token of the demo shop's integration, which pages write as `…`.
const TOKEN: &str = "sandboxtoken00000000000000000000";

/// The names of a session.
#[derive(Debug, Default)]
pub struct Names {
    /// The shops that are open.
    pub shops: Vec<Shop>,
    /// Folders that the page names and that are the session's own.
    pub folders: Vec<String>,
}

impl Names {
    /// A text of the page with the addresses of this session.
    pub fn here(&self, text: &str, place: &Path) -> String {
        let text = text.replace("=…", &format!("={TOKEN}"));
        let place = place.display().to_string();
        let text = self
            .folders
            .iter()
            .fold(text, |text, folder| text.replace(folder, &place));
        self.shops
            .iter()
            .fold(text, |text, shop| text.replace(&shop.named, &shop.stands_at))
    }

    /// A text of this session with the addresses of the page.
    pub fn there(&self, text: &str, place: &Path) -> String {
        let text = self.shops.iter().fold(text.to_owned(), |text, shop| {
            let (here, there) = (bare(&shop.stands_at), bare(&shop.named));
            text.replace(&shop.stands_at, &shop.named)
                .replace(here, there)
                .replace(&here.replace(':', "-"), &there.replace(':', "-"))
        });
        text.replace(&format!("{}/", place.display()), "")
    }
}

/// An address without its scheme.
fn bare(address: &str) -> &str {
    address.rsplit("//").next().unwrap_or(address)
}
