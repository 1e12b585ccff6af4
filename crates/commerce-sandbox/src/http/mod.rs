//! Requests and answers as HTTP carries them.

pub mod answer;
pub mod codec;
pub mod query;
pub mod request;
