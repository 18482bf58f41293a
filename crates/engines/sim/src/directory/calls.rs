//! Calls. Nobody ever talks: a call is rejected by the session, or rings out.

use chrono::Duration;
use recado_event_store::{StoreError, work};
use recado_kernel::{InstanceId, PhoneNumber};
use recado_messaging::engine::{CallState, Notice};

use super::tables::{calls, notices};
use crate::store::{phones, sessions};
use crate::worker::Job;
use crate::{Sim, SimEngine, SimError};

/// How long a call rings.
const RINGS_FOR: Duration = Duration::seconds(20);

impl Sim {
    /// Somebody calls the number linked to `instance`. Returns the call's id.
    ///
    /// # Errors
    /// Nothing is linked, or the database.
    pub async fn call(&self, instance: InstanceId, from: &PhoneNumber, video: bool) -> Result<String, SimError> {
        let session = sessions::find(&self.platform, instance).await?.ok_or(SimError::NotLinked)?;
        session.phone().ok_or(SimError::NotLinked)?;
        let (account, now) = (session.account, self.platform.now());
        let call = self.platform.new_uuid().simple().to_string().to_uppercase();
        let notice = Notice::Call { call: call.clone(), from: from.clone(), video, state: CallState::Ringing };
        let end = Job::EndCall { instance, call: call.clone() };
        let lane = format!("call/{call}");
        let end = end.at(account, &lane, instance.as_uuid(), &format!("ring-out/{call}"), now + RINGS_FOR);
        let tell = Job::Flush { instance };
        let tell =
            tell.at(account, &instance.to_string(), instance.as_uuid(), &format!("ring/{call}"), now + Duration::seconds(1));
        let mut transaction = self.platform.pool().begin().await?;
        phones::ensure(&mut transaction, from, Some(account), now).await?;
        calls::insert(&mut transaction, account, instance, &call, from, video, now).await?;
        notices::insert(&mut transaction, account, instance, &format!("call/{call}"), now, &notice).await?;
        work::enqueue(&mut transaction, &[tell, end]).await?;
        transaction.commit().await?;
        // Now, for whoever waits; the durable work repeats it if this process ends here.
        Box::pin(self.carry_out(Job::Flush { instance })).await?;
        self.platform.log.ring();
        Ok(call)
    }

    /// Nobody took the call.
    pub(crate) async fn ring_out(&self, instance: InstanceId, call: &str) -> Result<(), SimError> {
        Ok(SimEngine::new(self.platform.clone()).end_call(instance, call, false).await?)
    }
}

impl SimEngine {
    /// Ends a call that still rings; the session hears that it was missed.
    pub(super) async fn end_call(&self, instance: InstanceId, call: &str, rejected: bool) -> Result<(), StoreError> {
        let now = self.platform.now();
        let mut transaction = self.platform.pool().begin().await?;
        let Some(ended) = calls::end(&mut transaction, instance, call, rejected, now).await? else { return Ok(()) };
        let notice = Notice::Call { call: call.to_owned(), from: ended.caller, video: ended.video, state: CallState::Missed };
        notices::insert(&mut transaction, ended.account, instance, &format!("call/{call}/missed"), now, &notice).await?;
        self.flush_later(&mut transaction, ended.account, &[instance], &format!("call/{call}")).await?;
        transaction.commit().await?;
        self.platform.log.ring();
        Ok(())
    }
}
