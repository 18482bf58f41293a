//! What a page is, apart from its body.

use http::StatusCode;

use crate::view::shell::Place;

/// What a page is, apart from its body.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// 200, or 422 when a form is shown again.
    pub status: StatusCode,
    /// Key of the title.
    pub title: &'static str,
    /// Current section.
    pub place: Option<Place>,
    /// Loads the client.
    pub islands: bool,
}

impl Page {
    /// A page without islands.
    #[must_use]
    pub const fn plain(title: &'static str, place: Option<Place>) -> Self {
        Self { status: StatusCode::OK, title, place, islands: false }
    }

    /// A page with islands.
    #[must_use]
    pub const fn live(title: &'static str, place: Option<Place>) -> Self {
        Self { islands: true, ..Self::plain(title, place) }
    }

    /// A form shown again because something in it is wrong.
    #[must_use]
    pub const fn again(mut self) -> Self {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self
    }

    /// With this status.
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}
