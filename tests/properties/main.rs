//! Properties of the pure core, on random topologies and against an executable model of the server.

mod exports;
mod guards;
mod order;
mod plans;
mod server;
mod updates;
mod world;
