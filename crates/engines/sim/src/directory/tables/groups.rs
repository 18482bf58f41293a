//! Tables `sim_group` and `sim_group_member`.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, PhoneNumber, Timestamp};
use recado_messaging::engine::directory::GroupSettings;
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use super::super::{Own, people};

/// What somebody is to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Owner,
    Admin,
    Member,
    Asking,
    Invited,
}

impl Role {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Asking => "asking",
            Self::Invited => "invited",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "owner" => Self::Owner,
            "admin" => Self::Admin,
            "asking" => Self::Asking,
            "invited" => Self::Invited,
            _ => Self::Member,
        }
    }

    pub(crate) const fn is_inside(self) -> bool {
        matches!(self, Self::Owner | Self::Admin | Self::Member)
    }

    pub(crate) const fn is_admin(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// One group with everybody who has to do with it, by role.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub id: String,
    pub account: AccountId,
    pub subject: String,
    pub subject_at: Timestamp,
    pub subject_by: PhoneNumber,
    pub description: String,
    pub picture: Option<String>,
    pub owner: PhoneNumber,
    pub created_at: Timestamp,
    pub invite_code: String,
    pub settings: GroupSettings,
    pub people: Vec<(PhoneNumber, Role)>,
}

impl Stored {
    pub(crate) fn role(&self, phone: &PhoneNumber) -> Option<Role> {
        self.people.iter().find(|(who, _)| who == phone).map(|(_, role)| *role)
    }

    pub(crate) fn has(&self, phone: &PhoneNumber) -> bool {
        self.role(phone).is_some_and(Role::is_inside)
    }

    pub(crate) fn is_admin(&self, phone: &PhoneNumber) -> bool {
        self.role(phone).is_some_and(Role::is_admin)
    }

    /// Those inside.
    pub(crate) fn inside(&self) -> Vec<PhoneNumber> {
        self.people.iter().filter(|(_, role)| role.is_inside()).map(|(phone, _)| phone.clone()).collect()
    }
}

fn number(text: String, column: &str) -> Result<PhoneNumber, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable(format!("sim_group: {column}")))
}

/// A group of this account.
pub(crate) async fn find(pool: &PgPool, own: &Own, id: &str) -> Result<Option<Stored>, StoreError> {
    let mut connection = pool.acquire().await?;
    load(&mut connection, own.account, id, false).await
}

/// The same, locked until the transaction ends: whoever changes it takes turns.
pub(crate) async fn lock(db: &mut PgConnection, own: &Own, id: &str) -> Result<Option<Stored>, StoreError> {
    load(db, own.account, id, true).await
}

async fn load(db: &mut PgConnection, account: AccountId, id: &str, locked: bool) -> Result<Option<Stored>, StoreError> {
    let statement = match locked {
        true => "SELECT * FROM sim_group WHERE group_id = $1 AND account_id = $2 FOR UPDATE",
        false => "SELECT * FROM sim_group WHERE group_id = $1 AND account_id = $2",
    };
    let Some(row) = sqlx::query(statement).bind(id).bind(account.as_uuid()).fetch_optional(&mut *db).await? else {
        return Ok(None);
    };
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT phone, role FROM sim_group_member WHERE group_id = $1 AND account_id = $2
          ORDER BY array_position(ARRAY['owner', 'admin', 'member', 'asking', 'invited'], role), since, phone",
    )
    .bind(id)
    .bind(account.as_uuid())
    .fetch_all(db)
    .await?;
    let people = rows.into_iter().map(|(phone, role)| Ok((number(phone, "member")?, Role::parse(&role))));
    Ok(Some(Stored {
        id: row.try_get("group_id")?,
        account,
        subject: row.try_get("subject")?,
        subject_at: row.try_get("subject_at")?,
        subject_by: number(row.try_get("subject_by")?, "subject_by")?,
        description: row.try_get("description")?,
        picture: row.try_get("picture")?,
        owner: number(row.try_get("owner")?, "owner")?,
        created_at: row.try_get("created_at")?,
        invite_code: row.try_get("invite_code")?,
        settings: GroupSettings {
            admin_only_message: row.try_get("admin_only_message")?,
            admin_only_settings: row.try_get("admin_only_settings")?,
            require_admin_approval: row.try_get("admin_approval")?,
            admin_only_add_member: row.try_get("admin_only_add")?,
        },
        people: people.collect::<Result<_, StoreError>>()?,
    }))
}

/// The group behind an invitation.
pub(crate) async fn by_invite(pool: &PgPool, own: &Own, code: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT group_id FROM sim_group WHERE account_id = $1 AND invite_code = $2")
        .bind(own.account.as_uuid())
        .bind(code)
        .fetch_optional(pool)
        .await?)
}

/// A new group; its people follow by [`put`].
pub(crate) async fn insert(db: &mut PgConnection, group: &Stored) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_group (group_id, account_id, subject, subject_at, subject_by, owner, created_at, invite_code)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&group.id)
    .bind(group.account.as_uuid())
    .bind(&group.subject)
    .bind(group.subject_at)
    .bind(group.subject_by.as_str())
    .bind(group.owner.as_str())
    .bind(group.created_at)
    .bind(&group.invite_code)
    .execute(db)
    .await?;
    Ok(())
}

/// The group as it is now.
pub(crate) async fn update(db: &mut PgConnection, group: &Stored) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE sim_group SET subject = $3, subject_at = $4, subject_by = $5, description = $6, picture = $7, invite_code = $8,
                admin_only_message = $9, admin_only_settings = $10, admin_approval = $11, admin_only_add = $12
          WHERE group_id = $1 AND account_id = $2",
    )
    .bind(&group.id)
    .bind(group.account.as_uuid())
    .bind(&group.subject)
    .bind(group.subject_at)
    .bind(group.subject_by.as_str())
    .bind(&group.description)
    .bind(&group.picture)
    .bind(&group.invite_code)
    .bind(group.settings.admin_only_message)
    .bind(group.settings.admin_only_settings)
    .bind(group.settings.require_admin_approval)
    .bind(group.settings.admin_only_add_member)
    .execute(db)
    .await?;
    Ok(())
}

/// These people have this role from now on.
pub(crate) async fn put(
    db: &mut PgConnection,
    group: &Stored,
    phones: &[PhoneNumber],
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_group_member (group_id, account_id, phone, role, since) SELECT $1, $2, n.phone, $4, $5 FROM unnest($3::text[]) n(phone)
         ON CONFLICT (group_id, phone) DO UPDATE SET role = excluded.role",
    )
    .bind(&group.id)
    .bind(group.account.as_uuid())
    .bind(phones.iter().map(PhoneNumber::as_str).collect::<Vec<_>>())
    .bind(role.as_str())
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// These people have nothing to do with it any more.
pub(crate) async fn take_out(db: &mut PgConnection, group: &Stored, phones: &[PhoneNumber]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sim_group_member WHERE group_id = $1 AND account_id = $2 AND phone = ANY ($3)")
        .bind(&group.id)
        .bind(group.account.as_uuid())
        .bind(phones.iter().map(PhoneNumber::as_str).collect::<Vec<_>>())
        .execute(db)
        .await?;
    Ok(())
}

/// Sessions of this account linked to one of these numbers.
pub(crate) async fn sessions(
    db: &mut PgConnection,
    account: AccountId,
    phones: &[PhoneNumber],
) -> Result<Vec<InstanceId>, StoreError> {
    let found: Vec<Uuid> =
        sqlx::query_scalar("SELECT instance_id FROM sim_session WHERE account_id = $1 AND phone = ANY ($2) ORDER BY instance_id")
            .bind(account.as_uuid())
            .bind(phones.iter().map(PhoneNumber::as_str).collect::<Vec<_>>())
            .fetch_all(db)
            .await?;
    Ok(found.into_iter().map(InstanceId::from_uuid).collect())
}

/// Names as `own` sees them: the address book's, or the ones shown; in the same order.
pub(crate) async fn names(pool: &PgPool, own: &Own, phones: &[PhoneNumber]) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(Option<String>, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT c.first_name, c.last_name, p.name FROM unnest($3::text[]) WITH ORDINALITY n(phone, ordinal)
           LEFT JOIN sim_contact c ON c.account_id = $1 AND c.owner = $2 AND c.phone = n.phone
           LEFT JOIN sim_profile p ON p.number = n.phone ORDER BY n.ordinal",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(phones.iter().map(PhoneNumber::as_str).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    /// First and last name the owner saved, and what the person shows.
    type Known = (Option<String>, Option<String>, Option<String>);
    let name = |(phone, (first, last, shown)): (&PhoneNumber, Known)| {
        let saved = first.map(|first| last.map_or_else(|| first.clone(), |last| format!("{first} {last}")));
        saved.or(shown).unwrap_or_else(|| people::shown_name(phone))
    };
    Ok(phones.iter().zip(rows).map(name).collect())
}
