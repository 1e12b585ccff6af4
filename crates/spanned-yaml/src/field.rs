//! The outcome of decoding a key: absent, bad (and reported), or a value.

use super::context::DecodeContext;
use super::decode::Decode;
use super::node::Node;

/// The decoded value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<T> {
    /// The key is not there. Where it must be, that has been reported.
    Absent,
    /// The value cannot be used, which has been reported.
    Bad,
    /// The value.
    Good(T),
}

impl<T> Field<T> {
    /// Decodes the value of a key.
    pub fn read<'t>(node: Option<Node<'t>>, context: &mut DecodeContext) -> Self
    where
        T: Decode<'t>,
    {
        match node {
            None => Self::Absent,
            Some(node) => T::decode(node, context).map_or(Self::Bad, Self::Good),
        }
    }

    /// The value, if there is one to use.
    pub fn good(self) -> Option<T> {
        match self {
            Self::Good(value) => Some(value),
            Self::Absent | Self::Bad => None,
        }
    }

    /// The same with a borrowed value.
    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Absent => Field::Absent,
            Self::Bad => Field::Bad,
            Self::Good(value) => Field::Good(value),
        }
    }

    /// True if the key is there, even with a bad value.
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value or the default of an absent key; `None` when there is a value that cannot be used.
    pub fn or(self, default: T) -> Option<T> {
        self.lowered(default, Some)
    }

    /// The value, or `Some(None)` for an absent key; `None` when the value cannot be used.
    pub fn optional(self) -> Option<Option<T>> {
        self.lowered(None, |value| Some(Some(value)))
    }

    /// What the value is lowered to, or what holds for an absent key; `None` when the value cannot be used.
    pub fn lowered<U>(self, absent: U, lower: impl FnOnce(T) -> Option<U>) -> Option<U> {
        match self {
            Self::Absent => Some(absent),
            Self::Bad => None,
            Self::Good(value) => lower(value),
        }
    }
}
