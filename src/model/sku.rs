//! The SKU of a product.

use mysql_collation::fold;

use super::key::key;

/// The SKU of a product, such as `alpine-jacket`. Equality is that of the server's database.
#[derive(Clone)]
pub struct Sku {
    spelling: Box<str>,
    /// `None` when it equals the spelling, which saves memory in most shops.
    folded: Option<Box<str>>,
}

impl Sku {
    /// Accepts any text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        // The database pads texts before it compares them, so trailing blanks do not count.
        let folded = fold(text.trim_end_matches(' '));
        Self {
            spelling: text.into(),
            folded: (folded != text).then(|| folded.into()),
        }
    }

    /// The original spelling.
    pub fn as_str(&self) -> &str {
        &self.spelling
    }

    fn folded(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.spelling)
    }
}

key!(Sku, new, "A product's SKU, as the shop spells it.");

#[cfg(test)]
mod tests {
    use super::Sku;

    #[test]
    fn equality_is_the_servers() {
        assert_eq!(Sku::new("p-00"), Sku::new("P-00"), "recording 14, step 14-019");
        assert_eq!(Sku::new("P-00 "), Sku::new("P-00"));
        assert_ne!(Sku::new("P-00"), Sku::new("P-01"));
    }
}
