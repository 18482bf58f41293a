//! QR codes as one small SVG path.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// The code of `text` with a title for screen readers; nothing when the text does not fit any QR code.
pub fn qr(text: &str, title: String) -> Option<AnyView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let size = code.width();
    let path = path(&code.to_colors(), size);
    // The quiet zone that readers expect, four modules on each side.
    let quiet = 4;
    let side = size + 2 * quiet;
    let view_box = format!("-{quiet} -{quiet} {side} {side}");
    Some(
        view! {
            <svg class="qr" viewBox=view_box role="img" shape-rendering="crispEdges">
                <title>{title}</title>
                <path d=path />
            </svg>
        }
        .into_any(),
    )
}

/// One horizontal stroke per run of dark modules.
fn path(colors: &[Color], size: usize) -> String {
    let mut path = String::new();
    for (y, row) in colors.chunks(size.max(1)).enumerate() {
        let mut x = 0;
        while x < row.len() {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_become_rectangles() {
        use Color::{Dark, Light};
        assert_eq!(path(&[Dark, Dark, Light, Light, Dark, Dark, Light, Light, Light], 3), "M0 0h2v1h-2zM1 1h2v1h-2z");
    }
}
