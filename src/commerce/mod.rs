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

mod answer;
mod cache;
mod client;
mod connection;
mod credential;
mod deadline;
mod default_pair;
mod door;
mod doubt;
mod error;
mod error_body;
mod excerpt;
mod filter;
mod hint;
mod index;
mod masks;
mod message;
pub mod oauth;
mod page;
mod page_bounds;
mod proxy;
mod read;
mod retry;
mod signer;
mod transport;
mod wire;
mod write;

pub use answer::Answer;
pub use client::{HttpClient, SendError, http_client, innermost};
pub use connection::Connection;
pub use credential::{Api, Credential};
pub use deadline::OffTheClock;
pub use default_pair::MissingDefault;
pub use door::Door;
pub use error::{ApiError, Asks, Failure, FieldError};
pub use hint::OUT_OF_TIME;
pub use index::SourceItems;
pub use message::fill;
pub use proxy::{Proxy, ProxyError, ProxyFailure, ProxyFault};
pub use read::{Listing, Pages, Reader};
pub use retry::Retries;
pub use transport::{ConnectionError, Limits, Tls, Traffic, retry_after};
pub use write::Writer;
