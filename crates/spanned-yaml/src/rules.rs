//! The rules of every YAML file.

use crate::rules;

rules! {
    /// A file has at most 64 MiB.
    FILE_SIZE = error "file-size";

    /// A file is UTF-8 text.
    NOT_UTF8 = error "not-utf8";

    /// A file says something.
    EMPTY_FILE = error "empty-file";

    /// A file is well-formed YAML.
    SYNTAX = error "yaml-syntax";

    /// No mark of a merge conflict stands in a file.
    MERGE_CONFLICT = error "merge-conflict";

    /// Comments hold no hidden characters.
    HIDDEN_CHARACTER = warning "hidden-character";

    /// A file holds one YAML document.
    DOCUMENTS = error "yaml-documents";

    /// Lists and mappings nest at most 16 deep.
    DEPTH = error "yaml-depth";

    /// A file holds at most 8,000,000 keys and values.
    NODES = error "yaml-nodes";

    /// Aliases name an anchor that stands before them and is complete, and stand for at most 1,000,000 nodes together.
    ALIASES = error "yaml-aliases";

    /// No tag but `!!str` is used.
    TAGS = error "yaml-tags";

    /// A mapping has no other keys than the known ones.
    UNKNOWN_KEY = error "unknown-key";

    /// A mapping has each key once.
    DUPLICATE_KEY = error "duplicate-key";

    /// A mapping has the keys that it needs.
    MISSING_KEY = error "missing-key";

    /// A value is of the type that its key asks for.
    WRONG_TYPE = error "wrong-type";

    /// YAML 1.1 tools read the same values in a file.
    READ_DIFFERENTLY = warning "read-differently";

    /// Of keys that exclude each other, exactly one is given.
    ONE_OF = error "one-of";

    /// The file's version is one that is known.
    UNKNOWN_VERSION = error "unknown-version";
}
