//! Every generation of Commerce with every credential that it takes, and every one that it refuses.

mod login;
mod world;

mod accepted;
mod access_gates;
mod beside;
mod expired;
mod limits;
mod proxies;
mod refused;
mod secrets;
mod secure;
mod thousands;
