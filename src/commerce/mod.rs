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
mod error;
mod hint;
mod http;
mod message;
mod page;
mod read;
mod retry;
mod wire;
mod write;

pub use error::{ApiError, Failure, FieldError};
pub use http::{Connection, ConnectionError, Limits, http_client};
pub use message::fill;
pub use read::Reader;
pub use write::Writer;
