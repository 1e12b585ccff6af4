//! Rules for an inventory file against one target.

use spanned_yaml::rules;

rules! {
    /// An owned stock exists on the target.
    UNKNOWN_STOCK = error "unknown-stock";

    /// An owned stock's name is unique on the target.
    AMBIGUOUS_STOCK = error "ambiguous-stock";

    /// A linked source exists on the target.
    UNKNOWN_SOURCE = error "unknown-source";

    /// A declared source that serves no stock exists on the target.
    MISSING_SOURCE = warning "missing-source";

    /// A linked source is enabled on the target.
    DISABLED_SOURCE = warning "disabled-source";

    /// A stock that the target protects exists there.
    UNKNOWN_PROTECTED_STOCK = warning "unknown-protected-stock";
}
