//! `targets.yaml`: loaded, with its errors rendered; a loaded target is safe to use.

use std::collections::BTreeSet;

use spanned_yaml::diag::InputFiles;
use stocktake::target::{Prove, Reindex, StepKind, Target, base_address, load};

use super::{findings, parts};

/// Holds the loader to its properties.
pub fn holds(data: &[u8]) {
    let mut files = InputFiles::default();
    for (number, part) in parts(data).enumerate() {
        files.add_bytes(format!("{number}.yaml"), part.to_vec());
    }
    let mut untouched = files.clone();
    let loaded = load(&mut files);
    let again = load(&mut untouched);
    assert_eq!(loaded.diagnostics, again.diagnostics);
    assert_eq!(files, untouched);
    findings::hold(&loaded.diagnostics, &files);
    findings::decide(&loaded.diagnostics, loaded.targets.is_some());
    let Some(targets) = loaded.targets else { return };
    let names: BTreeSet<_> = targets.targets.iter().map(|target| &target.name).collect();
    assert_eq!(names.len(), targets.targets.len());
    assert!(targets.targets.iter().filter(|target| target.default).count() <= 1);
    targets.targets.iter().for_each(is_safe);
}

/// No credential travels in the clear, and none stands where it would be shown.
fn is_safe(target: &Target) {
    assert_eq!(base_address(target.url.as_str()).as_ref(), Ok(&target.url));
    assert!(target.guard.max_delete_percent <= 100);
    assert!(!target.prove_timeout.is_zero());
    assert!(!matches!(&target.prove, Prove::Canary(skus) if skus.is_empty()));
    let Reindex::Steps(steps) = &target.reindex else {
        return;
    };
    assert!(!steps.is_empty());
    for step in steps {
        assert!(!step.timeout.is_zero());
        match &step.kind {
            StepKind::Run { argv, .. } => assert!(!argv.is_empty()),
            StepKind::Http(request) => {
                assert!(request.url.username().is_empty() && request.url.password().is_none());
                assert!(!step.to_string().contains('?'));
            }
            StepKind::Wait { interval } => assert!(!interval.is_zero()),
        }
    }
}
