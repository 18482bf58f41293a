//! Messages that are answered with a finger: buttons, lists, polls.

use leptos::prelude::*;
use recado_engine_sim::MessageView;
use recado_messaging::MessageContent;
use recado_messaging::domain::message::{ActionButton, ButtonAction, OptionListContent, PollContent};

use super::content::{header, said, web_address};
use super::ground::{Ground, shown};
use crate::view::icons::{Icon, icon};

/// The inside of such a message.
pub fn body(ground: Ground<'_>, message: &MessageView) -> AnyView {
    match &message.content {
        MessageContent::ButtonList(list) => {
            let buttons = list.buttons.iter().map(|button| press(ground, message, &button.id, &button.label)).collect_view();
            view! { {header(ground, message)}{said(&list.text)}<div class="choices">{buttons}</div> }.into_any()
        }
        MessageContent::ButtonActions(list) => {
            let buttons = list.buttons.iter().map(|button| action(ground, message, button)).collect_view();
            let title = (!list.title.is_empty()).then(|| view! { <p><strong>{list.title.clone()}</strong></p> });
            let footer = (!list.footer.is_empty()).then(|| view! { <p class="muted">{list.footer.clone()}</p> });
            view! { {title}{said(&list.text)}{footer}<div class="choices">{buttons}</div> }.into_any()
        }
        MessageContent::ButtonPix(pix) => view! {
            <p><strong>{pix.merchant_name.clone()}</strong></p>
            <p class="said">{format!("Pix · {}", pix.key_type.as_str())}</p>
            <div class="choices"><span class="choice still"><code class="value">{pix.key.clone()}</code></span></div>
        }
        .into_any(),
        MessageContent::ButtonOtp(otp) => view! {
            {header(ground, message)}
            {said(&otp.text)}
            <div class="choices"><span class="choice still">{otp.button_text.clone()}": "<code class="value">{otp.code.clone()}</code></span></div>
        }
        .into_any(),
        MessageContent::OptionList(list) => options(ground, message, list),
        MessageContent::Poll(question) => poll(ground, message, question),
        other => said(other.as_text()).into_any(),
    }
}

fn press(ground: Ground<'_>, message: &MessageView, id: &str, label: &str) -> AnyView {
    let chosen = message.chosen.iter().any(|chosen| chosen == id);
    let tick = chosen.then(|| icon(Icon::Check));
    if message.own {
        return view! { <span class="choice still">{tick}{label.to_owned()}</span> }.into_any();
    }
    let class = if chosen { "choice chosen" } else { "choice" };
    let button = view! { <button type="submit" name="escolha" value=id.to_owned() class=class>{tick}{label.to_owned()}</button> };
    ground.form("apertar", &message.wire_id, "", button.into_any())
}

fn action(ground: Ground<'_>, message: &MessageView, button: &ActionButton) -> AnyView {
    let label = button.label.clone();
    match &button.action {
        ButtonAction::Reply {} => press(ground, message, &button.id, &label),
        ButtonAction::Call { phone } => {
            view! { <span class="choice still">{icon(Icon::Phone)}{label}<small>{shown(phone)}</small></span> }.into_any()
        }
        ButtonAction::Url { url } => match web_address(url) {
            Some(url) => view! { <a class="choice" href=url target="_blank" rel="noopener noreferrer">{label}</a> }.into_any(),
            None => view! { <span class="choice still">{label}<small>{url.clone()}</small></span> }.into_any(),
        },
    }
}

fn options(ground: Ground<'_>, message: &MessageView, list: &OptionListContent) -> AnyView {
    let rows = list
        .options
        .iter()
        .map(|row| {
            let chosen = message.chosen.contains(&row.id);
            let inside = view! {
                <span><strong>{row.title.clone()}</strong><small>{row.description.clone()}</small></span>
                {chosen.then(|| icon(Icon::Check))}
            };
            if message.own {
                return view! { <span class="row-choice">{inside}</span> }.into_any();
            }
            let button = view! { <button type="submit" name="escolha" value=row.id.clone() class="row-choice">{inside}</button> };
            ground.form("escolher", &message.wire_id, "", button.into_any())
        })
        .collect_view();
    let title = (!list.title.is_empty()).then(|| view! { <p><strong>{list.title.clone()}</strong></p> });
    view! {
        {title}
        {said(&list.text)}
        <details class="list"><summary class="choice">{icon(Icon::Queue)}{list.button_label.clone()}</summary>{rows}</details>
    }
    .into_any()
}

fn poll(ground: Ground<'_>, message: &MessageView, poll: &PollContent) -> AnyView {
    let words = ground.words;
    let hint = if poll.max_options == 1 { words.t("simulator.poll_one") } else { words.t("simulator.poll_many") };
    let voters = message.votes.len().max(1);
    let rows = poll
        .options
        .iter()
        .map(|option| {
            let (count, own) = message.votes_for(option);
            let mark = if own { icon(Icon::Check) } else { view! { <span class="poll-mark"></span> }.into_any() };
            let count_text = words.count("simulator.votes", i64::try_from(count).unwrap_or(i64::MAX));
            let class = if own { "poll-option own" } else { "poll-option" };
            let button = view! {
                <button type="submit" name="escolha" value=option.clone() class=class aria-pressed=own.to_string()>
                    {mark}<span class="poll-name">{option.clone()}</span><span class="poll-count">{count_text}</span>
                    <progress value=count.to_string() max=voters.to_string() aria-hidden="true"></progress>
                </button>
            };
            ground.form("votar", &message.wire_id, "", button.into_any())
        })
        .collect_view();
    view! { {said(&poll.question)}<p class="muted poll-hint">{hint}</p><div class="poll">{rows}</div> }.into_any()
}
