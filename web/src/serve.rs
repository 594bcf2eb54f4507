//! Serves the page and the index of its rules on the loopback interface, and nothing else to nobody else.

use crate::Site;
use anyhow::{Context, Result, anyhow};
use std::net::{Ipv4Addr, TcpListener};
use tiny_http::{Header, Method, Response, Server};

/// So many ports are tried from the wanted one.
const PORTS_MAX: u16 = 20;

/// Listens on `port`, or on the first free one after it.
///
/// # Errors
/// When none of the next ports is free.
pub fn listen(port: u16) -> Result<Server> {
    let mut taken = None;
    for port in port..=port.saturating_add(PORTS_MAX) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Server::from_listener(listener, None).map_err(|error| anyhow!(error)),
            Err(error) => taken = Some(error),
        }
    }
    let error = taken.context("there is no port to listen on")?;
    Err(error).with_context(|| format!("no port from {port} on is free; choose one with --port"))
}

/// Answers until the process ends.
pub fn serve(server: &Server, site: &Site) {
    for request in server.incoming_requests() {
        let path = request.url().split('?').next().unwrap_or_default().to_owned();
        let page = match path.as_str() {
            "/" | "/index.html" => Some(&site.page),
            "/rules.html" => Some(&site.rules),
            _ => None,
        };
        let is_read = matches!(request.method(), Method::Get | Method::Head);
        let response = match (page, is_read) {
            (Some(page), true) => Response::from_string(page),
            (Some(_), false) => Response::from_string("This page is only read.").with_status_code(405),
            (None, _) => {
                Response::from_string("There is nothing here but / and /rules.html.").with_status_code(404)
            }
        };
        let kind =
            if page.is_some() && is_read { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
        let response =
            HEADERS.iter().chain([&("Content-Type", kind)]).fold(response, |response, (name, value)| {
                match Header::from_bytes(*name, *value) {
                    Ok(header) => response.with_header(header),
                    Err(()) => response,
                }
            });
        // A browser that went away is no reason to stop.
        drop(request.respond(response));
    }
}

/// What the content policy in the page cannot say: no referrer, no guessing of types, and no connection at all in
/// browsers that know the last one.
pub const HEADERS: &[(&str, &str)] = &[
    ("Cache-Control", "no-cache"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Connection-Allowlist", "();webrtc=block"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::thread;

    #[test]
    fn a_taken_port_gives_the_next_free_one() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let _holder = TcpListener::bind(taken).unwrap();
        let given = listen(taken.port()).unwrap().server_addr().to_ip().unwrap();
        assert_ne!(given.port(), taken.port());
        assert!(given.ip().is_loopback());
    }

    #[test]
    fn the_page_is_at_the_root_and_nothing_is_elsewhere() {
        let server = listen(18180).unwrap();
        let address = server.server_addr().to_ip().unwrap();
        let site = Site { page: "<p>the page".to_owned(), rules: "<p>the rules".to_owned() };
        thread::spawn(move || serve(&server, &site));
        for (request, status, text) in [
            ("GET /secret", "404", ""),
            ("POST /", "405", ""),
            ("POST /rules.html", "405", ""),
            ("GET /?x=1", "200", "<p>the page"),
            ("GET /", "200", "<p>the page"),
            ("GET /rules.html", "200", "<p>the rules"),
        ] {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
            assert!(
                answer.ends_with(text) && answer.contains("<p>") == (status == "200"),
                "{request}: {answer}"
            );
        }
    }
}
