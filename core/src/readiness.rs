//! The partner's own readiness, as the report shows it.

use crate::detail::check_report;
use crate::partner::{Answers, CHECKLISTS};
use crate::report::{ChecklistItemReport, ChecklistReport, PartnerReport};
use crate::rule::{Check, Pen};
use crate::rules;

/// The PGM rules and the checklists; none when nothing was answered.
pub(crate) fn of(answers: &Answers) -> Option<PartnerReport> {
    if answers.given.is_empty() {
        return None;
    }
    let mut pen = Pen::writing();
    let checks = rules::ALL.iter().filter_map(|rule| match rule.check {
        Check::Partner(check) => {
            let finding = check(answers, &mut pen);
            Some(check_report(rule, &finding, pen.take(), Vec::new()))
        }
        Check::Opportunity(_) | Check::Set => None,
    });
    let checklists = CHECKLISTS.iter().map(|list| ChecklistReport {
        title: list.title.to_owned(),
        items: list
            .items
            .iter()
            .map(|item| ChecklistItemReport {
                id: item.id.to_owned(),
                text: item.text.to_owned(),
                done: item.is_done(answers),
            })
            .collect(),
    });
    Some(PartnerReport { checks: checks.collect(), checklists: checklists.collect() })
}
