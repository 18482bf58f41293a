//! What every piece of a telephone's page stands on: whose page, which chat, and how its buttons post.

use leptos::prelude::*;

use crate::view::field::form_key;
use crate::words::Words;

/// A telephone's page with one chat open.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// Language.
    pub words: Words,
    /// `/simulador/telefones/{number}`.
    pub base: &'a str,
    /// The open chat's number; may be empty.
    pub chat: &'a str,
    /// Was a new chat asked for? Otherwise no open chat means that the first one may begin while the page is being looked at.
    pub new_chat: bool,
    /// The token forms carry.
    pub key: &'a str,
}

impl Ground<'_> {
    /// A form around `inside` that does something with a message of the open chat.
    pub fn form(self, action: &str, message: &str, class: &'static str, inside: AnyView) -> AnyView {
        view! {
            <form method="post" action=format!("{}/{action}", self.base) class=class>
                {self.hidden()}
                <input type="hidden" name="mensagem" value=message.to_owned() />
                {inside}
            </form>
        }
        .into_any()
    }

    /// The hidden fields of every form.
    pub fn hidden(self) -> AnyView {
        view! { {form_key(self.key)}<input type="hidden" name="conversa" value=self.chat.to_owned() /> }.into_any()
    }

    /// The page with something begun for a message: `responder`, `editar`, `encaminhar`.
    pub fn begin(self, what: &str, message: &str) -> String {
        format!("{}?conversa={}&{what}={message}#escrever", self.base, self.chat)
    }

    /// The open chat.
    pub fn here(self) -> String {
        format!("{}?conversa={}", self.base, self.chat)
    }

    /// The `number`-th file of a message.
    pub fn file(self, message: &str, number: usize) -> String {
        format!("{}/arquivo/{message}/{number}", self.base)
    }
}

/// For people: `+55 62 90000-0001`.
pub fn shown(number: &str) -> String {
    number.parse::<recado_kernel::PhoneNumber>().map_or_else(|_| number.to_owned(), |number| number.to_display())
}
