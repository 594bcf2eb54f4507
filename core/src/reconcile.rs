//! What AWS pays against what it should, account by account, from a discounts document.

use crate::assess::Assessment;
use crate::books::{Books, DiscountLine};
use crate::calendar::DiscountWindow;
use crate::desk::{Desk, key_of_copy};
use crate::detail::window_report;
use crate::judge::judge;
use crate::opportunity::{AccountId, Opportunity};
use crate::policy::Policy;
use crate::report::{ReconciledAccount, ReconciledFinding, Reconciliation, WindowReport, WindowState};
use crate::rule::Phase;
use crate::say;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Whether a discounts document shows a positive partner-originated amount inside the window that the close date
/// gives, for the opportunity's one account.
pub(crate) fn is_paid(opp: &Opportunity<'_>, books: &Books, policy: &Policy, as_of: NaiveDate) -> bool {
    let account = opp.aws_account_id.known().and_then(|ids| ids.one());
    let (Some(account), Some(close)) = (account, opp.target_close_date.known()) else { return false };
    let window = DiscountWindow::from_close_date(*close, policy.discount_months);
    let lines = books.discount_lines(account).iter();
    sum(lines.filter(|line| is_inside(line, window, as_of)).map(|line| line.partner_originated))
        > Decimal::ZERO
}

/// A line that does not say when it was billed counts while the window runs.
fn is_inside(line: &DiscountLine, window: DiscountWindow, as_of: NaiveDate) -> bool {
    let day = line.billed.or(line.starts).unwrap_or(as_of);
    window.start <= day && day <= window.end
}

/// A sum that stays at the largest amount there is where it would be larger.
fn sum(amounts: impl Iterator<Item = Decimal>) -> Decimal {
    amounts.fold(Decimal::ZERO, Decimal::saturating_add)
}

/// What an account's opportunity says of it.
struct Holder {
    key: String,
    /// The window that its close date gives.
    window: Option<DiscountWindow>,
    /// The same as the report shows it, once launched.
    shown: Option<WindowReport>,
}

/// The months that the discounts documents bill, in order; a line that does not say which is taken as of today.
struct Billed(BTreeSet<NaiveDate>);

impl Billed {
    fn of(books: &Books, as_of: NaiveDate) -> Self {
        Billed(books.discounts.iter().map(|line| line.billed.unwrap_or(as_of)).collect())
    }

    /// Whether anything was billed within `window`, on whatever account.
    fn covers(&self, window: DiscountWindow) -> bool {
        window.start <= window.end && self.0.range(window.start..=window.end).next().is_some()
    }
}

/// The reconciliation; none without a discounts document.
pub(crate) fn of(assessment: &Assessment, desk: &Desk<'_>) -> Option<Reconciliation> {
    if !desk.books.has_discounts {
        return None;
    }
    let as_of = desk.inputs.as_of;
    let billed = Billed::of(desk.books, as_of);
    let mut accounts: Vec<ReconciledAccount> = Vec::new();
    for named in assessment.found.accounts.chunk_by(|a, b| a.0 == b.0) {
        let account = named[0].0;
        let lines = desk.books.discount_lines(account);
        let holders = named.iter().map(|(_, entry)| holder(assessment, desk, *entry, account));
        let holders: Vec<Holder> = holders.filter(|it| it.shown.is_some() || !lines.is_empty()).collect();
        let windows: Vec<DiscountWindow> = holders.iter().filter_map(|holder| holder.window).collect();
        let mut outside = outside(lines, &windows, as_of);
        for holder in holders {
            accounts.push(account_report(account, Some(holder), lines, outside, &billed, as_of));
            // What no window explains is told once, with the account's first opportunity.
            outside = Decimal::ZERO;
        }
    }
    for lines in desk.books.discounts.chunk_by(|a, b| a.account == b.account) {
        let account = lines[0].account;
        if !assessment.found.is_named(account) {
            let outside = outside(lines, &[], as_of);
            accounts.push(account_report(account, None, lines, outside, &billed, as_of));
        }
    }
    accounts.sort_by(|a, b| (a.finding, &a.account_id, &a.key).cmp(&(b.finding, &b.account_id, &b.key)));
    let is_outside = |account: &&ReconciledAccount| account.outside > Decimal::ZERO;
    let all = || desk.books.discounts.iter();
    Some(Reconciliation {
        partner_originated: sum(all().map(|line| line.partner_originated)),
        no_eur: sum(all().map(|line| line.no_eur)),
        no_eur_accounts: desk
            .books
            .discounts
            .chunk_by(|a, b| a.account == b.account)
            .filter(|lines| !sum(lines.iter().map(|line| line.no_eur)).is_zero())
            .count(),
        unpaid_accounts: accounts
            .iter()
            .filter(|account| account.finding == ReconciledFinding::Unpaid)
            .count(),
        unexplained: sum(accounts.iter().filter(is_outside).map(|account| account.outside)),
        unexplained_accounts: accounts.iter().filter(is_outside).count(),
        accounts,
    })
}

/// What an opportunity, or its copy for one of its accounts, says of `account`.
fn holder(assessment: &Assessment, desk: &Desk<'_>, entry: u32, account: AccountId) -> Holder {
    let mut opp = assessment.opportunity_of(desk, entry);
    let mut key = assessment.key(&opp, entry).into_owned();
    if opp.aws_account_id.known().is_some_and(|ids| ids.one().is_none()) {
        key = key_of_copy(&key, account);
        opp = assessment.split_of(desk, entry, account);
    }
    let case = desk.case(&opp);
    let shown = window_report(&case, &judge(&case).findings).filter(|_| case.phase == Phase::AtLaunch);
    Holder { key, window: case.window, shown }
}

/// What is paid outside every window.
fn outside(lines: &[DiscountLine], windows: &[DiscountWindow], as_of: NaiveDate) -> Decimal {
    let is_explained = |line: &&DiscountLine| windows.iter().any(|window| is_inside(line, *window, as_of));
    sum(lines.iter().filter(|line| !is_explained(line)).map(|line| line.partner_originated))
}

fn account_report(
    account: AccountId,
    holder: Option<Holder>,
    lines: &[DiscountLine],
    outside: Decimal,
    billed: &Billed,
    as_of: NaiveDate,
) -> ReconciledAccount {
    let window = holder.as_ref().and_then(|holder| holder.window);
    let is_inside = |line: &&DiscountLine| window.is_some_and(|window| is_inside(line, window, as_of));
    let inside = sum(lines.iter().filter(is_inside).map(|line| line.partner_originated));
    let no_eur = sum(lines.iter().map(|line| line.no_eur));
    let (key, shown) = holder.map_or((None, None), |holder| (Some(holder.key), holder.shown));
    let is_due = shown.as_ref().is_some_and(|window| window.state == WindowState::Active)
        && window.is_some_and(|window| billed.covers(window));
    let whose =
        key.as_ref().map_or_else(|| format!("account {account}"), |key| format!("{key} (account {account})"));
    let (finding, message) = if is_due && inside <= Decimal::ZERO {
        (
            ReconciledFinding::Unpaid,
            format!("The window of {whose} is active, and no partner-originated discount is paid."),
        )
    } else if !no_eur.is_zero() {
        let message = format!(
            "{} of {whose} is billed with the no-EUR discount: complete the end user report.",
            say::usd(no_eur)
        );
        (ReconciledFinding::NoEur, message)
    } else if outside > Decimal::ZERO {
        let why = if key.is_some() { "outside the discount window" } else { "without an opportunity" };
        (ReconciledFinding::Unexplained, format!("{} is paid on {whose} {why}.", say::usd(outside)))
    } else if inside > Decimal::ZERO {
        (ReconciledFinding::Paid, format!("{} is paid on {whose}.", say::usd(inside)))
    } else {
        (ReconciledFinding::Nothing, format!("Nothing is paid on {whose}, and nothing is due."))
    };
    ReconciledAccount {
        account_id: account.to_string(),
        key,
        finding,
        message,
        lines: lines.len(),
        partner_originated: inside,
        outside,
        no_eur,
        window: shown,
    }
}

#[cfg(test)]
mod tests;
