//! What a run of the binary took.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use testkit::binary;
use testkit::hostile_server::HostileServer;
use testkit::peak_memory::took_less;

/// No run may take more memory, in bytes, whatever a shop sends.
const MEMORY: u64 = 300 * 1000 * 1000;

/// Whoever takes this long hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// How a run ended.
pub struct BoundedRun {
    pub code: i32,
    pub stderr: String,
}

/// Runs a command against a shop with these settings of the connection, within the bounds of memory and time.
pub fn run_within(shop: &HostileServer, connection: &str, arguments: &[&str]) -> BoundedRun {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("the file can be written");
    };
    write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - { name: Europe Stock, sources: [hq] }\n",
    );
    write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             connection: {{ {connection} }}\n",
            shop.url()
        ),
    );
    let stderr = folder.path().join("stderr");
    let mut command = Command::new(binary());
    command
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("SHOP_TOKEN", "some-token")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&stderr).expect("the file can be made"));
    let begun = Instant::now();
    let ended = command
        .spawn()
        .expect("the binary can be started")
        .wait4()
        .expect("it can be waited for");
    let stderr = std::fs::read_to_string(stderr).expect("it is text");
    assert!(
        took_less(&ended, MEMORY),
        "{} bytes: {stderr}",
        ended.rusage.maxrss
    );
    assert!(begun.elapsed() < PATIENCE, "{:?}: {stderr}", begun.elapsed());
    BoundedRun {
        code: ended.status.code().expect("the binary ends by itself"),
        stderr,
    }
}

/// Plans against a shop that tries everything once.
pub fn plan(shop: &HostileServer) -> BoundedRun {
    run_within(shop, "retry_pause: 1ms", &["plan"])
}
