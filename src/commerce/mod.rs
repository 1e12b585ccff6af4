//! The client of the Commerce REST API. Reading and writing are two types.
//!
//! A [`Reader`] can only read:
//!
//! ```compile_fail
//! # fn check(reader: stocktake::commerce::Reader) {
//! reader.save(&[]);
//! # }
//! ```
//!
//! A [`Writer`] needs an approved plan:
//!
//! ```compile_fail
//! # fn check(reader: stocktake::commerce::Reader, plan: stocktake::reconcile::Plan) {
//! reader.writer(&plan);
//! # }
//! ```

mod http;
mod read;
mod write;

pub use http::auth::access_gate::AccessGate;
pub use http::auth::credential::{Api, Credential};
pub use http::auth::oauth;
pub use http::client::{HttpClient, SendError, http_client, innermost};
pub use http::connection::Connection;
pub use http::deadline::DeadlinePause;
pub use http::error::api_error::ApiError;
pub use http::error::challenge::Challenge;
pub use http::error::connection_error::ConnectionError;
pub use http::error::error_kind::{ErrorKind, FieldError};
pub use http::error::hint::OUT_OF_TIME;
pub use http::error::interpolate::interpolate;
pub use http::error::proxy_failure::{ProxyError, ProxyFailure, ProxyFault};
pub use http::limits::Limits;
pub use http::proxy::Proxy;
pub use http::receive::retry_after;
pub use http::response::Response;
pub use http::retry::Retries;
pub use http::tls::Tls;
pub use http::transport::Traffic;
pub use read::decode::Pages;
pub use read::default_pair::MissingDefault;
pub use read::index::SourceItems;
pub use read::partial::{Listed, assemble};
pub use read::reader::{CollectionKind, Reader};
pub use write::writer::Writer;
