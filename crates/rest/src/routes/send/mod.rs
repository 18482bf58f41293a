//! Sending (plugzapi-api.md 2.2 and 2.3): each route reads its own fields into a content, [`common`] does the rest.

pub mod audio;
pub mod button_actions;
pub mod button_list;
pub mod button_otp;
pub mod button_pix;
mod common;
pub mod contact;
pub mod contacts;
pub mod document;
pub mod forward;
pub mod gif;
pub mod image;
pub mod link;
pub mod location;
pub mod option_list;
pub mod poll;
pub mod poll_vote;
pub mod ptv;
pub mod reaction;
pub mod sticker;
pub mod text;
pub mod video;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(text::send))
        // PlugZapi's older names (plugzapi-api.md 1.7).
        .alias("/send-messages", "POST /send-text", routes!(text::send))
        .alias("/reply-message", "POST /send-text", routes!(text::send))
        .described(routes!(image::send))
        .described(routes!(audio::send))
        .described(routes!(video::send))
        .described(routes!(document::send))
        .described(routes!(link::send))
        .described(routes!(location::send))
        .described(routes!(contact::send))
        .described(routes!(reaction::send))
        .described(routes!(reaction::remove))
        .described(routes!(button_list::send))
        .described(routes!(option_list::send))
        .described(routes!(poll::send))
        .described(routes!(sticker::send))
        .described(routes!(gif::send))
        .described(routes!(ptv::send))
        .described(routes!(contacts::send))
        .described(routes!(button_actions::send))
        .described(routes!(button_pix::send))
        .described(routes!(button_otp::send))
        .described(routes!(poll_vote::send))
        .described(routes!(forward::send))
}
