//! The rules of salability: the flag of an index row, and the answers to questions about one SKU in one stock. Pure.
//!
//! They follow a recorded 2.4.8 (recordings 16 and 17); no recording of 2.4.1 has reservations.

use crate::database::catalogue::ItemOptions;
use crate::database::store::IndexRow;

/// One SKU in one stock at one moment. What the index says of it is another matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// What holds for its stock.
    pub options: ItemOptions,
    /// Sum of its reservations in the stock: negative while units are reserved.
    pub reserved: f64,
    /// True if an enabled source of the stock has it in stock, with whatever quantity.
    pub is_in_stock: bool,
}

impl Position {
    /// Gives the flag of an index row that is being written (2.4.8/17-133: 5 units, 5 of them reserved, are not salable).
    pub fn flag(&self, quantity: f64) -> bool {
        let sells_at_any_quantity =
            !self.options.manage_stock || (self.options.backorders && self.is_in_stock);
        sells_at_any_quantity || self.available(quantity) > 0.0
    }

    /// Gives the salable quantity: nothing if the index does not have the SKU as salable (2.4.8/17-245), else what is left of
    /// the row's quantity, below zero too (2.4.8/17-079, 17-246).
    pub fn quantity(&self, row: Option<IndexRow>) -> f64 {
        row.filter(|row| row.is_salable)
            .map_or(0.0, |row| self.available(row.quantity))
    }

    /// Tells whether the SKU is salable now. A source that is lost counts at once (2.4.8/16-095, 17-161), one that is gained
    /// when the index has it (2.4.8/16-135). The row's flag does not count (2.4.8/17-116, 17-283).
    pub fn is_salable(&self, row: Option<IndexRow>) -> bool {
        self.is_in_stock && (self.is_unlimited() || row.is_some_and(|row| self.available(row.quantity) > 0.0))
    }

    /// Tells whether a requested quantity is salable now.
    pub fn covers(&self, requested: f64, row: Option<IndexRow>) -> bool {
        self.is_in_stock
            && (self.is_unlimited() || row.is_some_and(|row| self.available(row.quantity) >= requested))
    }

    /// Gives what is left of a quantity when reservations and threshold are taken off.
    fn available(&self, quantity: f64) -> f64 {
        quantity + self.reserved - self.threshold()
    }

    /// Gives the threshold. With backorders a positive one does not count (2.4.8/17-292), a negative one does (2.4.8/17-027).
    fn threshold(&self) -> f64 {
        if self.options.backorders {
            self.options.min_qty.min(0.0)
        } else {
            self.options.min_qty
        }
    }

    /// Tells whether any quantity is salable: a negative threshold bounds backorders (2.4.8/17-052, 17-054, 17-055).
    fn is_unlimited(&self) -> bool {
        !self.options.manage_stock || (self.options.backorders && self.options.min_qty >= 0.0)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers")]
mod tests {
    use super::*;

    fn position(min_qty: f64, reserved: f64) -> Position {
        Position {
            options: ItemOptions {
                min_qty,
                ..ItemOptions::default()
            },
            reserved,
            is_in_stock: true,
        }
    }

    fn with_backorders(min_qty: f64, reserved: f64) -> Position {
        let mut position = position(min_qty, reserved);
        position.options.backorders = true;
        position
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the rules take a row that may be missing"
    )]
    fn row(quantity: f64, is_salable: bool) -> Option<IndexRow> {
        Some(IndexRow { quantity, is_salable })
    }

    #[test]
    fn reservations_and_threshold_are_taken_off() {
        assert_eq!(position(0.0, -4.0).quantity(row(30.0, true)), 26.0, "17-073");
        assert_eq!(position(5.0, 0.0).quantity(row(8.0, true)), 3.0, "17-012");
        assert_eq!(position(3.0, -4.0).quantity(row(30.0, true)), 23.0, "17-245");
        assert_eq!(position(3.0, -5.0).quantity(row(7.0, true)), -1.0, "17-246");
        assert_eq!(position(0.0, -5.0).quantity(row(3.0, false)), 0.0, "17-192");
        assert_eq!(position(0.0, 0.0).quantity(None), 0.0, "16-133");
    }

    #[test]
    fn a_threshold_counts_with_backorders_only_below_zero() {
        assert_eq!(
            with_backorders(0.0, -5.0).quantity(row(2.0, true)),
            -3.0,
            "17-079"
        );
        assert_eq!(with_backorders(5.0, -3.0).quantity(row(8.0, true)), 5.0, "17-292");
        assert_eq!(
            with_backorders(-10.0, 0.0).quantity(row(2.0, true)),
            12.0,
            "17-027"
        );
        assert!(with_backorders(0.0, 0.0).covers(50.0, row(2.0, true)), "17-052");
        assert!(with_backorders(-10.0, 0.0).covers(12.0, row(2.0, true)), "17-053");
        assert!(
            !with_backorders(-10.0, 0.0).covers(13.0, row(2.0, true)),
            "17-054"
        );
    }

    #[test]
    fn the_flag_counts_reservations_and_threshold() {
        assert!(position(0.0, -5.0).flag(7.0), "17-221, P-04");
        assert!(!position(0.0, -5.0).flag(5.0), "17-221, P-02");
        assert!(!position(5.0, -3.0).flag(8.0), "17-221, MIN-5");
        assert!(with_backorders(0.0, -5.0).flag(2.0), "17-221, BACK-1");
        let out_of_stock = Position {
            is_in_stock: false,
            ..with_backorders(0.0, 0.0)
        };
        assert!(!out_of_stock.flag(0.0), "17-294, P-11");
    }

    #[test]
    fn a_loss_counts_at_once_and_a_gain_with_the_index() {
        let lost = Position {
            is_in_stock: false,
            ..position(0.0, 0.0)
        };
        assert!(!lost.is_salable(row(5.0, true)), "16-095");
        assert!(!position(0.0, 0.0).is_salable(None), "16-135");
        assert!(position(0.0, 0.0).is_salable(row(10.0, true)), "16-143");
        assert!(!position(3.0, -5.0).is_salable(row(7.0, true)), "17-255, P-04");
        assert!(
            with_backorders(0.0, -5.0).is_salable(row(5.0, false)),
            "17-283, P-02"
        );
    }

    #[test]
    fn a_product_that_is_not_managed_sells_while_a_source_has_it() {
        let mut unmanaged = position(3.0, 0.0);
        unmanaged.options.manage_stock = false;
        assert!(unmanaged.flag(0.0), "17-306");
        assert!(unmanaged.covers(1_000.0, row(3.0, true)), "17-055");
        assert_eq!(unmanaged.quantity(row(3.0, true)), 0.0, "17-254");
        unmanaged.is_in_stock = false;
        assert!(!unmanaged.is_salable(row(3.0, true)), "17-181, NOMAN");
    }
}
