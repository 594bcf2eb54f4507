//! States and territories of the United States as ACE names them, and their two letters.

use super::spelling;

/// A state or territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The two letters; empty for the military post offices, which ACE names in full.
    pub letters: &'static str,
    /// The name in ACE.
    pub name: &'static str,
}

const fn state(letters: &'static str, name: &'static str) -> State {
    State { letters, name }
}

/// All that ACE accepts, oddities of spelling included.
pub const ALL: [State; 62] = [
    state("AL", "Alabama"),
    state("AK", "Alaska"),
    state("AS", "American Samoa"),
    state("AZ", "Arizona"),
    state("AR", "Arkansas"),
    state("CA", "California"),
    state("CO", "Colorado"),
    state("CT", "Connecticut"),
    state("DE", "Delaware"),
    state("DC", "Dist. of Columbia"),
    state("FM", "Federated States of Micronesia"),
    state("FL", "Florida"),
    state("GA", "Georgia"),
    state("GU", "Guam"),
    state("HI", "Hawaii"),
    state("ID", "Idaho"),
    state("IL", "Illinois"),
    state("IN", "Indiana"),
    state("IA", "Iowa"),
    state("KS", "Kansas"),
    state("KY", "Kentucky"),
    state("LA", "Louisiana"),
    state("ME", "Maine"),
    state("MH", "Marshall Islands"),
    state("MD", "Maryland"),
    state("MA", "Massachusetts"),
    state("MI", "Michigan"),
    state("MN", "Minnesota"),
    state("MS", "Mississippi"),
    state("MO", "Missouri"),
    state("MT", "Montana"),
    state("NE", "Nebraska"),
    state("NV", "Nevada"),
    state("NH", "New Hampshire"),
    state("NJ", "New Jersey"),
    state("NM", "New Mexico"),
    state("NY", "New York"),
    state("NC", "North Carolina"),
    state("ND", "North Dakota"),
    state("MP", "Northern Mariana Islands"),
    state("OH", "Ohio"),
    state("OK", "Oklahoma"),
    state("OR", "Oregon"),
    state("PW", "Palau"),
    state("PA", "Pennsylvania"),
    state("PR", "Puerto Rico"),
    state("RI", "Rhode Island"),
    state("SC", "South Carolina"),
    state("SD", "South Dakota"),
    state("TN", "Tennessee"),
    state("TX", "Texas"),
    state("UT", "Utah"),
    state("VT", "Vermont"),
    state("VA", "Virginia"),
    state("VI", "Virgin Islands"),
    state("WA", "Washington"),
    state("WV", "West Virginia"),
    state("WI", "Wisconsin"),
    state("WY", "Wyoming"),
    state("", "APO/AE"),
    state("", "AFO/FPO"),
    state("", "FPO, AP"),
];

/// Names that people write for one that ACE spells otherwise.
const OTHER_NAMES: [(&str, &str); 8] = [
    ("District of Columbia", "DC"),
    ("Washington DC", "DC"),
    ("Washington D.C.", "DC"),
    ("D.C.", "DC"),
    ("U.S. Virgin Islands", "VI"),
    ("US Virgin Islands", "VI"),
    ("Virgin Islands, U.S.", "VI"),
    ("Micronesia", "FM"),
];

/// The state with these two letters or this name.
pub fn find(text: &str) -> Option<&'static State> {
    let by_letters = |letters: &str| ALL.iter().find(|state| state.letters.eq_ignore_ascii_case(letters));
    if text.len() == 2 {
        return by_letters(text);
    }
    let exactly = ALL.iter().find(|state| state.name == text);
    exactly.or_else(|| ALL.iter().find(|state| spelling::same(state.name, text))).or_else(|| {
        let (_, letters) = OTHER_NAMES.iter().find(|(name, _)| spelling::same(name, text))?;
        by_letters(letters)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_state_is_not_found() {
        for wrong in ["", "ZZ", "Ontario", "AE", "New"] {
            assert_eq!(find(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn letters_names_and_everyday_names_find_the_same_state() {
        for state in &ALL {
            assert_eq!(find(state.name), Some(state));
            assert!(state.letters.is_empty() || find(state.letters) == Some(state));
        }
        assert_eq!(find("district of columbia"), find("dc"));
        assert_eq!(find("apo / ae").unwrap().name, "APO/AE");
    }
}
