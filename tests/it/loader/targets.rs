//! What good targets give, and which of them is meant.

use stocktake::model::GuardLimits;
use stocktake::target::{
    AddressError, Api, Auth, Prove, Reindex, SecretRef, SelectError, StepKind, Target, Targets, select,
};

use super::{rendered, targets};

/// A file with everything in it.
pub const EXAMPLE: &str = include_str!("targets.yaml");

fn good(text: &str) -> Targets {
    let loaded = targets(text);
    let rendered = rendered(&loaded.diagnostics, text);
    loaded.targets.unwrap_or_else(|| panic!("{rendered}"))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one value, shown whole")]
fn the_example_is_good() {
    insta::assert_debug_snapshot!(good(EXAMPLE).targets[0], @r#"
Target {
    name: "production",
    url: Url {
        scheme: "https",
        cannot_be_a_base: false,
        username: "",
        password: None,
        host: Some(
            Domain(
                "shop.example.com",
            ),
        ),
        port: None,
        path: "/",
        query: None,
        fragment: None,
    },
    api: Paas,
    store: "all",
    auth: Bearer(
        Env(
            "COMMERCE_TOKEN",
        ),
    ),
    connection: ConnectionSettings {
        ca_file: None,
        client_certificate: None,
        connect_timeout: None,
        request_timeout: None,
        run_timeout: None,
        retry_pause: None,
        consistency_wait: None,
        headers: [],
        basic: None,
    },
    guard: GuardLimits {
        max_deletes: 5,
        max_delete_percent: 20,
    },
    protect: [
        "Europe Stock",
        "Café",
    ],
    inventory: [],
    reindex: Steps(
        [
            Step {
                kind: Run {
                    argv: [
                        "ssh",
                        "app@shop",
                        "bin/magento indexer:reindex inventory catalog_product_price catalogsearch_fulltext",
                    ],
                    pass_env: [
                        "SSH_KEY",
                    ],
                },
                timeout: 3600s,
            },
            Step {
                kind: Http(
                    HttpStep {
                        method: Put,
                        url: Url {
                            scheme: "https",
                            cannot_be_a_base: false,
                            username: "",
                            password: None,
                            host: Some(
                                Domain(
                                    "ci.example.com",
                                ),
                            ),
                            port: None,
                            path: "/jobs/cache",
                            query: Some(
                                "run=now",
                            ),
                            fragment: None,
                        },
                        headers: [
                            (
                                "x-job",
                                File(
                                    "/run/secrets/job",
                                ),
                            ),
                            (
                                "accept",
                                Value(
                                    SecretBox<str>([REDACTED]),
                                ),
                            ),
                        ],
                        body: Some(
                            "{\"flush\": true}",
                        ),
                    },
                ),
                timeout: 90s,
            },
        ],
    ),
    prove: Links,
    prove_timeout: 60s,
    notify: [
        Webhook {
            kind: Slack,
            url: Env(
                "SLACK_URL",
            ),
        },
        Webhook {
            kind: Plain,
            url: Command(
                [
                    "pass",
                    "show",
                    "hooks/drift",
                ],
            ),
        },
    ],
    default: true,
    keyring: Keyring { .. },
}
"#);
}

#[test]
fn what_is_not_said_has_a_default() {
    let targets = good(EXAMPLE);
    let [_, staging, local, ..] = targets.targets.as_slice() else {
        panic!("targets")
    };
    assert_eq!(staging.url.as_str(), "https://staging.example.com/shop/");
    assert_eq!(staging.store, "b2b_store");
    assert_eq!(local.store, "all");
    assert!(matches!(staging.reindex, Reindex::Cron));
    assert!(matches!(local.reindex, Reindex::Absent));
    assert_eq!(
        local.guard,
        GuardLimits {
            max_deletes: 10,
            max_delete_percent: 30
        }
    );
    let Auth::Bearer(SecretRef::Command(argv)) = &local.auth else {
        panic!("a command")
    };
    assert_eq!(argv, &["pass", "show", "commerce/local"]);
}

#[test]
fn a_wait_and_a_proof_have_their_times() {
    let targets = good(EXAMPLE).targets;
    assert_eq!(
        targets[1].prove,
        Prove::Canary(vec!["SKU-1".to_owned(), "2000".to_owned()])
    );
    assert_eq!(targets[2].prove, Prove::Links);
    let queued = &targets[3];
    assert_eq!(queued.prove, Prove::Index);
    assert_eq!(queued.prove_timeout.as_secs(), 300);
    let Reindex::Steps(steps) = &queued.reindex else {
        panic!("steps")
    };
    let times = steps.iter().map(|step| match step.kind {
        StepKind::Wait { interval } => (interval.as_secs(), step.timeout.as_secs()),
        _ => panic!("{step}"),
    });
    assert_eq!(times.collect::<Vec<_>>(), [(30, 600), (15, 1800)]);
}

#[test]
fn there_are_four_ways_to_be_known() {
    let targets = good(EXAMPLE).targets;
    let [.., integration, user, cloud] = targets.as_slice() else {
        panic!("targets")
    };
    let Auth::OAuth1 { consumer_key, .. } = &integration.auth else {
        panic!("an integration")
    };
    assert!(matches!(consumer_key, SecretRef::Value(_)));
    assert!(matches!(&user.auth, Auth::Admin { totp: Some(SecretRef::Env(name)), .. } if name == "TOTP"));
    assert_eq!(cloud.api, Api::Saas);
    let Auth::Ims {
        scopes, token_url, ..
    } = &cloud.auth
    else {
        panic!("client credentials")
    };
    assert_eq!(scopes, &["openid", "commerce.accs"]);
    assert_eq!(token_url.host_str(), Some("ims-na1.adobelogin.com"));
}

#[test]
fn times_are_long_and_pauses_short() {
    let read = good(EXAMPLE);
    let connections = read.targets.iter().map(|target| &target.connection);
    let milliseconds: Vec<_> = connections
        .flat_map(|connection| [connection.run_timeout, connection.retry_pause])
        .flatten()
        .map(|time| time.as_millis())
        .collect();
    assert_eq!(milliseconds, [1_800_000, 500]);
}

#[test]
fn a_step_is_named_without_its_query() {
    let Reindex::Steps(steps) = &good(EXAMPLE).targets[0].reindex else {
        panic!("steps")
    };
    assert_eq!(steps[1].to_string(), "PUT https://ci.example.com/jobs/cache");
    assert!(matches!(&steps[0].kind, StepKind::Run { argv, .. } if argv[0] == "ssh"));
}

#[test]
fn a_name_or_the_default_or_the_only_one() {
    let mut targets = good(EXAMPLE);
    assert_eq!(select(&targets, None).expect("the default").name, "production");
    assert_eq!(select(&targets, Some("local")).expect("by name").name, "local");
    let error = select(&targets, Some("prodution")).expect_err("a misspelt name");
    assert_eq!(
        error.to_string(),
        "there is no target `prodution`; known: `production`, `staging`, `local`, `queued`, `integration`, `user`, `cloud`; did you mean `production`?"
    );
    targets.targets[0].default = false;
    let error = select(&targets, None).expect_err("several, none of them the default");
    assert_eq!(
        error.to_string(),
        "several targets, and none of them is named or marked `default: true`; known: `production`, `staging`, `local`, `queued`, `integration`, `user`, `cloud`"
    );
    targets.targets.truncate(1);
    assert_eq!(select(&targets, None).expect("the only one").name, "production");
    targets.targets.clear();
    assert_eq!(select(&targets, None).expect_err("none"), SelectError::None);
}

#[test]
fn a_single_target_needs_no_file() {
    let token = || Auth::Bearer(SecretRef::Env("STOCKTAKE_TOKEN".to_owned()));
    let target =
        Target::from_flags("https://shop.example.com:8443/de", Api::Paas, token()).expect("a target");
    assert_eq!(target.name, "shop.example.com:8443");
    assert_eq!(target.url.as_str(), "https://shop.example.com:8443/de/");
    assert!(matches!(target.auth, Auth::Bearer(SecretRef::Env(name)) if name == "STOCKTAKE_TOKEN"));
    let refused = Target::from_flags("http://shop.example.com", Api::Paas, token());
    assert_eq!(refused.expect_err("in the clear"), AddressError::Clear);
}

#[test]
fn a_plain_value_does_not_show_itself() {
    let token = Auth::Bearer(SecretRef::Value("s3cret".into()));
    let target = Target::from_flags("https://a.example.com", Api::Paas, token).expect("a target");
    assert!(!format!("{target:?}").contains("s3cret"));
}
