//! A bell for each topic of work, so that whoever does one kind of work is not woken, and does not ask the database, for every other.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

tokio::task_local! {
    /// Topics of the work added so far by the projection that folds in this task.
    static NOTED: Noted;
}

/// Topics to be rung once a transaction has committed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Noted(Arc<Mutex<BTreeSet<String>>>);

impl Noted {
    /// Lets `fold` run; what it adds to queues is noted here.
    pub(crate) async fn during<T>(&self, fold: impl Future<Output = T>) -> T {
        NOTED.scope(self.clone(), fold).await
    }

    pub(crate) fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Work of `topic` is being added. Outside a projection whoever adds rings by themselves.
pub(crate) fn note<'a>(topics: impl Iterator<Item = &'a str>) {
    // Not inside a projection: nothing to note.
    let _ = NOTED.try_with(|noted| {
        let mut noted = noted.0.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in topics {
            if !noted.contains(topic) {
                noted.insert(topic.to_owned());
            }
        }
    });
}

/// The bells of this process.
#[derive(Debug, Clone, Default)]
pub(super) struct Bells(Arc<Mutex<HashMap<String, watch::Sender<u64>>>>);

impl Bells {
    /// Hears whatever concerns `topic`.
    pub(super) fn listen(&self, topic: &str) -> watch::Receiver<u64> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.entry(topic.to_owned()).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// Rings for these topics.
    pub(super) fn ring<'a>(&self, topics: impl Iterator<Item = &'a str>) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in topics {
            if let Some(bell) = bells.get(topic) {
                bell.send_modify(|n| *n = n.wrapping_add(1));
            }
        }
    }

    /// Rings for every topic: nobody knows which it was.
    pub(super) fn ring_all(&self) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.values().for_each(|bell| bell.send_modify(|n| *n = n.wrapping_add(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bell_is_heard_by_its_topic_and_what_a_fold_adds_is_noted() {
        let bells = Bells::default();
        let (send, mail) = (bells.listen("send"), bells.listen("mail"));
        let noted = Noted::default();
        noted.during(async { note(["send", "nobody"].into_iter()) }).await;
        note(["mail"].into_iter());
        bells.ring(noted.take().iter().map(String::as_str));
        assert!(send.has_changed().unwrap_or_default() && !mail.has_changed().unwrap_or(true));
        assert!(noted.take().is_empty());
        bells.ring_all();
        assert!(mail.has_changed().unwrap_or_default());
    }
}
