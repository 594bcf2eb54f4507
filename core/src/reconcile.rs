//! What AWS pays against what it should, account by account, from a discounts document.

use crate::assess::Assessment;
use crate::books::{Books, DiscountLine};
use crate::calendar::DiscountWindow;
use crate::desk::Desk;
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
    lines.filter(|line| is_inside(line, window, as_of)).map(|line| line.partner_originated).sum::<Decimal>()
        > Decimal::ZERO
}

/// A line that does not say when it was billed counts while the window runs.
fn is_inside(line: &DiscountLine, window: DiscountWindow, as_of: NaiveDate) -> bool {
    let day = line.billed.unwrap_or(as_of);
    window.start <= day && day <= window.end
}

/// The reconciliation; none without a discounts document.
pub(crate) fn of(assessment: &Assessment, desk: &Desk<'_>) -> Option<Reconciliation> {
    if !desk.books.has_discounts {
        return None;
    }
    let mut accounts: Vec<ReconciledAccount> = Vec::new();
    let mut seen: BTreeSet<AccountId> = BTreeSet::new();
    for (account, entry) in &assessment.found.accounts {
        let opp = assessment.opportunity_of(desk, *entry);
        if opp.aws_account_id.known().and_then(|ids| ids.one()) != Some(*account) {
            continue;
        }
        let case = desk.case(&opp);
        let lines = desk.books.discount_lines(*account);
        if case.phase != Phase::AtLaunch && lines.is_empty() {
            continue;
        }
        seen.insert(*account);
        let window = window_report(&case, &judge(&case).findings).filter(|_| case.phase == Phase::AtLaunch);
        let key = assessment.key(&opp, *entry).into_owned();
        accounts.push(account_report(*account, Some(key), lines, case.window, window, case.as_of));
    }
    for lines in desk.books.discounts.chunk_by(|a, b| a.account == b.account) {
        if !seen.contains(&lines[0].account) {
            accounts.push(account_report(lines[0].account, None, lines, None, None, desk.inputs.as_of));
        }
    }
    accounts.sort_by(|a, b| (a.finding, &a.account_id, &a.key).cmp(&(b.finding, &b.account_id, &b.key)));
    let sum = |of: fn(&DiscountLine) -> Decimal| desk.books.discounts.iter().map(of).sum();
    let is_outside = |account: &&ReconciledAccount| account.outside > Decimal::ZERO;
    Some(Reconciliation {
        partner_originated: sum(|line| line.partner_originated),
        no_eur: sum(|line| line.no_eur),
        no_eur_accounts: accounts.iter().filter(|account| !account.no_eur.is_zero()).count(),
        unpaid_accounts: accounts
            .iter()
            .filter(|account| account.finding == ReconciledFinding::Unpaid)
            .count(),
        unexplained: accounts.iter().filter(is_outside).map(|account| account.outside).sum(),
        unexplained_accounts: accounts.iter().filter(is_outside).count(),
        accounts,
    })
}

fn account_report(
    account: AccountId,
    key: Option<String>,
    lines: &[DiscountLine],
    window: Option<DiscountWindow>,
    shown: Option<WindowReport>,
    as_of: NaiveDate,
) -> ReconciledAccount {
    let is_inside = |line: &&DiscountLine| window.is_some_and(|window| is_inside(line, window, as_of));
    let inside: Decimal = lines.iter().filter(is_inside).map(|line| line.partner_originated).sum();
    let all: Decimal = lines.iter().map(|line| line.partner_originated).sum();
    let no_eur: Decimal = lines.iter().map(|line| line.no_eur).sum();
    let outside = all - inside;
    let is_active = shown.as_ref().is_some_and(|window| window.state == WindowState::Active);
    let whose =
        key.as_ref().map_or_else(|| format!("account {account}"), |key| format!("{key} (account {account})"));
    let (finding, message) = if is_active && inside <= Decimal::ZERO {
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
