//! The Socket Mode of the fake Slack: it hands out tickets, greets, delivers envelopes, collects what is acknowledged,
//! and ends or forgets connections on demand.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config};

pub(crate) const APP_TOKEN: &str = "xapp-1-A1-of-the-tests";
/// Slack ends a connection by which more comes in one frame.
const FRAME_BYTES_MAX: usize = 20_480;
/// Nothing that should come takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the next connection is received; otherwise with a greeting.
#[derive(Debug, Clone)]
pub(crate) enum Welcome {
    /// Accepted, and never answered.
    Silence,
    /// Opened, and never greeted.
    NoGreeting,
    /// Greeted once this is notified.
    Later(Arc<Notify>),
    /// Told that there are too many.
    TooMany,
    /// Refused.
    Refusal,
}

/// What a connection is made to do.
#[derive(Debug)]
enum Order {
    Say(Frame),
    /// The connection is cut, without a word.
    Cut,
    /// Nothing is read or said any more, and the connection stays.
    Forget,
}

/// What came back on a connection.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledged {
    /// Which connection it came by.
    pub line: usize,
    pub body: Value,
}

#[derive(Debug, Default)]
struct Held {
    tickets: HashSet<String>,
    tickets_issued: usize,
    /// Connections that came, however they were received.
    knocks: usize,
    welcomes: VecDeque<Welcome>,
    /// What the next who ask for an address are told instead.
    answers: VecDeque<(u16, &'static str)>,
    lines: Vec<Line>,
    envelopes: usize,
    acknowledged: Vec<Acknowledged>,
    /// Pings that were answered, and pings that came.
    pongs: usize,
    pings: usize,
}

/// A connection that was greeted.
#[derive(Debug)]
struct Line {
    orders: mpsc::UnboundedSender<Order>,
    is_open: bool,
    /// It was ended in words.
    is_parted: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct FakeSocket {
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
    changed: Arc<Notify>,
}

impl FakeSocket {
    pub(crate) async fn start() -> FakeSocket {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let socket = FakeSocket { address, held: Arc::default(), changed: Arc::new(Notify::new()) };
        let server = socket.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(server.clone().receive(stream));
            }
        });
        socket
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Held) -> T) -> T {
        let changed = change(&mut self.held());
        self.changed.notify_waiters();
        changed
    }

    /// An address that opens one connection.
    pub(crate) fn new_address(&self) -> String {
        let mut held = self.held();
        held.tickets_issued += 1;
        let ticket = format!("ticket-of-the-tests-{}", held.tickets_issued);
        held.tickets.insert(ticket.clone());
        format!("ws://{}/link/?ticket={ticket}&app_id=A1", self.address)
    }

    pub(crate) fn receives_next(&self, welcome: Welcome) {
        self.held().welcomes.push_back(welcome);
    }

    /// Whoever asks for an address next is told this instead.
    pub(crate) fn answers_next(&self, status: u16, text: &'static str) {
        self.held().answers.push_back((status, text));
    }

    pub(crate) fn next_answer(&self) -> Option<(u16, &'static str)> {
        self.held().answers.pop_front()
    }

    async fn until<T>(&self, what: &str, look: impl Fn(&Held) -> Option<T>) -> T {
        let found = async {
            loop {
                let changed = self.changed.notified();
                if let Some(found) = look(&self.held()) {
                    return found;
                }
                changed.await;
            }
        };
        timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("{what}: {:#?}", self.held()))
    }

    /// Waits, however long, until a connection comes.
    pub(crate) async fn comes(&self) {
        loop {
            let changed = self.changed.notified();
            if self.knocks() > 0 {
                return;
            }
            changed.await;
        }
    }

    /// Waits until so many connections came.
    pub(crate) async fn knocked(&self, times: usize) {
        self.until("too few came", |held| (held.knocks >= times).then_some(())).await;
    }

    pub(crate) fn knocks(&self) -> usize {
        self.held().knocks
    }

    /// Waits until so many connections were greeted since the beginning.
    pub(crate) async fn greeted(&self, times: usize) {
        self.until("too few were greeted", |held| (held.lines.len() >= times).then_some(())).await;
    }

    /// Waits until a connection has ended; whether it was in words.
    pub(crate) async fn ended(&self, line: usize) -> bool {
        self.until("it has not ended", |held| {
            let line = held.lines.get(line)?;
            (!line.is_open).then_some(line.is_parted)
        })
        .await
    }

    /// Waits until pings were answered so often.
    pub(crate) async fn ponged(&self, times: usize) {
        self.until("no ping was answered", |held| (held.pongs >= times).then_some(())).await;
    }

    /// Waits until so many pings came.
    pub(crate) async fn pinged(&self, times: usize) {
        self.until("too few pings came", |held| (held.pings >= times).then_some(())).await;
    }

    /// Everything that came back, in its order.
    pub(crate) fn acknowledged(&self) -> Vec<Acknowledged> {
        self.held().acknowledged.clone()
    }

    fn order(&self, line: usize, order: Order) {
        // A connection that has ended hears nothing.
        let _ = self.held().lines[line].orders.send(order);
    }

    pub(crate) fn says(&self, line: usize, frame: Frame) {
        self.order(line, Order::Say(frame));
    }

    pub(crate) fn disconnects(&self, line: usize, reason: &str) {
        let said = json!({ "type": "disconnect", "reason": reason, "debug_info": { "host": "applink-1" } });
        self.says(line, Frame::text(said.to_string()));
    }

    pub(crate) fn cuts(&self, line: usize) {
        self.order(line, Order::Cut);
    }

    pub(crate) fn forgets(&self, line: usize) {
        self.order(line, Order::Forget);
    }

    /// Delivers something, and gives the id of its envelope.
    pub(crate) fn sends(&self, line: usize, kind: &str, payload: &Value) -> String {
        let id = {
            let mut held = self.held();
            held.envelopes += 1;
            format!("envelope-{}", held.envelopes)
        };
        let mut envelope = json!({
            "envelope_id": id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        });
        if kind == "events_api" {
            envelope["retry_attempt"] = json!(0);
            envelope["retry_reason"] = json!("");
        }
        self.says(line, Frame::text(envelope.to_string()));
        id
    }

    /// Waits until an envelope is acknowledged.
    pub(crate) async fn acknowledgement(&self, id: &str) -> Acknowledged {
        let found = |held: &Held| held.acknowledged.iter().find(|ack| ack.body["envelope_id"] == id).cloned();
        self.until("it was not acknowledged", found).await
    }

    /// Delivers something by the newest connection; the payload of its acknowledgement.
    pub(crate) async fn delivers(&self, kind: &str, payload: &Value) -> Option<Value> {
        let line = self.until("nobody is connected", |held| held.lines.iter().rposition(|line| line.is_open));
        let id = self.sends(line.await, kind, payload);
        let body = self.acknowledgement(&id).await.body;
        let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert!(fields == ["envelope_id"] || fields == ["envelope_id", "payload"], "{body}");
        assert_ne!(body.get("payload"), Some(&json!({})), "Slack would show it");
        body.get("payload").cloned()
    }

    async fn receive(self, mut stream: TcpStream) {
        let welcome = self.change(|held| {
            held.knocks += 1;
            held.welcomes.pop_front()
        });
        match &welcome {
            Some(Welcome::Silence) => return wait_for_end(&mut stream).await,
            Some(Welcome::Later(word)) => word.notified().await,
            _ => {}
        }
        let is_refused = matches!(welcome, Some(Welcome::Refusal));
        #[expect(clippy::result_large_err, reason = "the library's own type")]
        let check = |request: &Request, response: Response| {
            let query = request.uri().query().unwrap_or_default();
            let ticket = query.split('&').find_map(|pair| pair.strip_prefix("ticket=")).unwrap_or_default();
            // A ticket opens one connection.
            if is_refused || !self.held().tickets.remove(ticket) {
                let mut refusal = ErrorResponse::new(None);
                *refusal.status_mut() = hyper::StatusCode::FORBIDDEN;
                return Err(refusal);
            }
            Ok(response)
        };
        let limits = WebSocketConfig::default().max_frame_size(Some(FRAME_BYTES_MAX));
        let Ok(mut stream) = accept_hdr_async_with_config(stream, check, Some(limits)).await else { return };
        match welcome {
            Some(Welcome::NoGreeting) => return wait_for_end(stream.get_mut()).await,
            Some(Welcome::TooMany) => {
                let said = json!({ "type": "disconnect", "reason": "too_many_websockets" });
                let _ = stream.send(Frame::text(said.to_string())).await;
                let _ = stream.close(None).await;
                return;
            }
            _ => {}
        }
        let (orders, received) = mpsc::unbounded_channel();
        let hello = json!({
            "type": "hello", "num_connections": 1, "connection_info": { "app_id": "A1" },
            "debug_info": { "host": "applink-1", "build_number": 10, "approximate_connection_time": 18060 },
        });
        let _ = stream.send(Frame::text(hello.to_string())).await;
        let _ = stream.send(Frame::Ping("Ping from applink-1".into())).await;
        let line = self.change(|held| {
            held.lines.push(Line { orders, is_open: true, is_parted: false });
            held.lines.len() - 1
        });
        let is_parted = self.attend(line, stream, received).await;
        self.change(|held| {
            held.lines[line].is_open = false;
            held.lines[line].is_parted = is_parted;
        });
    }

    /// Speaks and listens until the connection ends; whether it ended in words.
    async fn attend(
        &self,
        line: usize,
        mut stream: WebSocketStream<TcpStream>,
        mut orders: mpsc::UnboundedReceiver<Order>,
    ) -> bool {
        loop {
            tokio::select! {
                biased;
                frame = stream.next() => match frame {
                    Some(Ok(Frame::Text(text))) => {
                        let body = serde_json::from_str(&text).unwrap();
                        self.change(|held| held.acknowledged.push(Acknowledged { line, body }));
                    }
                    Some(Ok(Frame::Ping(_))) => self.change(|held| held.pings += 1),
                    Some(Ok(Frame::Pong(_))) => self.change(|held| held.pongs += 1),
                    Some(Ok(Frame::Close(_))) => {
                        // The answer to it is written by whoever reads on.
                        let _ = stream.next().await;
                        return true;
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return false,
                },
                order = orders.recv() => match order {
                    Some(Order::Say(frame)) => { let _ = stream.send(frame).await; }
                    Some(Order::Forget) => pending().await,
                    Some(Order::Cut) | None => return false,
                },
            }
        }
    }
}

/// Holds a connection that nobody answers until the other end gives it up.
async fn wait_for_end(stream: &mut TcpStream) {
    let mut bytes = [0; 1024];
    while let Ok(1..) = tokio::io::AsyncReadExt::read(stream, &mut bytes).await {}
}
