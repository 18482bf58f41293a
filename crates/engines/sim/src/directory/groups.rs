//! Groups.

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId, PhoneNumber};
use recado_messaging::engine::directory::{
    CreatedGroup, Group, GroupBook, GroupChange, GroupMember, GroupSettings, InviteLink, LinkWithheld, MemberAction,
    MemberChange, NewGroup,
};
use recado_messaging::engine::{DirectoryError, GroupNews, Notice};
use sqlx::PgConnection;

use super::members::{self, Plan};
use super::tables::groups::{self, Role, Stored};
use super::tables::notices;
use super::{MOST_NAME, MOST_TEXT, Own, checked_picture, checked_text, people, silent};
use crate::{Sim, SimEngine, SimError};

const INVITE: &str = "https://chat.whatsapp.com/";

#[async_trait]
impl GroupBook for SimEngine {
    async fn group(&self, instance: InstanceId, id: &ChatAddress) -> Result<Group, DirectoryError> {
        let own = self.own(instance).await?;
        let stored = self.stored(&own, id).await?;
        self.shown(&own, stored).await
    }

    async fn create_group(&self, instance: InstanceId, new: &NewGroup) -> Result<CreatedGroup, DirectoryError> {
        let own = self.own(instance).await?;
        let subject = checked_text(&new.subject, MOST_NAME)?;
        let phones = self.group_phones(&new.members).await?;
        if phones.is_empty() || phones.contains(&own.number) {
            return Err(DirectoryError::GroupPhone);
        }
        let now = self.now();
        let group = Stored {
            id: format!("120363{:012}-group", u64::from_be_bytes(self.platform.random_bytes()) % 1_000_000_000_000),
            account: own.account,
            subject: subject.to_owned(),
            subject_at: now,
            subject_by: own.number.clone(),
            description: String::new(),
            picture: None,
            owner: own.number.clone(),
            created_at: now,
            invite_code: self.new_code(),
            settings: GroupSettings::default(),
            people: vec![(own.number.clone(), Role::Owner)],
        };
        let plan = members::plan(&group, &own.number, MemberAction::Add { auto_invite: new.auto_invite }, &phones)?;
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        groups::insert(&mut transaction, &group).await.map_err(silent)?;
        groups::put(&mut transaction, &group, std::slice::from_ref(&own.number), Role::Owner, now).await.map_err(silent)?;
        let added = plan.news.as_ref().map(|(_, phones)| phones.clone()).unwrap_or_default();
        let plan = Plan { news: Some((GroupNews::GroupCreate, added)), ..plan };
        self.carry_out_plan(&mut transaction, &group, &own.number, &plan).await?;
        self.committed(transaction).await?;
        let id = group.id.parse().map_err(|_| DirectoryError::InvalidPhone)?;
        Ok(CreatedGroup { id, invite_link: link(&group) })
    }

    async fn change_group(&self, instance: InstanceId, id: &ChatAddress, change: &GroupChange) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        let mut group = self.locked(&mut transaction, &own, id).await?;
        let admin = group.is_admin(&own.number);
        let may = match change {
            GroupChange::Settings(_) => admin,
            _ => admin || (group.has(&own.number) && !group.settings.admin_only_settings),
        };
        if !may {
            return Err(DirectoryError::GroupForbidden);
        }
        match change {
            GroupChange::Subject(subject) => {
                checked_text(subject, MOST_NAME)?.clone_into(&mut group.subject);
                (group.subject_at, group.subject_by) = (self.now(), own.number.clone());
            }
            GroupChange::Description(text) if text.trim().is_empty() => group.description.clear(),
            GroupChange::Description(text) => checked_text(text, MOST_TEXT)?.clone_into(&mut group.description),
            GroupChange::Picture(picture) => group.picture = Some(checked_picture(picture)?.to_owned()),
            GroupChange::Settings(change) => {
                let settings = &mut group.settings;
                let set = |to: &mut bool, wish: Option<bool>| *to = wish.unwrap_or(*to);
                set(&mut settings.admin_only_message, change.admin_only_message);
                set(&mut settings.admin_only_settings, change.admin_only_settings);
                set(&mut settings.require_admin_approval, change.require_admin_approval);
                set(&mut settings.admin_only_add_member, change.admin_only_add_member);
            }
        }
        groups::update(&mut transaction, &group).await.map_err(silent)?;
        transaction.commit().await.map_err(silent)
    }

    async fn change_members(
        &self,
        instance: InstanceId,
        id: &ChatAddress,
        action: MemberAction,
        phones: &[PhoneNumber],
    ) -> Result<MemberChange, DirectoryError> {
        let own = self.own(instance).await?;
        let phones = self.group_phones(phones).await?;
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        let group = self.locked(&mut transaction, &own, id).await?;
        let plan = members::plan(&group, &own.number, action, &phones)?;
        self.carry_out_plan(&mut transaction, &group, &own.number, &plan).await?;
        self.committed(transaction).await?;
        let invited: Vec<_> = plan.put.into_iter().filter(|(_, role)| *role == Role::Invited).map(|(phone, _)| phone).collect();
        Ok(MemberChange { done: phones.into_iter().filter(|phone| !invited.contains(phone)).collect(), invited })
    }

    async fn leave_group(&self, instance: InstanceId, id: &ChatAddress) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        self.leave(&own, id).await
    }

    async fn invite_link(&self, instance: InstanceId, id: &ChatAddress) -> Result<InviteLink, DirectoryError> {
        let own = self.own(instance).await?;
        let group = groups::find(self.platform.pool(), &own, id.as_str()).await.map_err(silent)?;
        Ok(match group {
            Some(group) if group.is_admin(&own.number) => InviteLink::Shown(link(&group)),
            Some(group) if group.has(&own.number) => InviteLink::Withheld(LinkWithheld::NotAuthorized),
            _ => InviteLink::Withheld(LinkWithheld::Forbidden),
        })
    }

    async fn renew_invite_link(&self, instance: InstanceId, id: &ChatAddress) -> Result<String, DirectoryError> {
        let own = self.own(instance).await?;
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        let mut group = self.locked(&mut transaction, &own, id).await?;
        if !group.is_admin(&own.number) {
            return Err(DirectoryError::GroupForbidden);
        }
        group.invite_code = self.new_code();
        groups::update(&mut transaction, &group).await.map_err(silent)?;
        transaction.commit().await.map_err(silent)?;
        Ok(link(&group))
    }

    async fn invited_group(&self, instance: InstanceId, link: &str) -> Result<Group, DirectoryError> {
        let own = self.own(instance).await?;
        let stored = self.behind(&own, link).await?;
        self.shown(&own, stored).await
    }

    async fn accept_invite(&self, instance: InstanceId, link: &str) -> Result<(), DirectoryError> {
        let own = self.own(instance).await?;
        self.follow(&own, link).await
    }
}

impl SimEngine {
    /// A group the number is in.
    async fn stored(&self, own: &Own, id: &ChatAddress) -> Result<Stored, DirectoryError> {
        let found = groups::find(self.platform.pool(), own, id.as_str()).await.map_err(silent)?;
        found.filter(|group| group.has(&own.number)).ok_or(DirectoryError::GroupForbidden)
    }

    async fn locked(&self, db: &mut PgConnection, own: &Own, id: &ChatAddress) -> Result<Stored, DirectoryError> {
        let found = groups::lock(db, own, id.as_str()).await.map_err(silent)?;
        found.filter(|group| group.has(&own.number)).ok_or(DirectoryError::GroupForbidden)
    }

    async fn behind(&self, own: &Own, link: &str) -> Result<Stored, DirectoryError> {
        let code = link.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let code = code.split('?').next().unwrap_or_default();
        let pool = self.platform.pool();
        let id = groups::by_invite(pool, own, code).await.map_err(silent)?.ok_or(DirectoryError::GroupForbidden)?;
        groups::find(pool, own, &id).await.map_err(silent)?.ok_or(DirectoryError::GroupForbidden)
    }

    /// The numbers in WhatsApp's form, each once. One without WhatsApp spoils all.
    async fn group_phones(&self, phones: &[PhoneNumber]) -> Result<Vec<PhoneNumber>, DirectoryError> {
        let forms: Option<Vec<PhoneNumber>> = self.own_forms(phones).await?.into_iter().collect();
        let mut forms = forms.ok_or(DirectoryError::GroupPhone)?;
        let mut seen = std::collections::HashSet::new();
        forms.retain(|phone| seen.insert(phone.clone()));
        Ok(forms)
    }

    /// Changes who is in the group, and stores what its members' sessions must hear.
    async fn carry_out_plan(
        &self,
        db: &mut PgConnection,
        group: &Stored,
        by: &PhoneNumber,
        plan: &Plan,
    ) -> Result<(), DirectoryError> {
        let now = self.now();
        for (phone, role) in &plan.put {
            groups::put(db, group, std::slice::from_ref(phone), *role, now).await.map_err(silent)?;
        }
        groups::take_out(db, group, &plan.out).await.map_err(silent)?;
        let Some((news, about)) = &plan.news else { return Ok(()) };
        // Whoever was in it, and whoever is in it now.
        let mut audience = group.inside();
        audience.extend(plan.put.iter().filter(|(_, role)| role.is_inside()).map(|(phone, _)| phone.clone()));
        let sessions = groups::sessions(db, group.account, &audience).await.map_err(silent)?;
        let key = self.platform.new_uuid();
        let notice = Notice::Group {
            group: group.id.parse().map_err(|_| DirectoryError::InvalidPhone)?,
            subject: group.subject.clone(),
            news: *news,
            by: by.clone(),
            members: about.clone(),
        };
        for instance in &sessions {
            notices::insert(db, group.account, *instance, &format!("group/{key}"), now, &notice).await.map_err(silent)?;
        }
        self.flush_later(db, group.account, &sessions, &format!("group/{key}")).await.map_err(silent)
    }

    async fn committed(&self, transaction: sqlx::Transaction<'_, sqlx::Postgres>) -> Result<(), DirectoryError> {
        transaction.commit().await.map_err(silent)?;
        self.platform.log.ring();
        Ok(())
    }

    /// Somebody leaves.
    pub(super) async fn leave(&self, own: &Own, id: &ChatAddress) -> Result<(), DirectoryError> {
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        let group = self.locked(&mut transaction, own, id).await?;
        let left = vec![own.number.clone()];
        // A group is never without somebody who can manage it.
        let heir = group.people.iter().find(|(phone, role)| *phone != own.number && role.is_inside());
        let orphaned = !group.people.iter().any(|(phone, role)| *phone != own.number && role.is_admin());
        let put = heir.filter(|_| orphaned).map(|(phone, _)| (phone.clone(), Role::Admin)).into_iter().collect();
        let plan = Plan { put, out: left.clone(), news: Some((GroupNews::GroupParticipantLeave, left)) };
        self.carry_out_plan(&mut transaction, &group, &own.number, &plan).await?;
        self.committed(transaction).await
    }

    /// Somebody follows an invitation.
    pub(super) async fn follow(&self, own: &Own, link: &str) -> Result<(), DirectoryError> {
        let group = self.behind(own, link).await?;
        if group.has(&own.number) {
            return Ok(());
        }
        let (role, news) = match group.settings.require_admin_approval {
            true => (Role::Asking, GroupNews::MembershipApprovalRequest),
            false => (Role::Member, GroupNews::GroupParticipantAdd),
        };
        let me = own.number.clone();
        let plan = Plan { put: vec![(me.clone(), role)], out: vec![], news: Some((news, vec![me])) };
        let mut transaction = self.platform.pool().begin().await.map_err(silent)?;
        self.carry_out_plan(&mut transaction, &group, &own.number, &plan).await?;
        self.committed(transaction).await
    }

    async fn shown(&self, own: &Own, group: Stored) -> Result<Group, DirectoryError> {
        let inside = group.inside();
        let names = groups::names(self.platform.pool(), own, &inside).await.map_err(silent)?;
        let members = inside.into_iter().zip(names).map(|(phone, name)| GroupMember {
            lid: Some(people::lid(&phone)),
            is_admin: group.is_admin(&phone),
            is_super_admin: group.role(&phone) == Some(Role::Owner),
            name: Some(name),
            phone,
        });
        Ok(Group {
            members: members.collect(),
            id: group.id.parse().map_err(|_| DirectoryError::InvalidPhone)?,
            subject: group.subject,
            description: group.description,
            owner: group.owner,
            created_at: group.created_at,
            subject_at: group.subject_at,
            subject_by: group.subject_by,
            picture: group.picture,
            settings: group.settings,
        })
    }

    /// 22 letters and digits.
    fn new_code(&self) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        self.platform.random_bytes::<22>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
    }
}

fn link(group: &Stored) -> String {
    format!("{INVITE}{}", group.invite_code)
}

impl Sim {
    /// A person follows a group's invitation: into it, or into the list of those who ask.
    ///
    /// # Errors
    /// No such invitation in this account, or the database.
    pub async fn follow_invite(
        &self,
        account: recado_kernel::AccountId,
        person: &PhoneNumber,
        link: &str,
    ) -> Result<(), SimError> {
        let own = Own { account, number: person.clone() };
        Ok(SimEngine::new(self.platform.clone()).follow(&own, link).await?)
    }

    /// A person leaves a group.
    ///
    /// # Errors
    /// They are not in it, or the database.
    pub async fn leave_group(
        &self,
        account: recado_kernel::AccountId,
        person: &PhoneNumber,
        group: &ChatAddress,
    ) -> Result<(), SimError> {
        let own = Own { account, number: person.clone() };
        Ok(SimEngine::new(self.platform.clone()).leave(&own, group).await?)
    }
}
