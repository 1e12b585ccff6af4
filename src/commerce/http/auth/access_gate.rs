//! An access gate in front of a shop, such as HTTP Basic or an identity proxy: the headers that each request carries.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::credential::Credential;
use crate::commerce::http::error::challenge::Challenge;
use crate::commerce::http::error::connection_error::ConnectionError;

/// Headers and HTTP Basic for an access gate. They are sent to the shop's host only.
#[derive(Debug, Clone, Default)]
pub struct AccessGate {
    headers: HeaderMap,
    basic: Option<SecretString>,
    /// The secrets as configured; no output may show them.
    secrets: Vec<SecretString>,
}

impl AccessGate {
    /// A gate that asks for headers, and for a user and a password.
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

    /// The secrets that no output may show.
    pub(in crate::commerce) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(ExposeSecret::expose_secret)
    }

    /// Its headers, without HTTP Basic.
    pub(in crate::commerce) fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    /// The value of `Authorization`: HTTP Basic, if any, then the signature. The shop finds a signature anywhere in it.
    pub(in crate::commerce) fn authorization(&self, signature: &str) -> SecretString {
        match &self.basic {
            Some(basic) => format!("{}, {signature}", basic.expose_secret()).into(),
            None => signature.into(),
        }
    }

    /// The hint for a request that the gate refused.
    pub(in crate::commerce) fn hint(&self, challenge: &Challenge, credential: &Credential) -> String {
        let headers = if self.headers.is_empty() {
            "have it accept a header (`connection.headers`), or let this machine through"
        } else {
            "check the values of `connection.headers`, or let this machine through"
        };
        let Challenge::SignIn { schemes, .. } = challenge else {
            return format!("a program cannot pass such a check: {headers}");
        };
        if !schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic")) {
            return format!("stocktake cannot sign in there: {headers}");
        }
        match (&self.basic, credential) {
            (Some(_), _) => {
                "it refused the user and the password of `connection.basic`: check both; they are not sent again".to_owned()
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
