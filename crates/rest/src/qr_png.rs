//! Draws a QR text as a PNG data URL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::{Color, EcLevel, QrCode};

/// Pixels per module: large enough for a phone to read from a screen.
const SCALE: usize = 6;
/// White modules around the code, as the QR standard wants.
const QUIET: usize = 4;

/// The text cannot be drawn as a QR code (too long); a defect of whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit in a QR code")]
pub struct NotDrawable;

/// `data:image/png;base64,…` of `text` as a QR code, black on white.
///
/// # Errors
/// [`NotDrawable`].
pub fn data_url(text: &str) -> Result<String, NotDrawable> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| NotDrawable)?;
    let modules = code.width();
    let side = (modules + 2 * QUIET) * SCALE;
    let dark = code.to_colors();
    let is_dark = |x: usize, y: usize| {
        let (column, row) = (x / SCALE, y / SCALE);
        let inside = |at: usize| (QUIET..QUIET + modules).contains(&at);
        inside(column) && inside(row) && dark[(row - QUIET) * modules + column - QUIET] == Color::Dark
    };
    let mut lines = vec![0_u8; side.div_ceil(8) * side];
    for y in 0..side {
        for x in (0..side).filter(|&x| !is_dark(x, y)) {
            lines[y * side.div_ceil(8) + x / 8] |= 0x80 >> (x % 8);
        }
    }
    let png = encode(side, &lines).map_err(|_| NotDrawable)?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png)))
}

/// One bit per pixel, greyscale.
fn encode(side: usize, lines: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut file = vec![];
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(lines)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn draws_a_readable_picture() {
        let url = data_url("2@abcdefghijklmnop,qrstuv,wxyz").unwrap();
        let png = STANDARD.decode(url.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut picture = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut picture).unwrap();
        assert_eq!(info.width, info.height);
        assert_eq!(picture[0], 0xFF, "the corner is white");
        // The finder pattern's corner: QUIET modules in, dark.
        let (at, per_line) = (QUIET * SCALE, info.line_size);
        assert_eq!(picture[at * per_line + at / 8] & (0x80 >> (at % 8)), 0);
    }

    #[test]
    fn a_book_is_no_qr_code() {
        assert_eq!(data_url(&"x".repeat(5_000)), Err(NotDrawable));
    }
}
