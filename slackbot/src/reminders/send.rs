//! Posts what the outbox holds: claimed, made from what is kept at that moment, marked, posted once, settled.
//!
//! Nothing here posts a second time on its own: what is known not to have arrived goes back into the outbox, and what
//! may have arrived waits there until Slack tells of it.

use super::digest::{Composed, compose};
use crate::app::App;
use crate::memory::{Tenant, random_name};
use crate::metrics::Reminded;
use crate::slack::{NotPosted, Outgoing, Posted, Token};
use crate::store::outbox::{Arrived, Delivery, Kind, New, Unsent};
use crate::store::{Broken, Installation};
use crate::views::block::Message;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{info, warn};

/// So many messages are worked on at a time: their making waits for the database, their posting for Slack.
pub(super) const SENDERS_MAX: usize = 32;
/// What Slack could not be reached for is tried again after at most this, doubled with each attempt.
const BACKOFF_SECONDS: i64 = 5;
const BACKOFF_SECONDS_MAX: i64 = 15 * 60;
/// Who can mend it hears within this that a channel is reminded no more.
const NOTICE_SECONDS: i64 = 24 * 60 * 60;
/// What is over stays so long, for the buttons of its messages.
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;
/// What became of a message is noted again after so long, where the database did not take it.
const INSIST_PAUSES: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(6),
];
/// Whatever Slack says, it is asked again after this: no digest waits for longer.
const LIMITED_SECONDS_MAX: i64 = 24 * 60 * 60;
const POST: &str = "chat.postMessage";

/// With these codes Slack says that a channel takes no messages of the bot.
const CHANNEL_CLOSED: [&str; 10] = [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_non_threadable_channel",
    "no_permission",
    "posting_to_general_channel_denied",
    "ekm_access_denied",
    "team_access_not_granted",
];
/// With these codes Slack says that a token is no token any more.
const TOKEN_LOST: [&str; 6] = [
    "invalid_auth",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_authed",
    "org_login_required",
];

/// Sends all that can be sent at this moment.
///
/// # Errors
/// When the database is lost; what was claimed is sent when its lease has run out.
pub async fn tick(app: &Arc<App>, now: i64) -> Result<(), Broken> {
    let mut senders = JoinSet::new();
    loop {
        begin(app, now, &mut senders).await?;
        if senders.is_empty() {
            return Ok(());
        }
        while senders.join_next().await.is_some() {}
    }
}

/// Begins to send what can be sent, as far as fewer than [`SENDERS_MAX`] messages are under way.
///
/// # Errors
/// When the database is lost; what was claimed is sent when its lease has run out.
pub(super) async fn begin(app: &Arc<App>, now: i64, senders: &mut JoinSet<()>) -> Result<(), Broken> {
    look_after(app, now).await?;
    let free = SENDERS_MAX.saturating_sub(senders.len());
    for held in app.store.claim(now, i64::try_from(free).unwrap_or_default()).await? {
        senders.spawn(deliver(Arc::clone(app), held));
    }
    Ok(())
}

/// Puts back what ran out, decides what is in doubt, and drops a little of what is old.
///
/// # Errors
/// When the database is lost.
async fn look_after(app: &App, now: i64) -> Result<(), Broken> {
    let back = app.store.take_back(now).await?;
    if back > 0 {
        info!(messages = back, "were left by whoever held them");
    }
    let lost = app.store.decide_doubts(now).await?;
    if lost > 0 {
        warn!(messages = lost, "were given up: Slack's answers were lost");
        app.metrics.reminders(Reminded::Failed, lost);
    }
    app.store.prune_outbox(now - KEPT_SECONDS).await?;
    Ok(())
}

/// Works on one message until it is settled.
pub(super) async fn deliver(app: Arc<App>, held: Delivery) {
    if let Err(broken) = work_on(&app, &held).await {
        warn!(%broken, "a reminder was not settled; its lease will run out");
    }
}

async fn work_on(app: &Arc<App>, held: &Delivery) -> Result<(), Broken> {
    let now = app.clock.moment();
    if now > held.not_after {
        warn!(kind = held.kind.word(), attempts = held.attempt, "a reminder could not be sent in time");
        app.metrics.reminders(Reminded::Missed, 1);
        return settle(app, held, Unsent::Cancelled("too_late".to_owned())).await;
    }
    let Some(installed) = app.installed_by_id(&held.place.installation).await else {
        return settle(app, held, again(held, now)).await;
    };
    let composed = compose(app, &installed, held, now).await?;
    let (message, detail, thread_ts) = match composed {
        Composed::Message { message, detail, thread_ts } => (message, detail, thread_ts),
        Composed::Nothing(why) => return settle(app, held, Unsent::Cancelled(why.to_owned())).await,
        Composed::NotYet => {
            let later = Unsent::Again { not_before: now + BACKOFF_SECONDS, attempt: held.attempt };
            return settle(app, held, later).await;
        }
    };
    if app.reminders.is_stopping() {
        return settle(app, held, Unsent::Again { not_before: now, attempt: held.attempt }).await;
    }
    match post(app, &installed.token, held, &message, &thread_ts).await? {
        Some(Ok(posted)) => settle_posted(app, &installed.token, held, &posted, &detail).await,
        Some(Err(why)) => refused(app, &installed.installation, held, why).await,
        None => Ok(()),
    }
}

/// Posts what was made; in words alone where Slack does not take the blocks. None where somebody else holds it by now.
async fn post(
    app: &App,
    token: &Token,
    held: &Delivery,
    message: &Message,
    thread_ts: &str,
) -> Result<Option<Result<Posted, NotPosted>>, Broken> {
    let outgoing = Outgoing { recipient: &held.recipient, thread_ts, delivery_id: &held.id, message };
    if !app.store.begin_call(held, app.clock.moment()).await? {
        return Ok(None);
    }
    let posted = app.slack.post_once(token, outgoing).await;
    if !matches!(&posted, Err(why) if why.is_about_blocks()) {
        return Ok(Some(posted));
    }
    warn!("a reminder is sent in words alone");
    let message = &message.in_words();
    if !app.store.begin_call(held, app.clock.moment()).await? {
        return Ok(None);
    }
    Ok(Some(app.slack.post_once(token, Outgoing { message, ..outgoing }).await))
}

async fn settle_posted(
    app: &App,
    token: &Token,
    held: &Delivery,
    posted: &Posted,
    detail: &str,
) -> Result<(), Broken> {
    let now = app.clock.moment();
    // What nobody else knows is kept through a short loss of the database.
    let settled = insisting(|| app.store.settle_sent(held, &posted.channel, &posted.ts, detail, now));
    if settled.await? {
        app.metrics.reminders(Reminded::Sent, 1);
        return Ok(());
    }
    // Somebody else holds it, or Slack told of another one of the same name.
    let installation = &held.place.installation;
    if let Arrived::Twice { posted_in, posted_ts } =
        app.store.arrived(installation, &held.id, &posted.channel, &posted.ts, now).await?
    {
        take_away(app, token, Posted { channel: posted_in, ts: posted_ts }).await;
    }
    Ok(())
}

/// Slack told a workspace's bot that a message with this name stands there: also of one whose answer was lost.
pub async fn arrived(app: &Arc<App>, tenant: &Tenant, delivery_id: &str, posted: Posted) {
    let Some(installed) = app.installed(tenant).await else { return };
    let (installation, now) = (&installed.installation.id, app.clock.moment());
    match app.store.arrived(installation, delivery_id, &posted.channel, &posted.ts, now).await {
        Ok(Arrived::Twice { posted_in, posted_ts }) => {
            take_away(app, &installed.token, Posted { channel: posted_in, ts: posted_ts }).await;
        }
        // It says what was kept when it was made.
        Ok(Arrived::Settled(place)) => super::refresh(app, &place),
        Ok(Arrived::Known | Arrived::Unknown) => {}
        Err(broken) => warn!(%broken, "a message that arrived was not noted"),
    }
}

async fn take_away(app: &App, token: &Token, posted: Posted) {
    app.metrics.reminders(Reminded::Twice, 1);
    if let Err(failed) = app.slack.delete(token, &posted).await {
        warn!(%failed, "a message that stands there twice was not taken away");
    }
}

/// What is done about an answer that is no message.
async fn refused(
    app: &App,
    installation: &Installation,
    held: &Delivery,
    why: NotPosted,
) -> Result<(), Broken> {
    let now = app.clock.moment();
    match why {
        NotPosted::Unreached => settle(app, held, again(held, now)).await,
        NotPosted::Limited(wait) => {
            let wait = i64::try_from(wait.as_secs()).unwrap_or(LIMITED_SECONDS_MAX);
            let until = now + wait.clamp(1, LIMITED_SECONDS_MAX);
            app.store.close_gate(&held.place.installation, POST, "", until).await?;
            settle(app, held, Unsent::Again { not_before: until, attempt: held.attempt }).await
        }
        NotPosted::Unanswered(what) => {
            warn!(%what, "nobody knows yet whether a reminder arrived");
            settle(app, held, Unsent::InDoubt).await
        }
        NotPosted::Refused(code) if TOKEN_LOST.contains(&&*code) => {
            app.token_refused(installation, code).await;
            settle(app, held, again(held, now)).await
        }
        NotPosted::Refused(code) => {
            let is_channels = matches!(held.kind, Kind::Digest | Kind::Thread);
            if is_channels && CHANNEL_CLOSED.contains(&&*code) {
                pause(app, installation, held, &code, now).await?;
            }
            warn!(%code, kind = held.kind.word(), "a reminder was refused");
            settle(app, held, Unsent::Failed(code)).await
        }
    }
}

/// Reminds a channel no more, and tells whoever installed the bot, once; where that is not known, whoever set the channel
/// up or changed it last.
async fn pause(
    app: &App,
    installation: &Installation,
    held: &Delivery,
    code: &str,
    now: i64,
) -> Result<(), Broken> {
    let mut recipient = installation.installer.clone();
    if recipient.is_empty() {
        let channel = app.store.channel(&held.place).await?;
        recipient = channel.map(|channel| channel.changed_by).unwrap_or_default();
    }
    let notice = New {
        id: random_name(),
        place: held.place.clone(),
        recipient,
        kind: Kind::Notice,
        slot: format!("paused:{}", held.id),
        not_before: now,
        not_after: now + NOTICE_SECONDS,
        detail: code.to_owned(),
    };
    let notice = Some(notice).filter(|notice| !notice.recipient.is_empty());
    app.store.pause(&held.place, code, notice, now).await.map(|_| ())
}

/// Not now: after a while that is longer each time and never the same for two.
fn again(held: &Delivery, now: i64) -> Unsent {
    let doubled =
        u32::try_from(held.attempt).ok().and_then(|attempt| BACKOFF_SECONDS.checked_shl(attempt.min(20)));
    let most = doubled.unwrap_or(BACKOFF_SECONDS_MAX).min(BACKOFF_SECONDS_MAX);
    Unsent::Again { not_before: now + 1 + random_below(most), attempt: held.attempt + 1 }
}

/// A random number from 0, below `limit`.
fn random_below(limit: i64) -> i64 {
    let name = random_name();
    let number = name.get(..8).and_then(|digits| i64::from_str_radix(digits, 16).ok());
    number.unwrap_or_default() % limit.max(1)
}

/// Tries again while the database is lost, for a part of the lease.
async fn insisting<T, F>(work: impl Fn() -> F) -> Result<T, Broken>
where
    F: Future<Output = Result<T, Broken>>,
{
    for pause in INSIST_PAUSES {
        match work().await {
            Ok(done) => return Ok(done),
            Err(broken) => info!(%broken, "what became of a reminder is noted again"),
        }
        sleep(pause).await;
    }
    work().await
}

async fn settle(app: &App, held: &Delivery, unsent: Unsent) -> Result<(), Broken> {
    let now = app.clock.moment();
    if insisting(|| app.store.settle_unsent(held, &unsent, now)).await? {
        match unsent {
            Unsent::Again { .. } => {}
            Unsent::InDoubt => app.metrics.reminders(Reminded::InDoubt, 1),
            Unsent::Failed(_) => app.metrics.reminders(Reminded::Failed, 1),
            Unsent::Cancelled(_) => app.metrics.reminders(Reminded::Cancelled, 1),
        }
    }
    Ok(())
}
