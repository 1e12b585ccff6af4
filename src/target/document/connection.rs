//! The keys of `connection`.

use spanned_yaml::{Entries, Sensitive, record};

use super::auth::{SecretEntry, ValueEntry};
use crate::target::scalar::{FilePath, Pause, Timeout};

record! {
    /// Settings of the connection. Proxies come from the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub struct ConnectionEntry<'t>: "`connection`" {
        /// A PEM file with the certificates of private authorities, trusted in addition to the system's.
        optional ca_file: FilePath<'t>,
        /// A PEM file with a client certificate and its key.
        optional client_certificate: FilePath<'t>,
        /// The longest time to open a connection, such as `10s`.
        optional connect_timeout: Timeout = "10s",
        /// The longest time of one request, such as `2m`.
        optional request_timeout: Timeout = "2m",
        /// The longest time of all requests of a run to the shop together, including the pauses between them. Reindex steps
        /// and index proofs have their own limits.
        optional run_timeout: Timeout = "30m",
        /// The first pause before a retry, such as `1s` or `50ms`. Later pauses grow to twenty times as much. A `Retry-After`
        /// of the server makes them longer.
        optional retry_pause: Pause = "250ms",
        /// The time for which reads may still show the state before a write, such as `10s`. Shops that answer reads from a
        /// database replica do that. Stocktake repeats such a read until then, before it concludes anything from it.
        optional consistency_wait: Pause = "10s",
        /// Further headers of every request to the shop, by name, for an access gate in front of it: an identity proxy
        /// (`CF-Access-Client-Id`, `Proxy-Authorization`) or a firewall. Their values are secrets and go only to the shop,
        /// not to an identity service, a web hook or a step.
        optional headers: Sensitive<Entries<'t, ValueEntry<'t>>>,
        /// The user and the password that an access gate in front of the shop asks for (HTTP Basic); with `auth: oauth1` only.
        optional basic: Sensitive<BasicEntry<'t>>,
    }
}

record! {
    /// HTTP Basic in front of a shop, sent as `Authorization: Basic …, OAuth …`.
    pub struct BasicEntry<'t>: "`basic`" {
        /// The user.
        required user: ValueEntry<'t>,
        /// The password.
        required password: SecretEntry<'t>,
    }
}
