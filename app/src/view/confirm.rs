//! A question before something that matters. A native popover: no script, closes with Escape, and takes the focus.

use leptos::prelude::*;

use crate::words::Words;

/// What to ask.
pub struct Confirm {
    /// Unique on the page.
    pub id: String,
    /// The button that opens the question.
    pub opener: AnyView,
    /// The opener's class.
    pub opener_class: &'static str,
    /// The question.
    pub title: String,
    /// What will happen.
    pub body: AnyView,
    /// Where the form goes.
    pub action: String,
    /// Words of the button that does it.
    pub confirm: String,
    /// Red instead of the brand's colour.
    pub dangerous: bool,
    /// The form's token.
    pub form_key: String,
}

/// The opener and, hidden behind it, the question.
pub fn confirm(words: Words, ask: Confirm) -> AnyView {
    let class = if ask.dangerous { "button danger" } else { "button primary" };
    let heading = format!("{}-t", ask.id);
    let labelled = heading.clone();
    let target = ask.id.clone();
    let close = ask.id.clone();
    view! {
        <button type="button" class=ask.opener_class popovertarget=target>{ask.opener}</button>
        <div popover="auto" id=ask.id class="dialog" role="dialog" aria-labelledby=labelled>
            <h2 id=heading>{ask.title}</h2>
            <div class="dialog-body">{ask.body}</div>
            <form method="post" action=ask.action class="dialog-actions">
                <input type="hidden" name="_csrf" value=ask.form_key />
                <button type="button" class="button" popovertarget=close popovertargetaction="hide">{words.t("common.back")}</button>
                <button type="submit" class=class>{ask.confirm}</button>
            </form>
        </div>
    }
    .into_any()
}
