//! The rules of `targets.yaml`, beyond those of every YAML file.

use spanned_yaml::rules;

rules! {
    /// A targets file lists at least one target.
    NO_TARGETS = error "no-targets";

    /// A target's name has 1 to 64 letters, digits, dots, hyphens and underscores.
    INVALID_TARGET_NAME = error "invalid-target-name";

    /// A target stands in one file.
    DUPLICATE_TARGET = error "duplicate-target";

    /// At most one target is the default.
    TWO_DEFAULTS = error "two-defaults";

    /// A URL is `https` (or leads to this machine), without credentials, and a shop's is that of its start page.
    INVALID_URL = error "invalid-url";

    /// A value is one of those that its key knows.
    UNKNOWN_VALUE = error "unknown-value";

    /// A store code has letters, digits and underscores, and begins with a letter.
    INVALID_STORE = error "invalid-store";

    /// A guard's limit is in its range.
    GUARD_RANGE = error "guard-range";

    /// A duration is a whole number with `s`, `m` or `h`, from 1s to 24h.
    INVALID_DURATION = error "invalid-duration";

    /// A protected stock is named as Admin names it: 1 to 255 characters, no whitespace around them.
    INVALID_PROTECTED_STOCK = error "invalid-protected-stock";

    /// A command names its program and then its arguments.
    INVALID_COMMAND = error "invalid-command";

    /// A list of reindex steps has at least one.
    NO_STEPS = error "no-steps";

    /// A canary names at least one product, each by a SKU of 1 to 64 characters.
    INVALID_CANARY = error "invalid-canary";

    /// A header has a name and a value that HTTP allows, stands once, and is none that the request sets itself.
    INVALID_HEADER = error "invalid-header";

    /// HTTP Basic in front of a shop goes with signed requests only: a token stands in the same header.
    BASIC_WITHOUT_OAUTH1 = error "basic-without-oauth1";

    /// Only a program sees the environment: `pass_env` stands beside `run`.
    PASS_ENV_WITHOUT_RUN = error "pass-env-without-run";

    /// A secret does not stand in the file.
    PLAIN_SECRET = error "plain-secret";

    /// The place of a secret is the name of an environment variable, or the path of a file.
    INVALID_SECRET_PLACE = error "invalid-secret-place";
}
