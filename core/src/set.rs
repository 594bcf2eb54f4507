//! What shows only across opportunities and documents: the rules of section SET.

use crate::assess::Assessment;
use crate::books::AccountRow;
use crate::desk::Desk;
use crate::document::{Document, Kind};
use crate::fact::At;
use crate::report::SetFinding;
use crate::say;

/// A finding across documents names at most so many places; the sentence gives the count.
const PLACES_MAX: usize = 20;

/// A sentence names at most so many of what it counts.
const NAMED_MAX: usize = 3;

/// So many findings of one rule are told one by one; the rest are counted.
const FINDINGS_MAX: usize = 100;

/// Rows of one document that match no opportunity.
#[derive(Default)]
struct Unmatched {
    rows: usize,
    /// The first row of each account.
    accounts: Vec<AccountRow>,
}

impl Assessment {
    /// What shows only across opportunities and documents; and how many rows of each document matched.
    pub(crate) fn set_findings(&self, desk: &Desk<'_>) -> (Vec<SetFinding>, Vec<Option<usize>>) {
        let mut set = self.duplicates_found(desk);
        set.extend(self.shared_accounts(desk));
        let (unmatched, matched) = self.unmatched_rows(desk);
        set.extend(unmatched);
        set.extend(self.ignored_documents());
        (set, matched)
    }

    fn duplicates_found(&self, desk: &Desk<'_>) -> Vec<SetFinding> {
        let each = self.found.duplicates.iter().take(FINDINGS_MAX).map(|duplicate| {
            let opp = self.opportunity_of(desk, duplicate.entry);
            let key = self.key(&opp, duplicate.entry).into_owned();
            let (document, record) = (duplicate.left_out.document, duplicate.left_out.record);
            let name = self.inputs.documents.get(usize::from(document)).map_or("", |document| document.name());
            let at = At { document, heading: 0, record, span: self.record_span(document, record) };
            SetFinding {
                rule: "SET001".to_owned(),
                message: format!(
                    "{key} stands more than once: record {} of {} was left out. The one modified last counts, or else the first.",
                    record + 1,
                    say::quoted(name),
                ),
                remedy: "Remove the older copy.".to_owned(),
                opportunities: vec![key],
                places: self.place(at).into_iter().collect(),
            }
        });
        let more = self.found.duplicates.len().saturating_sub(FINDINGS_MAX);
        each.chain(and_more("SET001", more, "repeated record")).collect()
    }

    /// The first cell of a record: enough to show where it is.
    fn record_span(&self, document: u16, record: u32) -> crate::fact::Span {
        let mut cells = crate::document::Record::empty();
        if let Some(document) = self.inputs.documents.get(usize::from(document)) {
            document.read(record as usize, &mut cells);
        }
        cells.cells.first().map_or_else(Default::default, |cell| cell.span)
    }

    fn shared_accounts(&self, desk: &Desk<'_>) -> Vec<SetFinding> {
        let is_rival = |entry: &u32| {
            let traits = self.found.entries[*entry as usize].traits;
            !traits.is_over && !traits.is_from_aws
        };
        let groups = self.found.accounts.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        let groups = groups.map(|group| {
            let rivals: Vec<u32> = group.iter().map(|(_, entry)| *entry).filter(is_rival).collect();
            (group[0].0, rivals)
        });
        let (mut set, mut more) = (Vec::new(), 0);
        for (account, rivals) in groups.filter(|(_, rivals)| rivals.len() > 1) {
            if set.len() == FINDINGS_MAX {
                more += 1;
                continue;
            }
            let (mut keys, mut places) = (Vec::with_capacity(rivals.len()), Vec::new());
            for entry in rivals {
                let opp = self.opportunity_of(desk, entry);
                keys.push(self.key(&opp, entry).into_owned());
                if places.len() < PLACES_MAX {
                    places.extend(opp.aws_account_id.at.and_then(|at| self.place(at)));
                }
            }
            let named = &keys[..keys.len().min(PLACES_MAX)];
            let message = match keys.len() - named.len() {
                0 => format!("The AWS account {account} stands on {}.", say::list(named)),
                more => format!("The AWS account {account} stands on {} and {more} more.", named.join(", ")),
            };
            set.push(SetFinding {
                rule: "SET002".to_owned(),
                message,
                remedy: "Keep one opportunity for each account: the discount is earned once.".to_owned(),
                opportunities: keys,
                places,
            });
        }
        set.extend(and_more("SET002", more, "shared account"));
        set
    }

    fn unmatched_rows(&self, desk: &Desk<'_>) -> (Vec<SetFinding>, Vec<Option<usize>>) {
        let mut unmatched: Vec<Unmatched> =
            self.inputs.documents.iter().map(|_| Unmatched::default()).collect();
        let mut matched = vec![Some(0); self.inputs.documents.len()];
        let mut tell = |row: AccountRow| {
            if self.found.is_named(row.account) {
                if let Some(Some(count)) = matched.get_mut(usize::from(row.at.document)) {
                    *count += 1;
                }
                return;
            }
            let Some(unmatched) = unmatched.get_mut(usize::from(row.at.document)) else { return };
            unmatched.rows += 1;
            if unmatched.accounts.last().is_none_or(|last| last.account != row.account) {
                unmatched.accounts.push(row);
            }
        };
        desk.books.eur.iter().for_each(|row| tell(*row));
        desk.books.spend_rows.iter().for_each(|row| tell(*row));
        for line in &desk.books.discounts {
            tell(AccountRow { account: line.account, at: line.at });
        }
        let each = self.inputs.documents.iter().zip(&unmatched).filter(|(_, unmatched)| unmatched.rows > 0);
        let each = each.map(|(document, unmatched)| self.unmatched_in(document, unmatched));
        let mut set: Vec<SetFinding> = each.collect();
        set.extend(desk.books.lost.iter().take(FINDINGS_MAX).map(|lost| SetFinding {
            rule: "SET003".to_owned(),
            message: lost.message.clone(),
            remedy: "Correct the row and give the document again.".to_owned(),
            opportunities: Vec::new(),
            places: self.place(lost.at).into_iter().collect(),
        }));
        let more = desk.books.lost.len().saturating_sub(FINDINGS_MAX);
        set.extend(and_more("SET003", more, "unreadable row"));
        (set, matched)
    }

    fn unmatched_in(&self, document: &Document, unmatched: &Unmatched) -> SetFinding {
        let accounts = &unmatched.accounts;
        let shown: Vec<String> = accounts.iter().take(NAMED_MAX).map(|row| row.account.to_string()).collect();
        let more = accounts.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {} more", say::number(more as i64)) } else { String::new() };
        let rows = if unmatched.rows == accounts.len() {
            String::new()
        } else {
            format!("{} of ", say::count(unmatched.rows as i64, "row"))
        };
        SetFinding {
            rule: "SET003".to_owned(),
            message: format!(
                "{rows}{} in {} {} no opportunity: {}{more}.",
                say::count(accounts.len() as i64, "account"),
                say::quoted(document.name()),
                if unmatched.rows == 1 { "matches" } else { "match" },
                shown.join(", "),
            ),
            remedy: match document.kind() {
                Kind::Eur => "Compare the ids with those in ACE: a wrong digit keeps the discount away.",
                _ => "Add the export that holds these opportunities, or leave the rows aside.",
            }
            .to_owned(),
            opportunities: Vec::new(),
            places: accounts.iter().take(PLACES_MAX).filter_map(|row| self.place(row.at)).collect(),
        }
    }

    fn ignored_documents(&self) -> impl Iterator<Item = SetFinding> {
        self.inputs.documents.iter().filter(|document| document.kind() == Kind::Ignored).map(|document| {
            SetFinding {
                rule: "SET004".to_owned(),
                message: match document.problems().first() {
                    Some(problem) => {
                        format!("{} was not used. {}", say::quoted(document.name()), problem.message)
                    }
                    None => format!(
                        "{} was not used: it is none of the formats that are read.",
                        say::quoted(document.name())
                    ),
                },
                remedy: "Give an ACE export, Partner Central JSON, or an EUR, spend or discounts table."
                    .to_owned(),
                opportunities: Vec::new(),
                places: Vec::new(),
            }
        })
    }
}

/// The finding that counts what was not told one by one; none when everything was.
fn and_more(rule: &str, more: usize, noun: &'static str) -> Option<SetFinding> {
    (more > 0).then(|| SetFinding {
        rule: rule.to_owned(),
        message: format!("And {} more.", say::count(more as i64, noun)),
        remedy: "Put the ones above right first, then check again.".to_owned(),
        opportunities: Vec::new(),
        places: Vec::new(),
    })
}
