//! Signs each attempt of a request: by a token that it keeps fresh, or by an OAuth signature.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use url::Url;

use super::access_gate::AccessGate;
use super::credential::Credential;
use super::oauth;
use super::token::Token;
use crate::commerce::http::error::api_error::ApiError;
use crate::commerce::http::error::challenge::Challenge;
use crate::commerce::http::error::connection_error::ConnectionError;
use crate::commerce::http::transport::Transport;

/// Signs requests for one credential.
#[derive(Clone)]
pub struct Signer {
    credential: Arc<Credential>,
    /// The URL of the API, where an admin user signs in.
    base: Arc<Url>,
    session: Arc<Mutex<Session>>,
    gate: Arc<AccessGate>,
}

/// The token in use.
#[derive(Default)]
struct Session {
    token: Option<Token>,
    /// Set once the token was accepted. If a token is refused that never was, its age is not the reason.
    accepted: bool,
    /// Counts the tokens, so that only the first of several requests refused at once renews it.
    number: u64,
    /// Set once a fresh token was refused as well: renewing again is pointless, a permission is missing.
    renewal_pointless: bool,
    /// The error of a refused sign-in. It is not repeated: six failures lock the user out.
    refused: Option<ApiError>,
}

/// The headers of one attempt, and the number of their token.
pub struct Signature {
    pub headers: HeaderMap,
    token: u64,
}

impl Signer {
    pub fn new(credential: Credential, base: Arc<Url>) -> Result<Self, ConnectionError> {
        let mut session = Session::default();
        if let Credential::Bearer(token) = &credential {
            let token = Token::bearer(token).ok_or(ConnectionError::Header("token".to_owned()))?;
            session.token = Some(token);
        }
        Ok(Self {
            credential: Arc::new(credential),
            base,
            session: Arc::new(Mutex::new(session)),
            gate: Arc::default(),
        })
    }

    /// The same signer for a shop behind an access gate.
    pub fn behind(mut self, gate: AccessGate) -> Self {
        self.gate = Arc::new(gate);
        self
    }

    /// Signs one attempt of a request; fetches a token first if it needs one.
    pub async fn sign(
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
                let value = self.gate.authorization(&text);
                insert(&mut headers, AUTHORIZATION, value.expose_secret());
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

    /// Notes that the server accepted a token.
    pub async fn accepted(&self, signature: &Signature) {
        let mut session = self.session.lock().await;
        session.accepted |= session.number == signature.token;
    }

    /// Drops a refused token, so that the next attempt fetches another one. Returns false if another one would not help.
    pub async fn renew(&self, refused: &Signature) -> bool {
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

    /// Notes that the server refused a fresh token too.
    pub async fn renewal_rejected(&self) {
        self.session.lock().await.renewal_pointless = true;
    }

    /// The hint for a request that an access gate refused.
    pub fn access_gate_hint(&self, challenge: &Challenge) -> String {
        self.gate.hint(challenge, &self.credential)
    }

    /// The hint for a 401 of the cloud's gateway, which does not check permissions.
    pub fn gateway_hint(&self) -> &'static str {
        self.credential.gateway_hint()
    }

    /// The hint for a 401 that names a permission.
    pub fn permission_hint(&self, resource: &str) -> String {
        self.credential.permission_hint(resource)
    }

    async fn token(&self, transport: &Transport) -> Result<(Token, u64), ApiError> {
        let mut session = self.session.lock().await;
        if let Some(token) = session.token.as_ref().filter(|token| token.is_fresh()) {
            return Ok((token.clone(), session.number));
        }
        if let Some(error) = &session.refused {
            return Err(error.clone());
        }
        match Token::fetch(&self.credential, &self.base, self.gate.headers(), transport).await {
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
}

/// Inserts a header. A value that HTTP does not allow is left out: the server's error then names the header.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
}
