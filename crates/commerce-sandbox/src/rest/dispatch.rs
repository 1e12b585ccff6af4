//! Answers one request: web server checks, maintenance, store code, route, permission, body, service, fields.

use serde_json::{Map, Value};

use super::route::{self, ANONYMOUS, Route};
use crate::auth::{authn, cloud};
use crate::database::store::Store;
use crate::generation::{Generation, Hosting, UnknownMethod};
use crate::http::answer::Answer;
use crate::http::request::{Request, is_versioned, without_store_code};
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;
use crate::webapi::{fields, limits, schema};

/// Longest request line that the web server accepts, in bytes.
const LONGEST_LINE: usize = 8192;

/// Answers a request.
pub fn answer(state: &mut State, request: &Request) -> Answer {
    let hosting = state.store.generation.hosting;
    if hosting == Hosting::Cloud && request.path == cloud::TOKEN_PATH {
        return cloud::token(state, request);
    }
    if request.line_length() > LONGEST_LINE {
        return Answer::web_server(414, "Request-URI Too Large");
    }
    if matches!(request.method.as_str(), "TRACE" | "CONNECT") {
        return Answer::web_server(405, "Not Allowed");
    }
    if state.store.maintenance {
        return Answer::page(503, "Service Temporarily Unavailable");
    }
    let path = match hosting {
        Hosting::Own => request.rest_path(),
        Hosting::Cloud => request.cloud_path(),
    };
    let Some(path) = path else {
        return Answer::page(404, "404 Not Found");
    };
    if hosting == Hosting::Cloud
        && let Err(refusal) = cloud::check_gateway(state, request)
    {
        return refusal;
    }
    if !accepts_json(request.accept.as_deref()) {
        return Answer::page(500, "There has been an error processing your request");
    }
    match execute(state, request, path) {
        Ok(body) => Answer::json(200, &body),
        Err(fault) => Answer::error(&fault, state.store.generation.crash),
    }
}

/// Runs the service that a request is for.
fn execute(state: &mut State, request: &Request, path: &str) -> Result<Value, ApiError> {
    let path = in_store(&state.store, request, path)?;
    if !matches!(request.method.as_str(), "GET" | "POST" | "PUT" | "DELETE") {
        return Err(unknown_method(&state.store.generation, &request.method));
    }
    if !is_versioned(path) {
        return Err(ApiError::refused(400, "Specified request cannot be processed."));
    }
    let (route, in_path) = route::find(&state.store, &request.method, path)
        .ok_or_else(|| ApiError::refused(404, "Request does not match any route."))?;
    check_permission(state, request, route)?;
    let sent = sent(request, in_path)?;
    let wanted = sent
        .get("fields")
        .and_then(Value::as_str)
        .filter(|f| !f.is_empty() && *f != "0");
    let mut arguments = schema::arguments(&state.store.generation, route.parameters, &sent)?;
    limits::check_page(state.store.generation.limits, &sent, &mut arguments)?;
    let answer = (route.service)(state, &mut Arguments::new(arguments))?;
    Ok(match wanted {
        Some(wanted) => fields::project(answer, wanted),
        None => answer,
    })
}

/// Refuses a method that the API does not have.
fn unknown_method(generation: &Generation, method: &str) -> ApiError {
    match generation.unknown_method {
        UnknownMethod::Invalid => ApiError::refused(400, "Request method is invalid."),
        UnknownMethod::Named => ApiError::refused(405, format!("The {method} HTTP method is not supported.")),
    }
}

/// Strips the store code off the path. In the cloud a header names the store.
fn in_store<'a>(store: &Store, request: &Request, path: &'a str) -> Result<&'a str, ApiError> {
    let views = store.store_views.iter().filter(|view| view.id != 0);
    let codes: Vec<&str> = views.map(|view| view.code.as_str()).collect();
    match store.generation.hosting {
        Hosting::Own => Ok(without_store_code(path, &codes)),
        Hosting::Cloud => cloud::check_store(request, &codes).map(|()| path),
    }
}

/// Refuses a caller without the permission. A missing token and a bad one get the same answer.
fn check_permission(state: &mut State, request: &Request, route: &Route) -> Result<(), ApiError> {
    let resource = route.resource(&state.store.generation);
    if resource == ANONYMOUS || authn::is_allowed(state, request, resource)? {
        return Ok(());
    }
    Err(ApiError::unauthorized(resource))
}

/// Gathers the arguments: the body of a POST or PUT, then the query, then the path. Later ones win.
fn sent(request: &Request, in_path: Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let mut sent = match request.method.as_str() {
        "POST" | "PUT" => body(request)?,
        _ => Map::new(),
    };
    if request.method == "PUT" {
        route::override_id(&mut sent, &in_path);
    }
    sent.extend(request.query_arguments());
    sent.extend(in_path);
    Ok(sent)
}

/// Decodes a body. A body that is not an object has no arguments.
fn body(request: &Request) -> Result<Map<String, Value>, ApiError> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    check_content_type(request.content_type.as_deref())?;
    let decoded =
        serde_json::from_slice(&request.body).map_err(|_| ApiError::refused(400, "Decoding error."))?;
    Ok(match decoded {
        Value::Object(named) => named,
        _ => Map::new(),
    })
}

/// Checks that the content type is JSON in UTF-8. The media type is compared exactly.
fn check_content_type(content_type: Option<&str>) -> Result<(), ApiError> {
    let content_type = content_type.unwrap_or_default();
    if content_type.is_empty() {
        return Err(ApiError::refused(400, "Content-Type header is empty."));
    }
    let (media_type, more) = content_type.split_once(';').unwrap_or((content_type, ""));
    let charset = more.trim_start_matches(' ').strip_prefix("charset=");
    let well_formed = media_type
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-+.".contains(&byte));
    if !well_formed || (charset.is_none() && content_type.contains(';')) {
        return Err(ApiError::refused(400, "Content-Type header is invalid."));
    }
    if charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        return Err(ApiError::refused(400, "UTF-8 is the only supported charset."));
    }
    if media_type != "application/json" {
        let message = format!("Server cannot understand Content-Type HTTP header media type {media_type}");
        return Err(ApiError::refused(400, message));
    }
    Ok(())
}

/// Tells whether the caller accepts JSON. A header without a valid media type counts as no header.
fn accepts_json(accept: Option<&str>) -> bool {
    let mut types = accept
        .unwrap_or_default()
        .split(',')
        .map(media_type)
        .filter(|one| is_media_type(one))
        .peekable();
    types.peek().is_none()
        || types.any(|one| matches!(one, "*" | "*/*" | "application/*" | "application/json"))
}

fn media_type(definition: &str) -> &str {
    definition.split(';').next().unwrap_or_default().trim()
}

fn is_media_type(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"*+-./".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_takes_json_unless_all_it_names_is_something_else() {
        for good in [
            None,
            Some("*/*"),
            Some("application/json, text/plain"),
            Some("text/html, */*"),
            Some("???"),
        ] {
            assert!(accepts_json(good), "{good:?}");
        }
        for bad in ["text/html", "image/png", "text/html, text/plain"] {
            assert!(!accepts_json(Some(bad)), "{bad}");
        }
    }

    #[test]
    fn content_types_are_compared_exactly() {
        for good in [
            "application/json",
            "application/json;charset=UTF-8",
            "application/json; charset=utf-8",
        ] {
            assert_eq!(check_content_type(Some(good)), Ok(()), "{good}");
        }
        for bad in [
            None,
            Some("APPLICATION/JSON"),
            Some("application/json; charset=latin1"),
            Some("a b"),
        ] {
            assert!(check_content_type(bad).is_err(), "{bad:?}");
        }
    }
}
