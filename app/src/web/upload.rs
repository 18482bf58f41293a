//! A posted form with a file, read only after it proved to be ours: the form's key comes before the file.

use std::collections::BTreeMap;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};

use super::failure::Failure;
use super::form_key;
use super::state::Panel;

/// Largest file, in bytes.
pub const LARGEST_FILE_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of all other fields together.
const LARGEST_FIELDS_BYTES: usize = 64 * 1024;

/// What was posted.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// Fields by name.
    pub fields: BTreeMap<String, String>,
    /// The file, if one was chosen.
    pub file: Option<UploadedFile>,
}

/// The file.
#[derive(Debug)]
pub struct UploadedFile {
    /// As its owner calls it.
    pub name: String,
    /// As the browser says; not to be trusted.
    pub mime_type: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// To be put on routes that take an [`Uploaded`].
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_FILE_BYTES + LARGEST_FIELDS_BYTES + 64 * 1024)
}

impl FromRequest<Panel> for Uploaded {
    type Rejection = Failure;

    async fn from_request(request: Request, panel: &Panel) -> Result<Self, Failure> {
        let headers = request.headers().clone();
        let mut form = Multipart::from_request(request, panel).await.map_err(|_| Failure::BadRequest)?;
        let (mut uploaded, mut room) = (Self::default(), LARGEST_FIELDS_BYTES);
        while let Some(mut field) = form.next_field().await.map_err(|_| Failure::BadRequest)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let most = if file_name.is_some() { LARGEST_FILE_BYTES } else { room };
            if file_name.is_some() {
                let key = uploaded.fields.get("_csrf").map_or("", String::as_str);
                if !form_key::is_ours(&panel.platform.vault, &headers, panel.secure, key) {
                    return Err(Failure::StaleForm);
                }
            }
            let mime_type = field.content_type().unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(|_| Failure::BadRequest)? {
                if bytes.len() + piece.len() > most {
                    return Err(Failure::BadRequest);
                }
                bytes.extend_from_slice(&piece);
            }
            match file_name {
                Some(name) if !bytes.is_empty() => uploaded.file = Some(UploadedFile { name, mime_type, bytes }),
                Some(_) => {}
                None => {
                    room -= bytes.len();
                    uploaded.fields.insert(name, String::from_utf8(bytes).map_err(|_| Failure::BadRequest)?);
                }
            }
        }
        let key = uploaded.fields.get("_csrf").map_or("", String::as_str);
        if form_key::is_ours(&panel.platform.vault, &headers, panel.secure, key) { Ok(uploaded) } else { Err(Failure::StaleForm) }
    }
}
