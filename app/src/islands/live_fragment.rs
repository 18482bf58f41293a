//! A piece of a page that the server keeps up to date.

use leptos::prelude::*;

/// Shows its children until the server sends something newer over server-sent events: an unnamed event carries the new HTML (rendered
/// and escaped by our own server), an event named `status` the sentence to announce.
#[island]
pub fn LiveFragment(
    /// Where the events come from.
    url: String,
    /// What is shown until the first event.
    children: Children,
) -> impl IntoView {
    let place = NodeRef::<leptos::html::Div>::new();
    let (status, set_status) = signal(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(element) = place.get() {
            listen(&url, element, set_status);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (url, set_status);
    view! {
        <div node_ref=place>{children()}</div>
        <span class="hidden" role="status">{move || status.get()}</span>
    }
}

/// Opens the stream for as long as the page lives; the browser reconnects by itself.
#[cfg(feature = "hydrate")]
fn listen(url: &str, element: web_sys::HtmlDivElement, set_status: WriteSignal<String>) {
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::closure::Closure;
    use web_sys::MessageEvent;

    let Ok(source) = web_sys::EventSource::new(url) else { return };
    let show = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(html) = event.data().as_string() {
            element.set_inner_html(&html);
        }
    });
    source.set_onmessage(Some(show.as_ref().unchecked_ref()));
    let tell = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            set_status.set(text);
        }
    });
    // A browser that refuses the listener still shows the fragment.
    drop(source.add_event_listener_with_callback("status", tell.as_ref().unchecked_ref()));
    show.forget();
    tell.forget();
}
