//! Adobe's identity service and the gateway in front of the shop in the cloud (all of it read).

use serde_json::json;
use url::form_urlencoded;

use super::authn::bearer;
use super::holder::Holder;
use crate::database::principals::Application;
use crate::http::answer::Answer;
use crate::http::request::Request;
use crate::state::State;
use crate::webapi::api_error::ApiError;

/// The identity service's path for tokens.
pub const TOKEN_PATH: &str = "/ims/token/v3";
/// The scope that a token needs.
const SCOPE: &str = "commerce.accs";

/// Issues a token to an application that knows its secret.
pub fn token(state: &mut State, request: &Request) -> Answer {
    let refused = |error: &str| Answer::json(400, &json!({ "error": error }));
    if request.method != "POST" || !is_form(request) {
        return refused("invalid_request");
    }
    // The client id may be in the query.
    let sent = [request.query.as_bytes(), &request.body].map(form_urlencoded::parse);
    let sent: Vec<_> = sent.into_iter().flatten().collect();
    let field = |wanted: &str| {
        let named = sent.iter().find(|(name, _)| name == wanted);
        named.map_or("", |(_, value)| value.as_ref())
    };
    if field("grant_type") != "client_credentials" {
        return refused("unsupported_grant_type");
    }
    let (id, secret) = (field("client_id"), field("client_secret"));
    let mut applications = state.store.principals.ims.iter();
    if !applications.any(|known| known.client_id == id && known.client_secret == secret) {
        return refused("invalid_client");
    }
    if !field("scope").split([',', ' ']).any(|scope| scope == SCOPE) {
        return refused("invalid_scope");
    }
    let generation = &state.store.generation;
    let holder = Holder::Application(id.to_owned());
    let token = state.sessions.issue(holder, generation, state.store.clock.now());
    let life = generation.token_life;
    let body = json!({ "access_token": token, "token_type": "bearer", "expires_in": life });
    Answer::json(200, &body)
}

/// Refuses a request that the gateway does not pass on to the shop.
pub fn check_gateway(state: &State, request: &Request) -> Result<(), Answer> {
    let refused = |status: u16, code: &str, message: &str| {
        Err(Answer::json(
            status,
            &json!({ "error_code": code, "message": message }),
        ))
    };
    let Some(application) = application(state, request) else {
        return refused(401, "401013", "Oauth token is not valid");
    };
    if request.api_key.as_deref() != Some(&application.client_id) {
        return refused(403, "403003", "Api Key is invalid");
    }
    if request.organization.as_deref() != Some(&application.organization) {
        return refused(403, "403010", "The organization has no access to this instance");
    }
    Ok(())
}

fn application<'a>(state: &'a State, request: &Request) -> Option<&'a Application> {
    let token = bearer(request.authorization.as_deref()?)?;
    let now = state.store.clock.now();
    let Some(Holder::Application(id)) = state.sessions.holder(token, now) else {
        return None;
    };
    let mut applications = state.store.principals.ims.iter();
    applications.find(|application| application.client_id == *id)
}

/// Checks the store that the header names. In the cloud the path has no store code.
pub fn check_store(request: &Request, codes: &[&str]) -> Result<(), ApiError> {
    match request.store.as_deref() {
        Some(code) if code != "all" && !codes.contains(&code) => {
            Err(ApiError::refused(400, "Specified request cannot be processed."))
        }
        _ => Ok(()),
    }
}

fn is_form(request: &Request) -> bool {
    let media_type = request.content_type.as_deref().unwrap_or_default();
    media_type.starts_with("application/x-www-form-urlencoded")
}
