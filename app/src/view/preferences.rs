//! Language and theme: plain forms that work before sign-in too.

use leptos::prelude::*;
use recado_kernel::Locale;

use super::shell::language_name;
use crate::web::look::{Look, Theme};

/// The two switches.
pub fn preferences(look: &Look, form_key: &str) -> AnyView {
    let words = look.words();
    let themes = [(Theme::System, "shell.theme_system"), (Theme::Light, "shell.theme_light"), (Theme::Dark, "shell.theme_dark")]
        .map(|(theme, word)| choice("tema", theme.name(), words.t(word), look.theme == theme));
    let languages =
        [Locale::PtBr, Locale::En].map(|locale| choice("idioma", locale.tag(), language_name(locale), words.locale() == locale));
    view! {
        <form method="post" action="/preferencias" class="preferences">
            <input type="hidden" name="_csrf" value=form_key.to_owned() />
            <input type="hidden" name="voltar" value=look.path.clone() />
            <div class="segments" role="group" aria-label=words.t("shell.theme")>{themes.into_iter().collect_view()}</div>
            <div class="segments" role="group" aria-label=words.t("shell.language")>{languages.into_iter().collect_view()}</div>
        </form>
    }
    .into_any()
}

fn choice(name: &'static str, value: &'static str, label: &'static str, on: bool) -> AnyView {
    view! { <button type="submit" name=name value=value class="segment" aria-pressed=if on { "true" } else { "false" }>{label}</button> }
        .into_any()
}
