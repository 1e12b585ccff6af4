//! `action/install.sh`: a release is taken only when it is what SHA256SUMS says.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use super::checkout::{Checkout, Ended, of_project};
use super::desk::BINARY;
use super::standing::Standing;

/// Serves a folder over HTTP; it ends with this value.
struct Releases {
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl Releases {
    fn of(folder: &Path) -> Self {
        let folder = folder.to_owned();
        let serve = move |axum::extract::Path(path): axum::extract::Path<String>| async move {
            std::fs::read(folder.join(path)).map_err(|_| axum::http::StatusCode::NOT_FOUND)
        };
        let router = axum::Router::new().route("/{*path}", axum::routing::get(serve));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be started");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            _runtime: runtime,
        }
    }
}

/// Packs the binary as the release workflow does, and installs it; `spoil` is added to the archive after the sums.
fn install(version: &str, spoil: &[u8]) -> Ended {
    let shop = Standing::demo();
    let checkout = Checkout::of(&shop);
    let folder = checkout.path("served/shop/stocktake/releases/download/v1.2.3");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let name = "stocktake-v1.2.3-x86_64-unknown-linux-musl.tar.gz";
    let pack = format!(
        "mkdir packed && cp '{BINARY}' packed/ && tar -C packed -cf - . | gzip -1 > {name} && sha256sum stocktake-* > SHA256SUMS"
    );
    let packed = Command::new("bash")
        .args(["-c", &pack])
        .current_dir(&folder)
        .status();
    assert!(packed.expect("bash can be started").success());
    let mut archive = std::fs::read(folder.join(name)).expect("it is packed");
    archive.extend(spoil);
    std::fs::write(folder.join(name), archive).expect("it can be written");
    let releases = Releases::of(&checkout.path("served"));
    let ended = checkout.bash(
        &of_project("action/install.sh"),
        &[
            ("STOCKTAKE_BINARY", String::new()),
            ("STOCKTAKE_VERSION", version.to_owned()),
            ("STOCKTAKE_REPOSITORY", "shop/stocktake".to_owned()),
            ("GITHUB_SERVER_URL", format!("http://{}", releases.address)),
            ("RUNNER_OS", "Linux".to_owned()),
            ("RUNNER_ARCH", "X64".to_owned()),
        ],
    );
    if ended.code == 0 {
        let version = Command::new(ended.output("binary")).arg("--version").output();
        assert!(version.expect("it is a program").status.success());
    }
    ended
}

#[test]
fn a_release_is_installed() {
    install("v1.2.3", b"").exits(0);
}

#[test]
fn a_spoilt_archive_is_refused() {
    let ended = install("v1.2.3", b"x").exits(1);
    assert!(
        ended.said.contains("is not what SHA256SUMS says"),
        "{}",
        ended.said
    );
    assert_eq!(ended.output("binary"), "");
}

#[test]
fn a_missing_release_and_a_branch_are_told() {
    let missing = install("v9.9.9", b"").exits(1);
    assert!(missing.said.contains("cannot be fetched"), "{}", missing.said);
    let branch = install("main", b"").exits(1);
    assert!(branch.said.contains("must name a release"), "{}", branch.said);
}
