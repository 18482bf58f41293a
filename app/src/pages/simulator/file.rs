//! Files of messages, as the virtual telephones hold them. Somebody else made them: a browser must never run them in our name.

use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use futures::TryStreamExt as _;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use recado_kernel::WireId;

use super::actions::own_phone;
use crate::web::failure::Failure;
use crate::web::visit::Member;

/// What browsers may show inside a page; anything else is saved.
const SHOWN: [&str; 13] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "audio/aac",
    "audio/wav",
    "audio/webm",
    "video/mp4",
    "video/webm",
    "video/3gpp",
];

/// The `part`-th file of a message.
///
/// # Errors
/// Not this account's telephone, no such message or file, or the database.
pub async fn show(member: Member, Path((number, message, part)): Path<(String, String, usize)>) -> Result<Response, Failure> {
    let (sim, account, phone, _) = own_phone(&member, &number).await?;
    let message = WireId::parse(&message).map_err(|_| Failure::NotFound)?;
    let (file, pieces) = sim.file(account, &phone, &message, part).await?;
    let mime = file.mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let shown = SHOWN.contains(&mime.as_str());
    let mime = if shown { mime.as_str() } else { "application/octet-stream" };
    let disposition = if shown { "inline" } else { "attachment" };
    let mut response = Body::from_stream(pieces.map_err(std::io::Error::other)).into_response();
    let headers = response.headers_mut();
    let put = [
        (CONTENT_TYPE, HeaderValue::from_str(mime)),
        (CONTENT_LENGTH, HeaderValue::from_str(&file.size.to_string())),
        (CONTENT_DISPOSITION, HeaderValue::from_str(disposition)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_str("default-src 'none'; sandbox; frame-ancestors 'none'")),
        (CACHE_CONTROL, HeaderValue::from_str("private, max-age=3600")),
    ];
    for (name, value) in put {
        if let Ok(value) = value {
            headers.insert(name, value);
        }
    }
    Ok(response)
}
