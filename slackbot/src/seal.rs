//! Tokens and questions as they are kept: sealed by AES-256-GCM, with a key that is not in the database.
//!
//! What is sealed is bound to whose it is, its column and its key: moved elsewhere, it does not open. A token is an
//! installation's; a question is its asker's, by the name of its answer.

use crate::config::Secret;
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;

const KEY_BYTES: usize = 32;
/// Enough to tell the keys of one database from each other.
const ID_BYTES: usize = 8;

/// The column of what somebody asked.
const QUESTION: &str = "question";

/// What is sealed of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// With what Slack is called.
    Token,
    /// With what a new one is had.
    RefreshToken,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Column::Token => "token",
            Column::RefreshToken => "refresh_token",
        }
    }
}

/// The keys: one that seals, and those that only open what they once sealed.
#[derive(Debug, Clone)]
pub struct Keyring {
    current: Arc<Key>,
    old: Arc<[Key]>,
}

/// One key.
#[derive(Debug)]
pub struct Key {
    id: String,
    key: LessSafeKey,
}

impl Key {
    /// Reads a key: 32 bytes as base64.
    ///
    /// # Errors
    /// When it is not one, without showing it. The sentence goes on after the name of a setting.
    pub fn read(text: &str) -> Result<Key> {
        let text = text.trim();
        let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == KEY_BYTES);
        let bytes = bytes.context("is not a key: 32 bytes as base64, made by openssl rand -base64 32")?;
        // The key's length is the algorithm's.
        let key = UnboundKey::new(&AES_256_GCM, &bytes).ok().context("is not a key")?;
        let hash = digest(&SHA256, &bytes);
        let id = hash.as_ref().iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect();
        Ok(Key { id, key: LessSafeKey::new(key) })
    }

    fn aad(&self, whose: &str, column: &str) -> Aad<String> {
        Aad::from(format!("{whose}\0{column}\0{}", self.id))
    }
}

impl Keyring {
    /// The key that seals, and older ones.
    ///
    /// # Errors
    /// When two of them are the same.
    pub fn new(current: Key, old: Vec<Key>) -> Result<Keyring> {
        ensure!(old.iter().all(|key| key.id != current.id), "names the key that is in use");
        Ok(Keyring { current: Arc::new(current), old: old.into() })
    }

    /// The name of the key that seals.
    pub fn current_id(&self) -> &str {
        &self.current.id
    }

    /// Seals a text of an installation, by the key of [`Keyring::current_id`].
    pub fn seal(&self, installation: &str, column: Column, text: &Secret) -> String {
        self.seal_bytes(installation, column.name(), text.reveal().as_bytes().to_vec())
    }

    /// Seals what somebody asked, by the key of [`Keyring::current_id`]; `whose` tells it from every other question.
    pub fn seal_question(&self, whose: &str, question: Vec<u8>) -> String {
        self.seal_bytes(whose, QUESTION, question)
    }

    fn seal_bytes(&self, whose: &str, column: &str, mut sealed: Vec<u8>) -> String {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new()
            .fill(&mut nonce)
            .expect("the machine's source of randomness does not fail once it is open");
        let key = &self.current;
        key.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                key.aad(whose, column),
                &mut sealed,
            )
            .expect("what is sealed is far shorter than what one nonce seals");
        STANDARD.encode([&nonce[..], &sealed].concat())
    }

    /// Opens what the key `key_id` sealed; none where that key is not there or sealed something else.
    pub fn open(&self, key_id: &str, installation: &str, column: Column, sealed: &str) -> Option<Secret> {
        let opened = self.open_bytes(key_id, installation, column.name(), sealed)?;
        Some(Secret::new(std::str::from_utf8(&opened).ok()?))
    }

    /// Opens what somebody asked, sealed by the key `key_id`; none where that key is not there or sealed something else.
    pub fn open_question(&self, key_id: &str, whose: &str, sealed: &str) -> Option<Vec<u8>> {
        self.open_bytes(key_id, whose, QUESTION, sealed)
    }

    fn open_bytes(&self, key_id: &str, whose: &str, column: &str, sealed: &str) -> Option<Vec<u8>> {
        let keys = [&*self.current];
        let key = keys.into_iter().chain(self.old.iter()).find(|key| key.id == key_id)?;
        let mut bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_first_chunk_mut::<NONCE_LEN>()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        Some(key.key.open_in_place(nonce, key.aad(whose, column), rest).ok()?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        Key::read(&STANDARD.encode([byte; KEY_BYTES])).unwrap()
    }

    fn ring(current: u8, old: &[u8]) -> Keyring {
        Keyring::new(key(current), old.iter().map(|byte| key(*byte)).collect()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let keys = ring(1, &[]);
        let id = keys.current_id().to_owned();
        let sealed = keys.seal("i1", Column::Token, &Secret::new("xoxb-1"));
        let opens =
            |key: &str, installation, column, sealed: &str| keys.open(key, installation, column, sealed);
        assert_eq!(opens(&id, "i1", Column::Token, &sealed), Some(Secret::new("xoxb-1")));
        assert_eq!(opens(&id, "i2", Column::Token, &sealed), None);
        assert_eq!(opens(&id, "i1", Column::RefreshToken, &sealed), None);
        assert_eq!(opens("another", "i1", Column::Token, &sealed), None);
        assert_eq!(ring(2, &[]).open(&id, "i1", Column::Token, &sealed), None);
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        bytes[NONCE_LEN] ^= 1;
        assert_eq!(opens(&id, "i1", Column::Token, &STANDARD.encode(&bytes)), None);
        for broken in ["", "?", "AAAA"] {
            assert_eq!(opens(&id, "i1", Column::Token, broken), None, "{broken}");
        }
    }

    #[test]
    fn a_question_opens_for_its_asker_alone_and_is_no_token() {
        let keys = ring(1, &[]);
        let id = keys.current_id();
        let sealed = keys.seal_question("h1\0T1/U1", b"stage=Launched".to_vec());
        assert_eq!(keys.open_question(id, "h1\0T1/U1", &sealed).unwrap(), b"stage=Launched");
        for other in ["h2\0T1/U1", "h1\0T2/U1", "h1\0T1/U2"] {
            assert_eq!(keys.open_question(id, other, &sealed), None, "{other}");
        }
        assert_eq!(keys.open(id, "h1\0T1/U1", Column::Token, &sealed), None);
    }

    #[test]
    fn no_two_sealings_are_alike_and_none_shows_the_text() {
        let keys = ring(1, &[]);
        let seal = || keys.seal("i1", Column::Token, &Secret::new("xoxb-1"));
        assert_ne!(seal(), seal());
        assert!(!STANDARD.decode(seal()).unwrap().windows(4).any(|four| four == b"xoxb"));
    }

    #[test]
    fn an_old_key_opens_and_does_not_seal() {
        let (before, after) = (ring(1, &[]), ring(2, &[1]));
        let sealed = before.seal("i1", Column::Token, &Secret::new("xoxb-1"));
        assert_eq!(
            after.open(before.current_id(), "i1", Column::Token, &sealed),
            Some(Secret::new("xoxb-1"))
        );
        let again = after.seal("i1", Column::Token, &Secret::new("xoxb-1"));
        assert_eq!(before.open(after.current_id(), "i1", Column::Token, &again), None);
        assert!(Keyring::new(key(1), vec![key(1)]).is_err());
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_shown() {
        for text in ["", "hush", "aHVzaA==", &STANDARD.encode([1; 31]), &STANDARD.encode([1; 33])] {
            let sentence = format!("{:#}", Key::read(text).unwrap_err());
            assert!(sentence.contains("openssl rand -base64 32"), "{sentence}");
            assert!(text.is_empty() || !sentence.contains(text), "{sentence}");
        }
        let shown = format!("{:?}", ring(7, &[]));
        assert!(!shown.contains(&STANDARD.encode([7; KEY_BYTES])) && !shown.contains("7, 7, 7"), "{shown}");
    }
}
