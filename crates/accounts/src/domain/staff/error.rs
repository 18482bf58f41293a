//! Why a staff member's aggregate refuses.

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StaffError {
    /// There is no such person.
    #[error("there is no such staff member")]
    Unknown,
    /// The id is in use.
    #[error("the staff member exists already")]
    AlreadyCreated,
}
