//! Identifies the caller of a request and checks the permission.

use super::holder::Holder;
use super::oauth;
use crate::http::request::Request;
use crate::state::State;
use crate::webapi::api_error::ApiError;

/// The resource that includes all others.
const ALL: &str = "Magento_Backend::all";

/// Tells whether the caller may use a resource. The error is an invalid signature.
pub fn is_allowed(state: &mut State, request: &Request, resource: &str) -> Result<bool, ApiError> {
    let granted = match oauth::verify(state, request)? {
        Some(place) => Some(&state.store.principals.integrations[place].resources),
        None => request
            .authorization
            .as_deref()
            .and_then(bearer)
            .and_then(|token| granted_to_bearer(state, token)),
    };
    Ok(granted.is_some_and(|granted| granted.iter().any(|one| one == ALL || one == resource)))
}

/// Gives the token of an `Authorization` header of exactly two words.
pub fn bearer(authorization: &str) -> Option<&str> {
    let mut words = authorization.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case("bearer") => Some(token),
        _ => None,
    }
}

/// Gives the resources granted to the bearer of a token; `None` for an unknown or expired token.
fn granted_to_bearer<'a>(state: &'a State, token: &str) -> Option<&'a Vec<String>> {
    let State { store, sessions } = state;
    let principals = &store.principals;
    match sessions.holder(token, store.clock.now()) {
        Some(Holder::Admin(name)) => {
            let mut admins = principals.admins.iter();
            admins
                .find(|admin| admin.username == *name)
                .map(|admin| &admin.resources)
        }
        Some(Holder::Application(id)) => {
            let mut applications = principals.ims.iter();
            let found = applications.find(|application| application.client_id == *id);
            found.map(|application| &application.resources)
        }
        None if store.generation.integration_bearer || store.integration_bearer => {
            let mut integrations = principals.integrations.iter();
            let found = integrations.find(|integration| integration.token == token);
            found.map(|integration| &integration.resources)
        }
        Some(Holder::Customer(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_header_has_two_words() {
        assert_eq!(bearer("bearer x"), Some("x"));
        assert_eq!(bearer("Bearer x y"), None);
        assert_eq!(bearer("Basic x"), None);
    }
}
