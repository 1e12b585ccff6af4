//! No secret of any kind of credential shows in any output or file, at the loudest, in success and in failure.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::login::Login;
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// Secrets that look different in each form.
const PASSWORD: &str = "Pass w\u{f6}rd+/&%=?\"1";
const CONSUMER: &str = "consumer +/&%=?<>secret";
const TOKEN: &str = "token+/&%=?<>secret of 32 letters";
const CLIENT: &str = "client +/&%=?<>secret";

/// What a test writes into its folder, where secrets may stand.
const OURS: [&str; 4] = ["inventory.yaml", "targets.yaml", "seed.json", "secrets"];

/// Starts the demo shop with those secrets.
fn shop(workspace: &Workspace, profile: &str, more: &[&str]) -> SandboxProcess {
    let demo = testkit::shop::DEMO_SEED;
    let mut seed: Value = serde_json::from_str(demo).expect("a seed is JSON");
    let principals = &mut seed["principals"];
    for admin in principals["admins"].as_array_mut().expect("a list") {
        admin["password"] = json!(PASSWORD);
    }
    principals["integrations"][0]["consumer_secret"] = json!(CONSUMER);
    principals["integrations"][0]["token_secret"] = json!(TOKEN);
    principals["ims"][0]["client_secret"] = json!(CLIENT);
    workspace.write("seed.json", &seed.to_string());
    let path = workspace.path("seed.json");
    let path = path.to_str().expect("the path is text");
    SandboxProcess::of_generation(profile, &[&["--seed", path], more].concat())
}

/// Every kind of credential, with a profile that takes it and the arguments of its sandbox.
fn kinds() -> [(&'static str, &'static [&'static str], Login); 5] {
    let two_factor = Login::two_factor().with("password", PASSWORD);
    [
        ("2.4.3", &[], Login::bearer()),
        (
            "2.4.8",
            &[],
            Login::oauth1()
                .with("consumer_secret", CONSUMER)
                .with("token_secret", TOKEN),
        ),
        ("2.4.4", &[], Login::admin().with("password", PASSWORD)),
        ("2.4.7", &["--two-factor"], two_factor),
        // The shop's address is known only later.
        ("saas", &[], Login::ims("").with("client_secret", CLIENT)),
    ]
}

/// The same credential, its tokens had at that address.
fn asking(login: &Login, url: &str) -> Login {
    match login.kind() {
        "ims" => login.clone().with("token_url", &format!("{url}/ims/token/v3")),
        _ => login.clone(),
    }
}

/// A secret in each form that would give it away.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        json!(secret).to_string().trim_matches('"').to_owned(),
        format!("{secret:?}").trim_matches('"').to_owned(),
    ];
    // In base64 a text has three forms, by what stands before it; the characters at its ends hang on the neighbours.
    for shift in 0..3 {
        let bytes = [&vec![0; shift][..], secret.as_bytes()].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&bytes);
            let inner = text.get((shift * 8).div_ceil(6)..text.len() - 1);
            forms.push(inner.expect("a secret is long enough").to_owned());
        }
    }
    forms
}

/// Everything that a run left: both streams, and every file of its folder that the test did not write.
fn traces(workspace: &Workspace, arguments: &[&str]) -> String {
    let outcome = workspace.run(arguments);
    let mut traces = outcome.stdout + &outcome.stderr;
    read_folder(&workspace.path("."), &mut traces);
    traces
}

fn read_folder(folder: &Path, traces: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        if OURS.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            read_folder(&entry.path(), traces);
        } else {
            let bytes = std::fs::read(entry.path()).expect("a file can be read");
            traces.push_str(&name);
            traces.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// Asserts that traces tell much, and none of those secrets.
#[track_caller]
fn tell_nothing(traces: &str, login: &Login, tokens: &[String]) {
    assert!(traces.contains("TRACE") && traces.contains("DEBUG"), "{traces}");
    let tokens = tokens.iter().map(String::as_str);
    for secret in login.secrets().chain(tokens) {
        for form in forms(secret) {
            assert!(!traces.contains(&form), "{form} of {secret}:\n{traces}");
        }
    }
}

/// Runs everything at the loudest; gives what it left.
fn tour(workspace: &Workspace) -> String {
    let runs = [
        &["doctor"][..],
        &["doctor", "--format", "json"],
        &["plan"],
        &["plan", "--format", "json"],
        &["status", "--format", "json"],
        &["apply", "--yes", "--format", "json"],
        &["apply", "--yes"],
        &["reindex", "--force"],
    ];
    runs.map(|arguments| traces(workspace, &[arguments, &["-vvv"]].concat()))
        .concat()
}

#[test]
fn the_forms_of_a_secret_are_found() {
    let found = |text: &str| forms(PASSWORD).iter().any(|form| text.contains(form));
    for shift in 0..3 {
        let text = format!("{}{PASSWORD} and more", &"abc"[..shift]);
        assert!(found(&STANDARD_NO_PAD.encode(&text)), "{shift}");
        assert!(found(&URL_SAFE_NO_PAD.encode(&text)), "{shift}");
    }
    let url = url::Url::parse_with_params("http://h/", [("p", PASSWORD)]).expect("it is a URL");
    assert!(found(url.as_str()));
    assert!(found(&json!({ "password": PASSWORD }).to_string()));
    assert!(!found("nothing"));
}

#[test]
fn in_success_by_environment_and_by_file() {
    for (profile, more, login) in kinds() {
        let workspace = Workspace::new();
        let shop = shop(&workspace, profile, more);
        let login = asking(&login, &shop.url());
        let workspace = login.by_environment(workspace, &shop.url());
        let left = tour(&workspace);
        assert!(
            left.contains("journal.jsonl") && left.contains(r#""result": "done""#),
            "{profile}"
        );
        tell_nothing(&left, &login, &shop.tokens());
        let workspace = login.kept_at(Workspace::new());
        let api = if login.kind() == "ims" { "api: saas" } else { "" };
        for turn in 0..3 {
            login.write_targets(&workspace, &shop.url(), api, turn);
            let left = traces(&workspace, &["plan", "-vvv"]);
            assert!(left.contains("In sync"), "{left}");
            tell_nothing(&left, &login, &shop.tokens());
        }
    }
}

#[test]
fn when_the_credential_is_refused() {
    for (profile, more, login) in kinds() {
        let keys = match login.kind() {
            "bearer" => &["bearer"][..],
            "oauth1" => &["consumer_secret", "token", "token_secret"],
            "admin" => &["password"],
            _ => &["client_secret"],
        };
        let workspace = Workspace::new();
        let shop = shop(&workspace, profile, more);
        for key in keys {
            let login = asking(&login, &shop.url()).with(key, "an0ther secret-+/&%=?<>of 32 let");
            let left = tour(&login.by_environment(Workspace::new(), &shop.url()));
            assert!(left.contains("help:") && !left.contains("done"), "{left}");
            tell_nothing(&left, &login, &shop.tokens());
        }
    }
}

/// What goes wrong between the binary and the shop.
fn troubles() -> [fn(&Request) -> Action; 6] {
    fn is_write(asked: &Request) -> bool {
        asked.method == "POST" && asked.path.contains("/inventory/")
    }
    [
        |_| Action::CutBefore,
        |_| Action::Answer(Canned::new(302, "text/html", "").with("Location", "https://elsewhere.example/")),
        |_| Action::Answer(Canned::new(200, "application/json", "[]")),
        |asked| {
            if is_write(asked) {
                Action::CutAfter
            } else {
                Action::Pass
            }
        },
        |asked| {
            let body = r#"{"message":"Internal Error"}"#;
            if is_write(asked) {
                Action::AnswerAfter(Canned::new(400, "application/json", body))
            } else {
                Action::Pass
            }
        },
        // The body of a sign-in comes in another form: as an object where a text is wanted, and the other way round.
        |asked| match asked.method.as_str() {
            "POST" => Action::Edit(|body| match serde_json::from_str(body) {
                Ok(Value::Object(object)) => object["access_token"].to_string(),
                _ => json!([body]).to_string(),
            }),
            _ => Action::Pass,
        },
    ]
}

/// Applies the tutorial with trouble on the way; nothing may tell a secret.
fn in_trouble((profile, more, login): (&str, &[&str], Login), trouble: fn(&Request) -> Action) {
    let workspace = Workspace::new();
    let shop = shop(&workspace, profile, more);
    let front = Proxy::before(shop.address, trouble);
    let login = asking(&login, &front.url());
    let workspace = login.by_environment(workspace, &front.url());
    let left = traces(&workspace, &["apply", "--yes", "-vvv"]);
    tell_nothing(&left, &login, &shop.tokens());
}

#[test]
fn when_everything_else_goes_wrong() {
    // Most of the time goes by in pauses, which can be waited for together.
    std::thread::scope(|threads| {
        for kind in kinds() {
            threads.spawn(move || {
                for trouble in troubles() {
                    in_trouble(kind.clone(), trouble);
                }
            });
        }
    });
}

#[test]
fn the_password_of_a_proxy_is_nowhere_either() {
    let password = "pr0xy-s3cret";
    let proxy = Proxy::alone(|_| Canned::new(407, "text/html", "<title>Who are you?</title>"));
    let login = Login::bearer();
    let workspace = login
        .by_environment(Workspace::new(), "https://shop.invalid")
        .variable(
            "HTTPS_PROXY",
            format!("http://somebody:{password}@{}", proxy.address),
        );
    let left = traces(&workspace, &["plan", "-vvv"]);
    assert!(proxy.seen().iter().all(|asked| asked.method == "CONNECT"));
    assert!(left.contains("wants another user or password"), "{left}");
    tell_nothing(&left, &login, &[password.to_owned()]);
    let signed = STANDARD_NO_PAD.encode(format!("somebody:{password}"));
    assert!(!left.contains(&signed), "{left}");
}
