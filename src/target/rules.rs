//! Rules of `targets.yaml`, beyond those of every YAML file.

use spanned_yaml::rules;

rules! {
    /// A targets file lists at least one target.
    NO_TARGETS = error "no-targets";

    /// A target's name has 1 to 64 letters, digits, dots, hyphens and underscores.
    INVALID_TARGET_NAME = error "invalid-target-name";

    /// A target is listed in one file only.
    DUPLICATE_TARGET = error "duplicate-target";

    /// At most one target is the default.
    TWO_DEFAULTS = error "two-defaults";

    /// A URL is `https` (or leads to this machine) and holds no credentials. A shop's URL is that of its start page.
    INVALID_URL = error "invalid-url";

    /// A value is one of the known values of its key.
    UNKNOWN_VALUE = error "unknown-value";

    /// A store code has letters, digits and underscores, and begins with a letter.
    INVALID_STORE = error "invalid-store";

    /// A guard's limit is in its range.
    GUARD_RANGE = error "guard-range";

    /// A duration is a whole number with `s`, `m` or `h`, from 1s to 24h.
    INVALID_DURATION = error "invalid-duration";

    /// `files` lists at least one inventory file or folder, each by its path.
    INVALID_FILES = error "invalid-files";

    /// A protected stock has the name shown in Admin: 1 to 255 characters, no whitespace around them.
    INVALID_PROTECTED_STOCK = error "invalid-protected-stock";

    /// A command is a program followed by its arguments.
    INVALID_COMMAND = error "invalid-command";

    /// A list of reindex steps has at least one.
    NO_STEPS = error "no-steps";

    /// A canary names at least one product, each by a SKU of 1 to 64 characters.
    INVALID_CANARY = error "invalid-canary";

    /// A header has a name and a value that HTTP allows, stands once, and is not set by stocktake itself.
    INVALID_HEADER = error "invalid-header";

    /// HTTP Basic in front of a shop needs signed requests: a token would use the same header.
    BASIC_WITHOUT_OAUTH1 = error "basic-without-oauth1";

    /// `pass_env` belongs to `run`: only a program sees the environment.
    PASS_ENV_WITHOUT_RUN = error "pass-env-without-run";

    /// Secrets do not belong in the file.
    PLAIN_SECRET = error "plain-secret";

    /// The place of a secret is the name of an environment variable, or the path of a file.
    INVALID_SECRET_PLACE = error "invalid-secret-place";
}
