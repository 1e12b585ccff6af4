//! Decides what to do about a write batch that failed: split, retry, halve, or give up. Pure.

use std::sync::Arc;

use crate::commerce::ApiError;
use crate::model::LiveState;
use crate::run::journal::Effect;

/// What is known of a batch that failed.
pub(super) struct Observation {
    pub live: Option<Arc<LiveState>>,
    /// The effect that shows now.
    pub effect: Effect,
    /// True if all of its links are as it writes them.
    pub whole: bool,
}

impl Observation {
    /// Nothing was read: the batch was not sent, or the read failed.
    pub(super) fn without_a_read(effect: Effect) -> Self {
        Self {
            live: None,
            effect,
            whole: false,
        }
    }

    /// The effect that the decision is based on. A batch that the shop refused, and of which others have changed all links
    /// meanwhile, may be sent again: the result is the wanted one, whatever the effect of this attempt.
    pub(super) fn basis(&self, error: &ApiError) -> Effect {
        match self.effect {
            Effect::Unknown if self.live.is_some() && error.is_refusal() => Effect::None,
            effect => effect,
        }
    }

    /// The effect that is reported. A batch in doubt is settled only when all of its links are as it writes them, since a
    /// part can be somebody else's change. Sending it again would do no harm; counting on it to have failed would.
    pub(super) fn final_effect(&self, in_doubt: bool) -> Effect {
        if in_doubt && !self.whole {
            Effect::Unknown
        } else {
            self.effect
        }
    }
}

/// What to do about a batch that failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Send it again in batches of at most that many links.
    Split(usize),
    Retry,
    /// The shop refused it: halve it, or name its only link.
    Refused,
    Fail,
}

/// Decides about a failed batch of `links` links.
pub(super) fn decide(
    error: &ApiError,
    effect: Effect,
    in_doubt: bool,
    links: usize,
    is_refused_part: bool,
) -> Decision {
    if effect != Effect::None {
        return Decision::Fail;
    }
    if let Some(limit) = error.batch_limit(links) {
        return Decision::Split(limit);
    }
    let is_refusal = error.is_refusal() && !in_doubt;
    let can_be_halved = is_refused_part && links > 1;
    match error.may_retry_write() {
        true if is_refusal && can_be_halved => Decision::Refused,
        true => Decision::Retry,
        false if is_refusal => Decision::Refused,
        false => Decision::Fail,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Decision, Effect, Observation, decide};
    use crate::commerce::{ApiError, ErrorKind, FieldError};

    fn error(failure: ErrorKind) -> ApiError {
        let method = "POST".parse().expect("it is a method");
        ApiError::new(method, "/rest/all/V1/x".to_owned(), failure)
    }

    fn refused(status: u16, parameters: Value, errors: Vec<FieldError>) -> ApiError {
        error(ErrorKind::Refused {
            status,
            message: "no".to_owned(),
            parameters,
            errors,
            retry_after: None,
        })
    }

    fn page(status: u16) -> ApiError {
        error(ErrorKind::NotTheApi {
            status,
            media_type: "text/html".to_owned(),
            title: None,
            text: None,
            retry_after: None,
        })
    }

    #[test]
    fn what_a_failure_without_effect_leads_to() {
        let masked = || refused(400, Value::Null, Vec::new());
        let invalid = || {
            let message = "\"priority\" should be greater then 0.".to_owned();
            let entry = FieldError {
                message,
                parameters: Value::Null,
            };
            refused(400, Value::Null, vec![entry])
        };
        let too_many = || refused(400, json!({ "max": 20 }), Vec::new());
        let unsigned = || refused(401, json!({ "resources": "x" }), Vec::new());
        for (error, whole, part, single) in [
            (masked(), Decision::Retry, Decision::Refused, Decision::Retry),
            (invalid(), Decision::Refused, Decision::Refused, Decision::Refused),
            (
                too_many(),
                Decision::Split(20),
                Decision::Split(20),
                Decision::Fail,
            ),
            (
                page(413),
                Decision::Split(20),
                Decision::Split(20),
                Decision::Fail,
            ),
            (page(503), Decision::Retry, Decision::Retry, Decision::Retry),
            (page(200), Decision::Fail, Decision::Fail, Decision::Fail),
            (unsigned(), Decision::Fail, Decision::Fail, Decision::Fail),
        ] {
            let of = |links, is_part| decide(&error, Effect::None, false, links, is_part);
            assert_eq!(
                [of(40, false), of(40, true), of(1, true)],
                [whole, part, single],
                "{error}"
            );
            for effect in [Effect::Some, Effect::Unknown] {
                assert_eq!(
                    decide(&error, effect, false, 40, false),
                    Decision::Fail,
                    "{error}"
                );
            }
        }
    }

    /// A refusal of the second attempt proves nothing about the first one, which the server may still apply.
    #[test]
    fn a_batch_in_doubt_is_not_taken_for_refused() {
        let masked = refused(400, Value::Null, Vec::new());
        assert_eq!(decide(&masked, Effect::None, true, 40, true), Decision::Retry);
        let unclear = refused(400, json!({ "field": "x" }), Vec::new());
        assert_eq!(decide(&unclear, Effect::None, true, 40, true), Decision::Fail);
    }

    /// A part that is as written is somebody else's change: the server applies a batch as a whole or not at all.
    #[test]
    fn a_batch_in_doubt_is_settled_only_when_all_of_it_stands() {
        let seen = |effect, whole| Observation {
            live: None,
            effect,
            whole,
        };
        for (effect, whole, late, settled) in [
            (Effect::None, false, false, Effect::None),
            (Effect::Some, false, false, Effect::Some),
            (Effect::Some, true, true, Effect::Some),
            (Effect::Some, false, true, Effect::Unknown),
            (Effect::None, false, true, Effect::Unknown),
            (Effect::Unknown, false, false, Effect::Unknown),
        ] {
            assert_eq!(
                seen(effect, whole).final_effect(late),
                settled,
                "{effect:?} {whole} {late}"
            );
        }
    }
}
