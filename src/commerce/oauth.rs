//! temp
#![allow(missing_docs)]
use secrecy::SecretString;
use url::Url;
#[derive(Debug, Clone)]
pub struct Secrets {
    pub consumer_key: String,
    pub consumer_secret: SecretString,
    pub token: String,
    pub token_secret: SecretString,
}
pub fn sign(_: &str, _: &Url, _: &Secrets, _: &str, _: i64) -> String {
    String::new()
}
pub fn nonce() -> String {
    String::new()
}
