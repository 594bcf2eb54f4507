//! What is done about what Slack sent, however it came: acknowledged at once, the work in a task of its own.
//!
//! When the work is done while the acknowledgement still waits, its answer goes with it; later, it goes to the
//! `response_url`. A connection that breaks cuts nothing off.

use super::inbound::{Act, Event, Interaction, Slash};
use crate::app::{self, App, Caller};
use crate::commands;
use crate::manifest;
use crate::memory::Tenant;
use crate::metrics::{Endpoint, Taken};
use crate::reminders;
use crate::slack::{Audience, Posted, Response};
use crate::tracking::{self, SharedFile};
use crate::views::answer::press;
use crate::views::block::Message;
use crate::views::form::field;
use crate::views::{guide, settings, tracked};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing::{debug, warn};

/// Slack waits three seconds; an answer that is there sooner than this goes with the acknowledgement.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_millis(700);
/// What is to be done before it is acknowledged: where that takes longer, Slack is told to deliver it again.
const DONE_WITHIN: Duration = Duration::from_secs(2);

/// What Slack is told.
#[derive(Debug)]
pub(super) enum Ack {
    /// It was taken; there is nothing to say, or not yet.
    Taken,
    /// It was taken, and this is the answer for its asker.
    Answer(Message),
    /// The form stays open, with a sentence at one of its fields.
    WrongField(&'static str, String),
    /// This address is ours.
    Challenge(String),
    /// It was not taken: to be delivered again.
    Again,
}

/// What goes along with an acknowledgement.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Payload<'a> {
    /// An answer for its asker.
    Answer(Response<'a>),
    /// Sentences at the fields of a form.
    WrongFields { response_action: &'static str, errors: BTreeMap<&'a str, &'a str> },
}

impl Ack {
    /// What goes along, where something does: nothing at all is not the same as `{}`, which Slack would show.
    pub(super) fn payload(&self) -> Option<Payload<'_>> {
        match self {
            Ack::Answer(message) => Some(Payload::Answer(Response::new(Audience::Ephemeral, message))),
            Ack::WrongField(field, sentence) => {
                let errors = BTreeMap::from([(*field, sentence.as_str())]);
                Some(Payload::WrongFields { response_action: "errors", errors })
            }
            Ack::Taken | Ack::Challenge(_) | Ack::Again => None,
        }
    }
}

/// Answers a command.
pub(super) async fn command(app: &Arc<App>, slash: Slash) -> Ack {
    let count = |taken| app.metrics.request(Endpoint::Command, taken);
    if slash.is_probe {
        count(Taken::Ignored);
        return Ack::Taken;
    }
    let Some(place) = app.place() else {
        count(Taken::Shed);
        return Ack::Answer(Message::sentence(app::BUSY));
    };
    debug!(team = slash.caller.tenant.team, "a command");
    count(Taken::Answered);
    let (done, answered) = oneshot::channel();
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let _place = place;
        let Slash { caller, trigger_id, text, .. } = slash;
        let Some(message) = app.command(&caller, &trigger_id, commands::read(&text)).await else { return };
        // A table may be refused, and only a call of our own would hear of it.
        let late = if message.has_table() { Some(message) } else { done.send(message).err() };
        if let Some(message) = late {
            app.deliver(&caller, Audience::Ephemeral, &message).await;
        }
    });
    in_time(answered).await.map_or(Ack::Taken, Ack::Answer)
}

/// What was answered while the acknowledgement could wait. What comes later is left to its sender.
async fn in_time(mut answered: oneshot::Receiver<Message>) -> Option<Message> {
    match timeout(ACKNOWLEDGE_WITHIN, &mut answered).await {
        Ok(message) => message.ok(),
        Err(_) => {
            // Between the last look and the close it may have come.
            answered.close();
            answered.try_recv().ok()
        }
    }
}

/// Does what was pressed, sent or chosen.
pub(super) fn interaction(app: &Arc<App>, interaction: Interaction) -> Ack {
    let Interaction { caller, trigger_id, act } = interaction;
    let count = |taken| app.metrics.request(Endpoint::Interaction, taken);
    match act {
        Act::Pressed { action, value, block } => {
            if let Some(press) = Press::read(&action, &value, &block) {
                let presser = caller.clone();
                let done = work(app, caller, move |app, caller| async move {
                    pressed(&app, &caller, press, &value, &trigger_id).await;
                });
                return done.unwrap_or_else(|| busy(app, presser));
            }
        }
        Act::Settings(_, Err((field, sentence))) => {
            count(Taken::Answered);
            return Ack::WrongField(field, sentence);
        }
        Act::Settings(memory, Ok(preferences)) => {
            let done = work(app, caller, |app, mut caller| async move {
                caller.response_url = memory.response_url.clone();
                let message = app.save_settings(&caller, &memory, preferences).await;
                app.deliver(&caller, Audience::Ephemeral, &message).await;
            });
            return done.unwrap_or_else(|| busy_at(settings::field::ON));
        }
        Act::Snooze(memory, day) => match memory.day(&day, app.clock.moment()) {
            Some(day) => {
                let done = work(app, caller, move |app, caller| async move {
                    app.snoozed(&caller, memory, day).await;
                });
                return done.unwrap_or_else(|| busy_at(tracked::SNOOZE_DAY));
            }
            None => {
                count(Taken::Answered);
                return Ack::WrongField(tracked::SNOOZE_DAY, "Choose a day after today.".to_owned());
            }
        },
        Act::Sent(Err((field, sentence))) => {
            count(Taken::Answered);
            return Ack::WrongField(field, sentence);
        }
        Act::Sent(Ok((asked, files))) => {
            let done = work(app, caller, |app, caller| async move {
                let message = app.check_files(&caller, asked, &files).await;
                app.deliver(&caller, Audience::Ephemeral, &message).await;
            });
            return done.unwrap_or_else(|| busy_at(field::OPPORTUNITIES));
        }
        Act::Message { callback, text, files } if callback == manifest::CHECK_MESSAGE => {
            let asker = caller.clone();
            let done = work(app, caller, |app, caller| async move {
                let message = app.check_message(&caller, &text, &files).await;
                app.deliver(&caller, Audience::Ephemeral, &message).await;
            });
            return done.unwrap_or_else(|| busy(app, asker));
        }
        Act::Message { callback: kind, .. } | Act::Other(kind) => {
            debug!(kind, "an interaction that nobody acts on");
        }
    }
    count(Taken::Ignored);
    Ack::Taken
}

/// Does the work in a task of its own; none where there is no place for it.
fn work<F>(app: &Arc<App>, caller: Caller, work: impl FnOnce(Arc<App>, Caller) -> F) -> Option<Ack>
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(place) = app.place() else {
        app.metrics.request(Endpoint::Interaction, Taken::Shed);
        return None;
    };
    app.metrics.request(Endpoint::Interaction, Taken::Answered);
    let work = work(Arc::clone(app), caller);
    tokio::spawn(async move {
        let _place = place;
        work.await;
    });
    Some(Ack::Taken)
}

/// A form that cannot be worked on stays open, with all that was typed.
fn busy_at(field: &'static str) -> Ack {
    Ack::WrongField(field, app::BUSY.to_owned())
}

/// Slack shows nobody an acknowledgement of a press: that there is no place is said beside it.
fn busy(app: &Arc<App>, caller: Caller) -> Ack {
    if let Some(turn) = app.apology() {
        let app = Arc::clone(app);
        tokio::spawn(async move {
            let _turn = turn;
            app.deliver(&caller, Audience::Ephemeral, &Message::sentence(app::BUSY)).await;
        });
    }
    Ack::Taken
}

/// What can be pressed.
#[derive(Debug, Clone)]
enum Press {
    Details,
    Explain,
    Share,
    OpenForm,
    Track,
    StopGone,
    List,
    ForgetAll,
    Test,
    Wish,
    Tracked(tracking::Pressed),
}

impl Press {
    fn read(action: &str, value: &str, block: &str) -> Option<Press> {
        match action {
            tracked::press::TRACK => Some(Press::Track),
            tracked::press::STOP_GONE => Some(Press::StopGone),
            tracked::press::LIST | tracked::press::LIST_BACK => Some(Press::List),
            tracked::press::FORGET_ALL => Some(Press::ForgetAll),
            settings::TEST => Some(Press::Test),
            wish if tracking::is_wish(wish) => Some(Press::Wish),
            press::DETAILS => Some(Press::Details),
            press::EXPLAIN => Some(Press::Explain),
            press::SHARE => Some(Press::Share),
            guide::OPEN_FORM => Some(Press::OpenForm),
            _ => tracking::Press::read(action, value, block).map(Press::Tracked),
        }
    }
}

async fn pressed(app: &Arc<App>, caller: &Caller, press: Press, value: &str, trigger_id: &str) {
    let (audience, message) = match press {
        Press::Details => (Audience::Ephemeral, Some(app.details(caller, value).await)),
        Press::Explain => (Audience::Ephemeral, Some(app.explain(value))),
        Press::OpenForm => (Audience::Ephemeral, app.open_form(caller, trigger_id).await),
        Press::Track => (Audience::Ephemeral, Some(app.track_answer(caller, value).await)),
        Press::StopGone => {
            let message = app.stop_gone(caller, value).await;
            return app.replace(caller, &message).await;
        }
        Press::List => {
            let message = app.list(caller, value.parse().unwrap_or_default(), None).await;
            return app.replace(caller, &message).await;
        }
        Press::ForgetAll => {
            let message = app.forget_all(caller, value).await;
            return app.replace(caller, &message).await;
        }
        Press::Test => (Audience::Ephemeral, Some(app.test(caller).await)),
        Press::Wish => return app.wishes(&caller.tenant, &caller.user, value).await,
        Press::Tracked(press) => return app.pressed(caller, press, trigger_id).await,
        Press::Share => {
            let (audience, message) = app.share(caller, value).await;
            (audience, Some(message))
        }
    };
    if let Some(message) = message {
        app.deliver(caller, audience, &message).await;
    }
}

/// What an event asks for.
enum Wanted {
    /// A person's home page.
    Home(String),
    /// To check a file.
    Check(SharedFile),
}

/// Takes an event, once.
pub(super) async fn event(app: &Arc<App>, event: Event) -> Ack {
    let count = |taken| app.metrics.request(Endpoint::Event, taken);
    let (tenant, id, wanted) = match event {
        Event::Challenge(challenge) => return Ack::Challenge(challenge),
        Event::HomeOpened { tenant, id, user } => (tenant, id, Some(Wanted::Home(user))),
        Event::FileShared { id, shared } => (shared.tenant.clone(), id, Some(Wanted::Check(shared))),
        Event::Arrived { tenant, delivery_id, posted } => return arrived(app, tenant, delivery_id, posted),
        Event::Uninstalled { tenant, at } => return left(app, Left::Whole, tenant, at).await,
        Event::TokensRevoked { tenant, at } => return left(app, Left::Tokens, tenant, at).await,
        Event::Other { tenant, id, kind } => {
            debug!(kind, "an event that nobody acts on");
            (tenant, id, None)
        }
    };
    // Its place comes first: what is shed is delivered again, and must be new then.
    let place = app.place();
    if wanted.is_some() && place.is_none() {
        count(Taken::Shed);
        return Ack::Again;
    }
    if !id.is_empty() && !app.seen.is_new(&tenant, &id, app.clock.seconds()) {
        count(Taken::Repeated);
        return Ack::Taken;
    }
    let Some(wanted) = wanted else {
        count(Taken::Ignored);
        return Ack::Taken;
    };
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let _place = place;
        // Another replica may have taken it.
        let is_first = app.is_first(&tenant, &id).await;
        app.metrics.request(Endpoint::Event, if is_first { Taken::Answered } else { Taken::Repeated });
        if !is_first {
            return;
        }
        match wanted {
            Wanted::Home(user) => app.show_home(&tenant, &user).await,
            Wanted::Check(shared) => app.shared(shared).await,
        }
    });
    Ack::Taken
}

/// Notes that a message of the bot's own stands; told twice, it changes nothing the second time.
fn arrived(app: &Arc<App>, tenant: Tenant, delivery_id: String, posted: Posted) -> Ack {
    let Some(place) = app.place() else {
        app.metrics.request(Endpoint::Event, Taken::Shed);
        return Ack::Again;
    };
    app.metrics.request(Endpoint::Event, Taken::Answered);
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let _place = place;
        reminders::arrived(&app, &tenant, &delivery_id, posted).await;
    });
    Ack::Taken
}

/// What goes.
#[derive(Debug, Clone, Copy)]
enum Left {
    Whole,
    Tokens,
}

/// Deletes what is to be deleted before it is acknowledged: where that fails, Slack tells it again. Told twice, it
/// does nothing more.
async fn left(app: &Arc<App>, left: Left, tenant: Tenant, at: Option<i64>) -> Ack {
    let gone = Arc::clone(app);
    // It goes on where nobody waits for it any more: told again, it is done by then.
    let deleted = tokio::spawn(async move {
        let at = at.unwrap_or_else(|| gone.clock.moment());
        let done = match left {
            Left::Whole => gone.uninstalled(&tenant, at).await,
            Left::Tokens => gone.tokens_revoked(&tenant, at).await,
        };
        done.inspect_err(|broken| warn!(%broken, "what a workspace left was not deleted")).is_ok()
    });
    let count = |taken| app.metrics.request(Endpoint::Event, taken);
    if let Ok(Ok(true)) = timeout(DONE_WITHIN, deleted).await {
        count(Taken::Answered);
        return Ack::Taken;
    }
    count(Taken::Shed);
    Ack::Again
}
