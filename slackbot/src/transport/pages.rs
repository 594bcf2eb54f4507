//! The built page, handed out as it lies in its folder, with the headers that lie beside it.
//!
//! It is read once, at the start: what is served cannot change under a reader, and no address reaches the disk.

use anyhow::{Context, Result, ensure};
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use ring::digest::{SHA256, digest};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// The page is one file and a few beside it.
const FILES_MAX: usize = 32;
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Where the builder writes the headers of every file.
const HEADERS_FILE: &str = "_headers";
const ABSENT: &str = "The page is not here. Build it with: cargo run -p podcheck-web -- --build-only\n";

const KINDS: [(&str, &str); 9] = [
    ("html", "text/html; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("sha256", "text/plain; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("wasm", "application/wasm"),
];

/// The files of the page by their address.
#[derive(Debug, Default)]
pub struct Pages {
    files: HashMap<String, File>,
    headers: HeaderMap,
}

#[derive(Debug)]
struct File {
    kind: &'static str,
    tag: HeaderValue,
    bytes: Bytes,
}

impl Pages {
    /// Reads the folder; a folder that is not there is a page that is not there.
    ///
    /// # Errors
    /// When the folder cannot be read, or holds more than a page.
    pub fn read(folder: &Path) -> Result<Pages> {
        let mut pages = Pages::default();
        if !folder.is_dir() {
            return Ok(pages);
        }
        let shown = folder.display();
        for entry in fs::read_dir(folder).with_context(|| format!("{shown} cannot be read"))? {
            let path = entry.with_context(|| format!("{shown} cannot be read"))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let kind = path.extension().and_then(|kind| kind.to_str());
            let kind = KINDS.iter().find(|(known, _)| Some(*known) == kind).map(|(_, kind)| *kind);
            if path.is_dir() || kind.is_none() && name != HEADERS_FILE {
                continue;
            }
            let read =
                || fs::metadata(&path).map(|data| data.len()).and_then(|size| Ok((size, fs::read(&path)?)));
            let (size, bytes) = read().with_context(|| format!("{} cannot be read", path.display()))?;
            ensure!(size <= FILE_BYTES_MAX, "{} has {size} bytes; a page has fewer.", path.display());
            match kind {
                None => pages.headers = headers(&String::from_utf8_lossy(&bytes)),
                Some(kind) => {
                    let tag = tag(&bytes)?;
                    pages.files.insert(format!("/{name}"), File { kind, tag, bytes: bytes.into() });
                }
            }
            ensure!(
                pages.files.len() <= FILES_MAX,
                "{shown} holds more than {FILES_MAX} files; is it the page?"
            );
        }
        Ok(pages)
    }

    /// Whether there is a page.
    pub fn is_there(&self) -> bool {
        self.files.contains_key("/index.html")
    }

    /// What stands at an address.
    pub(super) fn answer(&self, uri: &Uri, asked: &HeaderMap) -> Response {
        let path = if uri.path() == "/" { "/index.html" } else { uri.path() };
        let Some(file) = self.files.get(path) else {
            let text = if path == "/index.html" { ABSENT } else { "There is nothing here.\n" };
            return (StatusCode::NOT_FOUND, text).into_response();
        };
        let is_known = asked.get(IF_NONE_MATCH).is_some_and(|tag| *tag == file.tag);
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let kind = HeaderValue::from_static(file.kind);
            ([(CONTENT_TYPE, kind)], file.bytes.clone()).into_response()
        };
        response.headers_mut().extend(self.headers.clone());
        response.headers_mut().insert(ETAG, file.tag.clone());
        response
    }
}

fn tag(bytes: &[u8]) -> Result<HeaderValue> {
    let hex: String =
        digest(&SHA256, bytes).as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Ok(HeaderValue::from_str(&format!("\"{hex}\""))?)
}

/// The headers of `/*`: lines of `Name: value` below it.
fn headers(text: &str) -> HeaderMap {
    let lines = text.lines().skip_while(|line| line.trim() != "/*").skip(1);
    let lines =
        lines.take_while(|line| line.starts_with([' ', '\t'])).filter_map(|line| line.split_once(':'));
    let header = |(name, value): (&str, &str)| {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value.trim()).ok()?))
    };
    lines.filter_map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> Pages {
        let folder = std::env::temp_dir().join(format!("podcheck-pages-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "<p>the page").unwrap();
        fs::write(folder.join("_headers"), "/*\n  Referrer-Policy: no-referrer\n/x\n  X-Other: 1\n").unwrap();
        fs::write(folder.join("index.html.sha256"), "0123  index.html\n").unwrap();
        fs::write(folder.join("secret.key"), "x").unwrap();
        let pages = Pages::read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        pages
    }

    fn status(pages: &Pages, path: &str) -> StatusCode {
        pages.answer(&path.parse().unwrap(), &HeaderMap::new()).status()
    }

    #[test]
    fn the_page_comes_with_the_headers_beside_it() {
        let pages = pages();
        let response = pages.answer(&"/?x=1".parse().unwrap(), &HeaderMap::new());
        assert_eq!(response.headers()["referrer-policy"], "no-referrer");
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        assert!(!response.headers().contains_key("x-other"));
        let known = HeaderMap::from_iter([(IF_NONE_MATCH, response.headers()[ETAG].clone())]);
        assert_eq!(pages.answer(&"/index.html".parse().unwrap(), &known).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn nothing_else_of_the_disk_is_reached() {
        let pages = pages();
        assert_eq!(status(&pages, "/"), StatusCode::OK);
        assert_eq!(status(&pages, "/index.html.sha256"), StatusCode::OK);
        for path in ["/secret.key", "/_headers", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd"] {
            assert_eq!(status(&pages, path), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn a_page_that_is_not_built_says_how_to_build_it() {
        let pages = Pages::read(Path::new("nowhere")).unwrap();
        assert!(!pages.is_there());
        assert_eq!(status(&pages, "/"), StatusCode::NOT_FOUND);
    }
}
