//! Every profile applies the tutorial's inventory with every credential that it takes, given by file and by environment.

use super::login::Login;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// The links that the tutorial's inventory wants, of the stocks that it owns.
const WANTED: [(u64, &[&str]); 2] = [
    (
        2,
        &[
            "ne_wh",
            "west_wh",
            "brooklyn",
            "manhattan",
            "huntington",
            "berkeley",
            "sausalito",
            "hq",
        ],
    ),
    (3, &["leipzig", "berlin", "frankfurt", "hq"]),
];

/// The way through the tutorial, with the exit code of each command.
const TOUR: [(&[&str], i32); 4] = [
    (&["doctor"], 0),
    (&["plan", "--detailed-exitcode"], 2),
    (&["apply", "--yes"], 0),
    (&["plan", "--detailed-exitcode"], 0),
];

/// The codes of a stock's links by priority.
fn order(shop: &SandboxProcess, stock: u64) -> Vec<String> {
    let links = shop.tables().into_iter().filter(|(id, ..)| *id == stock);
    let mut links: Vec<_> = links.map(|(_, code, priority)| (priority, code)).collect();
    links.sort();
    links.into_iter().map(|(_, code)| code).collect()
}

/// Asserts that a shop is as the tutorial wants it, by two writes, with one sign-in a command where one is needed.
#[track_caller]
fn arrived(shop: &SandboxProcess, login: &Login) {
    for (stock, codes) in WANTED {
        assert_eq!(order(shop, stock), codes);
    }
    assert_eq!(shop.link_writes(), [200, 200], "a save and a delete");
    let signs_in = matches!(login.kind(), "admin" | "ims");
    assert_eq!(shop.sign_ins(), if signs_in { TOUR.len() } else { 0 });
}

/// Goes through the tutorial by targets.yaml, each command looking for each secret in another place.
fn by_file(shop: &SandboxProcess, login: &Login) {
    let workspace = login.kept_at(Workspace::new());
    let rest = match login.kind() {
        "ims" => "api: saas\nreindex: cron".to_owned(),
        _ => format!(
            "api: paas\nreindex:\n  - http: {{ url: '{}', body: '{{\"argv\": [\"indexer:reindex\", \"inventory\"]}}' }}",
            shop.hook()
        ),
    };
    for (turn, (arguments, code)) in TOUR.into_iter().enumerate() {
        login.write_targets(&workspace, &shop.url(), &rest, turn);
        workspace.run(arguments).exits(code);
    }
    arrived(shop, login);
}

/// Goes through the tutorial by the environment alone.
fn by_environment(shop: &SandboxProcess, login: &Login) {
    let workspace = login.by_environment(Workspace::new(), &shop.url());
    for (arguments, code) in TOUR {
        workspace.run(arguments).exits(code);
    }
    arrived(shop, login);
}

/// Goes through the tutorial both ways, each with a sandbox of its own.
fn opens(profile: &str, more: &[&str], login: impl Fn(&SandboxProcess) -> Login) {
    for tour in [by_file, by_environment] {
        let shop = SandboxProcess::of_generation(profile, more);
        tour(&shop, &login(&shop));
    }
}

fn opens_with_all_of_paas(profile: &str) {
    opens(profile, &[], |_| Login::oauth1());
    opens(profile, &[], |_| Login::admin());
    opens(profile, &["--two-factor"], |_| Login::two_factor());
    // Signed requests and second factors do not get in each other's way.
    opens(profile, &["--two-factor"], |_| Login::oauth1());
}

#[test]
fn version_2_4_1() {
    opens("2.4.1", &[], |_| Login::bearer());
    opens_with_all_of_paas("2.4.1");
}

#[test]
fn version_2_4_3() {
    opens("2.4.3", &[], |_| Login::bearer());
    opens_with_all_of_paas("2.4.3");
}

#[test]
fn version_2_4_4() {
    opens("2.4.4", &[], |_| Login::bearer());
    opens_with_all_of_paas("2.4.4");
}

#[test]
fn version_2_4_7() {
    opens("2.4.7", &[], |_| Login::bearer());
    opens_with_all_of_paas("2.4.7");
}

#[test]
fn version_2_4_8() {
    opens("2.4.8", &[], |_| Login::bearer());
    opens_with_all_of_paas("2.4.8");
}

#[test]
fn the_cloud() {
    opens("saas", &[], |shop| Login::ims(&shop.url()));
}

#[test]
fn a_ready_token_of_an_admin_opens_every_shop_but_the_cloud() {
    for profile in ["2.4.1", "2.4.3", "2.4.4", "2.4.7", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &[]);
        let login = Login::bearer().with("bearer", &shop.admin_token());
        let workspace = login.by_environment(Workspace::new(), &shop.url());
        for (arguments, code) in TOUR {
            workspace.run(arguments).exits(code);
        }
        assert_eq!(shop.sign_ins(), 1, "the test's own");
    }
}
