//! One connection, from Slack's greeting to its end.

use super::Patience;
use super::envelope::{Heard, Reply};
use crate::app::App;
use crate::metrics::Metrics;
use crate::slack::{self, Audience, Failed, Token};
use futures_util::{SinkExt, StreamExt};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tracing::{debug, error};

/// So many envelopes are answered at a time; the others wait in the connection.
const ENVELOPES_MAX: usize = 512;
/// Acknowledgements are small: when one cannot be written in this time, nobody reads.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// Every envelope is answered sooner, whatever its work takes.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// Slack need not say good-bye.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Why a connection ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// Slack will end it soon: the next one is wanted.
    Refresh,
    /// There are too many connections of this app.
    TooMany,
    /// Socket Mode is turned off for this app.
    Disabled,
    /// It broke, or never stood.
    Broken(String),
    /// The program stops.
    Stopped,
}

impl fmt::Display for Leave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Leave::Refresh => "Slack asks for another connection",
            Leave::TooMany => "the app has too many connections, ten at most",
            Leave::Disabled => "Socket Mode is turned off",
            Leave::Broken(why) => why,
            Leave::Stopped => "the program stops",
        })
    }
}

/// A connection on which Slack greeted.
#[derive(Debug)]
pub(super) struct Line {
    app: Arc<App>,
    patience: Patience,
    socket: slack::Line,
    answers: JoinSet<Reply>,
    /// What is written reaches nobody.
    is_dead: bool,
    _counted: Counted,
}

/// Counted among the connections that stand until it is dropped.
#[derive(Debug)]
struct Counted(Arc<Metrics>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.socket_closed();
    }
}

impl Line {
    /// Connects, and waits for Slack's greeting.
    pub(super) async fn open(
        app: &Arc<App>,
        token: &Token,
        patience: Patience,
        is_first: bool,
    ) -> Result<Line, Leave> {
        let greeted = async {
            let mut socket = app.dial(token).await.map_err(not_dialled)?;
            greeting(&mut socket).await?;
            Ok(socket)
        };
        let socket = timeout(patience.connect_max, greeted).await;
        let socket = socket.map_err(|_| Leave::Broken("Slack did not greet in time".to_owned()))??;
        app.metrics.socket_opened(is_first);
        let counted = Counted(Arc::clone(&app.metrics));
        let app = Arc::clone(app);
        Ok(Line { app, patience, socket, answers: JoinSet::new(), is_dead: false, _counted: counted })
    }

    /// Takes what Slack delivers until the connection ends. Why it ends is told to `leave`, as soon as it is known; it
    /// goes by itself some time after it was `succeeded`.
    pub(super) async fn attend(
        mut self,
        leave: oneshot::Sender<Leave>,
        succeeded: oneshot::Receiver<()>,
        stopped: watch::Receiver<bool>,
    ) {
        let mut leave = Some(leave);
        let left = self.listen(&mut leave, succeeded, stopped).await;
        self.is_dead = matches!(left, Leave::Broken(_));
        if let Some(leave) = leave {
            // Nobody waits for it when the program stops.
            let _ = leave.send(left);
        }
        self.close().await;
    }

    async fn listen(
        &mut self,
        leave: &mut Option<oneshot::Sender<Leave>>,
        succeeded: oneshot::Receiver<()>,
        mut stopped: watch::Receiver<bool>,
    ) -> Leave {
        let mut stopped = std::pin::pin!(async move {
            // An error would mean that nobody is left to tell.
            let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
        });
        let Patience { ping_every, silence_max, linger, .. } = self.patience;
        let mut ping = interval_at(Instant::now() + ping_every, ping_every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut lingered = std::pin::pin!(async {
            let _ = succeeded.await;
            sleep(linger).await;
        });
        let mut heard_at = Instant::now();
        loop {
            let done = tokio::select! {
                frame = self.socket.next(), if self.answers.len() < ENVELOPES_MAX => {
                    heard_at = Instant::now();
                    match self.hear(frame) {
                        Some(Leave::Refresh) => {
                            if let Some(leave) = leave.take() {
                                let _ = leave.send(Leave::Refresh);
                            }
                            Ok(())
                        }
                        Some(left) => Err(left),
                        None => Ok(()),
                    }
                }
                Some(answer) = self.answers.join_next() => self.answer(answer).await,
                _ = ping.tick() => self.write(Frame::Ping(Vec::new().into())).await,
                () = sleep_until(heard_at + silence_max) => {
                    Err(Leave::Broken("nothing was heard from Slack for too long".to_owned()))
                }
                () = &mut lingered => Err(Leave::Refresh),
                () = &mut stopped => Err(Leave::Stopped),
            };
            if let Err(left) = done {
                return left;
            }
        }
    }

    /// Takes a frame; says when the connection is to end.
    fn hear(&mut self, frame: Option<Result<Frame, Error>>) -> Option<Leave> {
        let text = match frame {
            Some(Ok(Frame::Text(text))) => text,
            // The protocol answers pings by itself.
            Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Binary(_) | Frame::Frame(_))) => return None,
            Some(Ok(Frame::Close(_))) | None => {
                return Some(Leave::Broken("Slack ended the connection".to_owned()));
            }
            Some(Err(error)) => return Some(Leave::Broken(broken(&error))),
        };
        match Heard::read(&text) {
            Heard::Envelope(envelope) => {
                self.app.metrics.socket_heard(self.app.clock.seconds());
                self.answers.spawn(envelope.answered(Arc::clone(&self.app)));
                None
            }
            Heard::Disconnect(reason) => Some(disconnected(&reason)),
            Heard::Hello => None,
            Heard::Unknown => {
                debug!("a message that nobody knows");
                None
            }
        }
    }

    /// Acknowledges an envelope. What does not go with the acknowledgement goes by itself.
    async fn answer(&mut self, answer: Result<Reply, JoinError>) -> Result<(), Leave> {
        let reply = match answer {
            Ok(reply) => reply,
            // Unacknowledged, it is delivered again.
            Err(ended) => {
                error!(broke = ended.is_panic(), "an envelope was not answered");
                return Ok(());
            }
        };
        let Some((frame, has_answer)) = reply.frame() else { return Ok(()) };
        let sent = self.write(Frame::text(frame)).await;
        if sent.is_ok() && has_answer {
            return Ok(());
        }
        if let Some((caller, message)) = reply.leftover() {
            let app = Arc::clone(&self.app);
            let place = app.place();
            tokio::spawn(async move {
                let _place = place;
                app.deliver(&caller, Audience::Ephemeral, &message).await;
            });
        }
        sent
    }

    async fn write(&mut self, frame: Frame) -> Result<(), Leave> {
        if self.is_dead {
            return Err(Leave::Broken("the connection is dead".to_owned()));
        }
        let sent = match timeout(WRITE_TIMEOUT, self.socket.send(frame)).await {
            Ok(sent) => sent.map_err(|error| broken(&error)),
            Err(_) => Err("Slack does not read".to_owned()),
        };
        sent.map_err(|why| {
            self.is_dead = true;
            Leave::Broken(why)
        })
    }

    /// Answers what was taken, then says good-bye.
    async fn close(mut self) {
        let answered = async {
            while let Some(answer) = self.answers.join_next().await {
                // A dead connection is known by now: answers find their other way.
                let _ = self.answer(answer).await;
            }
        };
        let _ = timeout(ANSWER_TIMEOUT, answered).await;
        // What is aborted here is not: its work goes on in a task of its own, and finds its other way too.
        if !self.is_dead {
            let parted = async {
                let _ = self.socket.close(None).await;
                while let Some(Ok(_)) = self.socket.next().await {}
            };
            let _ = timeout(CLOSE_TIMEOUT, parted).await;
        }
    }
}

fn not_dialled(failed: Failed) -> Leave {
    Leave::Broken(match failed {
        Failed::Refused(code) => format!("Slack opens no connection for SLACK_APP_TOKEN: {code}"),
        failed => failed.to_string(),
    })
}

/// Waits for Slack's greeting.
async fn greeting(socket: &mut slack::Line) -> Result<(), Leave> {
    loop {
        match socket.next().await {
            Some(Ok(Frame::Text(text))) => match Heard::read(&text) {
                Heard::Hello => return Ok(()),
                Heard::Disconnect(reason) => return Err(disconnected(&reason)),
                Heard::Envelope(_) | Heard::Unknown => {}
            },
            Some(Ok(Frame::Close(_))) | None => {
                return Err(Leave::Broken("Slack ended the connection".to_owned()));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(Leave::Broken(broken(&error))),
        }
    }
}

fn disconnected(reason: &str) -> Leave {
    match reason {
        "link_disabled" => Leave::Disabled,
        "too_many_websockets" => Leave::TooMany,
        // `warning`, `refresh_requested`, and whatever may come: it ends, and another one may stand.
        _ => Leave::Refresh,
    }
}

/// Why a connection broke, without what was on it.
fn broken(error: &Error) -> String {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => "Slack ended the connection".to_owned(),
        Error::Io(error) => format!("the connection broke: {}", error.kind()),
        Error::Capacity(_) => "Slack sent a message that is too large".to_owned(),
        Error::WriteBufferFull(_) => "Slack does not read".to_owned(),
        _ => "Slack does not speak as it should".to_owned(),
    }
}
