//! Limits on files: far above any real topology, far below what exhausts memory or time.

/// The longest file, in bytes: 1.5 million links with explicit numbers.
pub const MAX_BYTES: usize = 64 << 20;

/// The most nodes (keys, values, lists, mappings) in a file.
pub const MAX_NODES: usize = 8_000_000;

/// The most nodes that all aliases of a file may stand for together.
pub const MAX_ALIASED_NODES: u64 = 1_000_000;

/// The deepest nesting; our own formats need 7.
pub const MAX_DEPTH: usize = 16;
