//! `action/commit.sh`: the inventory is what the commit holds, byte for byte, whatever else a request writes.

use super::checkout::{Checkout, Ended, of_project, targets};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TUTORIAL;

const EUROPE: &str =
    "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, hq, baltimore_wh]\n";
const OUTLET: &str = "version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [reno_wh, austin_wh]\n";

/// A request that has been checked out, with a base whose inventory is a folder.
struct Request {
    shop: SandboxProcess,
    checkout: Checkout,
    base: String,
}

impl Request {
    fn new() -> Self {
        let shop = SandboxProcess::demo();
        let checkout = Checkout::of(&shop);
        checkout.remove("inventory.yaml");
        checkout.write("inventory/eu.yaml", EUROPE);
        checkout.write("inventory/us/outlet.yml", OUTLET);
        checkout.commit("a folder");
        let base = checkout.head();
        Self { shop, checkout, base }
    }

    fn run(&self, command: &str, files: &str) -> Ended {
        let mut variables = match command {
            "plan" => self.checkout.pull_request("shop/inventory", &self.base),
            _ => self.checkout.push(),
        };
        variables.push(("INPUT_COMMAND", command.to_owned()));
        variables.push(("INPUT_FILES", files.to_owned()));
        self.checkout.bash(&of_project("action/run.sh"), &variables)
    }

    fn plan(&self, files: &str) -> Ended {
        self.run("plan", files)
    }

    /// The sources that the plan deletes and creates.
    fn changes(ended: &Ended) -> Vec<String> {
        let lines = ended.said.lines().map(str::trim);
        let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
        // A sign, the place, the source, and the change.
        words
            .filter_map(|words| match words.as_slice() {
                ["-", _, code, "delete,", ..] => Some(format!("- delete {code}")),
                ["+", _, code, "create,", ..] => Some(format!("+ create {code}")),
                _ => None,
            })
            .collect()
    }
}

#[test]
fn attributes_of_a_request_change_nothing_that_is_read() {
    let request = Request::new();
    let with_template = "version: 1\nstocks:\n  - name: Outlet Stock\n    sources:\n      - reno_wh # $Format:%n      - austin_wh$\n";
    let without = OUTLET.replace(", austin_wh", "");
    for (attributes, outlet) in [
        ("*.yml export-ignore", without.as_str()),
        ("*.yml export-subst", with_template),
        ("*.yml ident eol=crlf", without.as_str()),
        ("*.yml filter=lfs", without.as_str()),
        ("*.yml working-tree-encoding=UTF-16", without.as_str()),
    ] {
        request.checkout.stage(".gitattributes", attributes);
        request.checkout.write(".gitattributes", attributes);
        request.checkout.stage("inventory/us/outlet.yml", outlet);
        request.checkout.commit_staged("look away");
        let ended = request.plan("inventory").exits(0);
        assert_eq!(
            Request::changes(&ended),
            ["- delete austin_wh"],
            "{attributes}: {}",
            ended.said
        );
    }
}

#[test]
fn an_apply_reads_what_a_plan_reads_or_nothing() {
    let request = Request::new();
    request
        .checkout
        .write("inventory/eu.yaml", &EUROPE.replace("hq, ", ""));
    for command in ["apply", "drift", "validate"] {
        let ended = request.run(command, "inventory").exits(64);
        assert!(
            ended.said.contains("inventory/eu.yaml in the checkout"),
            "{}",
            ended.said
        );
    }
    let log = request.shop.get("/_sandbox/log");
    assert_eq!(log.as_array().map_or(0, Vec::len), 0);
}

#[test]
fn links_and_submodules_are_refused_however_many_files_there_are() {
    let request = Request::new();
    let secret = request.checkout.path("runner/secret");
    std::fs::write(&secret, "shop-credential-0123456789abcdef").expect("it can be written");
    for number in 0..1500 {
        request
            .checkout
            .write(&format!("inventory/{number:0100}.txt"), "");
    }
    request.checkout.commit("many");
    for link in ["inventory/0.yaml", "inventory/sub", "inventory/zz.yaml"] {
        request.checkout.link(link, &secret);
        request.checkout.commit("show me this");
        let ended = request.plan("inventory").exits(64);
        assert!(ended.said.contains("symbolic link"), "{}", ended.said);
        assert!(!ended.said.contains("shop-credential"), "{}", ended.said);
        request.checkout.remove(link);
    }
    request.checkout.link("inventory.yaml", &secret);
    request.checkout.commit("or this");
    let ended = request.plan("inventory.yaml").exits(64);
    assert!(ended.said.contains("symbolic link"), "{}", ended.said);
    request.checkout.commit_submodule("inventory/module.yaml");
    let ended = request.plan("inventory").exits(64);
    assert!(ended.said.contains("submodule"), "{}", ended.said);
}

#[test]
fn odd_names_are_names() {
    let request = Request::new();
    for twice in [
        "inventory\ninventory/eu.yaml",
        "inventory/eu.yaml\ninventory",
        "inventory\n./inventory/",
    ] {
        assert_eq!(
            Request::changes(&request.plan(twice).exits(0)),
            [""; 0],
            "{twice}"
        );
    }
    request.checkout.remove("inventory/eu.yaml");
    let changed = EUROPE.replace("hq, ", "");
    for name in [
        "inventory/-x.yaml",
        "inventory/a b.YAML",
        "inventory/a\nb.yaml",
        "inventory/:(glob)*.yml",
        "inventory/$(touch stolen).yaml",
        "inventory/--/x.yaml",
    ] {
        request.checkout.write(name, &changed);
        request.checkout.commit("another name");
        let ended = request.plan("inventory").exits(0);
        assert_eq!(
            Request::changes(&ended),
            ["- delete hq"],
            "{name:?}: {}",
            ended.said
        );
        // The input has one name a line.
        if !name.contains('\n') {
            let ended = request.plan(&format!("./inventory/../{name}")).exits(0);
            assert_eq!(
                Request::changes(&ended),
                ["- delete hq"],
                "{name:?}: {}",
                ended.said
            );
        }
        request.checkout.remove(name);
    }
    request.checkout.write("inventory/.hidden.yaml", "not: one");
    request.checkout.write("inventory/notes.txt", "not one");
    request.checkout.commit("passed over");
    request.plan("inventory").exits(0);
}

#[test]
fn the_working_directory_is_a_folder_of_files_too() {
    let request = Request::new();
    request.checkout.write("token.sh", "exit 1\n");
    request
        .checkout
        .write("inventory/eu.yaml", &EUROPE.replace("hq, ", ""));
    request
        .checkout
        .write("targets.yaml", &targets("http://127.0.0.1:9", &request.shop));
    request.checkout.commit("change");
    for files in [".", "./", "inventory/.."] {
        let ended = request.plan(files).exits(0);
        assert_eq!(Request::changes(&ended), ["- delete hq"], "{}", ended.said);
    }
    for (files, why) in [
        ("targets.yaml", "is the file of targets"),
        ("../work/inventory", "outside the repository"),
        ("nothing.yaml", "the request has no nothing.yaml"),
        (".github", "the request has no .github"),
    ] {
        let ended = request.plan(files).exits(64);
        assert!(ended.said.contains(why), "{}", ended.said);
    }
}

#[test]
fn inventories_that_no_input_names_are_reported() {
    let request = Request::new();
    request.checkout.write("shops/eu/inventory.yaml", EUROPE);
    request.checkout.write("shops/inventory/us.YML", EUROPE);
    request.checkout.write("shops/other.yaml", "x: 1\n");
    request
        .checkout
        .write("inventory/eu.yaml", &EUROPE.replace("hq, ", ""));
    request.checkout.commit("elsewhere");
    let ended = request.plan("inventory").exits(0);
    let reported = "(2): shops/eu/inventory.yaml shops/inventory/us.YML";
    assert!(
        ended
            .commands()
            .iter()
            .any(|line| line.starts_with("::warning") && line.ends_with(reported))
    );
    let others = request.plan("shops/eu/inventory.yaml\nshops/inventory").exits(1);
    others.says("(1): inventory/eu.yaml");
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    checkout.remove("inventory.yaml");
    checkout.write("inventory.yaml/eu.yaml", EUROPE);
    checkout.commit("a folder now");
    let request = Request { shop, checkout, base };
    request.plan("inventory.yaml").exits(0);
    let request = Request {
        base: request.checkout.head(),
        ..request
    };
    request.checkout.remove("inventory.yaml");
    request.checkout.write("inventory.yaml", TUTORIAL);
    request.checkout.commit("a file again");
    let ended = request.plan("inventory.yaml").exits(0);
    assert_eq!(ended.output("changes"), "true");
    assert_eq!(request.checkout.status(), "", "the checkout is as it was");
}
