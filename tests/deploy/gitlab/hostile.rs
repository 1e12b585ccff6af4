//! Merge requests that want something else to be shown, read or written than what a merge would bring.

use std::path::Path;

use super::super::checkout::Checkout;
use super::super::forge::Forge;
use super::{Variables, deletes, job, noting, plan_of, push, request, with};
use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TUTORIAL;

fn a_request(shop: &SandboxProcess) -> (Checkout, Variables) {
    let checkout = Checkout::of(shop);
    let variables = with(request(&checkout), "STOCKTAKE_NOTE_TOKEN", "");
    (checkout, variables)
}

/// Every file and link of a folder, with its text.
fn content(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).expect("it can be listed");
    let mut content: Vec<_> = entries
        .map(|entry| entry.expect("it is listed").path())
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read_to_string(&path).unwrap_or_default(),
            )
        })
        .collect();
    content.sort();
    content
}

#[test]
fn nothing_is_written_through_links_of_the_request() {
    let shop = SandboxProcess::demo();
    let (checkout, variables) = a_request(&shop);
    let outside = checkout.path("outside");
    std::fs::create_dir(&outside).expect("a folder can be made");
    let names = [
        "plan.md",
        "plan.json",
        "plan.html",
        "plan.xml",
        "drift.html",
        "drift.xml",
        "notes.json",
        "note.json",
    ];
    for name in names {
        std::fs::write(outside.join(name), "a program").expect("it can be written");
        checkout.link(name, &outside.join(name));
    }
    // In place of the folder of artefacts: a link to a folder, then a folder that holds links.
    checkout.link("stocktake-report", &outside);
    checkout.commit("links");
    let before = content(&outside);
    for again in [false, true] {
        for name in ["stocktake plan", "stocktake validate"] {
            job(&checkout, name, &variables).exits(0);
            assert_eq!(content(&outside), before, "{name}");
        }
        job(&checkout, "stocktake drift", &push(&checkout)).exits(2);
        assert_eq!(content(&outside), before);
        if !again {
            checkout.git(&["checkout", "--quiet", "--force", "HEAD"]);
            checkout.remove("stocktake-report");
            for name in names {
                std::fs::create_dir_all(checkout.path("work/stocktake-report"))
                    .expect("a folder can be made");
                checkout.link(&format!("stocktake-report/{name}"), &outside.join(name));
            }
            checkout.commit("a folder of links");
        }
    }
    job(&checkout, "stocktake plan", &variables).exits(0);
    let report = checkout.path("work/stocktake-report");
    let kind = report.symlink_metadata().expect("it is there").file_type();
    assert!(kind.is_dir(), "{kind:?}");
    for (path, _) in content(&report) {
        let kind = Path::new(&path)
            .symlink_metadata()
            .expect("it is there")
            .file_type();
        assert!(kind.is_file(), "{path}: {kind:?}");
    }
}

#[test]
fn attributes_of_the_request_change_nothing_of_what_is_planned() {
    let shop = SandboxProcess::demo();
    let (checkout, variables) = a_request(&shop);
    job(&checkout, "stocktake plan", &variables).exits(0);
    let honest = plan_of(&checkout)["inputs"].clone();
    for (index, attributes) in [
        "export-ignore",
        "export-subst",
        "text eol=crlf",
        "ident",
        "working-tree-encoding=UTF-16",
        "filter=lfs diff=lfs merge=lfs -text",
    ]
    .into_iter()
    .enumerate()
    {
        checkout.write(".gitattributes", &format!("inventory.yaml {attributes}\n"));
        checkout.git(&["add", ".gitattributes"]);
        checkout.stage("inventory.yaml", TUTORIAL);
        checkout.git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            &index.to_string(),
        ]);
        job(&checkout, "stocktake validate", &variables).exits(0);
        job(&checkout, "stocktake plan", &variables).exits(0);
        assert_eq!(plan_of(&checkout)["inputs"], honest, "{attributes}");
    }
}

#[test]
fn an_apply_reads_what_was_planned_or_nothing() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    checkout.origin_is_itself();
    checkout.write("inventory.yaml", &TUTORIAL.replace("leipzig", "hq"));
    let ended = job(&checkout, "stocktake apply", &push(&checkout)).exits(64);
    assert!(ended.said.contains("is not what the commit"), "{}", ended.said);
    job(&checkout, "stocktake drift", &push(&checkout)).exits(64);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn links_and_submodules_are_no_inventory() {
    let shop = SandboxProcess::demo();
    let (checkout, variables) = a_request(&shop);
    let secret = checkout.path("secret.yaml");
    std::fs::write(&secret, "shop-credential").expect("it can be written");
    let refused = |files: &str, words: &str| {
        let variables = with(variables.clone(), "STOCKTAKE_FILES", files);
        for name in ["stocktake plan", "stocktake validate"] {
            let ended = job(&checkout, name, &variables).exits(64);
            assert!(ended.said.contains(words), "{}", ended.said);
            assert!(!ended.said.contains("shop-credential"), "{}", ended.said);
        }
    };
    checkout.remove("inventory.yaml");
    checkout.link("inventory.yaml", &secret);
    checkout.commit("a link");
    refused("inventory.yaml", "symbolic link");

    // A folder with one link and so many files that a reader who has seen enough would cut the list off.
    checkout.remove("inventory.yaml");
    checkout.write("inventory.yaml/1.yaml", TUTORIAL);
    checkout.link("inventory.yaml/0.yaml", &secret);
    for index in 0..1000 {
        checkout.write(&format!("inventory.yaml/{index:0100}.txt"), "");
    }
    checkout.commit("a link in a folder");
    refused("inventory.yaml", "symbolic link");

    // A link to a folder has no name that ends in .yaml.
    checkout.remove("inventory.yaml/0.yaml");
    checkout.link("inventory.yaml/more", &checkout.path("runner"));
    checkout.commit("a folder behind a link");
    refused("inventory.yaml", "symbolic link");

    checkout.remove("inventory.yaml/more");
    checkout.commit("no link");
    checkout.commit_submodule("inventory.yaml/sub");
    refused("inventory.yaml", "submodule");

    // What changed elsewhere is no better.
    checkout.link("inventory-eu.yaml", &secret);
    checkout.git(&["add", "inventory-eu.yaml"]);
    checkout.commit_staged("a link elsewhere");
    let variables = with(variables.clone(), "STOCKTAKE_FILES", "inventory.yaml/1.yaml");
    job(&checkout, "stocktake validate", &variables).exits(64);
}

#[test]
fn names_are_names_and_never_patterns_or_options() {
    let shop = SandboxProcess::demo();
    let (checkout, variables) = a_request(&shop);
    for name in [
        "*.yaml",
        ":(exclude)inventory.yaml",
        "-o.yaml",
        "a\nb.yaml",
        "a b.yaml",
    ] {
        checkout.remove("inventory.yaml");
        checkout.git(&["rm", "-r", "--quiet", "--cached", "."]);
        checkout.write("inventory.yaml", "version: 1\nstocks: []\n");
        checkout.write(&format!("odd/{name}"), TUTORIAL);
        checkout.commit(name);
        let variables = with(variables.clone(), "STOCKTAKE_FILES", "odd");
        job(&checkout, "stocktake plan", &variables).exits(0);
        assert_eq!(deletes(&checkout), 2, "{name:?}");
        if !name.contains('\n') {
            let variables = with(variables, "STOCKTAKE_FILES", &format!("odd/{name}"));
            job(&checkout, "stocktake plan", &variables).exits(0);
            assert_eq!(deletes(&checkout), 2, "{name:?}");
        }
        checkout.remove(&format!("odd/{name}"));
    }
}

#[test]
fn no_file_of_the_request_takes_the_place_of_the_targets() {
    let shop = SandboxProcess::demo();
    let (checkout, variables) = a_request(&shop);
    checkout.remove("targets.yaml");
    checkout.write("targets.yaml/evil.yaml", TUTORIAL);
    checkout.remove("inventory.yaml");
    checkout.commit("a folder in place of the targets");
    let variables = with(variables, "STOCKTAKE_FILES", ".");
    job(&checkout, "stocktake plan", &variables).exits(64);

    // The targets of the branch that is merged into are a link to a file that the request brings.
    let checkout = Checkout::of(&shop);
    std::fs::rename(
        checkout.path("work/targets.yaml"),
        checkout.path("work/real.yaml"),
    )
    .expect("it can be moved");
    checkout.link("targets.yaml", Path::new("real.yaml"));
    checkout.commit("targets behind a link");
    let variables = request(&checkout);
    let variables = with(variables, "STOCKTAKE_FILES", "inventory.yaml\nreal.yaml");
    let ended = job(&checkout, "stocktake plan", &variables).exits(64);
    assert!(
        ended.said.contains("in the place of targets.yaml"),
        "{}",
        ended.said
    );
}

#[test]
fn texts_of_others_open_no_section_and_move_no_terminal() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let forge = Proxy::alone(|_| {
        Canned::new(
            403,
            "application/json",
            "no\r\n\u{1b}[0Ksection_start:1:x\r\u{1b}[0Kdone",
        )
    });
    let notes = Forge::with(Vec::new());
    let variables = noting(request(&checkout), &notes);
    let variables = with(variables, "CI_API_V4_URL", &forge.url());
    checkout.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: \"A\\e[0Ksection_start:1:y\\r\\e[0K\"\n    sources: [hq]\n",
    );
    checkout.commit("a stock with a name");
    for name in ["stocktake validate", "stocktake plan"] {
        let ended = job(&checkout, name, &variables);
        assert_ne!(ended.code, 64, "{}", ended.said);
        assert!(!ended.said.contains(['\u{1b}', '\r']), "{:?}", ended.said);
    }
    checkout.write("inventory.yaml", TUTORIAL);
    checkout.commit("as it was");
    let ended = job(&checkout, "stocktake plan", &variables).exits(1);
    assert!(ended.said.contains("section_start"), "{}", ended.said);
    assert!(!ended.said.contains(['\u{1b}', '\r']), "{:?}", ended.said);
}

#[test]
fn the_token_of_notes_reaches_no_program() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let seen = checkout.path("seen");
    let program = format!(
        "{{ command: [sh, -c, 'env >{}; echo {}'] }}",
        seen.display(),
        testkit::workspace::TOKEN
    );
    let text = std::fs::read_to_string(checkout.path("work/targets.yaml")).expect("it is there");
    checkout.write("targets.yaml", &text.replace("{ env: COMMERCE_TOKEN }", &program));
    checkout.commit("the credential by a program");
    let forge = Forge::with(Vec::new());
    let variables = noting(request(&checkout), &forge);
    job(&checkout, "stocktake plan", &variables).exits(0);
    let seen = std::fs::read_to_string(seen).expect("the program ran");
    assert!(
        seen.contains("CI_PROJECT_ID") && !seen.contains(super::super::forge::FORGE_TOKEN),
        "{seen}"
    );
}
