//! The files that a command reads: inventories and saved plans.

pub(crate) mod files;
pub(crate) mod folder;
pub(crate) mod plan_file;
pub(crate) mod planners;
