//! A web server with files, as customers have one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

/// The smallest files that are what they say.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x07\0\0\0\x05\x08\x06\0\0\0segredo-na-figura";
pub const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0segredo-no-audio";
pub const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isomsegredo-no-video";
pub const PDF: &[u8] = b"%PDF-1.7 segredo-no-documento";
pub const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8 segredo-na-figurinha";

pub struct Shelf {
    base: String,
    pub asked: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Shelf {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        let file = |mime: &'static str, bytes: &'static [u8]| {
            get(move || async move { ([(header::CONTENT_TYPE, mime)], Bytes::from_static(bytes)) })
        };
        let app = Router::new()
            .route("/a.png", file("image/png", PNG))
            .route("/a.ogg", file("audio/ogg", OGG))
            .route("/a.mp4", file("video/mp4", MP4))
            .route("/a.pdf", file("application/pdf", PDF))
            .route("/a.webp", file("image/webp", WEBP))
            // It claims to be a picture.
            .route("/page.png", file("image/png", b"<html><script>alert(1)</script></html>"))
            .route("/moved", get(|| async { Redirect::temporary("/a.png") }))
            .route("/inside", get(|| async { Redirect::temporary("http://169.254.169.254/latest/meta-data") }))
            .route("/loop", get(|| async { Redirect::temporary("/loop") }))
            .route("/huge", get(huge))
            .route(
                "/third-time",
                get(move || async move {
                    match counter.fetch_add(1, Ordering::SeqCst) {
                        0 | 1 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                        _ => Bytes::from_static(PNG).into_response(),
                    }
                }),
            )
            .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base, asked, task }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A picture without end, and without an announced length.
async fn huge() -> Response {
    let piece = Bytes::from([PNG, &[0; 60_000]].concat());
    Body::from_stream(futures::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()))).into_response()
}
