//! The finance desk's list of months.

use std::collections::BTreeMap;

use recado_kernel::{AccountId, Competencia, Timestamp};

use super::preview_month::CHUNK;
use crate::projections::{facts, months};
use crate::rules::{LocalMonth, StatementState};
use crate::{Billing, BillingError, MonthOverview, MonthState};

/// Months shown.
const SHOWN: usize = 36;

impl Billing {
    /// For staff: every month from the first instance to the running one, newest first.
    ///
    /// # Errors
    /// A plan without price, or the database.
    pub async fn staff_months(&self) -> Result<Vec<MonthOverview>, BillingError> {
        self.catch_up().await?;
        let (pool, zone, now) = (self.platform.pool(), self.settings.system.tz, self.platform.now());
        let running = LocalMonth::containing(now, zone);
        let accounts = facts::accounts(pool, running.end).await?;
        let first = accounts.iter().map(|(_, first)| *first).min();
        let first = first.map_or(running.competencia, |first| LocalMonth::containing(first, zone).competencia);
        let closed = months::closed_totals(pool).await?;
        let mut overviews: BTreeMap<Competencia, MonthOverview> =
            std::iter::successors(Some(running.competencia), |month| Some(month.previous()))
                .take_while(|month| *month >= first)
                .take(SHOWN)
                .map(|month| (month, overview(LocalMonth::new(month, zone), now, &accounts, closed.get(&month))))
                .collect();
        self.add_open_accounts(&accounts, &mut overviews, now).await?;
        Ok(overviews.into_values().rev().collect())
    }

    /// Adds the preview of every account that is not closed yet.
    async fn add_open_accounts(
        &self,
        accounts: &[(AccountId, Timestamp)],
        overviews: &mut BTreeMap<Competencia, MonthOverview>,
        now: Timestamp,
    ) -> Result<(), BillingError> {
        let done = months::closed_pairs(self.platform.pool()).await?;
        let zone = self.settings.system.tz;
        for chunk in accounts.chunks(CHUNK) {
            let ids: Vec<AccountId> = chunk.iter().map(|(account, _)| *account).collect();
            let known = self.known(&ids).await?;
            for (account, first) in chunk {
                let from = LocalMonth::containing(*first, zone).competencia;
                let open = overviews.range_mut(from..).filter(|(month, _)| !done.contains(&(*account, **month)));
                for (month, overview) in open {
                    let Some(known) = known.get(account) else { continue };
                    let statement = known.preview(*account, *month, &self.settings, now)?.statement;
                    overview.instances += statement.instances;
                    if statement.state == StatementState::Issued {
                        overview.total += statement.total;
                    }
                }
            }
        }
        Ok(())
    }
}

fn overview(
    month: LocalMonth,
    now: Timestamp,
    accounts: &[(AccountId, Timestamp)],
    closed: Option<&months::ClosedTotals>,
) -> MonthOverview {
    let closed = closed.cloned().unwrap_or_default();
    let accounts = u32::try_from(accounts.iter().filter(|(_, first)| *first < month.end).count()).unwrap_or(u32::MAX);
    let state = match () {
        () if !month.is_over(now) => MonthState::Running,
        () if closed.accounts < accounts => MonthState::ToClose,
        () => MonthState::Closed,
    };
    MonthOverview {
        competencia: month.competencia,
        state,
        accounts,
        closed_accounts: closed.accounts,
        instances: closed.instances,
        invoices: closed.invoices,
        total: closed.total,
        closed_at: closed.closed_at,
        closed_by: closed.closed_by,
    }
}
