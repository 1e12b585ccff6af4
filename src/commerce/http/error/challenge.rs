//! Challenges of an access gate in front of a shop: a sign-in (`WWW-Authenticate`) or a browser.

use super::excerpt::shortened;

/// A challenge of an access gate in front of a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// The gate asks for a sign-in.
    SignIn {
        /// The schemes that it accepts, such as `Basic`.
        schemes: Vec<String>,
        /// Its name for the protected area.
        realm: Option<String>,
    },
    /// The gate asks for a browser with a person in front of it.
    Browser,
}

/// Most schemes of a challenge that an error names.
const MAX_SCHEMES_SHOWN: usize = 4;

/// The schemes in challenges (RFC 9110, 11.6.1): `Basic realm="a, b", NTLM` names two.
pub fn schemes(challenges: &[String]) -> Vec<String> {
    let mut schemes: Vec<String> = Vec::new();
    for part in challenges.iter().flat_map(|challenge| parts(challenge)) {
        let word = part.split_whitespace().next().unwrap_or_default();
        let is_scheme = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if is_scheme && !schemes.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            schemes.push(shortened(word));
        }
    }
    schemes.truncate(MAX_SCHEMES_SHOWN);
    schemes
}

/// The realm of the first challenge.
pub fn realm(challenges: &[String]) -> Option<String> {
    let challenge = challenges.first()?;
    let start = challenge.to_ascii_lowercase().find("realm=\"")? + "realm=\"".len();
    let realm = challenge[start..]
        .split('"')
        .next()
        .filter(|realm| !realm.is_empty())?;
    Some(realm.to_owned())
}

/// The parts of a header between commas, except for commas in quotes.
fn parts(challenge: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let comma = |c: char| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    };
    challenge.split(comma).map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::{realm, schemes};

    #[test]
    fn schemes_of_a_challenge_are_not_its_parameters() {
        for (challenges, names) in [
            (
                &["Basic realm=\"Staging, a \", charset=\"UTF-8\""][..],
                &["Basic"][..],
            ),
            (&["Negotiate", "NTLM"], &["Negotiate", "NTLM"]),
            (
                &["negotiate, NTLM, Basic realm=x"],
                &["negotiate", "NTLM", "Basic"],
            ),
            (
                &["Digest realm=\"x\", nonce=\"y\", qop=auth, algorithm=MD5"],
                &["Digest"],
            ),
            (&["", ",", "=", "realm=\"x\""], &[]),
        ] {
            let challenges: Vec<String> = challenges.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(schemes(&challenges), names);
        }
        assert_eq!(
            realm(&["basic Realm=\"Staging\"".to_owned()]).as_deref(),
            Some("Staging")
        );
        assert_eq!(realm(&["Basic realm=\"\"".to_owned()]), None);
        assert_eq!(realm(&["Negotiate".to_owned()]), None);
    }
}
