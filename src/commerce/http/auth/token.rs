//! Tokens: fetched for an admin user or from Adobe's identity service.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::credential::Credential;
use crate::commerce::http::error::api_error::ApiError;
use crate::commerce::http::error::error_kind::ErrorKind;
use crate::commerce::http::limits::SMALL;
use crate::commerce::http::transport::Transport;

/// A token is renewed this long before it expires.
const MARGIN: Duration = Duration::from_mins(1);

/// A token as a header.
#[derive(Clone)]
pub struct Token {
    pub header: HeaderValue,
    expires: Option<Instant>,
}

impl Token {
    /// A ready token; `None` if it cannot stand in a header.
    pub fn bearer(token: &SecretString) -> Option<Self> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).ok()?;
        header.set_sensitive(true);
        Some(Self {
            header,
            expires: None,
        })
    }

    /// The same token with a lifetime. One too long for the clock does not expire.
    fn living(self, lifetime: Option<Duration>) -> Self {
        Self {
            expires: lifetime.and_then(|lifetime| Instant::now().checked_add(lifetime)),
            ..self
        }
    }

    /// True if it will not expire within the next minute.
    pub fn is_fresh(&self) -> bool {
        self.expires
            .is_none_or(|expires| Instant::now() + MARGIN < expires)
    }

    /// Fetches a token. `base` is the URL of the API; `gate` has the headers of an access gate in front of it.
    pub async fn fetch(
        credential: &Credential,
        base: &Url,
        gate: HeaderMap,
        transport: &Transport,
    ) -> Result<Self, ApiError> {
        match credential {
            Credential::Admin { user, password, totp } => {
                admin_token(base, gate, transport, user, password, totp.as_ref()).await
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
                ims_token(transport, token_url, &form).await
            }
            // A bearer token is there from the start, and a signature needs no token.
            Credential::Bearer(_) | Credential::OAuth1(_) => unreachable!("no token is ever fetched for it"),
        }
    }
}

/// Signs an admin user in, with a second factor if there is one (recording 00, 00-007 and 00-009).
async fn admin_token(
    base: &Url,
    gate: HeaderMap,
    transport: &Transport,
    user: &str,
    password: &SecretString,
    totp: Option<&SecretString>,
) -> Result<Token, ApiError> {
    let mut url = base.clone();
    let mut body = json!({ "username": user, "password": password.expose_secret() });
    let path = if totp.is_some() {
        "tfa/provider/google/authenticate"
    } else {
        "integration/admin/token"
    };
    url.set_path(&format!("{}/{path}", base.path()));
    if let Some(secret) = totp {
        let code = one_time_code(secret)
            .ok_or_else(|| ApiError::new(Method::POST, url.path().to_owned(), invalid_totp()))?;
        body["otp"] = code.into();
    }
    let request = transport
        .request(Method::POST, url)
        .headers(gate)
        .header(CONTENT_TYPE, "application/json");
    let (info, response) = transport.send(request.body(body.to_string()), SMALL).await?;
    let token: String = response.token().map_err(|kind| info.failed(kind))?;
    let lifetime = jwt_lifetime(&token);
    let token = Token::bearer(&token.into()).ok_or_else(|| info.failed(response.no_token()))?;
    Ok(token.living(lifetime))
}

#[derive(Deserialize)]
struct ImsToken {
    access_token: SecretString,
    expires_in: u64,
}

async fn ims_token(transport: &Transport, token_url: &Url, form: &[(&str, &str)]) -> Result<Token, ApiError> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = transport
        .request(Method::POST, token_url.clone())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body);
    let (info, response) = transport.send(request, SMALL).await?;
    let token: ImsToken = response.token().map_err(|kind| info.failed(kind))?;
    let lifetime = Duration::from_secs(token.expires_in);
    let token = Token::bearer(&token.access_token).ok_or_else(|| info.failed(response.no_token()))?;
    Ok(token.living(Some(lifetime)))
}

fn one_time_code(secret: &SecretString) -> Option<String> {
    let text: String = secret
        .expose_secret()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .collect();
    let secret = totp_rs::Secret::Encoded(text.to_uppercase()).to_bytes().ok()?;
    // Unchecked: authenticator apps and the shop accept secrets shorter than the standard's 128 bits.
    let totp = totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 1, 30, secret);
    totp.generate_current().ok()
}

fn invalid_totp() -> ErrorKind {
    ErrorKind::Unusable {
        detail: "the TOTP secret is not valid base32".to_owned(),
    }
}

/// The lifetime of a token of 2.4.4 and later, from its issue to its end: independent of this machine's clock. Older tokens
/// do not name it.
fn jwt_lifetime(token: &str) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Claims {
        iat: u64,
        exp: u64,
    }
    let payload = token.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    claims.exp.checked_sub(claims.iat).map(Duration::from_secs)
}
