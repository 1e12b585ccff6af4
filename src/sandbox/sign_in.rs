//! The token routes.

use serde_json::Value;

use super::arguments::Arguments;
use super::fault::Fault;
use super::shop::State;

/// Signs an admin in and gives a token.
pub fn admin(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let (name, password) = credentials(arguments)?;
    let State { store, sessions } = state;
    settle(sessions.sign_in_admin(&store.principals, name, password))
}

/// Signs a customer in and gives a token.
pub fn customer(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let (email, password) = credentials(arguments)?;
    let State { store, sessions } = state;
    settle(sessions.sign_in_customer(&store.principals, email, password))
}

/// Answers with the token, or with the one refusal there is for every reason.
fn settle(token: Option<String>) -> Result<Value, Fault> {
    const MESSAGE: &str = "The account sign-in was incorrect or your account is disabled temporarily. \
                           Please wait and try again later.";
    token
        .map(Value::String)
        .ok_or_else(|| Fault::refused(401, MESSAGE))
}

/// Reads name and password; empty ones count as missing.
fn credentials(arguments: &Arguments) -> Result<(&str, &str), Fault> {
    let (name, password) = (arguments.text("username")?, arguments.text("password")?);
    let given = [("username", name), ("password", password)];
    let missing: Vec<&str> = given
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(field, _)| field)
        .collect();
    if missing.is_empty() {
        Ok((name, password))
    } else {
        Err(Fault::required(&missing))
    }
}
