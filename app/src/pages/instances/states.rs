//! How an instance's states are called and coloured.

use leptos::prelude::AnyView;
use recado_kernel::Timestamp;
use recado_messaging::{Connection, InstanceView, PaymentStatus};

use crate::view::badge::{Tone, badge};
use crate::words::Words;

/// The connection as a mark.
pub fn connection_badge(words: Words, connection: Connection) -> AnyView {
    badge(connection_tone(connection), connection_word(words, connection))
}

/// The connection in a word.
pub fn connection_word(words: Words, connection: Connection) -> &'static str {
    match connection {
        Connection::Disconnected => words.t("connection.disconnected"),
        Connection::Pairing => words.t("connection.pairing"),
        Connection::Connected => words.t("connection.connected"),
        Connection::Lost => words.t("connection.lost"),
    }
}

/// How the connection feels.
pub const fn connection_tone(connection: Connection) -> Tone {
    match connection {
        Connection::Disconnected => Tone::Calm,
        Connection::Pairing => Tone::Info,
        Connection::Connected => Tone::Good,
        Connection::Lost => Tone::Warn,
    }
}

/// Trial or subscription as a mark.
pub fn payment_badge(words: Words, view: &InstanceView, now: Timestamp) -> AnyView {
    let (tone, word) = match view.payment_status(now) {
        PaymentStatus::Trial => (Tone::Info, words.t("payment.trial")),
        PaymentStatus::Paid => (Tone::Good, words.t("payment.paid")),
        PaymentStatus::Pending => (Tone::Bad, words.t("payment.pending")),
        PaymentStatus::Canceling => (Tone::Warn, words.t("payment.canceling")),
        PaymentStatus::Canceled => (Tone::Bad, words.t("payment.canceled")),
    };
    badge(tone, word)
}

/// What is left of trial or cancelled subscription, as a sentence; nothing while it is simply paid.
pub fn time_left(words: Words, view: &InstanceView, now: Timestamp) -> Option<String> {
    let left = || words.span(view.due(now) - now);
    match view.payment_status(now) {
        PaymentStatus::Trial => Some(words.with("payment.trial_left", &[("left", &left())])),
        PaymentStatus::Canceling => {
            Some(words.with("payment.service_left", &[("date", &words.moment(view.due(now))), ("left", &left())]))
        }
        PaymentStatus::Pending => Some(words.t("payment.trial_over").to_owned()),
        PaymentStatus::Canceled => Some(words.t("payment.service_over").to_owned()),
        PaymentStatus::Paid => None,
    }
}
