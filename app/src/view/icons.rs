//! The panel's few icons, drawn as strokes on a grid of 24.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A telephone.
    Phone,
    /// A receipt.
    Receipt,
    /// A person.
    Person,
    /// A chart.
    Chart,
    /// A life buoy.
    Lifebuoy,
    /// A flask: something simulated.
    Flask,
    /// An envelope.
    Mail,
    /// A tick.
    Check,
    /// A door with an arrow.
    Leave,
    /// A plus sign.
    Plus,
    /// Three dots.
    More,
    /// An exclamation mark in a triangle.
    Alert,
    /// A clock.
    Clock,
    /// A magnifying glass.
    Search,
    /// A list of lines.
    Queue,
    /// Arrow leaving a box.
    Send,
    /// An arrow to the left.
    Back,
    /// A pencil.
    Edit,
    /// A printer.
    Print,
    /// A lock.
    Lock,
    /// A heartbeat.
    Pulse,
    /// An open book.
    Book,
    /// A picture.
    Picture,
    /// A microphone.
    Microphone,
    /// A film camera.
    Film,
    /// A sheet of paper.
    Sheet,
    /// A smiling face.
    Smile,
    /// A pin on a map.
    Pin,
    /// Bars of a poll.
    Poll,
    /// An arrow back to the left: an answer.
    Reply,
    /// An arrow on to the right: passed on.
    Forward,
    /// A bin.
    Bin,
    /// A paper clip.
    Clip,
    /// A circle crossed out.
    Gone,
    /// A button with a finger's mark.
    Button,
    /// A circle with a stroke through it.
    Block,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Phone => "M8 2.5h8a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2zM11 18.5h2",
            Self::Receipt => "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
            Self::Chart => "M4 20h16M7 16v-5M12 16V6M17 16v-8",
            Self::Lifebuoy => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5.7 5.7l3.8 3.8M14.5 14.5l3.8 3.8M18.3 5.7l-3.8 3.8M9.5 14.5l-3.8 3.8"
            }
            Self::Flask => "M10 3v6L4.8 18a2 2 0 0 0 1.7 3h11a2 2 0 0 0 1.7-3L14 9V3M8.5 3h7M7.5 15h9",
            Self::Mail => "M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Leave => "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M9.5 8L5 12l4.5 4M5 12h10",
            Self::Plus => "M12 5v14M5 12h14",
            Self::More => "M5.5 12h.01M12 12h.01M18.5 12h.01",
            Self::Alert => "M12 4l9 16H3zM12 10v4.5M12 17.5h.01",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v4.5l3 2",
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
            Self::Queue => "M4 6h16M4 12h16M4 18h10",
            Self::Send => "M4 12l16-7-5 15-3.5-6zM11.5 14L20 5",
            Self::Back => "M14.5 5.5L8 12l6.5 6.5",
            Self::Edit => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
            Self::Print => "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
            Self::Pulse => "M3 12.5h4l2.5-6.5 4.5 12 2.5-5.5H21",
            Self::Book => "M12 6.5C10 5 7 4.5 3.5 4.5v13c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-13C17 4.5 14 5 12 6.5zM12 6.5v13",
            Self::Picture => "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
            Self::Microphone => "M12 3.5a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0v-5a3 3 0 0 0-3-3zM6 11.5a6 6 0 0 0 12 0M12 17.5v3",
            Self::Film => "M3.5 6.5h11v11h-11zM14.5 10.5l6-3v9l-6-3",
            Self::Sheet => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
            Self::Smile => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14a4 4 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
            Self::Pin => {
                "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5z"
            }
            Self::Poll => "M5 6h9M5 12h14M5 18h6",
            Self::Reply => "M9.5 6L4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6v1",
            Self::Forward => "M14.5 6l5.5 5.5-5.5 5.5M19.5 11.5H10a6 6 0 0 0-6 6v1",
            Self::Bin => "M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5",
            Self::Clip => "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.4a3 3 0 0 1 4.3 4.3l-7.7 7.6a1.5 1.5 0 0 1-2.1-2.1L14 7.7",
            Self::Gone => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 18L18 6",
            Self::Button => "M4 8h16v8H4zM9 12h6",
            Self::Block => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        }
    }
}

/// Draws an icon; it never carries meaning alone, so readers skip it.
pub fn icon(shape: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=shape.path() />
        </svg>
    }
    .into_any()
}
