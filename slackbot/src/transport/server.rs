//! Connections: how many, how slow, and how they end. The framework's own server has none of these limits.

use axum::Router;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep, timeout};
use tracing::{debug, warn};

/// More connections wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 1_024;
/// A head that takes longer, or an idle connection, is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Whoever takes nothing of an answer for so long is gone, or holds a place for nothing.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// More headers than this are no request of Slack's or a browser's.
const HEADERS_MAX: usize = 64;
/// Of each connection.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Open connections may finish so long after the program was told to stop.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// Where no connection can be taken, for want of file handles, waiting helps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A connection that is given up when the other side takes nothing of what is written for `limit`.
///
/// An answer is written before the next request is read, so that nobody who does not read makes more of them.
struct Stream {
    io: TokioIo<TcpStream>,
    limit: Duration,
    /// Since the last write that went on.
    blocked: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    fn new(stream: TcpStream, limit: Duration) -> Stream {
        Stream { io: TokioIo::new(stream), limit, blocked: None }
    }

    /// What became of a write, or that it has waited long enough.
    fn in_time(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.blocked = None;
            return written;
        }
        let limit = self.limit;
        let blocked = self.blocked.get_or_insert_with(|| Box::pin(sleep(limit)));
        blocked.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        room: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, room)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.in_time(cx, written)
    }

    /// A socket has nothing to flush: it is no sign that the other side reads.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    /// Without it, every page would be copied.
    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, parts);
        self.in_time(cx, written)
    }
}

/// Serves until `stop` ends, then lets what is under way finish. Who reads nothing for `write_timeout` is left.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    write_timeout: Duration,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES_MAX);
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // The semaphore is never closed; a place taken is given back when its connection ends.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            biased;
            () = &mut stop => break,
            next = next => next,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                warn!(%error, "a connection was not taken");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Small answers go at once.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = open.watch(http.serve_connection(Stream::new(stream, write_timeout), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    if timeout(CLOSE_TIMEOUT, open.shutdown()).await.is_err() {
        warn!("connections were left open");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::routing::get;
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const PAGE_BYTES: usize = 850 * 1024;
    const PIPELINED: usize = 300;

    /// A server of a large page, where who reads nothing for `limit` is left; and how often the page was asked for.
    async fn served(limit: Duration) -> (SocketAddr, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let page = Bytes::from(vec![b'x'; PAGE_BYTES]);
        let count = Arc::clone(&asked);
        let router = Router::new().route("/healthz", get(|| async { "ok" })).route(
            "/",
            get(move || {
                count.fetch_add(1, Ordering::Relaxed);
                std::future::ready(page)
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, router, limit, std::future::pending()));
        (address, asked)
    }

    async fn asks(address: SocketAddr, method: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let requests = format!("{method} / HTTP/1.1\r\nHost: x\r\n\r\n").repeat(PIPELINED);
        stream.write_all(requests.as_bytes()).await.unwrap();
        stream
    }

    async fn is_well(address: SocketAddr) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
    }

    #[tokio::test]
    async fn who_asks_without_end_and_reads_nothing_gets_no_further_answer_and_is_left() {
        let (address, asked) = served(Duration::from_millis(500)).await;
        let mut greedy = asks(address, "GET").await;
        is_well(address).await;
        sleep(Duration::from_millis(1_500)).await;
        // What the kernel takes on the way is a few pages.
        let answered = asked.load(Ordering::Relaxed);
        assert!((1..30).contains(&answered), "{answered} pages were made ready for nobody");
        // The connection ends with what the kernel has: nothing more is written.
        let mut bytes = Vec::new();
        let _ = timeout(Duration::from_secs(5), greedy.read_to_end(&mut bytes)).await.unwrap();
        assert!(bytes.len() < 30 * PAGE_BYTES, "{} bytes", bytes.len());
        assert_eq!(asked.load(Ordering::Relaxed), answered);
        is_well(address).await;
    }

    #[tokio::test]
    async fn who_reads_slowly_gets_all_of_it() {
        let (address, asked) = served(Duration::from_secs(4)).await;
        let mut slow = asks(address, "GET").await;
        let mut bytes = vec![0; 2 * PAGE_BYTES];
        // Longer than the limit in all, never so long without a byte.
        for _ in 0..8 {
            slow.read_exact(&mut bytes).await.unwrap();
            sleep(Duration::from_millis(600)).await;
        }
        let mut left = PIPELINED * PAGE_BYTES - 8 * bytes.len();
        while left > 0 {
            let read = slow.read(&mut bytes).await.unwrap();
            assert!(read > 0, "it ended {left} bytes early");
            left = left.saturating_sub(read);
        }
        assert_eq!(asked.load(Ordering::Relaxed), PIPELINED);
    }

    #[tokio::test]
    async fn answers_follow_each_other_on_one_connection() {
        let (address, asked) = served(WRITE_TIMEOUT).await;
        let mut heads = asks(address, "HEAD").await;
        let mut text = String::new();
        while text.matches("HTTP/1.1 200").count() < PIPELINED {
            let mut bytes = [0; 4096];
            let read = heads.read(&mut bytes).await.unwrap();
            assert!(read > 0, "{text}");
            text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
        assert_eq!(asked.load(Ordering::Relaxed), PIPELINED);
    }
}
