//! Who asks: the headers that sign each attempt of a request, and the tokens that they need.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;

use super::access_gate::AccessGate;
use super::credential::Credential;
use super::oauth;
use crate::commerce::http::connection::SMALL;
use crate::commerce::http::error::api_error::{ApiError, Challenge, ErrorKind};
use crate::commerce::http::transport::{ConnectionError, Transport};

/// A token is renewed so long before its end.
const MARGIN: Duration = Duration::from_mins(1);

/// Signs requests for one credential.
#[derive(Clone)]
pub(in crate::commerce) struct Signer {
    credential: Arc<Credential>,
    /// The API's base URL, below which an admin signs in.
    base: Arc<Url>,
    session: Arc<Mutex<Session>>,
    /// What stands in front of the shop.
    gate: Arc<AccessGate>,
}

/// The token that is in use.
#[derive(Default)]
struct Session {
    token: Option<Token>,
    /// Whether the token was ever accepted: one that was not is refused for another reason than its age.
    accepted: bool,
    /// Counts the tokens, so that of several requests refused at once only the first renews.
    number: u64,
    /// Whether a request was refused with a fresh token too: then tokens are not what it lacks.
    renewal_pointless: bool,
    /// Why a sign-in was refused: it is not tried again, since six failures lock the user out.
    refused: Option<ApiError>,
}

#[derive(Clone)]
struct Token {
    header: HeaderValue,
    ends: Option<Instant>,
}

/// The headers of one attempt, and which token they carry.
pub(in crate::commerce) struct Signature {
    pub headers: HeaderMap,
    token: u64,
}

impl Signer {
    pub(in crate::commerce) fn new(credential: Credential, base: Arc<Url>) -> Result<Self, ConnectionError> {
        let mut session = Session::default();
        if let Credential::Bearer(token) = &credential {
            let header = bearer(token).ok_or(ConnectionError::Header("token".to_owned()))?;
            session.token = Some(Token { header, ends: None });
        }
        Ok(Self {
            credential: Arc::new(credential),
            base,
            session: Arc::new(Mutex::new(session)),
            gate: Arc::default(),
        })
    }

    /// The same, with a door in front of the shop.
    pub(in crate::commerce) fn behind(mut self, gate: AccessGate) -> Self {
        self.gate = Arc::new(gate);
        self
    }

    /// Signs one attempt of a request; fetches a token first where one is needed.
    pub(in crate::commerce) async fn sign(
        &self,
        transport: &Transport,
        method: &Method,
        url: &Url,
    ) -> Result<Signature, ApiError> {
        let mut headers = self.gate.headers();
        let mut number = 0;
        match &*self.credential {
            Credential::OAuth1(secrets) => {
                let now = jiff::Timestamp::now().as_second();
                let text = oauth::sign(method.as_str(), url, secrets, &oauth::nonce(), now);
                insert(
                    &mut headers,
                    AUTHORIZATION,
                    self.gate.authorization(&text).expose_secret(),
                );
            }
            Credential::Bearer(_) | Credential::Admin { .. } | Credential::Ims { .. } => {
                let (token, current) = self.token(transport).await?;
                headers.insert(AUTHORIZATION, token.header);
                number = current;
            }
        }
        if let Credential::Ims {
            client_id,
            organization,
            ..
        } = &*self.credential
        {
            insert(&mut headers, HeaderName::from_static("x-api-key"), client_id);
            insert(
                &mut headers,
                HeaderName::from_static("x-gw-ims-org-id"),
                organization,
            );
        }
        Ok(Signature {
            headers,
            token: number,
        })
    }

    /// Takes note that the server took a token.
    pub(in crate::commerce) async fn accepted(&self, signature: &Signature) {
        let mut session = self.session.lock().await;
        session.accepted |= session.number == signature.token;
    }

    /// Drops the token that a refused request carried, so that the next attempt fetches another one; tells whether
    /// there can be another one.
    pub(in crate::commerce) async fn renew(&self, refused: &Signature) -> bool {
        if !matches!(
            &*self.credential,
            Credential::Admin { .. } | Credential::Ims { .. }
        ) {
            return false;
        }
        let mut session = self.session.lock().await;
        if session.number == refused.token {
            if !session.accepted || session.renewal_pointless {
                return false;
            }
            session.token = None;
        }
        session.refused.is_none()
    }

    /// Takes note that the server refused a request with a fresh token too.
    pub(in crate::commerce) async fn renewal_rejected(&self) {
        self.session.lock().await.renewal_pointless = true;
    }

    /// What to do about a door in front of the shop.
    pub(in crate::commerce) fn gate_hint(&self, challenge: &Challenge) -> String {
        self.gate.gate_hint(challenge, &self.credential)
    }

    /// What to do when the gateway of the cloud turns a credential away, which knows nothing of permissions.
    pub(in crate::commerce) fn gateway_hint(&self) -> &'static str {
        match &*self.credential {
            Credential::Ims { .. } => {
                "the gateway does not take the identity service's token: check that the credential and the URL are of the \
                 same environment"
            }
            Credential::Bearer(_) | Credential::OAuth1(_) | Credential::Admin { .. } => {
                "Adobe Commerce as a Cloud Service takes client credentials alone (auth: ims)"
            }
        }
    }

    /// What to do when the server misses a permission: it tells nobody whether the token or the role is at fault.
    pub(in crate::commerce) fn permission_hint(&self, resource: &str) -> String {
        let role = "System > Permissions > User Roles > Role Resources";
        let integration = "System > Extensions > Integrations > API";
        match &*self.credential {
            Credential::Bearer(_) => format!(
                "the token is wrong or expired, or it lacks the resource {resource}: see {integration}. Since 2.4.4 an \
                 integration's access token alone is refused: sign with its four secrets (auth: oauth1), or switch it on \
                 in Stores > Configuration > Services > OAuth > Consumer Settings"
            ),
            Credential::OAuth1(_) => {
                format!("the integration lacks the resource {resource}: see {integration}")
            }
            Credential::Admin { user, .. } => {
                format!("the role of {user} lacks the resource {resource}: see {role}")
            }
            Credential::Ims { .. } => {
                format!("the credential's product profile lacks the resource {resource}")
            }
        }
    }

    async fn token(&self, transport: &Transport) -> Result<(Token, u64), ApiError> {
        let mut session = self.session.lock().await;
        if let Some(token) = &session.token
            && token.ends.is_none_or(|ends| Instant::now() + MARGIN < ends)
        {
            return Ok((token.clone(), session.number));
        }
        if let Some(error) = &session.refused {
            return Err(error.clone());
        }
        match self.fetch(transport).await {
            Ok(token) => {
                session.number += 1;
                session.accepted = false;
                session.token = Some(token.clone());
                Ok((token, session.number))
            }
            Err(error) => {
                if !error.is_transient() {
                    session.refused = Some(error.clone());
                }
                Err(error)
            }
        }
    }

    async fn fetch(&self, transport: &Transport) -> Result<Token, ApiError> {
        match &*self.credential {
            Credential::Admin { user, password, totp } => {
                self.sign_in(transport, user, password, totp.as_ref()).await
            }
            Credential::Ims {
                token_url,
                client_id,
                client_secret,
                scopes,
                organization,
            } => {
                let form = [
                    ("grant_type", "client_credentials"),
                    ("client_id", client_id),
                    ("client_secret", client_secret.expose_secret()),
                    ("scope", &scopes.join(",")),
                    ("org_id", organization),
                ];
                fetch_ims_token(transport, token_url, &form).await
            }
            // Neither fetches tokens: a bearer token is there from the start, a signature needs none.
            Credential::Bearer(_) | Credential::OAuth1(_) => unreachable!("no token is ever fetched for it"),
        }
    }

    /// Signs an admin in, with the second factor where there is one (commerce.md B2).
    async fn sign_in(
        &self,
        transport: &Transport,
        user: &str,
        password: &SecretString,
        totp: Option<&SecretString>,
    ) -> Result<Token, ApiError> {
        let mut url = Url::clone(&self.base);
        let mut body = json!({ "username": user, "password": password.expose_secret() });
        let path = if totp.is_some() {
            "tfa/provider/google/authenticate"
        } else {
            "integration/admin/token"
        };
        url.set_path(&format!("{}/{path}", self.base.path()));
        if let Some(secret) = totp {
            let code = one_time_code(secret)
                .ok_or_else(|| ApiError::new(Method::POST, url.path().to_owned(), no_totp()))?;
            body["otp"] = code.into();
        }
        let request = transport
            .request(Method::POST, url)
            .headers(self.gate.headers())
            .header(CONTENT_TYPE, "application/json");
        let (asked, answer) = transport.send(request.body(body.to_string()), SMALL).await?;
        let token: String = answer.token().map_err(|failure| asked.failed(failure))?;
        let life = jwt_life(&token);
        let header = bearer(&token.into()).ok_or_else(|| asked.failed(answer.no_token()))?;
        Ok(Token {
            header,
            // A life beyond what a clock can tell has no end.
            ends: life.and_then(|life| Instant::now().checked_add(life)),
        })
    }
}

#[derive(Deserialize)]
struct ImsToken {
    access_token: SecretString,
    expires_in: u64,
}

async fn fetch_ims_token(transport: &Transport, token_url: &Url, form: &[(&str, &str)]) -> Result<Token, ApiError> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = transport
        .request(Method::POST, token_url.clone())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body);
    let (asked, answer) = transport.send(request, SMALL).await?;
    let token: ImsToken = answer.token().map_err(|failure| asked.failed(failure))?;
    let header = bearer(&token.access_token).ok_or_else(|| asked.failed(answer.no_token()))?;
    Ok(Token {
        header,
        ends: Instant::now().checked_add(Duration::from_secs(token.expires_in)),
    })
}

fn bearer(token: &SecretString) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// Puts a header in; one whose value cannot stand in a header is left out, and the server says what it misses.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
}

fn one_time_code(secret: &SecretString) -> Option<String> {
    let text: String = secret
        .expose_secret()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .collect();
    let secret = totp_rs::Secret::Encoded(text.to_uppercase()).to_bytes().ok()?;
    // Authenticator apps hold secrets shorter than the standard's 128 bits, and the shop takes them.
    let totp = totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 1, 30, secret);
    totp.generate_current().ok()
}

fn no_totp() -> ErrorKind {
    ErrorKind::Unusable {
        detail: "the TOTP secret is no base32 text".to_owned(),
    }
}

/// How long a token of the form of 2.4.4 and later lives, by what stands in it: from its issue to its end, so that a
/// clock that differs from the server's does not matter. Older tokens tell nothing.
fn jwt_life(token: &str) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Claims {
        iat: u64,
        exp: u64,
    }
    let payload = token.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    claims.exp.checked_sub(claims.iat).map(Duration::from_secs)
}
