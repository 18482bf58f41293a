//! Markdown of our own (the description, the quick start) as HTML. Nothing that anybody else wrote comes here.

use leptos::prelude::*;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The text as a block. Headings get ids, code can be scrolled with the keyboard, tables lie in a frame of their own.
pub fn prose(markdown: &str) -> AnyView {
    let html = to_html(markdown);
    view! { <div class="prose" inner_html=html></div> }.into_any()
}

fn to_html(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    let mut events: Vec<Event<'_>> = vec![];
    for event in parser {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                events.push(raw("<div class=\"wide\" tabindex=\"0\">"));
                events.push(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(raw("</div>"));
            }
            // A page has its own title.
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => events.push(raw("<p class=\"hidden\">")),
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => events.push(raw("</p>")),
            Event::Start(Tag::CodeBlock(_)) => events.push(raw("<pre tabindex=\"0\"><code>")),
            Event::End(TagEnd::CodeBlock) => events.push(raw("</code></pre>")),
            other => events.push(other),
        }
    }
    let mut text = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut text, events.into_iter());
    text
}

fn raw(html: &'static str) -> Event<'static> {
    Event::Html(CowStr::Borrowed(html))
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn code_and_tables_can_be_reached_by_keyboard() {
        let html = to_html("# T\n\n```sh\na < b\n```\n\n| a |\n| --- |\n| `{x}` |\n");
        assert!(html.contains("<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>"), "{html}");
        assert!(html.contains("<div class=\"wide\" tabindex=\"0\">") && html.contains("<td><code>{x}</code></td>"), "{html}");
        assert!(!html.contains("<h1"), "{html}");
    }
}
