//! Commerce's web API framework: types, arguments, search criteria and errors of its services.

pub mod api_error;
pub mod arguments;
pub mod coercion;
pub mod contract;
pub mod criteria;
pub mod fields;
pub mod limits;
pub mod schema;
