//! The path of the binary under test.

use std::path::PathBuf;
use std::sync::LazyLock;

/// The path of the `stocktake` binary that Cargo built for the tests that run.
pub fn binary() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let named = std::env::var_os("CARGO_BIN_EXE_stocktake").map(PathBuf::from);
        let path = named.unwrap_or_else(beside_this_test);
        path.into_os_string()
            .into_string()
            .expect("the path of the binary is text")
    });
    &PATH
}

/// Cargo puts tests into `deps` beside the binaries. A test that a person starts without Cargo has no variable.
fn beside_this_test() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test is known");
    let folder = test.parent().and_then(|deps| deps.parent());
    folder
        .expect("a test stands in target/<profile>/deps")
        .join(format!("stocktake{}", std::env::consts::EXE_SUFFIX))
}
