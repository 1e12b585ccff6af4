//! Which files can send a request that changes something.

use crate::scan::Source;

/// The files that may, each with its reason. The sandbox is the other side of the wire.
const MAY_WRITE: [(&str, &str); 4] = [
    ("src/commerce/write.rs", "the link writes of an approved plan"),
    ("src/commerce/auth.rs", "a sign-in is a POST"),
    ("src/engine/reindex.rs", "the http step of a reindex"),
    ("src/sandbox/", "serves requests"),
];

/// A client's methods that change something.
const METHODS: [&str; 4] = ["delete", "patch", "post", "put"];

/// What a file names of a writing request, if it may not.
pub fn check(source: &Source) -> Vec<String> {
    if MAY_WRITE.iter().any(|(file, _)| source.file.starts_with(file)) {
        return Vec::new();
    }
    let methods = source
        .methods
        .iter()
        .filter(|name| METHODS.contains(&name.as_str()));
    let calls = methods.map(|name| format!(".{name}("));
    let named = source.paths.iter().filter(|path| is_writing(&path.names));
    let named = named.map(|path| path.names.join("::"));
    let found = calls.chain(named);
    found
        .map(|what| format!("{}: `{what}` belongs to a file that may write", source.file))
        .collect()
}

/// Whether a path is a method of HTTP, such as `Method::POST`, or a client's function, such as `Client::post`.
fn is_writing(names: &[String]) -> bool {
    let [.., of, name] = names else { return false };
    let constant = METHODS.iter().any(|method| method.to_uppercase() == *name);
    constant || (of == "Client" && METHODS.contains(&name.as_str()))
}

/// How many violations a file of that name and text has.
fn violations(file: &str, text: &str) -> usize {
    check(&Source::new(file, text)).len()
}

#[test]
fn planted_writes_are_found() {
    for text in [
        "fn f() { client.post(url).send() }",
        "fn f() { client\n    .delete(url) }",
        "fn f() { self.http.put(url) }",
        "fn f() { client.request(reqwest::Method::POST, url) }",
        "use http::Method; fn f() { client.request(Method::DELETE, url) }",
        "fn f() { with(reqwest::Client::post) }",
    ] {
        for file in [
            "src/commerce/read.rs",
            "src/engine/apply.rs",
            "src/cli/plan.rs",
            "src/target.rs",
        ] {
            assert!(violations(file, text) > 0, "{file}: {text}");
        }
        assert_eq!(violations("src/commerce/write.rs", text), 0);
        assert_eq!(violations("src/sandbox/routes.rs", text), 0);
    }
}

#[test]
fn reading_is_not_found() {
    let text = "// client.post(url)\nfn f() { client.get(url); client.request(Method::GET, \"POST\"); post.delete = put }";
    assert_eq!(violations("src/commerce/read.rs", text), 0);
    assert_eq!(
        violations(
            "src/reconcile/calls.rs",
            "fn f() { Call::Delete(x); Change::Delete { x } }"
        ),
        0
    );
}
