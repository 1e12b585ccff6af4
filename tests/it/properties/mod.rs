//! Properties of the pure core, on random topologies and against an executable model of the server.

mod differences;
mod exports;
mod guards;
mod index;
mod order;
mod plans;
mod recorded_index;
mod scope;
mod server;
mod updates;
mod world;
