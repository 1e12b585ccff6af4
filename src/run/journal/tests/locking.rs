//! Each shop has its own folder, and one run at a time writes there.

use std::path::Path;
use std::time::Duration;

use super::{AT_ONCE, fresh, open, peek, save, shop, target};
use crate::reconcile::TargetLabel;
use crate::run::journal::folder::{Folder, JOURNAL};
use crate::run::journal::{Journal, JournalError, Opening};

#[tokio::test]
async fn one_run_writes_at_a_time_and_the_other_hears_who() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).await;
    let busy = Journal::open(dir.path(), &shop(), AT_ONCE, &())
        .await
        .unwrap_err();
    let JournalError::Busy {
        holder: Some(holder), ..
    } = &busy
    else {
        panic!("{busy:?}");
    };
    assert_eq!(holder.pid, std::process::id());
    assert!(
        busy.to_string().contains("at work on this target: `apply` of "),
        "{busy}"
    );
    assert!(!peek(dir.path()), "reading is free");
    let other = target("https://b.example/");
    Journal::open(dir.path(), &other, AT_ONCE, &()).await.unwrap();
    drop(first);
    open(dir.path()).await;
}

#[tokio::test]
async fn a_run_waits_for_another_one_as_long_as_it_is_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).await;
    let short = Opening {
        max_wait: Duration::from_millis(300),
        ..AT_ONCE
    };
    let error = Journal::open(dir.path(), &shop(), short, &()).await.unwrap_err();
    assert!(matches!(error, JournalError::Busy { .. }), "{error:?}");
    let long = Opening {
        max_wait: Duration::from_mins(1),
        ..AT_ONCE
    };
    let label = shop();
    let second = Journal::open(dir.path(), &label, long, &());
    let freed = async { drop(first) };
    let (second, ()) = tokio::join!(second, freed);
    second.unwrap();
}

#[tokio::test]
async fn each_shop_has_its_own_debts_whatever_it_is_called() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("a", true));
    assert!(!Journal::peek(dir.path(), &target("https://b.example/")).unwrap());
    let renamed = TargetLabel {
        name: "production".to_owned(),
        ..shop()
    };
    assert!(Journal::peek(dir.path(), &renamed).unwrap());
}

#[test]
fn a_folder_is_named_after_the_address_and_never_leads_elsewhere() {
    let name = |url: &str| {
        let journal = Folder::of(Path::new("state"), &target(url)).at(JOURNAL);
        let folder = journal.parent().unwrap();
        assert_eq!(folder.parent().unwrap(), Path::new("state"), "{url}");
        folder.file_name().unwrap().to_str().unwrap().to_owned()
    };
    assert_eq!(name("https://Shop.Example.com/"), "shop.example.com-40b708aa");
    assert!(name("http://127.0.0.1:8080/").starts_with("127.0.0.1-8080-"));
    assert!(name("http://[::1]:8080/").starts_with("1--8080-"));
    assert_ne!(name("https://a.example/"), name("https://a.example/shop/"));
    for odd in [
        "",
        "https://../..",
        "../../etc",
        "https://a\\..\\b",
        "https://ü/",
        "https://\0",
    ] {
        name(odd);
    }
}
