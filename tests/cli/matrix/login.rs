//! A credential as somebody gives it: by targets.yaml with its secrets in all three places, or by environment alone.

use testkit::workspace::{TOKEN, Workspace};

/// The scopes that an application asks for.
const SCOPES: &str = "openid,AdobeID,commerce.accs";

/// What a piece of a credential is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// It must show nowhere.
    Secret,
    /// It is written as it is.
    Name,
    /// It is a list of names.
    Names,
}

/// One piece of a credential.
#[derive(Clone)]
struct Piece {
    key: &'static str,
    variable: &'static str,
    sort: Sort,
    value: String,
}

/// A credential.
#[derive(Clone)]
pub struct Login {
    kind: &'static str,
    pieces: Vec<Piece>,
}

impl Login {
    /// A ready token; that of the demo shop's integration.
    pub fn bearer() -> Self {
        let pieces = [("bearer", "STOCKTAKE_TOKEN", Sort::Secret, TOKEN)];
        Self::new("bearer", &pieces)
    }

    /// The four secrets of the demo shop's integration.
    pub fn oauth1() -> Self {
        let key = "sandboxconsumerkey00000000000000";
        let consumer = "sandboxconsumersecret00000000000";
        let token = "sandboxtokensecret00000000000000";
        Self::new(
            "oauth1",
            &[
                ("consumer_key", "STOCKTAKE_CONSUMER_KEY", Sort::Name, key),
                (
                    "consumer_secret",
                    "STOCKTAKE_CONSUMER_SECRET",
                    Sort::Secret,
                    consumer,
                ),
                ("token", "STOCKTAKE_ACCESS_TOKEN", Sort::Secret, TOKEN),
                (
                    "token_secret",
                    "STOCKTAKE_ACCESS_TOKEN_SECRET",
                    Sort::Secret,
                    token,
                ),
            ],
        )
    }

    /// The demo shop's admin, by password alone.
    pub fn admin() -> Self {
        Self::user("admin", "Sandbox-admin-1")
    }

    /// A user, by password alone.
    pub fn user(name: &str, password: &str) -> Self {
        let user = ("user", "STOCKTAKE_ADMIN_USER", Sort::Name, name);
        let password = ("password", "STOCKTAKE_ADMIN_PASSWORD", Sort::Secret, password);
        Self::new("admin", &[user, password])
    }

    /// The demo shop's admin who has an authenticator app.
    pub fn two_factor() -> Self {
        let mut login = Self::user("careful", "Sandbox-careful-1");
        login.pieces.push(Piece {
            key: "totp",
            variable: "STOCKTAKE_ADMIN_TOTP",
            sort: Sort::Secret,
            value: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(),
        });
        login
    }

    /// The client credentials of the demo shop's application; that shop plays the identity service too.
    pub fn ims(shop: &str) -> Self {
        let url = format!("{shop}/ims/token/v3");
        Self::new(
            "ims",
            &[
                (
                    "client_id",
                    "STOCKTAKE_IMS_CLIENT_ID",
                    Sort::Name,
                    "sandboxclientid",
                ),
                (
                    "client_secret",
                    "STOCKTAKE_IMS_CLIENT_SECRET",
                    Sort::Secret,
                    "sandboxclientsecret",
                ),
                ("scopes", "STOCKTAKE_IMS_SCOPES", Sort::Names, SCOPES),
                (
                    "organization",
                    "STOCKTAKE_IMS_ORGANIZATION",
                    Sort::Name,
                    "SANDBOX@AdobeOrg",
                ),
                ("token_url", "STOCKTAKE_IMS_TOKEN_URL", Sort::Name, &url),
            ],
        )
    }

    fn new(kind: &'static str, pieces: &[(&'static str, &'static str, Sort, &str)]) -> Self {
        let piece = |(key, variable, sort, value): &(&'static str, &'static str, Sort, &str)| Piece {
            key,
            variable,
            sort: *sort,
            value: (*value).to_owned(),
        };
        Self {
            kind,
            pieces: pieces.iter().map(piece).collect(),
        }
    }

    /// The same with another value for a piece.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        let piece = self.pieces.iter_mut().find(|piece| piece.key == key);
        value.clone_into(&mut piece.expect("the credential has such a piece").value);
        self
    }

    /// What it is called in targets.yaml.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The values that must show nowhere.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let secrets = self.pieces.iter().filter(|piece| piece.sort == Sort::Secret);
        secrets.map(|piece| piece.value.as_str())
    }

    /// Gives it by the environment alone.
    pub fn by_environment(&self, workspace: Workspace, url: &str) -> Workspace {
        let pieces = self.pieces.iter();
        pieces.fold(workspace.variable("STOCKTAKE_URL", url), |workspace, piece| {
            workspace.variable(piece.variable, &piece.value)
        })
    }

    /// Puts its secrets where a targets.yaml will look for them.
    pub fn kept_at(&self, workspace: Workspace) -> Workspace {
        let secrets = self.pieces.iter().filter(|piece| piece.sort == Sort::Secret);
        secrets.fold(workspace, |workspace, piece| {
            workspace.write(&format!("secrets/{}", piece.key), &format!("{}\n", piece.value));
            workspace.variable(piece.variable, &piece.value)
        })
    }

    /// Writes a targets.yaml whose only target is a shop that it opens; each turn looks for each secret elsewhere. The
    /// rest of the target is given in lines.
    pub fn write_targets(&self, workspace: &Workspace, url: &str, rest: &str, turn: usize) {
        let entry = |(at, piece): (usize, &Piece)| {
            let value = match piece.sort {
                Sort::Secret => place(piece, at + turn),
                Sort::Name => format!("'{}'", piece.value),
                Sort::Names => format!("[{}]", piece.value),
            };
            format!("{}: {value}", piece.key)
        };
        let entries: Vec<String> = self.pieces.iter().enumerate().map(entry).collect();
        let entries = entries.join(", ");
        let auth = match self.kind {
            // Its only piece is the whole of it.
            "bearer" => format!("{{ {entries} }}"),
            kind => format!("{{ {kind}: {{ {entries} }} }}"),
        };
        let rest = rest.replace('\n', "\n    ");
        workspace.write(
            "targets.yaml",
            &format!("version: 1\ntargets:\n  shop:\n    url: {url}\n    auth: {auth}\n    {rest}\n"),
        );
    }
}

/// Where a secret is: a variable, a file or the output of a program, in turn.
fn place(piece: &Piece, turn: usize) -> String {
    let file = format!("secrets/{}", piece.key);
    match turn % 3 {
        0 => format!("{{ env: {} }}", piece.variable),
        1 => format!("{{ file: {file} }}"),
        _ => format!("{{ command: [cat, {file}] }}"),
    }
}
