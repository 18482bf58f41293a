//! Conversations: they follow from messages and groups, and from what the number did to them.

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId, WireId};
use recado_messaging::engine::DirectoryError;
use recado_messaging::engine::directory::{Chat, ChatAction, ChatBook, ChatCard, ChatKind, Page};

use super::tables::chats::{self, Flags};
use super::tables::{groups, people as persons};
use super::{Own, people, silent};
use crate::SimEngine;

#[async_trait]
impl ChatBook for SimEngine {
    async fn chats(&self, instance: InstanceId, kind: ChatKind, page: Page) -> Result<Vec<Chat>, DirectoryError> {
        let own = self.own(instance).await?;
        chats::list(self.platform.pool(), &own, kind, page).await.map_err(silent)
    }

    async fn chat(&self, instance: InstanceId, with: &ChatAddress) -> Result<ChatCard, DirectoryError> {
        let own = self.own(instance).await?;
        let address = self.place(&own, with).await?;
        let pool = self.platform.pool();
        let found = chats::find(pool, &own, &address).await.map_err(silent)?;
        match &address {
            ChatAddress::Phone(phone) => {
                let person = persons::find(pool, phone).await.map_err(silent)?;
                let chat = match found {
                    Some(chat) => chat,
                    None => self.not_begun(&own, &address, &person).await?,
                };
                Ok(ChatCard { chat, about: Some(person.about) })
            }
            _ => {
                let group = groups::find(pool, &own, address.as_str()).await.map_err(silent)?;
                let (chat, group) = found.zip(group).ok_or(DirectoryError::GroupForbidden)?;
                Ok(ChatCard { chat, about: Some(group.description).filter(|text| !text.is_empty()) })
            }
        }
    }

    async fn modify_chat(&self, instance: InstanceId, with: &ChatAddress, action: ChatAction) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let address = self.place(&own, with).await?;
        let newest = chats::newest(self.platform.pool(), &own, &address).await.map_err(silent)?;
        let (yes, no, none) = (Some(true), Some(false), Flags::default());
        let flags = match action {
            ChatAction::Read => Flags { marked_unread: no, ..none },
            ChatAction::Unread => Flags { marked_unread: yes, ..none },
            ChatAction::Archive => Flags { archived: yes, pinned: no, ..none },
            ChatAction::Unarchive => Flags { archived: no, ..none },
            ChatAction::Pin => Flags { pinned: yes, archived: no, ..none },
            ChatAction::Unpin => Flags { pinned: no, ..none },
            ChatAction::Mute => Flags { muted: yes, ..none },
            ChatAction::Unmute => Flags { muted: no, ..none },
            ChatAction::Clear => Flags { cleared: Some(newest), marked_unread: no, ..none },
            ChatAction::Delete => {
                let seq = Some(newest);
                Flags { cleared: seq, deleted: seq, archived: no, pinned: no, muted: no, marked_unread: no }
            }
        };
        chats::change(self.platform.pool(), &own, &address, flags).await.map_err(silent)?;
        match action {
            ChatAction::Read => self.read(&own, &address, newest).await,
            _ => Ok(()),
        }
    }

    async fn mark_read(&self, instance: InstanceId, with: &ChatAddress, up_to: &WireId) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let address = self.place(&own, with).await?;
        match chats::received(self.platform.pool(), &own, &address, up_to).await.map_err(silent)? {
            Some(seq) => self.read(&own, &address, seq).await,
            None => Ok(()),
        }
    }
}

impl SimEngine {
    /// A person in WhatsApp's own form, or a group the number is in.
    pub(super) async fn place(&self, own: &Own, with: &ChatAddress) -> Result<ChatAddress, DirectoryError> {
        match with {
            ChatAddress::Group(id) => match groups::find(self.platform.pool(), own, id).await.map_err(silent)? {
                Some(group) if group.has(&own.number) => Ok(with.clone()),
                _ => Err(DirectoryError::GroupForbidden),
            },
            _ => self.person(with).await.map(ChatAddress::Phone),
        }
    }

    /// Somebody nothing was ever said to.
    async fn not_begun(&self, own: &Own, address: &ChatAddress, person: &persons::Person) -> Result<Chat, DirectoryError> {
        let flags = chats::shown_flags(self.platform.pool(), own, address).await.map_err(silent)?;
        Ok(Chat { name: person.name.clone(), picture: person.picture.clone(), lid: address.phone().map(people::lid), ..flags })
    }

    /// Everything received in a chat up to `seq` is read, and whoever wrote it hears of that.
    async fn read(&self, own: &Own, address: &ChatAddress, seq: i64) -> Result<(), DirectoryError> {
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        let writers = chats::mark_read(&mut transaction, own, address, seq, self.now()).await.map_err(silent)?;
        self.flush_later(&mut transaction, own.account, &writers, &format!("read/{seq}")).await.map_err(silent)?;
        transaction.commit().await.map_err(silent)?;
        self.platform.log.ring();
        Ok(())
    }
}
