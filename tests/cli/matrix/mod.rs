//! Every generation of Commerce with every credential that it takes, and every one that it refuses: the real binary against
//! sandbox processes.

#[path = "../cli/desk.rs"]
#[allow(dead_code, reason = "the transcripts need more of it")]
mod desk;
#[path = "../cli/doomed.rs"]
mod doomed;
#[path = "../tls/front.rs"]
#[allow(dead_code, reason = "the tests of the client need more of it")]
mod front;
mod login;
#[path = "../proxy/mod.rs"]
#[allow(dead_code, reason = "the scenarios break more than these tests")]
mod proxy;
mod shop;
#[path = "../cli/standing.rs"]
#[allow(dead_code, reason = "the transcripts need more of it")]
mod standing;
mod world;

mod accepted;
mod beside;
mod doors;
mod expired;
mod limits;
mod proxies;
mod refused;
mod secrets;
mod secure;
mod thousands;
