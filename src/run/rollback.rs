//! Finds the pre-image that a rollback goes back to.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use spanned_yaml::diag::shown;

use super::failure::Failure;
use super::journal::{Journal, PreImage, RunSummary};
use super::session::Session;
use crate::model::StockName;
use crate::spec::{Spec, WantedLinks};

/// The pre-images of a target, the newest first.
pub fn pre_images(session: &Session) -> Result<Vec<PreImage>, Failure> {
    Ok(Journal::pre_images(&session.state_dir, &session.rules.label)?)
}

/// The runs of a target by their ids, as the journal tells of them.
pub fn runs(session: &Session) -> Result<HashMap<String, RunSummary>, Failure> {
    Ok(Journal::runs(&session.state_dir, &session.rules.label)?)
}

/// The stocks of a pre-image that the files want otherwise: the next apply of those files would take a rollback back.
pub fn wanted_otherwise<'a>(files: &Spec, pre_image: &'a Spec) -> Vec<&'a StockName> {
    let stocks = pre_image.stocks.iter();
    let otherwise = stocks.filter(|held| {
        let mut wanted = files.stocks.iter();
        let wanted = wanted.find(|wanted| wanted.name == held.name);
        wanted.is_some_and(|wanted| !agree(&wanted.links, &held.links))
    });
    otherwise.map(|held| &held.name).collect()
}

/// True if links as they stood, with their numbers, are as others want them.
fn agree(wanted: &WantedLinks, held: &WantedLinks) -> bool {
    let sorted = |links: &WantedLinks| {
        let mut links: Vec<_> = links
            .numbered()
            .map(|(link, number)| (number, link.code.clone()))
            .collect();
        links.sort();
        links
    };
    let held = sorted(held);
    match wanted {
        WantedLinks::Explicit(_) => sorted(wanted) == held,
        WantedLinks::Ordered(codes) => {
            codes
                .iter()
                .map(|link| &link.code)
                .eq(held.iter().map(|(_, code)| code))
                && held.windows(2).all(|two| two[0].0 < two[1].0)
        }
    }
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

#[cfg(test)]
mod tests {
    use spanned_yaml::diag::InputFiles;

    use super::wanted_otherwise;
    use crate::spec::{Spec, load};

    fn spec(sources: &str) -> Spec {
        let text = format!("version: 1\nstocks:\n  - {{ name: Shop, sources: {sources} }}\n");
        load(&InputFiles::one("inventory.yaml", text.as_str()))
            .spec
            .unwrap()
    }

    #[test]
    fn files_want_a_pre_image_otherwise_by_order_set_or_number() {
        let held = spec("[{ code: b, priority: 5 }, { code: a, priority: 2 }]");
        for (wanted, agrees) in [
            ("[a, b]", true),
            ("[b, a]", false),
            ("[a]", false),
            ("[a, b, c]", false),
            ("[{ code: a, priority: 2 }, { code: b, priority: 5 }]", true),
            ("[{ code: a, priority: 1 }, { code: b, priority: 5 }]", false),
        ] {
            assert_eq!(
                wanted_otherwise(&spec(wanted), &held).is_empty(),
                agrees,
                "{wanted}"
            );
        }
        let tied = spec("[{ code: a, priority: 2 }, { code: b, priority: 2 }]");
        assert_eq!(wanted_otherwise(&spec("[a, b]"), &tied).len(), 1);
        let other = load(&InputFiles::one(
            "i.yaml",
            "version: 1\nstocks: [{ name: Other, sources: [a] }]\n",
        ));
        assert!(wanted_otherwise(&other.spec.unwrap(), &held).is_empty());
    }
}
