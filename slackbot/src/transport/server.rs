//! Connections: how many, how slow, and how they end. The framework's own server has none of these limits.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

/// More connections wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 1_024;
/// A head that takes longer, or an idle connection, is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// More headers than this are no request of Slack's or a browser's.
const HEADERS_MAX: usize = 64;
/// Of each connection.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Open connections may finish so long after the program was told to stop.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// Where no connection can be taken, for want of file handles, waiting helps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` ends, then lets what is under way finish.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        .pipeline_flush(true);
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
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
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
