//! Which files can send a request that changes something.

use crate::scan::Source;

/// The files that may name a writing request, each with its reason.
const MAY_WRITE: [(&str, &str); 4] = [
    (
        "src/commerce/write/writer.rs",
        "the link writes of an approved plan",
    ),
    (
        "src/commerce/http/connection.rs",
        "sends what the writer gives it, see `SENDER`",
    ),
    ("src/commerce/http/auth/token.rs", "a sign-in is a POST"),
    (
        "src/run/notify/deliver.rs",
        "a message to a web hook, at an address that `notify` alone names",
    ),
];

/// The method of the connection that writes: which files of the client may call it.
const SENDER: (&str, &str, &str) = ("src/commerce/", "write", "src/commerce/write/writer.rs");

/// The files that may hold a bare HTTP client, with which anything can be sent.
const MAY_HOLD_A_CLIENT: [(&str, &str); 3] = [
    ("src/commerce/", "the client"),
    ("src/run/notify/deliver.rs", "messages to web hooks"),
    ("src/run/reindex/webhook.rs", "the http step of a reindex"),
];

/// What a bare client is had by.
const CLIENT: [&str; 2] = ["http_client", "reqwest"];

/// The files that may open a connection by themselves, past the client.
const MAY_CONNECT: [(&str, &str); 2] = [
    ("src/cli/command/sandbox.rs", "the embedded shop's address"),
    ("src/cli/embedded_sandbox.rs", "the embedded shop's address"),
];

/// What a connection of one's own is had by.
const SOCKET: [&str; 8] = [
    "TcpStream",
    "TcpListener",
    "TcpSocket",
    "UdpSocket",
    "UnixStream",
    "hyper",
    "axum",
    "rustls",
];

/// A client's methods that change something.
const METHODS: [&str; 4] = ["delete", "patch", "post", "put"];

/// What a file names of writing requests and clients, if it may not.
pub fn check(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if !is_listed(source, &MAY_WRITE) {
        let methods = source
            .methods
            .iter()
            .filter(|name| METHODS.contains(&name.as_str()));
        found.extend(methods.map(|name| format!(".{name}(")));
        let paths = source.paths.iter().filter(|path| is_writing(&path.names));
        found.extend(paths.map(|path| path.names.join("::")));
    }
    if !is_listed(source, &MAY_HOLD_A_CLIENT) {
        let names = source.paths.iter().map(|path| &path.names);
        let clients = names.filter(|names| names.iter().any(|name| CLIENT.contains(&name.as_str())));
        found.extend(clients.map(|names| names.join("::")));
    }
    if !is_listed(source, &MAY_CONNECT) && !is_listed(source, &MAY_HOLD_A_CLIENT) {
        let names = source.paths.iter().map(|path| &path.names);
        let sockets = names.filter(|names| names.iter().any(|name| SOCKET.contains(&name.as_str())));
        found.extend(sockets.map(|names| names.join("::")));
    }
    let (client, write, writer) = SENDER;
    if source.file.starts_with(client) && source.file != writer {
        let calls = source.methods.iter().filter(|name| *name == write);
        found.extend(calls.map(|name| format!(".{name}(")));
    }
    found
        .iter()
        .map(|what| format!("{}: `{what}` belongs to a file that may write", source.file))
        .collect()
}

fn is_listed(source: &Source, list: &[(&str, &str)]) -> bool {
    list.iter().any(|(file, _)| source.file.starts_with(file))
}

/// Whether a path is a method of HTTP, such as `Method::POST`, or a client's function, such as `Client::post`.
fn is_writing(names: &[String]) -> bool {
    let [.., of, name] = names else { return false };
    let of_a_type = of.starts_with(char::is_uppercase);
    let constant = METHODS.iter().any(|method| method.to_uppercase() == *name);
    of_a_type && (constant || METHODS.contains(&name.as_str()))
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
            "src/commerce/read/reader.rs",
            "src/run/apply/run.rs",
            "src/cli/plan.rs",
            "src/target.rs",
        ] {
            assert!(violations(file, text) > 0, "{file}: {text}");
        }
        assert_eq!(violations("src/commerce/write/writer.rs", text), 0);
    }
    for (file, text) in [
        (
            "src/commerce/read/reader.rs",
            "fn f() { self.connection.write(path, body) }",
        ),
        ("src/run/apply/run.rs", "use reqwest::Client;"),
        (
            "src/report/text.rs",
            "fn f() { crate::commerce::http_client(url) }",
        ),
        (
            "src/cli/plan.rs",
            "use crate::commerce::{Reader, http_client as client};",
        ),
        ("src/cli/plan.rs", "fn f() { std::net::TcpStream::connect(url) }"),
        ("src/run/apply/run.rs", "use tokio::net::{TcpStream as Wire};"),
    ] {
        assert!(violations(file, text) > 0, "{file}: {text}");
    }
}

#[test]
fn reading_is_not_found() {
    let text = "// client.post(url)\nfn f() { client.get(url); client.request(Method::GET, \"POST\"); post.delete = put }";
    assert_eq!(violations("src/commerce/read/reader.rs", text), 0);
    assert_eq!(
        violations(
            "src/reconcile/write_batch.rs",
            "fn f() { WriteBatch::Delete(x); Change::Delete { x } }"
        ),
        0
    );
}
