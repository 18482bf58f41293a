//! Who may change who is in a group: pure.

use recado_kernel::PhoneNumber;
use recado_messaging::engine::directory::MemberAction;
use recado_messaging::engine::{DirectoryError, GroupNews};

use super::tables::groups::{Role, Stored};

/// People whose last four digits are these do not let themselves be added to groups: they can only be invited.
const NOT_ADDABLE: &str = "0403";

/// May they be added without being asked?
pub(super) fn is_addable(phone: &PhoneNumber) -> bool {
    !phone.as_str().ends_with(NOT_ADDABLE)
}

/// What a change comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// These get this role.
    pub put: Vec<(PhoneNumber, Role)>,
    /// These go.
    pub out: Vec<PhoneNumber>,
    /// What members hear, and about whom.
    pub news: Option<(GroupNews, Vec<PhoneNumber>)>,
}

/// What `action` by `actor` on `phones` comes to; the phones are in WhatsApp's form.
pub(super) fn plan(
    group: &Stored,
    actor: &PhoneNumber,
    action: MemberAction,
    phones: &[PhoneNumber],
) -> Result<Plan, DirectoryError> {
    let admin = group.is_admin(actor);
    let may = match action {
        MemberAction::Add { .. } => group.has(actor) && (admin || !group.settings.admin_only_add_member),
        _ => admin,
    };
    if !may {
        return Err(DirectoryError::GroupForbidden);
    }
    let all_are = |fits: fn(Role) -> bool| {
        let all = phones.iter().all(|phone| group.role(phone).is_some_and(fits));
        all.then_some(()).ok_or(DirectoryError::GroupPhone)
    };
    let put = |role: Role| phones.iter().map(|phone| (phone.clone(), role)).collect::<Vec<_>>();
    let news = |what: GroupNews| Some((what, phones.to_vec()));
    Ok(match action {
        MemberAction::Add { auto_invite } => {
            let (in_now, to_invite): (Vec<_>, Vec<_>) =
                phones.iter().filter(|phone| !group.has(phone)).cloned().partition(is_addable);
            let invited = to_invite.into_iter().filter(|_| auto_invite).map(|phone| (phone, Role::Invited));
            Plan {
                put: in_now.iter().cloned().map(|phone| (phone, Role::Member)).chain(invited).collect(),
                news: (!in_now.is_empty()).then_some((GroupNews::GroupParticipantAdd, in_now)),
                ..Plan::default()
            }
        }
        MemberAction::Remove => {
            all_are(Role::is_inside)?;
            if phones.iter().any(|phone| group.role(phone) == Some(Role::Owner)) {
                return Err(DirectoryError::GroupForbidden);
            }
            Plan { out: phones.to_vec(), news: news(GroupNews::GroupParticipantRemove), ..Plan::default() }
        }
        MemberAction::Approve => {
            all_are(|role| role == Role::Asking)?;
            Plan { put: put(Role::Member), news: news(GroupNews::GroupParticipantAdd), ..Plan::default() }
        }
        MemberAction::Reject => {
            all_are(|role| role == Role::Asking)?;
            Plan { out: phones.to_vec(), news: news(GroupNews::RevokedMembershipRequests), ..Plan::default() }
        }
        MemberAction::Promote => {
            all_are(Role::is_inside)?;
            let members = phones.iter().filter(|phone| !group.is_admin(phone)).cloned();
            Plan { put: members.map(|phone| (phone, Role::Admin)).collect(), ..Plan::default() }
        }
        MemberAction::Demote => {
            all_are(Role::is_inside)?;
            if phones.iter().any(|phone| group.role(phone) == Some(Role::Owner)) {
                return Err(DirectoryError::GroupForbidden);
            }
            Plan { put: put(Role::Member), ..Plan::default() }
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use recado_kernel::{AccountId, Timestamp};
    use recado_messaging::engine::directory::GroupSettings;

    use super::*;

    fn phone(last: u32) -> PhoneNumber {
        format!("55629000{last:05}").parse().unwrap()
    }

    /// 1 owns, 2 is admin, 3 a member, 4 asks.
    fn group(settings: GroupSettings) -> Stored {
        Stored {
            id: "120363000000000001-group".into(),
            account: AccountId::from_uuid(uuid::Uuid::nil()),
            subject: "Bairro".into(),
            subject_at: Timestamp::UNIX_EPOCH,
            subject_by: phone(1),
            description: String::new(),
            picture: None,
            owner: phone(1),
            created_at: Timestamp::UNIX_EPOCH,
            invite_code: "x".into(),
            settings,
            people: vec![(phone(1), Role::Owner), (phone(2), Role::Admin), (phone(3), Role::Member), (phone(4), Role::Asking)],
        }
    }

    const ADD: MemberAction = MemberAction::Add { auto_invite: true };

    #[test]
    fn members_add_unless_only_admins_may() {
        let open = plan(&group(GroupSettings::default()), &phone(3), ADD, &[phone(9)]).unwrap();
        assert_eq!(open.put, [(phone(9), Role::Member)]);
        assert_eq!(open.news, Some((GroupNews::GroupParticipantAdd, vec![phone(9)])));
        let closed = group(GroupSettings { admin_only_add_member: true, ..GroupSettings::default() });
        assert_eq!(plan(&closed, &phone(3), ADD, &[phone(9)]), Err(DirectoryError::GroupForbidden));
        assert!(plan(&closed, &phone(2), ADD, &[phone(9)]).is_ok());
        assert_eq!(plan(&closed, &phone(8), ADD, &[phone(9)]), Err(DirectoryError::GroupForbidden), "a stranger");
    }

    #[test]
    fn who_cannot_be_added_is_invited_if_wished_and_members_stay() {
        let group = group(GroupSettings::default());
        let invited = plan(&group, &phone(1), ADD, &[phone(403), phone(3)]).unwrap();
        assert_eq!((invited.put, invited.news), (vec![(phone(403), Role::Invited)], None));
        let left_out = plan(&group, &phone(1), MemberAction::Add { auto_invite: false }, &[phone(403)]).unwrap();
        assert_eq!(left_out, Plan::default());
    }

    #[test]
    fn only_admins_change_others_and_nobody_the_owner() {
        let group = group(GroupSettings::default());
        for action in
            [MemberAction::Remove, MemberAction::Promote, MemberAction::Demote, MemberAction::Approve, MemberAction::Reject]
        {
            assert_eq!(plan(&group, &phone(3), action, &[phone(2)]), Err(DirectoryError::GroupForbidden), "{action:?}");
            assert_eq!(plan(&group, &phone(1), action, &[phone(9)]), Err(DirectoryError::GroupPhone), "{action:?}");
        }
        for action in [MemberAction::Remove, MemberAction::Demote] {
            assert_eq!(plan(&group, &phone(2), action, &[phone(1)]), Err(DirectoryError::GroupForbidden), "{action:?}");
        }
        assert_eq!(plan(&group, &phone(2), MemberAction::Approve, &[phone(4)]).unwrap().put, [(phone(4), Role::Member)]);
        assert_eq!(plan(&group, &phone(2), MemberAction::Reject, &[phone(4)]).unwrap().out, [phone(4)]);
        assert_eq!(plan(&group, &phone(2), MemberAction::Promote, &[phone(3)]).unwrap().put, [(phone(3), Role::Admin)]);
        assert!(plan(&group, &phone(2), MemberAction::Promote, &[phone(1)]).unwrap().put.is_empty(), "the owner stays owner");
    }
}
