//! What a file is by its first bytes, and whether that fits what it is used for.

use super::MediaError;
use crate::domain::message::MediaUse;

/// Bytes that tell everything; the size of a photo stands behind what its camera wrote.
pub(super) const HEAD: usize = 64 * 1024;

/// Its type: by its bytes where they tell, else as declared, else by its file's extension.
///
/// # Errors
/// The bytes say that it is nothing of the wanted kind.
pub fn mime_type(head: &[u8], usage: MediaUse, declared: Option<&str>, extension: Option<&str>) -> Result<String, MediaError> {
    let found = infer::get(head).map(|found| found.mime_type());
    let declared = declared.map(str::trim).filter(|declared| !declared.is_empty());
    let family = |name: &str| found.filter(|found| found.starts_with(name));
    match usage {
        MediaUse::Image => match found {
            Some(found @ ("image/jpeg" | "image/png" | "image/webp" | "image/gif")) => Ok(found.to_owned()),
            _ => Err(MediaError::WrongType),
        },
        MediaUse::Sticker => match found {
            Some(found @ ("image/webp" | "image/png" | "image/jpeg" | "image/gif")) => Ok(found.to_owned()),
            _ => Err(MediaError::WrongType),
        },
        MediaUse::Video => family("video/").map(str::to_owned).ok_or(MediaError::WrongType),
        MediaUse::Audio => match found {
            Some("audio/ogg") => Ok("audio/ogg; codecs=opus".to_owned()),
            // Containers that hold sound alone as well as films.
            Some("video/mp4" | "audio/m4a") => Ok("audio/mp4".to_owned()),
            Some("video/webm") => Ok("audio/webm".to_owned()),
            Some("audio/x-wav") => Ok("audio/wav".to_owned()),
            Some(found) if found.starts_with("audio/") => Ok(found.to_owned()),
            _ if is_bare_mp3_or_aac(head) => Ok("audio/mpeg".to_owned()),
            _ => Err(MediaError::WrongType),
        },
        MediaUse::Document => {
            let named = extension.and_then(of_extension);
            let declared = declared.filter(|declared| *declared != "application/octet-stream");
            Ok(named.or(found).or(declared).unwrap_or("application/octet-stream").to_owned())
        }
    }
}

/// MPEG frames without an ID3 head: eleven set bits, and a version and layer that exist.
fn is_bare_mp3_or_aac(head: &[u8]) -> bool {
    matches!(head, [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x18 != 0x08)
}

/// The types documents usually have.
fn of_extension(extension: &str) -> Option<&'static str> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "xml" => "application/xml",
        "json" => "application/json",
        "zip" => "application/zip",
        "rar" => "application/vnd.rar",
        "7z" => "application/x-7z-compressed",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "mp4" => "video/mp4",
        "vcf" => "text/vcard",
        "ics" => "text/calendar",
        "html" | "htm" => "text/html",
        _ => return None,
    })
}

/// The extension a file of this type usually has, for the end of a link.
pub(super) fn extension_of(mime_type: &str) -> &'static str {
    match mime_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" => "jpeg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "audio/wav" => "wav",
        "video/mp4" => "mp4",
        "video/3gpp" => "3gp",
        "video/quicktime" => "mov",
        "video/webm" => "webm",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "text/plain" => "txt",
        "text/csv" => "csv",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
    const PDF: &[u8] = b"%PDF-1.7\n";
    const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0";
    const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";

    fn kind(head: &[u8], usage: MediaUse) -> Option<String> {
        mime_type(head, usage, Some("image/png"), None).ok()
    }

    #[test]
    fn the_bytes_decide_not_the_word() {
        assert_eq!(kind(PNG, MediaUse::Image).as_deref(), Some("image/png"));
        assert_eq!(kind(OGG, MediaUse::Audio).as_deref(), Some("audio/ogg; codecs=opus"));
        assert_eq!(kind(MP4, MediaUse::Video).as_deref(), Some("video/mp4"));
        assert_eq!(kind(MP4, MediaUse::Audio).as_deref(), Some("audio/mp4"));
        for (head, usage) in [
            (PDF, MediaUse::Image),
            (b"<html>".as_slice(), MediaUse::Image),
            (PNG, MediaUse::Video),
            (PNG, MediaUse::Audio),
            (b"oi".as_slice(), MediaUse::Audio),
        ] {
            assert_eq!(kind(head, usage), None, "{usage:?}");
        }
    }

    #[test]
    fn a_document_is_what_its_name_says() {
        let document = |head: &[u8], declared, extension| mime_type(head, MediaUse::Document, declared, extension).ok();
        assert_eq!(document(b"a;b", None, Some("CSV")).as_deref(), Some("text/csv"));
        assert_eq!(document(PDF, None, Some("xyz")).as_deref(), Some("application/pdf"));
        assert_eq!(document(b"?", Some("text/x-own"), None).as_deref(), Some("text/x-own"));
        assert_eq!(document(b"?", None, None).as_deref(), Some("application/octet-stream"));
    }
}
