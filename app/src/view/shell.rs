//! The frame around every page: head, navigation, notice, footer.

use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use recado_kernel::Locale;

use super::icons::{Icon, icon};
use super::logo::logo;
use super::preferences::preferences;
use crate::client::AssetUrls;
use crate::web::look::Look;
use crate::words::Words;

/// Which section of the navigation is the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Instances.
    Instances,
    /// The opt-out list.
    OptOut,
    /// Invoices.
    Invoices,
    /// The account.
    Account,
    /// Finance desk.
    Finance,
    /// Support desk.
    Support,
    /// Health of the installation.
    System,
    /// Simulated WhatsApp.
    Simulator,
    /// Mail of a development server.
    Mail,
    /// Documentation of the API.
    Docs,
}

/// Who sees the page.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// Shown in the corner.
    pub name: String,
    /// The places this person may go to.
    pub places: Vec<Place>,
}

/// What the frame needs to know.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The page's name, before "· Recado".
    pub title: String,
    /// Language, theme, address.
    pub look: Look,
    /// None before sign-in.
    pub viewer: Option<Viewer>,
    /// The current section.
    pub place: Option<Place>,
    /// Loads the client: only where there are islands.
    pub islands: bool,
    /// A key below `notice` (it worked) or `refusal` (it did not) to show once.
    pub notice: Option<String>,
    /// The token that forms of the frame carry.
    pub form_key: String,
    /// Says that WhatsApp is simulated.
    pub simulated: bool,
}

/// The whole document around `body`.
pub fn shell(frame: Frame, body: AnyView) -> AnyView {
    let words = frame.look.words();
    let title = format!("{} · Recado", frame.title);
    let assets = use_context::<AssetUrls>().unwrap_or_default();
    let scripts =
        frame.islands.then(|| use_context::<LeptosOptions>().map(|options| view! { <HydrationScripts options islands=true /> }));
    let lang = words.locale().tag();
    let theme = frame.look.theme.attribute();
    let content = match frame.viewer.clone() {
        Some(viewer) => signed_in(&frame, words, viewer, body),
        None => signed_out(&frame, words, body),
    };
    view! {
        <html lang=lang data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>{title}</title>
                <link rel="icon" href=assets.url("favicon.svg") type="image/svg+xml" />
                <link rel="stylesheet" href=assets.url("main.css") />
                {scripts}
            </head>
            <body>
                <a class="skip" href="#conteudo">{words.t("shell.skip")}</a>
                {content}
            </body>
        </html>
    }
    .into_any()
}

fn notice(frame: &Frame, words: Words) -> Option<AnyView> {
    let key = frame.notice.as_deref()?;
    let (class, shape) = match key.split_once('.') {
        Some(("notice", _)) => ("notice good", Icon::Check),
        Some(("refusal", _)) => ("notice bad", Icon::Alert),
        _ => return None,
    };
    let text = words.find(key)?;
    Some(view! { <p class=class role="status">{icon(shape)}<span>{text}</span></p> }.into_any())
}

fn signed_out(frame: &Frame, words: Words, body: AnyView) -> AnyView {
    // Documentation is read before sign-in, too, and needs room.
    let class = if frame.place == Some(Place::Docs) { "door open" } else { "door" };
    view! {
        <div class=class>
            <header class="door-head"><a href="/" class="brand">{logo()}<span>"Recado"</span></a></header>
            <main id="conteudo" class="door-main" tabindex="-1">{notice(frame, words)}{body}</main>
            <footer class="door-foot">{(!frame.form_key.is_empty()).then(|| preferences(&frame.look, &frame.form_key))}</footer>
        </div>
    }
    .into_any()
}

fn signed_in(frame: &Frame, words: Words, viewer: Viewer, body: AnyView) -> AnyView {
    let links = viewer.places.iter().map(|place| link(*place, frame.place, words)).collect_view();
    let ribbon = frame.simulated.then(|| {
        view! { <aside class="ribbon" aria-label=words.t("simulator.stamp")>{icon(Icon::Flask)}<span>{words.t("shell.simulated")}</span></aside> }
    });
    view! {
        <div class="app">
            <header class="side">
                <a href="/" class="brand">{logo()}<span>"Recado"</span></a>
                <nav class="nav" aria-label=words.t("shell.navigation")>{links}</nav>
                <details class="menu me">
                    <summary>
                        <span class="avatar" aria-hidden="true">{initials(&viewer.name)}</span>
                        <span class="me-name">{viewer.name.clone()}</span>
                    </summary>
                    <div class="menu-body">
                        {preferences(&frame.look, &frame.form_key)}
                        <form method="post" action="/sair">
                            <input type="hidden" name="_csrf" value=frame.form_key.clone() />
                            <button class="menu-item" type="submit">{icon(Icon::Leave)}{words.t("shell.sign_out")}</button>
                        </form>
                    </div>
                </details>
            </header>
            <div class="stage">
                {ribbon}
                <main id="conteudo" class="main" tabindex="-1">{notice(frame, words)}{body}</main>
            </div>
        </div>
    }
    .into_any()
}

fn link(place: Place, current: Option<Place>, words: Words) -> AnyView {
    let (href, key, shape) = match place {
        Place::Instances => ("/instancias", "nav.instances", Icon::Phone),
        Place::OptOut => ("/descadastro", "nav.opt_out", Icon::Block),
        Place::Invoices => ("/faturas", "nav.invoices", Icon::Receipt),
        Place::Account => ("/conta", "nav.account", Icon::Person),
        Place::Finance => ("/financeiro", "nav.finance", Icon::Chart),
        Place::Support => ("/suporte", "nav.support", Icon::Lifebuoy),
        Place::System => ("/sistema", "nav.system", Icon::Pulse),
        Place::Simulator => ("/simulador", "nav.simulator", Icon::Flask),
        Place::Mail => ("/dev/mail", "nav.mail", Icon::Mail),
        Place::Docs => ("/documentacao/api", "nav.docs", Icon::Book),
    };
    let here = (current == Some(place)).then_some("page");
    view! { <a href=href class="nav-link" aria-current=here>{icon(shape)}<span>{words.t(key)}</span></a> }.into_any()
}

fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|part| part.chars().next());
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The other language's own name, as the switch shows it.
#[must_use]
pub const fn language_name(locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => "PT",
        Locale::En => "EN",
    }
}
