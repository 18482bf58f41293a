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

use axum::Router;
use axum::routing::{MethodRouter, post};

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    let all: [(&str, MethodRouter<RestState>); 24] = [
        // The aliases are PlugZapi's older names (plugzapi-api.md 1.7).
        ("/send-text", post(text::send)),
        ("/send-messages", post(text::send)),
        ("/reply-message", post(text::send)),
        ("/send-image", post(image::send)),
        ("/send-audio", post(audio::send)),
        ("/send-video", post(video::send)),
        ("/send-document/{extension}", post(document::send)),
        ("/send-link", post(link::send)),
        ("/send-location", post(location::send)),
        ("/send-contact", post(contact::send)),
        ("/send-reaction", post(reaction::send)),
        ("/send-remove-reaction", post(reaction::remove)),
        ("/send-button-list", post(button_list::send)),
        ("/send-option-list", post(option_list::send)),
        ("/send-poll", post(poll::send)),
        ("/send-sticker", post(sticker::send)),
        ("/send-gif", post(gif::send)),
        ("/send-ptv", post(ptv::send)),
        ("/send-contacts", post(contacts::send)),
        ("/send-button-actions", post(button_actions::send)),
        ("/send-button-pix", post(button_pix::send)),
        ("/send-button-otp", post(button_otp::send)),
        ("/send-poll-vote", post(poll_vote::send)),
        ("/forward-message", post(forward::send)),
    ];
    all.into_iter().fold(Router::new(), |router, (path, handler)| router.route(&of_instance(path), handler))
}
