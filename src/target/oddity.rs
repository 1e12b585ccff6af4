//! The uses of secrets, and the defects that a secret can have.

/// The use of a secret, which decides what it may look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretUse {
    /// A bearer token.
    Bearer,
    /// A key, a token or a secret that a server generated.
    Key,
    /// The name of a user.
    Name,
    /// A password, which may hold anything.
    Password,
    /// The secret of an authenticator app.
    Totp,
    /// The value of a header.
    Header,
    /// The address of a web hook.
    Address,
}

/// A defect of a secret. The messages complete the sentence "the secret …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Oddity {
    /// It is empty.
    #[error("is empty")]
    Empty,
    /// It is in quotes.
    #[error("stands in quotes: give it without them")]
    Quoted,
    /// It is a placeholder that a CI system, a shell or a template did not replace.
    #[error("is a placeholder that was not replaced by a value, such as `${{{{ … }}}}`, `$NAME` or `%NAME%`")]
    Placeholder,
    /// It is a header, not only the token.
    #[error("is a whole header: give the token alone")]
    WholeHeader,
    /// It begins or ends with blanks, which may or may not belong to it.
    #[error("begins or ends with blanks, which are sent as they are: remove them if they are not meant")]
    BlankEnds,
    /// It contains blanks.
    #[error(
        "contains blanks, which is unusual for such a secret: check that it is complete and nothing else"
    )]
    Blanks,
    /// It has an invisible character.
    #[error("has an invisible character (U+{0:04X}): type it again")]
    Invisible(u32),
    /// It has a character outside ASCII.
    #[error("has a character that no such secret has (U+{0:04X})")]
    NotAscii(u32),
    /// It is a code of the app, not the app's secret.
    #[error(
        "is a one-time code: give the secret that the app was set up with, in base32 or as an `otpauth://` address"
    )]
    OneTimeCode,
    /// It is not base32.
    #[error("is neither base32 nor an `otpauth://totp/` address with a `secret`")]
    NotBase32,
    /// It asks for codes that the shop does not accept.
    #[error("asks for other codes than the shop accepts: 6 digits, SHA1, 30 seconds")]
    OtherCodes,
}
