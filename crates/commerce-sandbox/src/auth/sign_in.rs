//! The routes that issue tokens.

use serde_json::Value;

use super::holder::Holder;
use super::two_factor;
use crate::database::store::Store;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;

/// Issues a token to an admin, unless a second factor is required.
pub fn admin(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let name = check_admin(state, arguments)?;
    two_factor::check_unneeded(&state.store, &name)?;
    Ok(issue(state, Holder::Admin(name)))
}

/// Issues a token to an admin with password and one-time code.
pub fn google(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let name = check_admin(state, arguments)?;
    two_factor::check_code(&state.store, &name, arguments.text("otp")?)?;
    Ok(issue(state, Holder::Admin(name)))
}

/// Issues a token to a customer.
pub fn customer(state: &mut State, arguments: &mut Arguments) -> Result<Value, ApiError> {
    let (email, password) = credentials(arguments)?;
    let mut customers = state.store.principals.customers.iter();
    let right = customers.any(|customer| customer.email == email && customer.password == password);
    let holder = Holder::Customer(email.to_owned());
    admit(state, &holder, right)?;
    Ok(issue(state, holder))
}

/// Checks an admin's password and gives the name.
fn check_admin(state: &mut State, arguments: &Arguments) -> Result<String, ApiError> {
    let (name, password) = credentials(arguments)?;
    let right = state
        .store
        .admin(name)
        .is_some_and(|admin| admin.password == password);
    admit(state, &Holder::Admin(name.to_owned()), right)?;
    Ok(name.to_owned())
}

/// Refuses with the same answer for every reason.
fn admit(state: &mut State, user: &Holder, right: bool) -> Result<(), ApiError> {
    const MESSAGE: &str = "The account sign-in was incorrect or your account is disabled temporarily. \
                           Please wait and try again later.";
    let now = state.store.clock.now();
    if state.sessions.lockout.admits(user, right, now) {
        Ok(())
    } else {
        Err(ApiError::refused(401, MESSAGE))
    }
}

fn issue(state: &mut State, holder: Holder) -> Value {
    let Store {
        generation, clock, ..
    } = &state.store;
    state.sessions.issue(holder, generation, clock.now()).into()
}

/// Gives name and password. Empty ones count as missing.
fn credentials(arguments: &Arguments) -> Result<(&str, &str), ApiError> {
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
        Err(ApiError::required(&missing))
    }
}
