//! One conversation as a phone shows it: bubbles in the order they were sent, with what happened to each since.

use std::collections::HashMap;

use recado_kernel::{AccountId, InstanceId, MessageId, PhoneNumber, Timestamp, WireId};
use recado_messaging::{MediaRef, MessageContent};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::store::{content, held, parts};
use crate::{Pieces, Sim, SimError};

/// One message as a phone shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// Its id in WhatsApp.
    pub wire_id: String,
    /// Our id, when it went out through an instance.
    pub message: Option<MessageId>,
    /// The instance it went out through.
    pub instance: Option<InstanceId>,
    /// Did this phone send it?
    pub own: bool,
    /// Its text, caption or question as it reads now; empty once it was deleted.
    pub text: String,
    /// What was sent. Whoever shows it looks at `revoked` first.
    pub content: MessageContent,
    /// Does the phone have its files?
    pub has_files: bool,
    /// The message it answers.
    pub quote: Option<Quote>,
    /// Was it passed on?
    pub forwarded: bool,
    /// What it said before each edit, oldest first.
    pub earlier: Vec<String>,
    /// Was it deleted for everybody?
    pub revoked: bool,
    /// The emoji below it.
    pub reactions: Vec<Reaction>,
    /// Who chose what in a poll.
    pub votes: Vec<Vote>,
    /// Ids of the buttons or rows that were chosen.
    pub chosen: Vec<String>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it reached the other phone.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// When it was listened to.
    pub played_at: Option<Timestamp>,
}

/// The beginning of an answer: what is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its id in WhatsApp.
    pub wire_id: String,
    /// What it says; `None` when this phone does not have it (any more).
    pub content: Option<MessageContent>,
    /// Did this phone send it?
    pub own: bool,
}

/// An emoji below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// This phone's?
    pub own: bool,
}

/// A current choice in a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// This phone's?
    pub own: bool,
    /// The options' names.
    pub options: Vec<String>,
}

impl Sim {
    /// The newest 200 messages of a conversation, in the order they were sent. With an account, only what it took part in.
    ///
    /// # Errors
    /// The database.
    pub async fn messages(&self, account: Option<AccountId>, phone: &str, chat: &str) -> Result<Vec<MessageView>, SimError> {
        let rows = sqlx::query(
            "SELECT wire_id, message_id, instance_id, sender = $2 AS own, text_protected, content_protected, about, reply_to, forwarded,
                    sent_at, delivered_at, read_at, played_at
               FROM sim_message
              WHERE ((sender = $2 AND recipient = $3) OR (sender = $3 AND recipient = $2 AND delivered_at IS NOT NULL AND NOT hidden)) AND about IS NULL
                AND ($1::uuid IS NULL OR account_id = $1 OR recipient_account = $1)
              ORDER BY seq DESC LIMIT 200",
        )
        .bind(account.map(|account| account.as_uuid()))
        .bind(phone)
        .bind(chat)
        .fetch_all(self.platform.pool())
        .await?;
        let mut shown = rows.iter().rev().map(|row| self.bubble(row)).collect::<Result<Vec<_>, SimError>>()?;
        self.quotes(account, phone, chat, &mut shown).await?;
        self.what_followed(account, phone, chat, &mut shown).await?;
        self.which_files(&mut shown).await?;
        Ok(shown)
    }

    fn bubble(&self, row: &PgRow) -> Result<MessageView, SimError> {
        let content = content::open(&self.platform, row)?;
        let quoted: Option<String> = row.try_get("reply_to")?;
        Ok(MessageView {
            wire_id: row.try_get("wire_id")?,
            message: row.try_get::<Option<Uuid>, _>("message_id")?.map(MessageId::from_uuid),
            instance: row.try_get::<Option<Uuid>, _>("instance_id")?.map(InstanceId::from_uuid),
            own: row.try_get("own")?,
            text: content.as_text().to_owned(),
            content,
            has_files: false,
            quote: quoted.map(|wire_id| Quote { wire_id, content: None, own: false }),
            forwarded: row.try_get("forwarded")?,
            earlier: vec![],
            revoked: false,
            reactions: vec![],
            votes: vec![],
            chosen: vec![],
            sent_at: row.try_get("sent_at")?,
            delivered_at: row.try_get("delivered_at")?,
            read_at: row.try_get("read_at")?,
            played_at: row.try_get("played_at")?,
        })
    }

    /// Fills the quotes in, also those of messages that are too old to be shown, and marks what was chosen.
    async fn quotes(
        &self,
        account: Option<AccountId>,
        phone: &str,
        chat: &str,
        shown: &mut [MessageView],
    ) -> Result<(), SimError> {
        let wanted: Vec<String> = shown.iter().filter_map(|message| message.quote.as_ref()).map(|q| q.wire_id.clone()).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT wire_id, sender = $2 AS own, text_protected, content_protected, about FROM sim_message m
              WHERE wire_id = ANY($4) AND about IS NULL
                AND ((sender = $2 AND recipient = $3) OR (sender = $3 AND recipient = $2 AND delivered_at IS NOT NULL AND NOT hidden))
                AND ($1::uuid IS NULL OR account_id = $1 OR recipient_account = $1)
                AND NOT EXISTS (SELECT 1 FROM sim_message r
                                 WHERE r.about = m.wire_id AND r.kind = 'revoke' AND r.sender = m.sender AND r.recipient = m.recipient)",
        )
        .bind(account.map(|account| account.as_uuid()))
        .bind(phone)
        .bind(chat)
        .bind(&wanted)
        .fetch_all(self.platform.pool())
        .await?;
        let mut known = HashMap::new();
        for row in &rows {
            let wire_id: String = row.try_get("wire_id")?;
            known.insert(wire_id, (row.try_get::<bool, _>("own")?, content::open(&self.platform, row)?));
        }
        let mut chosen: HashMap<String, Vec<String>> = HashMap::new();
        for message in shown.iter_mut() {
            let Some(quote) = &mut message.quote else { continue };
            if let Some((own, content)) = known.get(&quote.wire_id) {
                (quote.own, quote.content) = (*own, Some(content.clone()));
            }
            match &message.content {
                MessageContent::ButtonResponse(answer) => {
                    chosen.entry(quote.wire_id.clone()).or_default().push(answer.button_id.clone());
                }
                MessageContent::ListResponse(answer) => {
                    chosen.entry(quote.wire_id.clone()).or_default().push(answer.row_id.clone());
                }
                _ => {}
            }
        }
        for message in shown.iter_mut() {
            message.chosen = chosen.remove(&message.wire_id).unwrap_or_default();
        }
        Ok(())
    }

    async fn which_files(&self, shown: &mut [MessageView]) -> Result<(), SimError> {
        let of = |message: &MessageView| -> Vec<Uuid> {
            message.content.media().iter().filter_map(|(_, media)| media.stored()).map(|file| file.id.as_uuid()).collect()
        };
        let wanted: Vec<Uuid> = shown.iter().flat_map(of).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let there = parts::complete(&self.platform, &wanted).await?;
        for message in shown.iter_mut() {
            message.has_files = of(message).iter().all(|file| there.contains(file));
        }
        Ok(())
    }

    /// The `number`-th file of a message that this phone has, and its bytes.
    ///
    /// # Errors
    /// No such message or file, or the database.
    pub async fn file(
        &self,
        account: AccountId,
        phone: &PhoneNumber,
        message: &WireId,
        number: usize,
    ) -> Result<(MediaRef, Pieces), SimError> {
        let content = held::content_on(&self.platform, account, phone, message).await?.ok_or(SimError::UnknownMessage)?;
        let media = content.media().get(number).and_then(|(_, media)| media.stored().cloned());
        let file = media.ok_or(SimError::UnknownMessage)?;
        let pieces = self.open_file(&file).await?.ok_or(SimError::UnknownMessage)?;
        Ok((file, pieces))
    }

    /// Edits, deletions, reactions and votes, in the order they came.
    async fn what_followed(
        &self,
        account: Option<AccountId>,
        phone: &str,
        chat: &str,
        shown: &mut [MessageView],
    ) -> Result<(), SimError> {
        let ids: Vec<String> = shown.iter().map(|message| message.wire_id.clone()).collect();
        let rows = sqlx::query(
            "SELECT about, sender = $2 AS own, text_protected, content_protected FROM sim_message
              WHERE about = ANY($4)
                AND ((sender = $2 AND recipient = $3) OR (sender = $3 AND recipient = $2 AND delivered_at IS NOT NULL))
                AND ($1::uuid IS NULL OR account_id = $1 OR recipient_account = $1)
              ORDER BY seq",
        )
        .bind(account.map(|account| account.as_uuid()))
        .bind(phone)
        .bind(chat)
        .bind(&ids)
        .fetch_all(self.platform.pool())
        .await?;
        let mut places: HashMap<String, usize> = ids.into_iter().enumerate().map(|(at, id)| (id, at)).collect();
        for row in &rows {
            let about: String = row.try_get("about")?;
            let Some(message) = places.get_mut(&about).and_then(|at| shown.get_mut(*at)) else { continue };
            message.follow(content::open(&self.platform, row)?, row.try_get("own")?);
        }
        Ok(())
    }
}

impl MessageView {
    /// What the phone shows after this; `own`: this phone did it.
    fn follow(&mut self, what: MessageContent, own: bool) {
        let author = own == self.own;
        match what {
            MessageContent::Reaction(reaction) => {
                self.reactions.retain(|other| other.own != own);
                if !reaction.emoji.is_empty() {
                    self.reactions.push(Reaction { emoji: reaction.emoji, own });
                }
            }
            MessageContent::PollVote(vote) => {
                self.votes.retain(|other| other.own != own);
                if !vote.options.is_empty() {
                    self.votes.push(Vote { own, options: vote.options });
                }
            }
            MessageContent::Revoke(_) if author => {
                self.revoked = true;
                self.text.clear();
                self.earlier.clear();
            }
            edit if author && edit.edits().is_some() && !self.revoked => {
                self.earlier.push(std::mem::replace(&mut self.text, edit.as_text().to_owned()));
            }
            // Nobody changes what somebody else wrote.
            _ => {}
        }
    }

    /// How many chose this option of a poll, and whether this phone did.
    #[must_use]
    pub fn votes_for(&self, option: &str) -> (usize, bool) {
        let chose = |vote: &&Vote| vote.options.iter().any(|name| name == option);
        let voters: Vec<&Vote> = self.votes.iter().filter(chose).collect();
        (voters.len(), voters.iter().any(|vote| vote.own))
    }
}
