//! Who did it, by name.

use std::collections::HashMap;

use recado_event_store::RecordedEvent;
use recado_kernel::{AccountId, Actor, Door, StaffId};

use crate::web::failure::Failure;
use crate::web::visit::Member;
use crate::words::Words;

/// Names of everybody who acts in some events.
pub struct People {
    accounts: HashMap<AccountId, String>,
    staff: HashMap<StaffId, String>,
}

impl People {
    /// Looks them up.
    ///
    /// # Errors
    /// The database.
    pub async fn of(member: &Member, events: &[RecordedEvent]) -> Result<Self, Failure> {
        let mut ids: Vec<AccountId> = events.iter().map(|event| event.account_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut staff: Vec<StaffId> = events
            .iter()
            .filter_map(|event| match event.actor {
                Actor::Staff(id) => Some(id),
                _ => None,
            })
            .collect();
        staff.sort_unstable();
        staff.dedup();
        let accounts = &member.panel.accounts;
        Ok(Self {
            accounts: accounts.accounts_by_id(&ids).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            staff: accounts.staff_emails(&staff).await?.into_iter().collect(),
        })
    }

    /// The actor of an event in words.
    pub fn actor(&self, words: Words, event: &RecordedEvent) -> String {
        match &event.actor {
            Actor::User(_) => self.accounts.get(&event.account_id).cloned().unwrap_or_else(|| words.t("actor.user").to_owned()),
            Actor::Staff(id) => {
                let who = self.staff.get(id).cloned().unwrap_or_else(|| id.to_string());
                words.with("actor.staff", &[("who", &who)])
            }
            Actor::Api(_) => words.t("actor.api").to_owned(),
            Actor::Partner(_) => words.t("actor.partner").to_owned(),
            Actor::Engine(kind) if kind == "sim" => words.t("actor.simulated").to_owned(),
            Actor::Engine(kind) => words.with("actor.engine", &[("kind", kind)]),
            Actor::System(job) => system(words, job),
        }
    }
}

/// What acts without a person, in words; a job without words by its own name.
pub fn system(words: Words, job: &str) -> String {
    match job {
        "cli" => words.t("actor.cli").to_owned(),
        job => words.with("actor.system", &[("job", words.find(&format!("job.{job}")).unwrap_or(job))]),
    }
}

/// The way in, in words.
pub fn door(words: Words, door: Door) -> &'static str {
    match door {
        Door::Panel => words.t("door.panel"),
        Door::Api => words.t("door.api"),
        Door::Engine => words.t("door.engine"),
        Door::Job => words.t("door.job"),
    }
}
