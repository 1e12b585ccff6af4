//! Cleans secrets: removes harmless additions of pasting, editors and CI systems, and reports harmful ones. No message holds
//! a part of the value. No I/O.

use url::Url;

use super::oddity::{Oddity, SecretUse};

/// Cleans a secret. Returns it with a defect to warn of, or the defect that makes it unusable.
pub fn cleaned(text: &str, of: SecretUse) -> Result<(String, Option<Oddity>), Oddity> {
    let text = text.trim_start_matches('\u{feff}').trim_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(Oddity::Empty);
    }
    if let Some(hidden) = text.chars().find(|c| is_invisible(*c)) {
        return Err(Oddity::Invisible(hidden.into()));
    }
    let trimmed = text.trim();
    if trimmed.contains("${{") || trimmed.starts_with("{{") && trimmed.ends_with("}}") {
        return Err(Oddity::Placeholder);
    }
    match of {
        SecretUse::Password => return Ok((text.to_owned(), password(text))),
        SecretUse::Totp => return totp(trimmed).map(|secret| (secret, None)),
        SecretUse::Header | SecretUse::Address => return Ok((trimmed.to_owned(), None)),
        SecretUse::Bearer | SecretUse::Key | SecretUse::Name => {}
    }
    if is_placeholder(trimmed) {
        return Err(Oddity::Placeholder);
    }
    if is_quoted(trimmed) {
        return Err(Oddity::Quoted);
    }
    let token = match of {
        SecretUse::Bearer => bearer(trimmed)?,
        _ => trimmed,
    };
    if of != SecretUse::Name
        && let Some(foreign) = token.chars().find(|c| !c.is_ascii())
    {
        return Err(Oddity::NotAscii(foreign.into()));
    }
    let odd = (of != SecretUse::Name && token.contains(' ')).then_some(Oddity::Blanks);
    Ok((token.to_owned(), odd))
}

/// True if a character is invisible and has no width, so that nobody can have meant it.
fn is_invisible(c: char) -> bool {
    c.is_control() && c != '\t'
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn password(text: &str) -> Option<Oddity> {
    if text.trim() != text {
        return Some(Oddity::BlankEnds);
    }
    if is_quoted(text) {
        return Some(Oddity::Quoted);
    }
    is_placeholder(text).then_some(Oddity::Placeholder)
}

fn is_quoted(text: &str) -> bool {
    let pairs = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201c}', '\u{201d}'),
        ('\u{2018}', '\u{2019}'),
    ];
    let stands_in = |(open, close): (char, char)| text.starts_with(open) && text.ends_with(close);
    text.chars().count() > 1 && pairs.into_iter().any(stands_in)
}

/// True if a text is only the name of a variable: `$NAME`, `${NAME}`, `$(NAME)`, `%NAME%`.
fn is_placeholder(text: &str) -> bool {
    let inner = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    let inner = inner("${", "}")
        .or_else(|| inner("$(", ")"))
        .or_else(|| inner("%", "%"))
        .or_else(|| inner("$", ""));
    inner.is_some_and(|name| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_name)
    })
}

fn begins(text: &str, word: &str) -> bool {
    let head = text.get(..word.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// The token in a header's value.
fn bearer(text: &str) -> Result<&str, Oddity> {
    if begins(text, "authorization:") {
        return Err(Oddity::WholeHeader);
    }
    let token = if begins(text, "bearer ") {
        text["bearer ".len()..].trim_start()
    } else {
        text
    };
    if token.eq_ignore_ascii_case("bearer") {
        return Err(Oddity::Empty);
    }
    if is_quoted(token) {
        Err(Oddity::Quoted)
    } else {
        Ok(token)
    }
}

/// The secret of an authenticator app in base32, without the blanks, hyphens and lower case that make it readable.
fn totp(text: &str) -> Result<String, Oddity> {
    if is_placeholder(text) {
        return Err(Oddity::Placeholder);
    }
    if is_quoted(text) {
        return Err(Oddity::Quoted);
    }
    let secret = if begins(text, "otpauth://") {
        of_address(text)?
    } else {
        text.to_owned()
    };
    let readable = |c: char| c.is_whitespace() || matches!(c, '-' | '=');
    let secret: String = secret.chars().filter(|c| !readable(*c)).collect();
    if secret.chars().all(|c| c.is_ascii_digit()) && matches!(secret.len(), 6..=8) {
        return Err(Oddity::OneTimeCode);
    }
    let secret = secret.to_ascii_uppercase();
    let is_base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    if secret.is_empty() || !secret.chars().all(is_base32) {
        return Err(Oddity::NotBase32);
    }
    Ok(secret)
}

/// The secret in the address of a QR code.
fn of_address(text: &str) -> Result<String, Oddity> {
    let url = Url::parse(text).map_err(|_| Oddity::NotBase32)?;
    let of = |wanted: &str| {
        let mut pairs = url.query_pairs();
        let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.into_owned())
    };
    let is = |name: &str, usual: &str| of(name).is_none_or(|value| value.eq_ignore_ascii_case(usual));
    let host = url.host_str().unwrap_or_default();
    if !host.eq_ignore_ascii_case("totp") {
        return Err(Oddity::NotBase32);
    }
    if !is("algorithm", "SHA1") || !is("digits", "6") || !is("period", "30") {
        return Err(Oddity::OtherCodes);
    }
    of("secret").ok_or(Oddity::NotBase32)
}

#[cfg(test)]
mod tests {
    use super::SecretUse::{Address, Bearer, Header, Key, Name, Password, Totp};
    use super::{Oddity, cleaned};

    #[test]
    fn what_is_harmless_is_taken_off() {
        for (text, of, meant) in [
            ("abc", Bearer, "abc"),
            ("\u{feff}abc\r\n\r\n", Bearer, "abc"),
            ("  abc\t", Key, "abc"),
            ("Bearer abc", Bearer, "abc"),
            ("bearer   abc ", Bearer, "abc"),
            ("Bearerabc", Bearer, "Bearerabc"),
            (" ci ", Name, "ci"),
            ("J\u{fc}rgen", Name, "J\u{fc}rgen"),
            (" robot\n", Header, "robot"),
            ("\"quoted\"", Header, "\"quoted\""),
            (" https://hook.example/x\n", Address, "https://hook.example/x"),
            ("jbsw y3dp-ehpk 3pxp====", Totp, "JBSWY3DPEHPK3PXP"),
            (
                "otpauth://totp/Shop:ci?secret=JBSWY3DPEHPK3PXP&issuer=Shop",
                Totp,
                "JBSWY3DPEHPK3PXP",
            ),
            (
                "OTPAUTH://totp/Shop?Secret=jbswy3dpehpk3pxp&algorithm=SHA1&digits=6&period=30",
                Totp,
                "JBSWY3DPEHPK3PXP",
            ),
            ("p\u{e4}ss w\u{f6}rd\n", Password, "p\u{e4}ss w\u{f6}rd"),
        ] {
            assert_eq!(cleaned(text, of), Ok((meant.to_owned(), None)), "{text:?} {of:?}");
        }
    }

    #[test]
    fn a_possible_value_is_reported_and_stays() {
        for (text, of, odd) in [
            (" s3cret", Password, Oddity::BlankEnds),
            ("s3cret\u{a0}", Password, Oddity::BlankEnds),
            ("'s3cret'", Password, Oddity::Quoted),
            ("$ecret", Password, Oddity::Placeholder),
            ("s3 cret", Key, Oddity::Blanks),
            ("s3 cret", Bearer, Oddity::Blanks),
        ] {
            assert_eq!(
                cleaned(text, of),
                Ok((text.to_owned(), Some(odd))),
                "{text:?} {of:?}"
            );
        }
    }

    #[test]
    fn an_impossible_value_is_reported_and_not_used() {
        for (text, of, odd) in [
            ("", Bearer, Oddity::Empty),
            (" \n", Password, Oddity::Empty),
            ("Bearer ", Bearer, Oddity::Empty),
            ("\"s3cret\"", Bearer, Oddity::Quoted),
            ("Bearer 's3cret'", Bearer, Oddity::Quoted),
            ("\u{201c}s3cret\u{201d}", Key, Oddity::Quoted),
            ("${{ secrets.TOKEN }}", Password, Oddity::Placeholder),
            ("Bearer ${{secrets.TOKEN}}", Bearer, Oddity::Placeholder),
            ("{{ token }}", Header, Oddity::Placeholder),
            ("$COMMERCE_TOKEN", Bearer, Oddity::Placeholder),
            ("${COMMERCE_TOKEN}", Key, Oddity::Placeholder),
            ("$(commerce.token)", Key, Oddity::Placeholder),
            ("%COMMERCE_TOKEN%", Name, Oddity::Placeholder),
            ("Authorization: Bearer s3cret", Bearer, Oddity::WholeHeader),
            ("s3c\u{200b}ret", Password, Oddity::Invisible(0x200b)),
            ("s3cret\u{feff}", Bearer, Oddity::Invisible(0xfeff)),
            ("s3cr\u{435}t", Key, Oddity::NotAscii(0x435)),
            ("s3\u{a0}cret", Bearer, Oddity::NotAscii(0xa0)),
            ("123456", Totp, Oddity::OneTimeCode),
            ("s3cret!", Totp, Oddity::NotBase32),
            (
                "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP",
                Totp,
                Oddity::NotBase32,
            ),
            ("otpauth://totp/x", Totp, Oddity::NotBase32),
            (
                "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8",
                Totp,
                Oddity::OtherCodes,
            ),
            (
                "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=SHA256",
                Totp,
                Oddity::OtherCodes,
            ),
        ] {
            let error = cleaned(text, of).expect_err(text);
            assert_eq!(error, odd, "{text:?} {of:?}");
            assert!(!error.to_string().contains("s3c"), "{error}");
        }
    }
}
