//! Countries by ISO code or by the name ACE gives them.

use super::country_table::COUNTRIES;
pub use super::postal::PostalCode;
use super::{postal, spelling};
use std::fmt::Display;

/// A country as AWS knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// The two letters of ISO 3166; empty for a country that has no code any more.
    pub code: &'static str,
    /// The English name in ACE.
    pub name: &'static str,
    /// What AWS documents about its postal codes.
    pub postal_code: PostalCode,
}

/// Names that people write and ACE does not know, with the code of the country they mean.
const EVERYDAY_NAMES: [(&str, &str); 44] = [
    ("America", "US"),
    ("Bolivia, Plurinational State of", "BO"),
    ("Britain", "GB"),
    ("Brunei", "BN"),
    ("Burma", "MM"),
    ("Cabo Verde", "CV"),
    ("Congo, Democratic Republic of the", "CD"),
    ("Czechia", "CZ"),
    ("DR Congo", "CD"),
    ("DRC", "CD"),
    ("Deutschland", "DE"),
    ("East Timor", "TL"),
    ("England", "GB"),
    ("Eswatini", "SZ"),
    ("Holland", "NL"),
    ("Iran", "IR"),
    ("Ivory Coast", "CI"),
    ("KSA", "SA"),
    ("Kyrgyz Republic", "KG"),
    ("Laos", "LA"),
    ("Libya", "LY"),
    ("Macau", "MO"),
    ("Macedonia", "MK"),
    ("Micronesia", "FM"),
    ("Moldova", "MD"),
    ("North Macedonia", "MK"),
    ("Northern Ireland", "GB"),
    ("Palestine", "PS"),
    ("Republic of Korea", "KR"),
    ("Russian Federation", "RU"),
    ("Scotland", "GB"),
    ("Slovak Republic", "SK"),
    ("South Korea", "KR"),
    ("Syria", "SY"),
    ("The Bahamas", "BS"),
    ("The Gambia", "GM"),
    ("The Netherlands", "NL"),
    ("Türkiye", "TR"),
    ("UAE", "AE"),
    ("UK", "GB"),
    ("USA", "US"),
    ("United States of America", "US"),
    ("Vatican City", "VA"),
    ("Wales", "GB"),
];

/// Where each code stands in the table, by its two letters; [`NOWHERE`] for what is no code.
const BY_CODE: [u8; 26 * 26] = {
    let mut places = [NOWHERE; 26 * 26];
    let mut i = 0;
    while i < COUNTRIES.len() {
        let code = COUNTRIES[i].code.as_bytes();
        if code.len() == 2 {
            places[place_of(code[0], code[1])] = i as u8;
        }
        i += 1;
    }
    places
};

/// Where the names with each first letter begin in the table, and where those with Z end.
const BY_LETTER: [u8; 27] = {
    let mut starts = [COUNTRIES.len() as u8; 27];
    let mut i = COUNTRIES.len();
    let mut letter = 26;
    while letter > 0 {
        letter -= 1;
        while i > 0 && COUNTRIES[i - 1].name.as_bytes()[0].to_ascii_uppercase() >= b'A' + letter as u8 {
            i -= 1;
        }
        starts[letter] = i as u8;
    }
    starts
};

const NOWHERE: u8 = u8::MAX;
const _: () = assert!(COUNTRIES.len() < NOWHERE as usize, "a place in the table fits a byte");

const fn place_of(first: u8, second: u8) -> usize {
    (first - b'A') as usize * 26 + (second - b'A') as usize
}

/// The country with this ISO code or ACE name, in any case.
///
/// ```
/// use podcheck_core::reference::countries;
/// assert_eq!(countries::find("gb").unwrap().name, "United Kingdom");
/// assert_eq!(countries::find("Türkiye"), None);
/// ```
pub fn find(text: &str) -> Option<&'static Country> {
    if let &[first, second] = text.as_bytes() {
        return by_code(first, second);
    }
    let same_letter = same_first_letter(text);
    same_letter.iter().find(|country| country.name == text).or_else(|| {
        let place = same_letter.binary_search_by(|country| spelling::compare(country.name, text)).ok()?;
        same_letter.get(place)
    })
}

/// The countries whose name begins like `text`; all of them where that is no plain letter.
fn same_first_letter(text: &str) -> &'static [Country] {
    match text.as_bytes().first().map(u8::to_ascii_uppercase) {
        Some(letter @ b'A'..=b'Z') => {
            let letter = usize::from(letter - b'A');
            &COUNTRIES[usize::from(BY_LETTER[letter])..usize::from(BY_LETTER[letter + 1])]
        }
        _ => &COUNTRIES,
    }
}

/// The country that a name which ACE does not know probably means: `USA`.
pub fn probably_means(text: &str) -> Option<&'static Country> {
    let (_, code) = EVERYDAY_NAMES.iter().find(|(name, _)| spelling::same(name, text))?;
    find(code)
}

fn by_code(first: u8, second: u8) -> Option<&'static Country> {
    let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
    if !first.is_ascii_uppercase() || !second.is_ascii_uppercase() {
        return None;
    }
    COUNTRIES.get(usize::from(BY_CODE[place_of(first, second)]))
}

impl Country {
    /// Whether it is the United States, whose states ACE asks for.
    pub fn is_united_states(&self) -> bool {
        self.code == "US"
    }

    /// Whether `code` has the form that AWS documents; true where it documents none.
    pub fn accepts_postal_code(&self, code: &str) -> bool {
        match self.postal_code {
            PostalCode::Formats(formats) => postal::meets(formats, code),
            PostalCode::NotUsed | PostalCode::Undocumented => true,
        }
    }

    /// The forms that AWS documents, as it writes them: `99999 or 99999-9999`; empty where it documents none.
    pub fn postal_code_forms(&self) -> impl Display {
        postal::shown(match self.postal_code {
            PostalCode::Formats(formats) => formats,
            PostalCode::NotUsed | PostalCode::Undocumented => "",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_country_is_not_found() {
        for wrong in ["", "U", "ZZ", "éé", "KP", "USA", "Narnia", "United", "1 "] {
            assert_eq!(find(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_table_is_sorted_so_that_every_name_and_code_is_found() {
        for pair in COUNTRIES.windows(2) {
            assert!(spelling::compare(pair[0].name, pair[1].name).is_lt(), "{}", pair[1].name);
        }
        for country in &COUNTRIES {
            assert_eq!(find(country.name), Some(country));
            assert!(country.code.is_empty() || find(country.code).unwrap().code == country.code);
        }
        let codes = BY_CODE.iter().filter(|place| **place != NOWHERE).count();
        assert_eq!(codes, 249, "as many as the API accepts, AN included");
    }

    #[test]
    fn names_are_found_whatever_their_case_and_punctuation() {
        for (text, code) in [
            ("macao", "MO"),
            ("Virgin Islands, U.S.", "VI"),
            ("Great Britain", "GB"),
            ("Bonaire,Sint Eustatius and Saba", "BQ"),
            ("Antigua & Barbuda", "AG"),
            ("an", "AN"),
            ("Serbia and Montenegro", ""),
        ] {
            assert_eq!(find(text).unwrap().code, code, "{text}");
        }
    }

    #[test]
    fn everyday_names_are_suggested_and_never_found() {
        for (name, code) in EVERYDAY_NAMES {
            assert_eq!(probably_means(name).unwrap().code, code);
            assert_eq!(find(name), None, "{name}");
        }
    }

    #[test]
    fn postal_codes_are_those_of_real_addresses() {
        for (country, right, wrong) in [
            ("US", "98109-5210", "9810"),
            ("GB", "SW1A 1AA", "SW1A"),
            ("Great Britain", "L2 2DP", "12345"),
            ("NL", "1012 AB", "1012 1B"),
            ("SV", "1101", "110"),
            ("VA", "00120", "0012"),
            ("IE", "D02 AF30", "D0 2AF30"),
            ("WF", "98600", "97600"),
            ("BE", "B-1000", "10000"),
            ("SE", "114 55", "1145"),
            ("MF", "97150", "97151"),
        ] {
            let country = find(country).unwrap();
            assert!(country.accepts_postal_code(right), "{right}");
            assert!(!country.accepts_postal_code(wrong), "{wrong}");
        }
    }

    #[test]
    fn countries_without_postal_codes_are_told_from_those_without_documentation() {
        assert_eq!(find("HK").unwrap().postal_code, PostalCode::NotUsed);
        assert_eq!(find("Russia").unwrap().postal_code, PostalCode::Undocumented);
        let unused = COUNTRIES.iter().filter(|c| c.postal_code == PostalCode::NotUsed).count();
        assert_eq!(unused, 59, "as many as AWS lists");
    }
}
