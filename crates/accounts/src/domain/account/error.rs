//! Why an account refuses.

/// A refusal of the aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// There is no such account.
    #[error("there is no such account")]
    Unknown,
    /// The id is in use.
    #[error("the account exists already")]
    AlreadyRegistered,
    /// The person does not belong to the account.
    #[error("there is no such person in the account")]
    UnknownUser,
    /// So many integrator tokens are in force already.
    #[error("too many tokens are in force")]
    TooManyTokens,
    /// Nothing to prove any more.
    #[error("the address is already proved")]
    AlreadyVerified,
    /// The address must be proved first.
    #[error("the address is not proved yet")]
    NotVerified,
}
