//! A few facts of many opportunities, without their reports: what somebody keeps who asks again on another day.

use crate::assess::Assessment;
use crate::document::Record;
use crate::field::Field;
use crate::report::Verdict;
use crate::say;

/// What is known of one opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// Its key: opportunity id, else partner CRM id, else its place.
    pub key: String,
    /// What it was judged to be.
    pub verdict: Verdict,
    /// The canonical value of each fact that was asked for, in that order; none where it is not known.
    pub values: Vec<Option<String>>,
    /// Of which of these facts the documents say by an empty cell that there is none.
    pub emptied: Vec<bool>,
}

impl Assessment {
    /// The values of these facts of a part of the opportunities, as they were given.
    pub fn values(&self, fields: &[Field], from: usize, limit: usize) -> Vec<Values> {
        let desk = self.desk();
        let mut record = Record::empty();
        let entries = (0..self.len() as u32).skip(from).take(limit);
        let values = entries.map(|entry| {
            let opp = self.found.assemble(&desk, entry, None, &mut record);
            Values {
                key: self.key(&opp, entry).into_owned(),
                verdict: self.found.entries[entry as usize].verdict,
                values: fields.iter().map(|field| say::value(&opp, *field)).collect(),
                emptied: fields.iter().map(|field| opp.provenance(*field).is_emptied()).collect(),
            }
        });
        values.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LAUNCHED, assess};

    #[test]
    fn values_are_those_of_the_report() {
        let found = assess(&[LAUNCHED, &LAUNCHED.replace("O1", "O2")], &[]);
        let fields = [Field::OpportunityId, Field::LastModifiedAt, Field::Stage, Field::CustomerName];
        let values = found.values(&fields, 1, 5);
        assert_eq!(values.len(), 1);
        let report = found.opportunity("O2").unwrap();
        assert_eq!((&*values[0].key, values[0].verdict), ("O2", report.verdict));
        for (field, value) in fields.iter().zip(&values[0].values) {
            let (_, told) = report.facts.iter().find(|(name, _)| *name == field.name()).unwrap();
            assert_eq!(told.value, *value, "{}", field.name());
        }
        assert_eq!(values[0].values[3], None);
    }

    #[test]
    fn an_empty_cell_is_told_from_what_was_not_given() {
        let table = "opportunity_id,stage,launched_on\nO1,Launched,\nO2,Launched,2026-11-02\n";
        let fields = [Field::Stage, Field::LaunchedOn, Field::BillingStartedOn];
        let emptied = |values: Vec<Values>| values.into_iter().map(|found| found.emptied).collect::<Vec<_>>();
        assert_eq!(
            emptied(assess(&[table], &[]).values(&fields, 0, 9)),
            [[false, true, false], [false, false, false]]
        );
        let typed = assess(&["opportunity_id=O1\nstage=Launched"], &[]);
        assert_eq!(emptied(typed.values(&fields, 0, 9)), [[false; 3]]);
    }
}
