//! Decides which entries of a list stay, move or go, and where new ones are inserted.

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::model::SourceCode;

/// An entry of the wanted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// An old entry, by its place, where it stands.
    Keep(usize),
    /// An old entry, by its place, that moves here.
    Move(usize),
    /// A new entry, by its place in the wanted list.
    Insert(usize),
}

/// The list in the wanted order; as many entries as possible stay.
pub(super) fn in_order(old: &[SourceCode], wanted: &[SourceCode]) -> Vec<Placement> {
    let known: HashMap<&SourceCode, usize> = old.iter().zip(0..).collect();
    let mut placed = Vec::with_capacity(wanted.len());
    // No code stands twice, so this keeps a longest common subsequence.
    for op in capture_diff_slices(Algorithm::Patience, old, wanted) {
        match op {
            DiffOp::Equal { old_index, len, .. } => {
                placed.extend((old_index..old_index + len).map(Placement::Keep));
            }
            DiffOp::Delete { .. } => {}
            DiffOp::Insert {
                new_index, new_len, ..
            }
            | DiffOp::Replace {
                new_index, new_len, ..
            } => {
                let new = new_index..new_index + new_len;
                placed.extend(new.map(|at| match known.get(&wanted[at]) {
                    Some(from) => Placement::Move(*from),
                    None => Placement::Insert(at),
                }));
            }
        }
    }
    placed
}

/// The list with the old entries that are still wanted as they stand, new ones behind what is before them.
pub(super) fn in_place(old: &[SourceCode], wanted: &[SourceCode]) -> Vec<Placement> {
    let known: HashMap<&SourceCode, usize> = old.iter().zip(0..).collect();
    let mut coming: HashMap<Option<usize>, Vec<Placement>> = HashMap::new();
    let mut before = None;
    for (at, code) in wanted.iter().enumerate() {
        match known.get(code) {
            Some(stays) => before = Some(*stays),
            None => coming.entry(before).or_default().push(Placement::Insert(at)),
        }
    }
    let wanted: HashSet<&SourceCode> = wanted.iter().collect();
    let mut placed = coming.remove(&None).unwrap_or_default();
    for (at, _) in old.iter().enumerate().filter(|(_, code)| wanted.contains(code)) {
        placed.push(Placement::Keep(at));
        placed.extend(coming.remove(&Some(at)).unwrap_or_default());
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::Placement::{Insert, Keep, Move};
    use super::{in_order, in_place};
    use crate::model::SourceCode;

    fn codes(text: &str) -> Vec<SourceCode> {
        text.split_whitespace().map(SourceCode::from_server).collect()
    }

    #[test]
    fn as_many_as_possible_stay() {
        let placed = in_order(&codes("a b c d"), &codes("b c x a"));
        assert_eq!(placed, [Keep(1), Keep(2), Insert(2), Move(0)]);
        assert_eq!(in_order(&codes("a"), &[]), []);
        assert_eq!(in_order(&codes("a b"), &codes("B A")).len(), 2);
    }

    #[test]
    fn where_order_says_nothing_nobody_moves() {
        let placed = in_place(&codes("c a b"), &codes("x a y z c"));
        assert_eq!(placed, [Insert(0), Keep(0), Keep(1), Insert(2), Insert(3)]);
    }
}
