//! The two pages of an installation: from here to Slack, and from Slack back to here.
//!
//! What a page says stands in this file: nothing that a browser or Slack sends is shown.

use super::Site;
use crate::install::{Arrival, Refusal};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use url::form_urlencoded;

/// Browsers let this name be set by this host alone, by https.
const COOKIE_NAME: &str = "__Host-podcheck-install";
/// On this machine, without https, that name cannot be had.
const COOKIE_NAME_HERE: &str = "podcheck-install";
const COOKIE_SECONDS: u32 = 10 * 60;
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}";
const INSTALLED: &str = "pod-check is installed. In Slack, type /pod-check help in any channel; where you want reminders, /invite @pod-check.";

/// Leads a browser to Slack's consent page.
pub(super) async fn begin(State(site): State<Arc<Site>>, method: Method) -> Response {
    if method == Method::HEAD {
        // Nothing begins with a look.
        return guarded(StatusCode::OK.into_response());
    }
    match site.app.begin_install().await {
        Ok(begun) => {
            let set = set_cookie(&begun.state, COOKIE_SECONDS, site.app.is_reached_by_https());
            let there = HeaderValue::from_str(begun.consent_page.as_str());
            let (Ok(set), Ok(there)) = (set, there) else { return refused(&site, Refusal::NotSetUp) };
            guarded((StatusCode::FOUND, [(LOCATION, there), (SET_COOKIE, set)]).into_response())
        }
        Err(refusal) => refused(&site, refusal),
    }
}

/// Takes a browser back from Slack.
pub(super) async fn finish(State(site): State<Arc<Site>>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let is_https = site.app.is_reached_by_https();
    let mut arrival = Arrival { cookie: cookie(request.headers(), is_https), ..Arrival::default() };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "code" => arrival.code = value.into_owned(),
            "state" => arrival.state = value.into_owned(),
            "error" => arrival.error = value.into_owned(),
            _ => {}
        }
    }
    if request.method() == Method::HEAD {
        return guarded(StatusCode::OK.into_response());
    }
    if let Err(refusal) = site.app.finish_install(arrival).await {
        return refused(&site, refusal);
    }
    let mut response = page(StatusCode::OK, INSTALLED, None);
    if let Ok(gone) = set_cookie("", 0, is_https) {
        response.headers_mut().insert(SET_COOKIE, gone);
    }
    response
}

fn set_cookie(
    state: &str,
    seconds: u32,
    is_https: bool,
) -> Result<HeaderValue, axum::http::header::InvalidHeaderValue> {
    let name = cookie_name(is_https);
    let secure = if is_https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={state}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    ))
}

fn cookie_name(is_https: bool) -> &'static str {
    if is_https { COOKIE_NAME } else { COOKIE_NAME_HERE }
}

/// What we gave the browser, if it has it still.
fn cookie(headers: &HeaderMap, is_https: bool) -> String {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.find(|(name, _)| *name == cookie_name(is_https));
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}

/// The status, the sentence, and whether to begin again helps.
fn said(refusal: Refusal) -> (StatusCode, &'static str, bool) {
    match refusal {
        Refusal::NotOffered => (
            StatusCode::NOT_FOUND,
            "pod-check cannot be installed from here: whoever runs it has to set SLACK_CLIENT_ID first.",
            false,
        ),
        Refusal::NotBegun => (
            StatusCode::BAD_REQUEST,
            "This installation was not begun in this browser, is already done, or took longer than ten minutes.",
            true,
        ),
        Refusal::Denied => (
            StatusCode::FORBIDDEN,
            "pod-check is not installed: in Slack, somebody chose not to allow it.",
            true,
        ),
        Refusal::NotTaken => (
            StatusCode::BAD_REQUEST,
            "pod-check is not installed: Slack did not accept this installation.",
            true,
        ),
        Refusal::NoAnswer => {
            (StatusCode::BAD_GATEWAY, "pod-check is not installed: Slack gave no usable answer.", true)
        }
        Refusal::NotSetUp => (
            StatusCode::BAD_GATEWAY,
            "pod-check is not installed: Slack does not know the app as it is set up here. Whoever runs it finds the \
             reason in its log.",
            false,
        ),
        Refusal::NotKept => (
            StatusCode::SERVICE_UNAVAILABLE,
            "pod-check is not installed: its database did not answer.",
            true,
        ),
    }
}

fn refused(site: &Site, refusal: Refusal) -> Response {
    let (status, sentence, again) = said(refusal);
    page(status, sentence, again.then(|| site.app.begin_path()))
}

/// A page of one sentence, and where to begin again.
fn page(status: StatusCode, sentence: &str, again: Option<String>) -> Response {
    // The address is the settings' own, and an address holds no quotation mark.
    let again = again.map(|path| format!("<p><a href=\"{path}\">Begin again</a></p>")).unwrap_or_default();
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>pod-check</title><style>{STYLE}</style></head><body><main><h1>pod-check</h1>\
         <p>{sentence}</p>{again}</main></body></html>\n"
    );
    guarded((status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// With what keeps a page out of caches, frames and other people's logs.
fn guarded(mut response: Response) -> Response {
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_https_a_browser_keeps_it_for_this_host_and_https_alone() {
        let set = set_cookie("abc", 600, true).unwrap();
        assert_eq!(set, "__Host-podcheck-install=abc; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
        let headers = |text| HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(text))]);
        assert_eq!(cookie(&headers("a=1; __Host-podcheck-install=abc; b=2"), true), "abc");
        // A neighbour of this host could have set that.
        assert_eq!(cookie(&headers("podcheck-install=abc"), true), "");
        assert_eq!(cookie(&headers("podcheck-install=abc"), false), "abc");
        assert_eq!(cookie(&HeaderMap::new(), true), "");
    }
}
