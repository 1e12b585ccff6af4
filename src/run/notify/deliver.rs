//! Delivers a notification to a web hook. A status of 2xx confirms it. Its address never gets into a message.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::commerce::{
    ConnectionError, HttpClient, Limits, Retries, SendError, Tls, http_client, retry_after,
};
use crate::target::{
    AddressError, Keyring, SecretError, SecretUse, Webhook, resolve_secret_for, step_address,
};

/// The longest wait for the answer of a web hook.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// The reason why a notification was not delivered, or may not have been.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Its address could not be read.
    #[error("its address cannot be had: {0}")]
    NoAddress(#[from] SecretError),
    /// Its address is invalid.
    #[error("its address cannot be used: {0}")]
    BadAddress(#[from] AddressError),
    /// No client could be set up for it.
    #[error("{0}")]
    NoClient(#[from] ConnectionError),
    /// It answered, and not with success.
    #[error("it answered {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The seconds to wait, by its answer.
        retry_after: Option<u64>,
    },
    /// It did not answer.
    #[error("{}: {}", if .0.never_sent() { "it cannot be reached" } else { "it did not answer" }, .0.reason())]
    NoAnswer(SendError),
}

impl DeliveryError {
    /// True if the notification was certainly not delivered, and a retry may help. A web hook that did not answer may have
    /// received it: the next run decides, so that nobody gets the same notification twice in a row.
    fn may_be_tried_again(&self) -> bool {
        match self {
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502..=504),
            Self::NoAnswer(error) => error.never_sent() && error.is_transient(),
            Self::NoAddress(_) | Self::BadAddress(_) | Self::NoClient(_) => false,
        }
    }
}

/// Sends a JSON body to a web hook, with the trusted authorities of its target.
pub async fn deliver(
    webhook: &Webhook,
    body: &str,
    keyring: &Keyring,
    tls: &Tls,
) -> Result<(), DeliveryError> {
    let url = resolve_secret_for(SecretUse::Address, &webhook.url, keyring).await?;
    let url = step_address(url.expose_secret())?;
    let limits = Limits {
        request: MAX_WAIT,
        ..Limits::default()
    };
    // The client certificate is only for the shop.
    let tls = Tls {
        identity: None,
        ..tls.clone()
    };
    let client = http_client(&url, limits, &tls)?;
    let mut retries = Retries::of_message(limits.pause);
    loop {
        let Err(error) = send(&client, &url, body).await else {
            return Ok(());
        };
        let asked = match error {
            DeliveryError::Refused { retry_after, .. } => retry_after,
            _ => None,
        };
        let again = error.may_be_tried_again();
        let Some(pause) = again.then(|| retries.pause(asked)).flatten() else {
            return Err(error);
        };
        tokio::time::sleep(pause).await;
    }
}

async fn send(client: &HttpClient, url: &Url, body: &str) -> Result<(), DeliveryError> {
    let request = client.request(Method::POST, url.clone());
    let request = request
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_owned());
    let request = request
        .build()
        .map_err(|error| DeliveryError::NoAnswer(SendError::Network(error.without_url())))?;
    let response = client.send(request).await.map_err(DeliveryError::NoAnswer)?;
    if response.status().is_success() {
        return Ok(());
    }
    Err(DeliveryError::Refused {
        status: response.status().as_u16(),
        retry_after: retry_after(&response),
    })
}
