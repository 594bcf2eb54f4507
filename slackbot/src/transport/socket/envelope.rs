//! What Slack says on a connection, and the acknowledgement of what it delivers.

use crate::app::{App, Caller};
use crate::transport::dispatch::{self, Ack, Payload};
use crate::transport::inbound;
use crate::views::block::Message;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use tracing::debug;

/// Slack breaks a connection by which a frame of more than 20,480 bytes comes.
const FRAME_BYTES_MAX: usize = 20_000;

/// What Slack says on a connection.
#[derive(Debug)]
pub(super) enum Heard {
    /// The connection stands.
    Hello,
    /// The connection is to end, for this reason.
    Disconnect(String),
    /// Something is delivered.
    Envelope(Envelope),
    /// Nothing that is known.
    Unknown,
}

/// Something delivered.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    id: String,
    kind: String,
    /// Whether an answer may go with the acknowledgement.
    takes_payload: bool,
    payload: Value,
}

/// What an envelope is answered with.
#[derive(Debug)]
pub(super) struct Reply {
    id: String,
    takes_payload: bool,
    ack: Ack,
    /// Who gets the answer where it cannot go with the acknowledgement.
    caller: Caller,
}

#[derive(Serialize)]
struct Acknowledged<'a> {
    envelope_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Payload<'a>>,
}

impl Heard {
    /// Reads what was said, as it comes.
    pub(super) fn read(text: &str) -> Heard {
        let mut said: Value = serde_json::from_str(text).unwrap_or_default();
        let at = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (id, kind) = (at("envelope_id"), at("type"));
        match kind.as_str() {
            "hello" => Heard::Hello,
            "disconnect" => Heard::Disconnect(at("reason")),
            _ if id.is_empty() => Heard::Unknown,
            _ => {
                let takes_payload = said.get("accepts_response_payload") == Some(&Value::Bool(true));
                let payload = said.get_mut("payload").map(Value::take).unwrap_or_default();
                Heard::Envelope(Envelope { id, kind, takes_payload, payload })
            }
        }
    }
}

impl Envelope {
    /// Has done what is to be done about it; ready when it is to be acknowledged.
    pub(super) async fn answered(self, app: Arc<App>) -> Reply {
        let Envelope { id, kind, takes_payload, payload } = self;
        let mut caller = Caller::default();
        let ack = match kind.as_str() {
            "slash_commands" => {
                let slash = inbound::slash_json(&payload);
                caller = slash.caller.clone();
                dispatch::command(&app, slash).await
            }
            "interactive" => dispatch::interaction(&app, inbound::interaction(&payload)),
            "events_api" => dispatch::event(&app, inbound::event(&payload)).await,
            _ => {
                debug!(kind, "an envelope that nobody acts on");
                Ack::Taken
            }
        };
        Reply { id, takes_payload, ack, caller }
    }
}

impl Reply {
    /// The frame of the acknowledgement; none for what is to be delivered again. Whether the answer went into it comes
    /// beside: where it does not fit, or is not taken, it is left for [`Reply::leftover`].
    pub(super) fn frame(&self) -> Option<(String, bool)> {
        if matches!(self.ack, Ack::Again) {
            return None;
        }
        let written = |payload| serde_json::to_string(&Acknowledged { envelope_id: &self.id, payload });
        let payload = self.ack.payload().filter(|_| self.takes_payload);
        let has_payload = payload.is_some();
        match written(payload) {
            Ok(frame) if frame.len() <= FRAME_BYTES_MAX => Some((frame, has_payload)),
            // Two texts are always written.
            _ => Some((written(None).unwrap_or_default(), false)),
        }
    }

    /// The answer that did not go with the acknowledgement, and who gets it.
    pub(super) fn leftover(self) -> Option<(Caller, Message)> {
        match self.ack {
            Ack::Answer(message) => Some((self.caller, message)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::block::{Block, Piece};
    use serde_json::json;

    fn reply(ack: Ack) -> Reply {
        Reply { id: "e1".to_owned(), takes_payload: true, ack, caller: Caller::default() }
    }

    fn frame(reply: &Reply) -> Value {
        serde_json::from_str(&reply.frame().unwrap().0).unwrap()
    }

    #[test]
    fn an_acknowledgement_without_an_answer_has_no_payload() {
        assert_eq!(reply(Ack::Taken).frame(), Some((r#"{"envelope_id":"e1"}"#.to_owned(), false)));
        assert_eq!(reply(Ack::Again).frame(), None, "Slack delivers it again");
    }

    #[test]
    fn an_answer_goes_with_the_acknowledgement_where_it_may_and_fits() {
        let short = reply(Ack::Answer(Message::sentence("Yes.")));
        assert_eq!(frame(&short)["payload"]["response_type"], "ephemeral");
        assert_eq!(frame(&short)["payload"]["text"], "Yes.");
        let unwanted = Reply { takes_payload: false, ..reply(Ack::Answer(Message::sentence("Yes."))) };
        let blocks = vec![Block::paragraph([Piece::plain(&"ü".repeat(1_100))]); 10];
        let long = reply(Ack::Answer(Message::new("Yes.", blocks)));
        for reply in [unwanted, long] {
            assert_eq!(frame(&reply), json!({ "envelope_id": "e1" }));
            assert!(!reply.frame().unwrap().1 && reply.leftover().is_some());
        }
        let wrong = reply(Ack::WrongField("stated", "No.".to_owned()));
        let errors = json!({ "response_action": "errors", "errors": { "stated": "No." } });
        assert_eq!(frame(&wrong), json!({ "envelope_id": "e1", "payload": errors }));
    }

    #[test]
    fn whatever_is_said_is_read() {
        for text in ["", "null", "[]", "7", r#"{"type":7}"#, r#"{"type":"of_tomorrow"}"#] {
            assert!(matches!(Heard::read(text), Heard::Unknown), "{text}");
        }
        let Heard::Envelope(envelope) = Heard::read(r#"{"envelope_id":"e1"}"#) else { panic!() };
        assert!(!envelope.takes_payload && envelope.payload.is_null());
        assert!(matches!(Heard::read(r#"{"type":"disconnect"}"#), Heard::Disconnect(why) if why.is_empty()));
    }
}
