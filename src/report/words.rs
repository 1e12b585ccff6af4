//! Numbers with their nouns, and lists of parts.

/// `1 link`, `2 links`.
pub fn count<N: Copy + PartialEq + From<u8> + std::fmt::Display>(number: N, noun: &str) -> String {
    if number == N::from(1) {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// The parts that are not zero, such as `2 to create, 1 to move`; empty when all are.
pub(super) fn parts(parts: &[(u32, &str)]) -> String {
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    told.join(", ")
}
