//! The client: one request at a time is signed, sent and its answer understood; reading and writing are two types.
//!
//! A [`Reader`] can only read:
//!
//! ```compile_fail
//! # fn check(reader: stocktake::commerce::Reader) {
//! reader.save(&[]);
//! # }
//! ```
//!
//! A [`Writer`] is had only with an approved plan:
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
pub use http::error::api_error::{ApiError, Challenge, ErrorKind, FieldError};
pub use http::error::hint::OUT_OF_TIME;
pub use http::error::interpolate::interpolate;
pub use http::proxy::{Proxy, ProxyError, ProxyFailure, ProxyFault};
pub use http::response::Response;
pub use http::retry::Retries;
pub use http::transport::{ConnectionError, Limits, Tls, Traffic, retry_after};
pub use read::default_pair::MissingDefault;
pub use read::index::SourceItems;
pub use read::reader::{CollectionKind, Pages, Reader};
pub use write::writer::Writer;
