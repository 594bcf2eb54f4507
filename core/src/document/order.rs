//! What the dates of a column say about the order of day and month.

use super::{DateOrder, Order};
use crate::field::Field;

/// Whether the values of `field` are dates.
pub(super) fn is_date(field: Field) -> bool {
    matches!(
        field,
        Field::TargetCloseDate
            | Field::LaunchedOn
            | Field::BillingStartedOn
            | Field::CreatedAt
            | Field::SubmittedOn
            | Field::DecidedOn
            | Field::LastModifiedAt
            | Field::RowMonth
            | Field::DiscountStart
            | Field::RowModified
    )
}

/// Which orders were proved by a part greater than 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Evidence {
    month_first: bool,
    day_first: bool,
}

impl Evidence {
    /// Looks at one cell: `13/04/2026` can only be the thirteenth of April.
    #[inline]
    pub(super) fn observe(&mut self, cell: &[u8]) {
        let cell = cell.trim_ascii_start();
        let Some((first, rest)) = part(cell) else { return };
        let Some((second, rest)) = part(rest) else { return };
        if !rest.first().is_some_and(u8::is_ascii_digit) {
            return;
        }
        match (first, second) {
            (13..=31, 1..=12) => self.day_first = true,
            (1..=12, 13..=31) => self.month_first = true,
            _ => {}
        }
    }

    /// The order, when it was proved and nothing contradicts it.
    pub(super) fn order(self) -> Order {
        match (self.month_first, self.day_first) {
            (true, false) => Order::Proved(DateOrder::MonthFirst),
            (false, true) => Order::Proved(DateOrder::DayFirst),
            _ => Order::Unproved,
        }
    }
}

/// One or two digits with `/`, `.` or `-` after them, and what follows.
fn part(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [a @ b'0'..=b'9', b'/' | b'.' | b'-', rest @ ..] => Some((a - b'0', rest)),
        [a @ b'0'..=b'9', b @ b'0'..=b'9', b'/' | b'.' | b'-', rest @ ..] => {
            Some(((a - b'0') * 10 + (b - b'0'), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[&str], order: Order) {
        let mut evidence = Evidence::default();
        for cell in cells {
            evidence.observe(cell.as_bytes());
        }
        assert_eq!(evidence.order(), order);
    }

    #[test]
    fn a_part_above_twelve_proves_the_order() {
        check(&["03/04/2026", "12/13/2026"], Order::Proved(DateOrder::MonthFirst));
        check(&["03/04/2026", "13.4.26"], Order::Proved(DateOrder::DayFirst));
    }

    #[test]
    fn nothing_or_a_contradiction_proves_nothing() {
        check(
            &["03/04/2026", "12/12/2026", "2026-13-01", "13/13/2026", "45971", "", "13/1"],
            Order::Unproved,
        );
        check(&["13/04/2026", "04/13/2026"], Order::Unproved);
    }
}
