//! Cells to facts: what one record, or several of one opportunity, say about each field.
//!
//! Two places that differ are a conflict, never a choice; the exceptions stand in [`Merge`].

use crate::books::Books;
use crate::document::{Cell, DateOrder, Document, Form, Format, Order, Record, value};
use crate::fact::{At, Conflict, Fact, Note, Reading, Span, Unknown};
use crate::field::{Field, FieldSet};
use crate::join::InlineSpend;
use crate::opportunity::{
    AccountId, Accounts, Eur, Opportunity, OpportunityType, Origin, ReviewStatus, Stage, Text,
};
use crate::reference::{countries, states};
use std::borrow::Cow;

/// What two values for one fact mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Merge {
    /// Different values are a conflict.
    Same,
    /// The newest counts.
    Newest,
}

/// Reads a document's record into cells with the user's date order applied.
pub(crate) fn read<'d>(
    document: &'d Document,
    index: usize,
    order: Option<DateOrder>,
    record: &mut Record<'d>,
) {
    document.read(index, record);
    if let Some(order) = order {
        for cell in record.cells.iter_mut().filter(|cell| cell.order == Order::Unproved) {
            cell.order = Order::Given(order);
        }
    }
}

/// The cell of a supplement.
pub(crate) fn stated<'d>(field: Field, month: Option<crate::calendar::Month>, text: &'d str) -> Cell<'d> {
    Cell {
        field,
        month,
        text: Cow::Borrowed(text.trim()),
        form: Form::Typed,
        order: Order::Unproved,
        heading: 0,
        span: Span::default(),
    }
}

/// Puts the cells of an opportunity's records together.
pub(crate) struct Assembly<'d> {
    opp: Opportunity<'d>,
    inline_spend: Vec<InlineSpend<'d>>,
    carries: FieldSet,
    documents: &'d [Document],
}

impl<'d> Assembly<'d> {
    /// Starts with a record's format; every fact is absent.
    pub(crate) fn new(documents: &'d [Document], format: Format) -> Self {
        Assembly { opp: absent(format), inline_spend: Vec::new(), carries: FieldSet::EMPTY, documents }
    }

    /// Takes the cells of one record.
    pub(crate) fn add(&mut self, document: u16, record: &mut Record<'d>) {
        self.carries = self.carries.union(record.carries);
        if richness(record.format) >= richness(self.opp.format) {
            self.opp.format = record.format;
        }
        for cell in record.cells.drain(..) {
            let at = At { document, heading: cell.heading, record: record.index, span: cell.span };
            self.take(cell, at);
        }
    }

    /// Opportunity id, else partner CRM id, as far as it is known by now.
    pub(crate) fn key(&self) -> Option<Text<'d>> {
        let named = self.opp.opportunity_id.known().or(self.opp.partner_crm_id.known());
        named.filter(|key| !key.is_empty()).cloned()
    }

    /// The opportunity id, as far as it is known by now.
    pub(crate) fn opportunity_id(&self) -> Option<Text<'d>> {
        self.opp.opportunity_id.known().cloned()
    }

    /// Takes what the user stated; it wins over what the documents say.
    pub(crate) fn overrule(&mut self, cell: Cell<'d>) {
        let at = At { document: At::STATED, heading: 0, record: 0, span: Span::default() };
        self.take(cell, at);
    }

    /// Fills in what every record of the format is, marks as blank what the format carries and does not say, joins
    /// the books, and takes of `lacking` what is not known then.
    pub(crate) fn finish(
        mut self,
        books: &Books,
        account: Option<AccountId>,
        lacking: impl Iterator<Item = Cell<'d>> + Clone,
    ) -> Opportunity<'d> {
        let format = self.opp.format;
        if let Some(account) = account {
            self.opp.aws_account_id.value = Ok(Accounts::One(account));
            // Of several accounts, the record's own End User Reporting facts are about the one that they name.
            if self.opp.eur.account_id.known().is_some_and(|named| *named != account) {
                keep_stated(&mut self.opp.eur);
            }
        }
        self.mark_blanks();
        if format.is_draft() {
            by_construction(&mut self.opp.origin, Origin::Partner);
            by_construction(&mut self.opp.review_status, ReviewStatus::PendingSubmission);
            by_construction(&mut self.opp.stage, Stage::Prospect);
        }
        if format.is_api() && self.opp.opportunity_type.is_blank() {
            self.opp.opportunity_type.value = Ok(OpportunityType::NetNew);
            self.opp.opportunity_type.note = Some(Note::AwsDefault);
        }
        let is_eur = |cell: &Cell<'d>| (Field::EurAccountId..=Field::EurCity).contains(&cell.field);
        lacking.clone().filter(|cell| !is_eur(cell)).for_each(|cell| self.fill_in(cell));
        self.opp.state.note = self.opp.state.note.or_else(|| state_note(&self.opp));
        let one = self.opp.aws_account_id.known().and_then(Accounts::one);
        books.add_eur(&mut self.opp.eur, one, self.documents);
        lacking.filter(is_eur).for_each(|cell| self.fill_in(cell));
        self.opp.spend = books.spend_of(one, &self.opp, self.inline_spend, self.carries);
        self.opp
    }

    /// Takes what the user stated of a fact of which nothing says anything; what cannot be read, or differs between
    /// two places, is for the user to settle one by one.
    fn fill_in(&mut self, cell: Cell<'d>) {
        let fact = self.opp.provenance(cell.field);
        if fact.unknown.is_some_and(Unknown::is_soft) && !fact.at.is_some_and(At::is_stated) {
            self.overrule(cell);
        }
    }

    fn mark_blanks(&mut self) {
        let carries = self.carries;
        macro_rules! mark {
            ($($($path:ident).+),+ $(,)?) => {
                $(if self.opp.$($path).+.at.is_none() && carries.contains(self.opp.$($path).+.field) {
                    if let Err(why @ Unknown::NotInFormat) = &mut self.opp.$($path).+.value {
                        *why = Unknown::Blank;
                    }
                })+
            };
        }
        mark! {
            opportunity_id, partner_crm_id, project_title, origin, customer_consent, review_status, review_comments,
            stage, target_close_date, launched_on, billing_started_on, created_at, submitted_on, decided_on,
            last_modified_at, next_steps, next_steps_history, customer_name, customer_website, country, state, city,
            postal_code, industry, industry_other, duns, aws_account_id, project_description, use_case,
            delivery_model, expected_mrr, mrr_currency, opportunity_type, primary_needs, solution, other_solution,
            national_security, closed_lost_reason, catalog, eur.account_id, eur.usage_type,
            eur.government_fields_complete, eur.government_advising, eur.city,
        }
    }

    fn take(&mut self, cell: Cell<'d>, at: At) {
        let (documents, opp) = (self.documents, &mut self.opp);
        macro_rules! put {
            ($fact:ident, $read:path) => {
                put(documents, &mut opp.$fact, cell, at, Merge::Same, $read)
            };
            ($fact:ident, $read:path, newest) => {
                put(documents, &mut opp.$fact, cell, at, Merge::Newest, $read)
            };
        }
        match cell.field {
            Field::OpportunityId => put!(opportunity_id, text),
            Field::PartnerCrmId => put!(partner_crm_id, text),
            Field::ProjectTitle => put!(project_title, text),
            Field::Origin => put!(origin, value::origin),
            Field::CustomerConsent => put!(customer_consent, value::yes_no),
            Field::ReviewStatus => put!(review_status, value::review_status),
            Field::ReviewComments => append(&mut opp.review_comments, cell, at),
            Field::Stage => put!(stage, value::stage),
            Field::TargetCloseDate => put!(target_close_date, value::date),
            Field::LaunchedOn => put!(launched_on, value::date),
            Field::BillingStartedOn => put!(billing_started_on, value::date),
            // The export has the day in one column and the moment in another.
            Field::CreatedAt => match (opp.created_at.known(), value::moment(&cell)) {
                (Some(one), Ok((other, _))) if !at.is_stated() && one.date() == other.date() => {}
                _ => put!(created_at, value::moment),
            },
            Field::SubmittedOn => put!(submitted_on, value::date),
            Field::DecidedOn => put!(decided_on, value::date),
            Field::LastModifiedAt => put!(last_modified_at, value::moment, newest),
            Field::NextSteps => put!(next_steps, text),
            Field::NextStepsHistory => put!(next_steps_history, value::newest_entry, newest),
            Field::CustomerName => put!(customer_name, text),
            Field::CustomerWebsite => put!(customer_website, text),
            Field::Country => put!(country, text),
            Field::State => put!(state, text),
            Field::City => put!(city, text),
            Field::PostalCode => put!(postal_code, text),
            Field::Industry => put!(industry, text),
            Field::IndustryOther => put!(industry_other, text),
            Field::Duns => put!(duns, text),
            Field::AwsAccountId => {
                match opp.aws_account_id.known().map(|ids| (ids, value::accounts(&cell))) {
                    Some((ids, Ok((more, _)))) if !at.is_stated() => {
                        opp.aws_account_id.value = Ok(united(ids.all().to_vec(), more.all()));
                    }
                    _ => put!(aws_account_id, value::accounts),
                }
            }
            Field::ProjectDescription => put!(project_description, text),
            Field::UseCase => put!(use_case, text),
            Field::DeliveryModel => append(&mut opp.delivery_model, cell, at),
            Field::ExpectedMrr => {
                let mut named = None;
                put(documents, &mut opp.expected_mrr, cell, at, Merge::Same, |cell| {
                    let ((amount, currency), note) = value::money(cell)?;
                    named = currency;
                    Ok((amount, note))
                });
                let counts = at.is_stated() || opp.mrr_currency.is_softly_unknown();
                if let (Some(currency), true) = (named, counts) {
                    let overruled = opp.mrr_currency.at.filter(|at| !at.is_stated());
                    let overruled = overruled.filter(|_| !opp.mrr_currency.is_softly_unknown());
                    let fact = Fact {
                        field: Field::MrrCurrency,
                        value: Ok(currency),
                        note: None,
                        at: Some(at),
                        overruled,
                    };
                    opp.mrr_currency = fact;
                }
            }
            Field::MrrCurrency => put!(mrr_currency, text),
            Field::OpportunityType => put!(opportunity_type, value::opportunity_type),
            Field::PrimaryNeeds => append(&mut opp.primary_needs, cell, at),
            Field::Solution => append(&mut opp.solution, cell, at),
            Field::OtherSolution => put!(other_solution, text),
            Field::NationalSecurity => put!(national_security, value::yes_no),
            Field::ClosedLostReason => put!(closed_lost_reason, text),
            Field::Catalog => put!(catalog, text),
            Field::EurAccountId
            | Field::EurUsageType
            | Field::EurGovernmentFieldsComplete
            | Field::EurGovernmentAdvising
            | Field::EurCity => take_eur(documents, &mut opp.eur, cell, at),
            Field::Spend | Field::SpendFinal | Field::SpendCurrency => {
                self.inline_spend.push(InlineSpend { cell, at });
            }
            // The columns of spend and discount tables say nothing about an opportunity by themselves.
            Field::RowMonth
            | Field::RowAccountId
            | Field::RowAmount
            | Field::RowCurrency
            | Field::RowFinal
            | Field::RowCharge
            | Field::DiscountPartnerOriginated
            | Field::DiscountNoEur
            | Field::DiscountStart
            | Field::RowKey
            | Field::RowType
            | Field::RowModified => {}
        }
    }
}

/// Takes a cell of an End User Reporting record.
pub(crate) fn take_eur<'d>(documents: &'d [Document], eur: &mut Eur<'d>, cell: Cell<'d>, at: At) {
    match cell.field {
        Field::EurAccountId => put(documents, &mut eur.account_id, cell, at, Merge::Same, one_account),
        Field::EurUsageType => put(documents, &mut eur.usage_type, cell, at, Merge::Same, value::usage_type),
        Field::EurGovernmentFieldsComplete => {
            put(documents, &mut eur.government_fields_complete, cell, at, Merge::Same, value::yes_no)
        }
        Field::EurGovernmentAdvising => {
            put(documents, &mut eur.government_advising, cell, at, Merge::Same, value::yes_no)
        }
        Field::EurCity => put(documents, &mut eur.city, cell, at, Merge::Same, text),
        _ => {}
    }
}

/// Forgets what a record says of End User Reporting; what the user stated stays.
fn keep_stated(eur: &mut Eur<'_>) {
    let of_record = std::mem::replace(eur, absent_eur());
    macro_rules! keep {
        ($($fact:ident),+) => {
            $(if of_record.$fact.at.is_some_and(At::is_stated) {
                eur.$fact = of_record.$fact;
            })+
        };
    }
    keep!(account_id, usage_type, government_fields_complete, government_advising, city);
}

/// The one account id of a cell.
pub(crate) fn one_account<'d>(cell: &Cell<'d>) -> Reading<'d, AccountId> {
    let (accounts, note) = value::accounts(cell)?;
    match accounts {
        Accounts::One(id) => Ok((id, note)),
        Accounts::Several(_) => {
            Err(Unknown::Unreadable { raw: cell.text.clone(), why: "names several account ids" })
        }
    }
}

fn text<'d>(cell: &Cell<'d>) -> Reading<'d, Text<'d>> {
    Ok((cell.text.clone(), None))
}

/// How a state of the United States was recognised.
fn state_note(opp: &Opportunity<'_>) -> Option<Note> {
    let country = opp.country.known()?;
    let country = countries::find(country).or_else(|| countries::probably_means(country))?;
    let text = opp.state.known().filter(|_| country.is_united_states())?;
    let state = states::find(text)?;
    let is_letters = text.eq_ignore_ascii_case(state.letters);
    Some(if is_letters { Note::StateByLetters } else { Note::StateByName })
}

fn by_construction<T>(fact: &mut Fact<'_, T>, value: T) {
    if fact.is_softly_unknown() {
        fact.value = Ok(value);
        fact.note = Some(Note::ByConstruction);
    }
}

fn united(mut ids: Vec<AccountId>, more: &[AccountId]) -> Accounts {
    for id in more {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    if let [id] = ids[..] { Accounts::One(id) } else { Accounts::Several(ids) }
}

/// Puts a cell into a fact: the first readable value counts, a second one merges or conflicts, a stated one wins.
fn put<'d, T: PartialEq + PartialOrd>(
    documents: &'d [Document],
    fact: &mut Fact<'d, T>,
    cell: Cell<'d>,
    at: At,
    merge: Merge,
    read: impl FnOnce(&Cell<'d>) -> Reading<'d, T>,
) {
    if cell.text.is_empty() {
        if fact.at.is_none() {
            fact.value = Err(Unknown::Blank);
            fact.at = Some(at);
        }
        return;
    }
    let reading = if value::is_masked(&cell.text) { Err(Unknown::Masked) } else { read(&cell) };
    let (value, note) = match reading {
        Ok((value, note)) => (Ok(value), note),
        Err(why) => (Err(why), None),
    };
    if at.is_stated() {
        // What was stated for this opportunity comes after what was stated for all, and counts.
        let overruled = if fact.is_softly_unknown() { None } else { fact.at.filter(|at| !at.is_stated()) };
        *fact =
            Fact { field: fact.field, value, at: Some(at), note, overruled: overruled.or(fact.overruled) };
        return;
    }
    if fact.at.is_some_and(At::is_stated) {
        fact.overruled = fact.overruled.or(Some(at));
        return;
    }
    match (&fact.value, value) {
        (Ok(old), Ok(new)) if *old == new => {}
        (Ok(old), Ok(new)) if merge == Merge::Newest => {
            if new > *old {
                fact.value = Ok(new);
                fact.at = Some(at);
            }
            fact.note = Some(Note::NewestOfSeveral);
        }
        (Ok(_), Ok(_)) => {
            let first = fact.at.map_or(Cow::Borrowed(""), |at| raw(documents, at));
            fact.value =
                Err(Unknown::Conflicting(Box::new(Conflict { first, second: cell.text, other: at })));
            fact.note = None;
        }
        // A value that is known, or already a conflict, is not undone by one that cannot be read.
        (Ok(_) | Err(Unknown::Conflicting(_)), _) => {}
        (Err(_), Err(why)) if fact.at.is_some() && !fact.is_softly_unknown() && why.is_soft() => {}
        (Err(_), value) => {
            fact.value = value;
            fact.at = Some(at);
            fact.note = note;
        }
    }
}

/// Puts a cell into a fact that may hold several values.
fn append<'d>(fact: &mut Fact<'d, Text<'d>>, cell: Cell<'d>, at: At) {
    let joined = match fact.known() {
        Some(old) if !at.is_stated() && !cell.text.is_empty() && *old != cell.text => {
            Some(format!("{old}; {}", cell.text))
        }
        _ => None,
    };
    match joined {
        Some(joined) => fact.value = Ok(Cow::Owned(joined)),
        None => put(&[], fact, cell, at, Merge::Same, text),
    }
}

/// What stands at a place, for the sentence of a conflict.
fn raw(documents: &[Document], at: At) -> Cow<'_, str> {
    let text = documents.get(usize::from(at.document)).map_or("", |document| document.text());
    Cow::Borrowed(text.get(at.span.start as usize..at.span.end as usize).unwrap_or("").trim())
}

/// How much a shape says of an opportunity, where several are put together.
fn richness(format: Format) -> u8 {
    match format {
        Format::Unrecognised => 0,
        Format::ApiAwsSummary => 1,
        Format::ApiList => 2,
        _ => 3,
    }
}

/// An End User Reporting record of which nothing is known.
pub(crate) fn absent_eur<'d>() -> Eur<'d> {
    let why = || Unknown::NotInFormat;
    Eur {
        account_id: Fact::absent(Field::EurAccountId, why()),
        usage_type: Fact::absent(Field::EurUsageType, why()),
        government_fields_complete: Fact::absent(Field::EurGovernmentFieldsComplete, why()),
        government_advising: Fact::absent(Field::EurGovernmentAdvising, why()),
        city: Fact::absent(Field::EurCity, why()),
        is_channel_relationship: false,
        near_miss: None,
    }
}

fn absent<'d>(format: Format) -> Opportunity<'d> {
    let why = || Unknown::NotInFormat;
    Opportunity {
        format,
        opportunity_id: Fact::absent(Field::OpportunityId, why()),
        partner_crm_id: Fact::absent(Field::PartnerCrmId, why()),
        project_title: Fact::absent(Field::ProjectTitle, why()),
        origin: Fact::absent(Field::Origin, why()),
        customer_consent: Fact::absent(Field::CustomerConsent, why()),
        review_status: Fact::absent(Field::ReviewStatus, why()),
        review_comments: Fact::absent(Field::ReviewComments, why()),
        stage: Fact::absent(Field::Stage, why()),
        target_close_date: Fact::absent(Field::TargetCloseDate, why()),
        launched_on: Fact::absent(Field::LaunchedOn, why()),
        billing_started_on: Fact::absent(Field::BillingStartedOn, why()),
        created_at: Fact::absent(Field::CreatedAt, why()),
        submitted_on: Fact::absent(Field::SubmittedOn, why()),
        decided_on: Fact::absent(Field::DecidedOn, why()),
        last_modified_at: Fact::absent(Field::LastModifiedAt, why()),
        next_steps: Fact::absent(Field::NextSteps, why()),
        next_steps_history: Fact::absent(Field::NextStepsHistory, why()),
        customer_name: Fact::absent(Field::CustomerName, why()),
        customer_website: Fact::absent(Field::CustomerWebsite, why()),
        country: Fact::absent(Field::Country, why()),
        state: Fact::absent(Field::State, why()),
        city: Fact::absent(Field::City, why()),
        postal_code: Fact::absent(Field::PostalCode, why()),
        industry: Fact::absent(Field::Industry, why()),
        industry_other: Fact::absent(Field::IndustryOther, why()),
        duns: Fact::absent(Field::Duns, why()),
        aws_account_id: Fact::absent(Field::AwsAccountId, why()),
        project_description: Fact::absent(Field::ProjectDescription, why()),
        use_case: Fact::absent(Field::UseCase, why()),
        delivery_model: Fact::absent(Field::DeliveryModel, why()),
        expected_mrr: Fact::absent(Field::ExpectedMrr, why()),
        mrr_currency: Fact::absent(Field::MrrCurrency, why()),
        opportunity_type: Fact::absent(Field::OpportunityType, why()),
        primary_needs: Fact::absent(Field::PrimaryNeeds, why()),
        solution: Fact::absent(Field::Solution, why()),
        other_solution: Fact::absent(Field::OtherSolution, why()),
        national_security: Fact::absent(Field::NationalSecurity, why()),
        closed_lost_reason: Fact::absent(Field::ClosedLostReason, why()),
        catalog: Fact::absent(Field::Catalog, why()),
        spend: crate::opportunity::Spend { months: Vec::new(), otherwise: Unknown::NotInFormat },
        eur: absent_eur(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{day, known};

    /// What is put together of the only record of `text`.
    fn assembled(text: &str, check: impl FnOnce(Opportunity<'_>)) {
        let documents = [Document::open("test", text.into())];
        let mut assembly = Assembly::new(&documents, Format::Unrecognised);
        let mut record = Record::empty();
        read(&documents[0], 0, None, &mut record);
        assembly.add(0, &mut record);
        check(assembly.finish(&Books::default(), None, std::iter::empty()));
    }

    #[test]
    fn a_state_is_noted_as_it_was_recognised_and_only_in_the_united_states() {
        for (country, state, note) in [
            ("US", "wa", Some(Note::StateByLetters)),
            ("United States", "Washington", Some(Note::StateByName)),
            ("USA", "district of columbia", Some(Note::StateByName)),
            ("US", "Ontario", None),
            ("AU", "WA", None),
            ("", "WA", None),
            ("US", "", None),
        ] {
            let text = format!("Opportunity Id,Country,State\nO1,{country},{state}\n");
            assembled(&text, |opp| assert_eq!(opp.state.note, note, "{country} {state}"));
        }
    }

    #[test]
    fn two_creation_dates_conflict_unless_they_are_of_one_day() {
        let table = |one: &str, other: &str| {
            format!("Opportunity Id,Date Created(MM/DD/YYYY),Created Date\nO1,{one},{other}\n")
        };
        assembled(&table("03/05/2026", "2026-03-05T10:00:00Z"), |opp| {
            assert_eq!(opp.created_at.value, known(Field::CreatedAt, day("2026-03-05").into()).value);
        });
        assembled(&table("03/05/2026", "2026-03-07"), |opp| {
            assert!(matches!(opp.created_at.value, Err(Unknown::Conflicting(_))));
        });
    }

    #[test]
    fn a_conflict_keeps_no_note_of_how_one_side_was_read() {
        assembled("opportunity_id=O1\nstage=Closed Won\nstage=Committed", |opp| {
            assert!(matches!(opp.stage.value, Err(Unknown::Conflicting(_))));
            assert_eq!(opp.stage.note, None);
        });
    }
}
