//! Whether a request comes from Slack: HMAC-SHA256 over its raw bytes, compared in constant time, five minutes either
//! way.

use ring::hmac;

/// Slack's own tolerance.
const SECONDS_MAX: u64 = 5 * 60;
const VERSION: &str = "v0";

/// The key that the app shares with Slack.
#[derive(Debug)]
pub struct SigningKey(hmac::Key);

/// Why a request is not Slack's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsigned {
    /// It has no signature, no time, or more than one.
    Missing,
    /// It is too old, or from the future.
    Stale,
    /// Its signature is another's.
    Forged,
}

impl SigningKey {
    /// The key that is `secret`.
    pub fn new(secret: &str) -> SigningKey {
        SigningKey(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// Whether `body` was signed by Slack at `timestamp`, seen at `now`; both in seconds since 1970.
    ///
    /// # Errors
    /// Why not.
    pub fn verify(&self, timestamp: &str, signature: &str, body: &[u8], now: u64) -> Result<(), Unsigned> {
        let time: u64 = timestamp.parse().map_err(|_| Unsigned::Missing)?;
        if time.abs_diff(now) > SECONDS_MAX {
            return Err(Unsigned::Stale);
        }
        let hex = signature.strip_prefix("v0=").ok_or(Unsigned::Missing)?;
        let tag = bytes_of(hex).ok_or(Unsigned::Missing)?;
        hmac::verify(&self.0, &signed(timestamp, body), &tag).map_err(|_| Unsigned::Forged)
    }

    /// The signature that Slack would give `body` at `timestamp`.
    pub fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        let tag = hmac::sign(&self.0, &signed(timestamp, body));
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{VERSION}={hex}")
    }
}

fn signed(timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut signed = Vec::with_capacity(timestamp.len() + body.len() + 4);
    signed.extend_from_slice(VERSION.as_bytes());
    signed.push(b':');
    signed.extend_from_slice(timestamp.as_bytes());
    signed.push(b':');
    signed.extend_from_slice(body);
    signed
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = hex.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that Slack publishes.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const TIME: &str = "1531420618";
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
        channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
        response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
        trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const NOW: u64 = 1_531_420_618;

    fn verify(time: &str, signature: &str, body: &str, now: u64) -> Result<(), Unsigned> {
        SigningKey::new(SECRET).verify(time, signature, body.as_bytes(), now)
    }

    #[test]
    fn the_published_example_is_slacks() {
        assert_eq!(verify(TIME, SIGNATURE, BODY, NOW), Ok(()));
        assert_eq!(SigningKey::new(SECRET).sign(TIME, BODY.as_bytes()), SIGNATURE);
    }

    #[test]
    fn five_minutes_either_way_and_no_second_more() {
        assert_eq!(verify(TIME, SIGNATURE, BODY, NOW + 300), Ok(()));
        assert_eq!(verify(TIME, SIGNATURE, BODY, NOW + 301), Err(Unsigned::Stale));
        assert_eq!(verify(TIME, SIGNATURE, BODY, NOW - 300), Ok(()));
        assert_eq!(verify(TIME, SIGNATURE, BODY, NOW - 301), Err(Unsigned::Stale));
    }

    #[test]
    fn one_changed_byte_is_a_forgery() {
        assert_eq!(
            verify(TIME, SIGNATURE, &BODY.replace("roadrunner", "roadrunneR"), NOW),
            Err(Unsigned::Forged)
        );
        assert_eq!(verify(TIME, &SIGNATURE.replace("b503", "b504"), BODY, NOW), Err(Unsigned::Forged));
        assert_eq!(verify(TIME, "v0=a2", BODY, NOW), Err(Unsigned::Forged));
        assert_eq!(verify("1531420619", SIGNATURE, BODY, NOW), Err(Unsigned::Forged));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        for signature in ["", "v1=a2", "a2114d", "v0=zz", "v0=a21"] {
            assert_eq!(verify(TIME, signature, BODY, NOW), Err(Unsigned::Missing), "{signature}");
        }
        assert_eq!(verify("soon", SIGNATURE, BODY, NOW), Err(Unsigned::Missing));
        assert_eq!(verify("-1", SIGNATURE, BODY, NOW), Err(Unsigned::Missing));
    }
}
