//! A target given by its URL: its sign-in, and the settings of a targets file that do not apply to it.

use std::path::Path;

use spanned_yaml::diag::shown;

use crate::cli::args::PlaceArgs;
use crate::cli::output::printer::Printer;
use crate::run::{Failure, FailureKind};
use crate::target::{
    AddressError, Api, Auth, EnvironmentError, SIGN_IN_VARIABLES, SecretRef, Target, Targets, base_address,
    is_same_shop,
};

impl PlaceArgs {
    /// The target at that URL.
    pub(crate) fn target_at(&self, url: &str, printer: &Printer) -> Result<Target, Failure> {
        let by = if self.typed.gives("url") {
            "--url"
        } else {
            "STOCKTAKE_URL"
        };
        let unusable = |error: AddressError| Failure::usage(format!("{by}: {error}"));
        base_address(url).map_err(unusable)?;
        let auth = self.sign_in(printer)?;
        let api = if matches!(auth, Auth::Ims { .. }) {
            Api::Saas
        } else {
            Api::Paas
        };
        Target::from_flags(url, api, auth).map_err(unusable)
    }

    /// The sign-in of a target given by URL: a token file, or the environment.
    fn sign_in(&self, printer: &Printer) -> Result<Auth, Failure> {
        let lookup = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let unread = |way: Option<&str>, by: &str| {
            let others = SIGN_IN_VARIABLES.iter().filter(|of| Some(of.method) != way);
            let is_set = |name: &&str| lookup(name).is_some_and(|value| !value.is_empty());
            let set: Vec<&str> = others.map(|of| of.name).filter(is_set).collect();
            if !set.is_empty() {
                printer.warn(&format!("not read, since {by} signs in: {}", set.join(", ")));
            }
        };
        if let Some(path) = &self.token_file {
            if !self.typed.gives("token_file") {
                unread(None, "STOCKTAKE_TOKEN_FILE");
            }
            return Ok(Auth::Bearer(SecretRef::File(path.clone())));
        }
        let auth = Auth::from_environment(&lookup).map_err(|error| {
            let failure = Failure::usage(error.to_string());
            match error {
                EnvironmentError::Empty(_) => failure.of_empty_secret(),
                EnvironmentError::Missing { .. } => failure.of_kind(FailureKind::UnsetSecret),
                EnvironmentError::TokenUrl(_) => failure,
            }
        })?;
        if let Some(auth) = &auth {
            let way = SIGN_IN_VARIABLES.iter().find(|of| of.method == auth.kind());
            unread(Some(auth.kind()), way.map_or("another", |of| of.name));
        }
        auth.ok_or_else(|| {
            Failure::usage("no credential is given for --url")
                .of_kind(FailureKind::UnsetSecret)
                .hint("put a token into STOCKTAKE_TOKEN or a file (--token-file); docs/how-to/integration.md lists other ways to sign in")
        })
    }
}

/// Warns of settings in a targets file that do not apply to a shop given by URL. A shop that the file lists must be named by
/// its target.
pub(crate) fn warn_of_unused(
    targets: &Targets,
    shop: &Target,
    file: &Path,
    printer: &Printer,
) -> Result<(), Failure> {
    let (file, targets) = (file.display(), &targets.targets);
    if let Some(listed) = targets.iter().find(|listed| is_same_shop(&listed.url, &shop.url)) {
        let name = shown(&listed.name);
        let message = format!("--url: {} is the target `{name}` of {file}", shop.url);
        return Err(Failure::usage(message).hint(format!(
            "use --target '{name}': its guards, `protect`, `prove` and reindex steps act then"
        )));
    }
    for target in targets {
        let precautions = target.precautions();
        if !precautions.is_empty() {
            let (name, all) = (shown(&target.name), precautions.join("; "));
            printer.warn(&format!(
                "--url: {file} does not act on {}; of its target `{name}` this is left out: {all}",
                shop.url
            ));
        }
    }
    Ok(())
}
