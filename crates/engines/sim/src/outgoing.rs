//! What goes out through a session: stored on the simulated servers once, under the id the core gave it.

use recado_event_store::{NewWork, work};
use recado_kernel::{ChatAddress, PhoneNumber, WireId};
use recado_messaging::domain::message::{MessageContent, RevokeContent};
use recado_messaging::engine::{EngineError, Outgoing, Refusal};

use crate::engine::{SimEngine, TRAVEL};
use crate::session::Session;
use crate::store::held::{self, Held};
use crate::store::{messages, phones};
use crate::worker::Job;
use crate::{Script, SimError};

/// A content as the phones hold it, and whether it was passed on; or why WhatsApp does not want it.
type Resolved = Result<(MessageContent, bool), Refusal>;

impl SimEngine {
    /// Looks up what the content is about. Only contents that name another message cost a query.
    pub(crate) async fn resolve(
        &self,
        session: &Session,
        from: &PhoneNumber,
        to: &PhoneNumber,
        message: &Outgoing,
    ) -> Result<Resolved, SimError> {
        let held = async |chat: &PhoneNumber, target: &WireId| -> Result<Option<Held>, SimError> {
            let found = held::find(&self.platform, session.account, from, chat, target).await?;
            Ok(found.filter(|held| !held.revoked))
        };
        let content = message.content.clone();
        let fits = match &content {
            MessageContent::Forward(forward) => {
                let ChatAddress::Phone(chat) = &forward.chat else { return Ok(Err(Refusal::UnknownTarget)) };
                let Some(found) = held(chat, &forward.target).await? else { return Ok(Err(Refusal::UnknownTarget)) };
                return Ok(Ok((held::as_it_reads(&self.platform, found, &forward.target).await?, true)));
            }
            MessageContent::Reaction(reaction) => held(to, &reaction.target).await?.is_some(),
            MessageContent::PollVote(vote) => {
                let known = |poll: &Held| match &poll.content {
                    MessageContent::Poll(poll) => vote.options.iter().all(|name| poll.options.contains(name)),
                    _ => false,
                };
                held(to, &vote.poll).await?.is_some_and(|poll| known(&poll))
            }
            MessageContent::Revoke(revoke) => held(to, &revoke.target).await?.is_some_and(|held| held.sender == *from),
            edit => match edit.edits() {
                Some(target) => {
                    let same = |held: &Held| held.sender == *from && held.content.kind() == edit.kind();
                    held(to, target).await?.is_some_and(|held| same(&held))
                }
                None => true,
            },
        };
        Ok(if fits { Ok((content, false)) } else { Err(Refusal::UnknownTarget) })
    }

    /// Stores a message once and sends it on its way.
    pub(crate) async fn take(
        &self,
        session: &Session,
        sender: &PhoneNumber,
        recipient: &PhoneNumber,
        message: &Outgoing,
        (mut content, forwarded): (MessageContent, bool),
    ) -> Result<(), SimError> {
        if !forwarded {
            self.files().keep(message.account, &mut content).await?;
        }
        let new = messages::NewMessage {
            wire_id: &message.wire_id,
            account: message.account,
            instance: Some(message.instance),
            message: Some(message.message),
            sender,
            recipient,
            content: &content,
            reply_to: message.reply_to.as_ref(),
            forwarded,
            at: self.platform.now(),
        };
        self.send_off(session, &new).await
    }

    /// Deletes for everybody. Own messages only: in a chat of two nobody is an administrator.
    pub(crate) async fn delete_for_all(
        &self,
        session: &Session,
        sender: &PhoneNumber,
        recipient: &PhoneNumber,
        target: &WireId,
    ) -> Result<(), EngineError> {
        let found = held::find(&self.platform, session.account, sender, recipient, target).await.map_err(SimError::from)?;
        let held = found.filter(|held| held.sender == *sender).ok_or(EngineError::UnknownMessage)?;
        if held.revoked {
            return Ok(());
        }
        let digest = self.platform.vault.digest_bytes("sim-wire-id", None, &format!("revoke/{}", held.seq));
        let mut head = [0; 9];
        head.copy_from_slice(&digest[..9]);
        let new = messages::NewMessage {
            wire_id: &WireId::from_digest(&head),
            account: session.account,
            instance: Some(session.instance),
            message: None,
            sender,
            recipient,
            content: &RevokeContent { target: target.clone() }.into(),
            reply_to: None,
            forwarded: false,
            at: self.platform.now(),
        };
        Ok(self.send_off(session, &new).await?)
    }

    async fn send_off(&self, session: &Session, new: &messages::NewMessage<'_>) -> Result<(), SimError> {
        let mut transaction = self.platform.pool().begin().await?;
        phones::ensure(&mut transaction, new.recipient, Some(new.account), new.at).await?;
        // A wire id seen before is the same message again: accepted, once.
        if let Some(seq) = messages::insert(&self.platform, &mut transaction, new).await? {
            work::enqueue(&mut transaction, &self.jobs(session, new, seq)).await?;
        }
        transaction.commit().await?;
        self.platform.log.ring();
        Ok(())
    }

    fn jobs(&self, session: &Session, new: &messages::NewMessage<'_>, seq: i64) -> Vec<NewWork> {
        let instance = session.instance;
        let namespace = instance.as_uuid();
        let lane = format!("{instance}/{}", self.platform.vault.digest("sim-lane", None, new.recipient.as_str()));
        let mut jobs = vec![Job::Deliver { seq }.at(new.account, &lane, namespace, &format!("deliver/{seq}"), new.at + TRAVEL)];
        let mischief = match Script::of(new.recipient) {
            Script::DropsLine => Some(Job::DropLine { instance, seq }),
            Script::Bans => Some(Job::Ban { instance }),
            _ => None,
        };
        let lane = instance.to_string();
        jobs.extend(mischief.map(|job| job.at(new.account, &lane, namespace, &format!("mischief/{seq}"), new.at)));
        jobs
    }
}
