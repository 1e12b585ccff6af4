//! What to do about an error: the known causes and the way out of each.

use super::error::Failure;

/// The sentences that help with a failure of a request to the shop.
pub(super) fn hints(failure: &Failure) -> Vec<String> {
    let hint = match failure {
        Failure::Refused {
            status: 401,
            parameters,
            ..
        } => unauthorized(parameters.get("resources")),
        Failure::Refused { status: 404, .. } => {
            "a route that does not exist means that the inventory modules (MSI) are disabled or removed, or that the URL \
             is not the shop's base URL"
        }
        Failure::Refused {
            status: 400, message, ..
        } if message.contains("Could not save StockSourceLinks") => {
            "the server does not say why: a source or stock that vanished, or a deadlock with another writer; plan again"
        }
        Failure::NotTheApi { status: 503, .. } => {
            "the shop is in maintenance mode or a proxy in front of it cannot reach it; try again when it is back"
        }
        Failure::NotTheApi {
            status: 502 | 504, ..
        } => "a proxy in front of the shop cannot reach it; try again later",
        Failure::NotTheApi { status: 200, .. } => {
            "the shop had a fault in PHP or the URL is a page of the shop and not its base URL; see the shop's exception \
             log"
        }
        Failure::NotTheApi { .. } => "check that the URL is the shop's base URL, as its own pages show it",
        Failure::Redirected { .. } => "use the URL that the shop redirects to, if it is yours",
        Failure::NoAnswer { never_sent: true, .. } => "check the URL, the network and that the shop is up",
        Failure::NoAnswer { .. } => {
            "the server may have carried out the request all the same; the next run finds out by reading"
        }
        Failure::Refused { .. } | Failure::Unexpected { .. } | Failure::TooLarge { .. } => return Vec::new(),
    };
    vec![hint.to_owned()]
}

/// The same 401 stands for a token that is missing, wrong or expired and for a missing permission (commerce.md A13).
fn unauthorized(resources: Option<&serde_json::Value>) -> &'static str {
    if resources.is_some() {
        "the token is missing, wrong or expired, or its role lacks that resource: in Admin see System > Integrations > API, \
         or System > User Roles > Role Resources; since 2.4.4 an integration's token works as a bearer token only when \
         Stores > Configuration > Services > OAuth allows it"
    } else {
        "the credentials were refused; check them before another try, since six failures lock the user out for 30 minutes"
    }
}
