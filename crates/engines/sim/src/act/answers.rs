//! Answering with a finger instead of words: buttons, rows, votes, emoji.

use recado_kernel::WireId;
use recado_messaging::domain::message::{
    ButtonAction, ButtonResponseContent, ListOption, ListResponseContent, MessageContent, PollContent, PollVoteContent,
    ReactionContent,
};

use super::{Draft, Hand};
use crate::store::held;
use crate::{Sim, SimError};

impl Sim {
    /// Presses a button that answers. Buttons that call or open a page do that on the phone, and nobody hears of it.
    ///
    /// # Errors
    /// No such message or button, or the database.
    pub async fn press(&self, hand: &Hand, message: &WireId, button: &str) -> Result<WireId, SimError> {
        let held = self.held(hand, message).await?;
        let answer = reply_buttons(&held.content).into_iter().find(|answer| answer.button_id == button);
        let answer = answer.ok_or(SimError::UnknownChoice)?;
        self.send(hand, Draft::from(answer).answering(Some(message.clone()))).await
    }

    /// Chooses a row of a list.
    ///
    /// # Errors
    /// No such message or row, or the database.
    pub async fn choose(&self, hand: &Hand, message: &WireId, row: &str) -> Result<WireId, SimError> {
        let held = self.held(hand, message).await?;
        let answer = list_rows(&held.content).into_iter().find(|answer| answer.row_id == row);
        let answer = answer.ok_or(SimError::UnknownChoice)?;
        self.send(hand, Draft::from(answer).answering(Some(message.clone()))).await
    }

    /// Votes in a poll: the full new choice; none withdraws the vote.
    ///
    /// # Errors
    /// No such poll or option, more options than the poll allows, or the database.
    pub async fn vote(&self, hand: &Hand, poll: &WireId, options: &[String]) -> Result<WireId, SimError> {
        let held = self.held(hand, poll).await?;
        let MessageContent::Poll(content) = &held.content else { return Err(SimError::UnknownMessage) };
        check_vote(content, options)?;
        // In the poll's own order, each once.
        let options = content.options.iter().filter(|name| options.contains(name)).cloned().collect();
        self.send(hand, PollVoteContent { poll: poll.clone(), options }.into()).await
    }

    /// Touches an option of a poll as on a screen: chooses it or takes it back; where only one may be chosen, it replaces the other.
    ///
    /// # Errors
    /// As [`Self::vote`].
    pub async fn touch_option(&self, hand: &Hand, poll: &WireId, option: &str) -> Result<WireId, SimError> {
        let held = self.held(hand, poll).await?;
        let MessageContent::Poll(content) = &held.content else { return Err(SimError::UnknownMessage) };
        let mut chosen = held::choice(&self.platform, &hand.phone, &hand.chat, poll).await?;
        match chosen.iter().position(|name| name == option) {
            Some(at) => drop(chosen.remove(at)),
            None if content.max_options == 1 => chosen = vec![option.to_owned()],
            None => chosen.push(option.to_owned()),
        }
        self.vote(hand, poll, &chosen).await
    }

    /// Puts an emoji under a message; an empty one takes it away.
    ///
    /// # Errors
    /// No such message, something that is no emoji, or the database.
    pub async fn react(&self, hand: &Hand, message: &WireId, emoji: &str) -> Result<WireId, SimError> {
        let held = self.held(hand, message).await?;
        let emoji = emoji.trim();
        if emoji.len() > LONGEST_EMOJI
            || emoji.chars().any(|character| character.is_ascii_alphanumeric() || character.is_whitespace())
        {
            return Err(SimError::InvalidText);
        }
        let reaction = ReactionContent {
            target: message.clone(),
            emoji: emoji.to_owned(),
            // Seen from the other side.
            target_from_me: held.sender == hand.chat,
            target_author: None,
        };
        self.send(hand, reaction.into()).await
    }
}

/// Bytes; families of four with skin tones take 41.
const LONGEST_EMOJI: usize = 64;

fn check_vote(poll: &PollContent, options: &[String]) -> Result<(), SimError> {
    if options.iter().any(|name| !poll.options.contains(name)) {
        return Err(SimError::UnknownChoice);
    }
    let most = usize::try_from(poll.max_options).unwrap_or(usize::MAX);
    if most != 0 && options.len() > most { Err(SimError::TooManyOptions) } else { Ok(()) }
}

/// What pressing each button of a message would answer.
pub(crate) fn reply_buttons(content: &MessageContent) -> Vec<ButtonResponseContent> {
    match content {
        MessageContent::ButtonList(list) => {
            let answer = |(id, label): (&String, &String)| ButtonResponseContent { button_id: id.clone(), text: label.clone() };
            list.buttons.iter().map(|button| answer((&button.id, &button.label))).collect()
        }
        MessageContent::ButtonActions(list) => {
            let replies = list.buttons.iter().filter(|button| matches!(button.action, ButtonAction::Reply {}));
            replies.map(|button| ButtonResponseContent { button_id: button.id.clone(), text: button.label.clone() }).collect()
        }
        _ => vec![],
    }
}

/// What choosing each row of a list would answer.
pub(crate) fn list_rows(content: &MessageContent) -> Vec<ListResponseContent> {
    let MessageContent::OptionList(list) = content else { return vec![] };
    let answer = |row: &ListOption| ListResponseContent {
        row_id: row.id.clone(),
        title: row.title.clone(),
        text: row.description.clone(),
    };
    list.options.iter().map(answer).collect()
}

/// The first button, row or option of a message, as an answer to it; `None` when it asks for words.
pub(crate) fn first_choice(asked: &MessageContent, wire_id: &WireId) -> Option<Draft> {
    if let MessageContent::Poll(poll) = asked {
        let options = poll.options.first().cloned().into_iter().collect();
        return Some(PollVoteContent { poll: wire_id.clone(), options }.into());
    }
    let pressed = reply_buttons(asked).into_iter().next().map(Draft::from);
    let chosen = || list_rows(asked).into_iter().next().map(Draft::from);
    pressed.or_else(chosen).map(|draft| draft.answering(Some(wire_id.clone())))
}
