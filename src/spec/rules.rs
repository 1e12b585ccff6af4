//! The rules of `inventory.yaml`, beyond those of every YAML file.

use spanned_yaml::rules;

rules! {
    /// An inventory lists sources, groups or stocks.
    NOTHING_WANTED = error "nothing-wanted";

    /// A source code has 1 to 255 characters, all visible, no whitespace.
    INVALID_CODE = error "invalid-code";

    /// A name has 1 to 255 characters, all visible, no whitespace around it.
    INVALID_NAME = error "invalid-name";

    /// A priority is from 1 to 65535.
    PRIORITY_RANGE = error "priority-range";

    /// The links of a stock have a priority each, or none of them has.
    MIXED_LINKS = error "mixed-links";

    /// A stock has at most 65535 links.
    TOO_MANY_LINKS = error "too-many-links";

    /// A source is declared once, in one file.
    DUPLICATE_SOURCE = error "duplicate-source";

    /// A stock is listed once, in one file.
    DUPLICATE_STOCK = error "duplicate-stock";

    /// A stock names each source once, by itself or through a group; so does a group.
    DUPLICATE_LINK = error "duplicate-link";

    /// The Default Stock is not listed.
    DEFAULT_STOCK = error "default-stock";

    /// The default source is linked to no stock but its own.
    DEFAULT_SOURCE = error "default-source";

    /// If sources are declared, links and groups name no others.
    UNDECLARED_SOURCE = error "undeclared-source";

    /// A group is defined once, in one file.
    DUPLICATE_GROUP = error "duplicate-group";

    /// A group has at least one source.
    EMPTY_GROUP = error "empty-group";

    /// A group holds sources, no other group.
    NESTED_GROUP = error "nested-group";

    /// A list uses groups that a file of the run defines.
    UNKNOWN_GROUP = error "unknown-group";

    /// A group stands in ordered lists only, since its sources have no priorities.
    NUMBERED_GROUP = error "numbered-group";

    /// Groups stand for at most 1,500,000 links of all stocks together.
    GROUP_BUDGET = error "group-budget";

    /// The priorities of a stock's links differ.
    EQUAL_PRIORITIES = warning "equal-priorities";

    /// A declared source serves a stock.
    UNUSED_SOURCE = warning "unused-source";

    /// A group is used by a stock.
    UNUSED_GROUP = warning "unused-group";

    /// Names and codes do not begin with typographic quotation marks.
    TYPOGRAPHIC_QUOTES = warning "typographic-quotes";

    /// Names and codes that differ do not look the same.
    LOOK_ALIKE = warning "look-alike";
}
