//! What a door in front of a shop wants of each request: headers, and HTTP Basic beside a signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::credential::Credential;
use crate::commerce::http::error::api_error::Challenge;
use crate::commerce::http::transport::ConnectionError;

/// What a door in front of a shop wants; it goes to the shop alone.
#[derive(Debug, Clone, Default)]
pub struct AccessGate {
    headers: HeaderMap,
    basic: Option<SecretString>,
    /// What of it must show nowhere, as it was given.
    secrets: Vec<SecretString>,
}

impl AccessGate {
    /// One that wants those headers, and that user with that password.
    pub fn new(
        headers: &[(String, SecretString)],
        basic: Option<(&str, &SecretString)>,
    ) -> Result<Self, ConnectionError> {
        let mut made = HeaderMap::new();
        for (name, value) in headers {
            let wrong = || ConnectionError::Header(format!("value of the header `{name}`"));
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let value = Some(value.expose_secret()).filter(|value| value.is_ascii());
            let mut value = HeaderValue::from_str(value.ok_or_else(wrong)?).map_err(|_| wrong())?;
            value.set_sensitive(true);
            made.insert(header, value);
        }
        let mut secrets: Vec<SecretString> = headers.iter().map(|(_, value)| value.clone()).collect();
        secrets.extend(basic.map(|(_, password)| password.clone()));
        let basic = basic.map(|(user, password)| {
            if user.contains(':') {
                return Err(ConnectionError::BasicUser);
            }
            let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
            Ok(format!("Basic {}", STANDARD.encode(pair.expose_secret())).into())
        });
        Ok(Self {
            headers: made,
            basic: basic.transpose()?,
            secrets,
        })
    }

    /// What of it must show nowhere.
    pub(in crate::commerce) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(ExposeSecret::expose_secret)
    }

    /// Its headers.
    pub(in crate::commerce) fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    /// The credential in the header `Authorization`, behind what the door wants there: the shop looks for a signature
    /// anywhere in it.
    pub(in crate::commerce) fn authorization(&self, signature: &str) -> SecretString {
        match &self.basic {
            Some(basic) => format!("{}, {signature}", basic.expose_secret()).into(),
            None => signature.into(),
        }
    }

    /// What to do about a door that is shut.
    pub(in crate::commerce) fn gate_hint(&self, challenge: &Challenge, credential: &Credential) -> String {
        let headers = if self.headers.is_empty() {
            "have it open by a header (`connection.headers`), or let this machine through"
        } else {
            "check the values of `connection.headers`, or let this machine through"
        };
        let Challenge::SignIn { schemes, .. } = challenge else {
            return format!("no program passes such a check: {headers}");
        };
        if !schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic")) {
            return format!("stocktake cannot sign in there: {headers}");
        }
        match (&self.basic, credential) {
            (Some(_), _) => {
                "it does not take the user and the password of `connection.basic`: check both; they are not tried again".to_owned()
            }
            (None, Credential::OAuth1(_)) => {
                format!("name its user and password by `connection.basic`; or {headers}")
            }
            (None, _) => format!(
                "{headers}; signed requests (auth: oauth1) can carry its user and password too (`connection.basic`), a token \
                 cannot"
            ),
        }
    }
}
