//! Whoever is signed in, and what they may do.

use std::fmt;

use recado_kernel::{AccountId, Actor, Locale, StaffId, UserId};
use uuid::Uuid;

use crate::domain::account::policy::{self, Permission, Role};
use crate::domain::staff::policy::{self as staff_policy, StaffPermission, StaffRole};

/// The tenant under which the operator's own people are recorded: the nil UUID, never a customer.
pub const OPERATOR: AccountId = AccountId::from_uuid(Uuid::nil());

/// Which kind of person, with the ids that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// A person of an account.
    User {
        /// Their tenant.
        account_id: AccountId,
        /// Who.
        user_id: UserId,
        /// What they are there.
        role: Role,
    },
    /// A person of the operator.
    Staff {
        /// Who.
        staff_id: StaffId,
        /// What they are.
        role: StaffRole,
    },
}

/// Somebody signed in. Everything that acts for a person takes one and asks it first.
#[derive(Clone, PartialEq, Eq)]
pub struct Principal {
    /// Kind and ids.
    pub kind: PrincipalKind,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Language.
    pub locale: Locale,
    /// Has the address been proved? Sign-in requires it, so `true` for every session.
    pub verified: bool,
    /// The session it came with; `None` for principals made by the command line or by tests.
    pub session_id: Option<Uuid>,
}

/// The person may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Forbidden;

impl Forbidden {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "forbidden"
    }
}

impl Principal {
    /// The tenant this person may act in, if `permission` is theirs. Use the answer, never an account id from a request.
    ///
    /// # Errors
    /// [`Forbidden`]: another role, or staff.
    pub const fn require(&self, permission: Permission) -> Result<AccountId, Forbidden> {
        match self.kind {
            PrincipalKind::User { account_id, role, .. } if policy::allows(role, permission) => Ok(account_id),
            _ => Err(Forbidden),
        }
    }

    /// The staff member, if `permission` is theirs.
    ///
    /// # Errors
    /// [`Forbidden`]: another role, or a customer.
    pub const fn require_staff(&self, permission: StaffPermission) -> Result<StaffId, Forbidden> {
        match self.kind {
            PrincipalKind::Staff { staff_id, role } if staff_policy::allows(role, permission) => Ok(staff_id),
            _ => Err(Forbidden),
        }
    }

    /// May they? For hiding what would be refused.
    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.require(permission).is_ok()
    }

    /// May they, as staff? For hiding what would be refused.
    #[must_use]
    pub const fn staff_may(&self, permission: StaffPermission) -> bool {
        self.require_staff(permission).is_ok()
    }

    /// The tenant; `None` for staff.
    #[must_use]
    pub const fn account_id(&self) -> Option<AccountId> {
        match self.kind {
            PrincipalKind::User { account_id, .. } => Some(account_id),
            PrincipalKind::Staff { .. } => None,
        }
    }

    /// As recorded with events.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match self.kind {
            PrincipalKind::User { user_id, .. } => Actor::User(user_id),
            PrincipalKind::Staff { staff_id, .. } => Actor::Staff(staff_id),
        }
    }

    /// Is it a person of the operator?
    #[must_use]
    pub const fn is_staff(&self) -> bool {
        matches!(self.kind, PrincipalKind::Staff { .. })
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(kind: PrincipalKind) -> Principal {
        let email = "ana@exemplo.com".to_owned();
        Principal { kind, name: "Ana".into(), email, locale: Locale::PtBr, verified: true, session_id: None }
    }

    #[test]
    fn a_customer_never_passes_for_staff_nor_the_other_way() {
        let account_id = AccountId::from_uuid(Uuid::from_u128(1));
        let user_id = UserId::from_uuid(Uuid::from_u128(2));
        let owner = principal(PrincipalKind::User { account_id, user_id, role: Role::Owner });
        let admin = principal(PrincipalKind::Staff { staff_id: StaffId::from_uuid(Uuid::from_u128(3)), role: StaffRole::Admin });
        assert_eq!(owner.require(Permission::Subscribe), Ok(account_id));
        assert_eq!(owner.require_staff(StaffPermission::FindAccounts), Err(Forbidden));
        assert!(admin.staff_may(StaffPermission::CloseMonth));
        assert!(!admin.may(Permission::ViewInstances));
        assert!(!format!("{owner:?}").contains("ana@"), "no personal data in logs");
    }
}
