//! The REST API: the table of routes, and the way from a request to its service.

pub mod dispatch;
pub mod route;
