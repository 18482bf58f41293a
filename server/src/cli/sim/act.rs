//! What a phone does in its conversation with a connected instance: sending every kind, answering with a finger, changing what was sent.

use std::path::PathBuf;

use recado_engine_sim::{Draft, Hand, NewFile, Sample, Sim, SimError};
use recado_kernel::{PhoneNumber, WireId};
use recado_messaging::domain::message::{ContactCard, Coordinate, LocationContent, PollContent};
use recado_messaging::{MessageContent, MessageKind};
use serde_json::{Value, json};

use super::mended;
use crate::problem::Problem;

/// Whose hand, and where the answer is printed.
#[derive(Debug, clap::Args)]
pub struct By {
    /// The instance's id; the conversation is with its number.
    #[arg(long)]
    pub instance: String,
    /// Number of the phone that does it.
    #[arg(long)]
    pub from: String,
    /// Answer with one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// Which message.
#[derive(Debug, clap::Args)]
pub struct On {
    #[command(flatten)]
    pub by: By,
    /// Its messageId.
    #[arg(long)]
    pub message: String,
}

/// What `recado sim` does in a conversation.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Send any kind of message; without a file or fields of its own, a sample.
    Send(Box<Send>),
    /// Put an emoji under a message; an empty one takes it away.
    React {
        #[command(flatten)]
        on: On,
        /// The emoji.
        #[arg(long)]
        emoji: String,
    },
    /// Vote in a poll: the full choice; none withdraws it.
    Vote {
        #[command(flatten)]
        on: On,
        /// An option's name; may be repeated.
        #[arg(long = "option")]
        options: Vec<String>,
    },
    /// Press a button that answers.
    Press {
        #[command(flatten)]
        on: On,
        /// The button's id.
        #[arg(long)]
        button: String,
    },
    /// Choose a row of a list.
    Choose {
        #[command(flatten)]
        on: On,
        /// The row's id.
        #[arg(long)]
        row: String,
    },
    /// Change the text of an own message.
    Edit {
        #[command(flatten)]
        on: On,
        /// The new text.
        #[arg(long)]
        text: String,
    },
    /// Delete an own message for everybody.
    Delete {
        #[command(flatten)]
        on: On,
    },
    /// Pass a message on to another number, or (without one) back into the conversation.
    Forward {
        #[command(flatten)]
        on: On,
        /// To whom.
        #[arg(long)]
        to: Option<String>,
    },
    /// Listen to a voice note.
    Play {
        #[command(flatten)]
        on: On,
    },
}

/// A message of any kind.
#[derive(Debug, clap::Args)]
pub struct Send {
    #[command(flatten)]
    pub by: By,
    /// text, image, audio, video, gif, ptv, document, sticker, location, contact or poll.
    #[arg(long, default_value = "text")]
    kind: String,
    /// The text, caption or question.
    #[arg(long)]
    text: Option<String>,
    /// A file to send.
    #[arg(long)]
    file: Option<PathBuf>,
    /// The same as --text, for files.
    #[arg(long)]
    caption: Option<String>,
    /// messageId of the message that is answered.
    #[arg(long)]
    reply_to: Option<String>,
    /// Name of a place or contact.
    #[arg(long)]
    name: Option<String>,
    /// Address of a place.
    #[arg(long)]
    address: Option<String>,
    /// Degrees north.
    #[arg(long, allow_hyphen_values = true)]
    latitude: Option<String>,
    /// Degrees east.
    #[arg(long, allow_hyphen_values = true)]
    longitude: Option<String>,
    /// Number of a contact.
    #[arg(long)]
    phone: Option<String>,
    /// An option of a poll; may be repeated.
    #[arg(long = "option")]
    options: Vec<String>,
    /// How many options of a poll may be chosen; 0: any number.
    #[arg(long, default_value_t = 1)]
    max_options: u32,
}

impl Act {
    /// Instance, phone and the wish for JSON.
    pub const fn by(&self) -> &By {
        match self {
            Self::Send(send) => &send.by,
            Self::React { on, .. }
            | Self::Vote { on, .. }
            | Self::Press { on, .. }
            | Self::Choose { on, .. }
            | Self::Edit { on, .. }
            | Self::Delete { on }
            | Self::Forward { on, .. }
            | Self::Play { on } => &on.by,
        }
    }

    /// Does it. The answer names the message that came of it.
    pub async fn run(self, sim: &Sim, hand: &Hand) -> anyhow::Result<Value> {
        let done = match self {
            Self::Send(send) => {
                let reply_to = send.reply_to.as_deref().map(message_id).transpose()?;
                let content = send.content(sim, hand).await?;
                sim.send(hand, Draft::from(content).answering(reply_to)).await
            }
            Self::React { on, emoji } => sim.react(hand, &message_id(&on.message)?, &emoji).await,
            Self::Vote { on, options } => sim.vote(hand, &message_id(&on.message)?, &options).await,
            Self::Press { on, button } => sim.press(hand, &message_id(&on.message)?, &button).await,
            Self::Choose { on, row } => sim.choose(hand, &message_id(&on.message)?, &row).await,
            Self::Edit { on, text } => sim.edit(hand, &message_id(&on.message)?, &text).await,
            Self::Delete { on } => sim.delete(hand, &message_id(&on.message)?).await,
            Self::Forward { on, to } => {
                let to = to.as_deref().map(|to| super::number(to, "--to")).transpose()?.unwrap_or_else(|| hand.chat.clone());
                sim.forward(hand, &message_id(&on.message)?, &to).await
            }
            Self::Play { on } => {
                sim.play(hand, &message_id(&on.message)?).await.map_err(mended)?;
                return Ok(json!({"messageId": on.message, "played": true}));
            }
        };
        Ok(json!({"messageId": done.map_err(mended)?.as_str()}))
    }
}

impl Send {
    async fn content(&self, sim: &Sim, hand: &Hand) -> anyhow::Result<MessageContent> {
        let text = self.text.clone().or_else(|| self.caption.clone()).unwrap_or_default();
        let kind = MessageKind::ALL.iter().copied().find(|kind| kind.as_str() == self.kind);
        let kind = kind.ok_or_else(|| Problem::new(format!("--kind {} is not a kind of message", self.kind)))?;
        if let Some(path) = &self.file {
            let bytes = std::fs::read(path).map_err(|error| Problem::new(format!("--file {}: {error}", path.display())))?;
            let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let file = NewFile { file_name, bytes, ..NewFile::default() };
            let kind = Some(kind).filter(|kind| *kind != MessageKind::Text);
            return sim.file_content(hand.account, file, kind, &text).await.map_err(mended);
        }
        if kind == MessageKind::Text {
            return Ok(MessageContent::text(&text));
        }
        let sample = Sample::parse(&self.kind).ok_or_else(|| Problem::new(format!("--kind {} needs a --file", self.kind)))?;
        let mut content = sim.sample(hand.account, sample).await.map_err(mended)?;
        self.fill_in(&mut content, text)?;
        Ok(content)
    }

    /// Puts what was said in place of the sample's own words.
    fn fill_in(&self, content: &mut MessageContent, text: String) -> Result<(), Problem> {
        let given = |field: &Option<String>, place: &mut String| {
            if let Some(value) = field {
                place.clone_from(value);
            }
        };
        let text = Some(text).filter(|text| !text.is_empty());
        match content {
            MessageContent::Image(image) => given(&text, &mut image.caption),
            MessageContent::Video(video) => given(&text, &mut video.caption),
            MessageContent::Document(document) => given(&text, &mut document.caption),
            MessageContent::Location(place) => {
                given(&self.name, &mut place.name);
                given(&self.address, &mut place.address);
                self.coordinates(place)?;
            }
            MessageContent::Contact(card) => {
                given(&self.name, &mut card.name);
                self.phones(card)?;
            }
            MessageContent::Poll(poll) => {
                given(&text, &mut poll.question);
                self.choices(poll);
            }
            _ => {}
        }
        Ok(())
    }

    fn coordinates(&self, place: &mut LocationContent) -> Result<(), Problem> {
        let degrees = |text: &str, option: &str| -> Result<Coordinate, Problem> {
            text.parse().map_err(|error| Problem::new(format!("{option}: {error}")))
        };
        if let Some(latitude) = &self.latitude {
            place.latitude = degrees(latitude, "--latitude")?;
        }
        if let Some(longitude) = &self.longitude {
            place.longitude = degrees(longitude, "--longitude")?;
        }
        Ok(())
    }

    fn phones(&self, card: &mut ContactCard) -> Result<(), Problem> {
        if let Some(phone) = &self.phone {
            let phone: PhoneNumber = super::number(phone, "--phone")?;
            card.phones = vec![phone.as_str().to_owned()];
        }
        Ok(())
    }

    fn choices(&self, poll: &mut PollContent) {
        if !self.options.is_empty() {
            poll.options.clone_from(&self.options);
        }
        poll.max_options = self.max_options;
    }
}

fn message_id(text: &str) -> Result<WireId, Problem> {
    WireId::parse(text).map_err(|_| Problem::new(format!("{text} is not a message id")))
}

/// The conversation of `phone` with the number of the instance.
pub async fn hand(sim: &Sim, instance: recado_kernel::InstanceId, phone: PhoneNumber) -> anyhow::Result<Hand> {
    sim.hand(instance, phone).await.map_err(|error| match error {
        SimError::NotLinked => Problem::new("no phone is linked to this instance: `recado sim scan` links one").into(),
        other => mended(other),
    })
}
