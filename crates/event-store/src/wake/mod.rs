//! Waking readers: watch channels inside the process, a debounced `NOTIFY` between processes, and a clock that covers what was missed.

mod processes;
mod topics;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

pub(crate) use processes::{announce, connect_processes};
use topics::Bells;
pub(crate) use topics::{Noted, note};

/// What happened somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Events were stored.
    Appended,
    /// Anything else readers may want to look at: work was added or done, a projection moved.
    Changed,
}

/// How many appends this process has stored, and how they shared transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppendCounts {
    /// Transactions (groups).
    pub groups: u64,
    /// Commands in them, those that failed included.
    pub commands: u64,
    /// Events stored.
    pub events: u64,
}

/// Tells everybody in this process that something was stored.
#[derive(Debug, Clone)]
pub(crate) struct Wake {
    appended: watch::Sender<u64>,
    changed: watch::Sender<u64>,
    /// What this process itself did and others have to be told: (appends, changes).
    own: watch::Sender<(u64, u64)>,
    bells: Bells,
    counts: Arc<[AtomicU64; 3]>,
}

impl Wake {
    pub(crate) fn new() -> Self {
        Self {
            appended: watch::Sender::new(0),
            changed: watch::Sender::new(0),
            own: watch::Sender::new((0, 0)),
            bells: Bells::default(),
            counts: Arc::default(),
        }
    }

    /// A group of `commands` went to the database and `events` were stored, with work of these topics.
    pub(crate) fn stored<'a>(&self, commands: usize, events: usize, topics: impl Iterator<Item = &'a str>) {
        for (count, by) in self.counts.iter().zip([1, commands, events]) {
            count.fetch_add(u64::try_from(by).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
        self.own.send_modify(|(appends, _)| *appends = appends.wrapping_add(1));
        self.bells.ring(topics);
        self.tell(News::Appended);
    }

    /// Something other than events changed in this process.
    pub(crate) fn ring(&self) {
        self.own.send_modify(|(_, changes)| *changes = changes.wrapping_add(1));
        self.hear(News::Changed);
    }

    /// Work of these topics was added in this process, outside an append.
    pub(crate) fn ring_topics<'a>(&self, topics: impl Iterator<Item = &'a str>) {
        self.own.send_modify(|(_, changes)| *changes = changes.wrapping_add(1));
        self.bells.ring(topics);
        self.tell(News::Changed);
    }

    /// A lane of `topic` goes on: of interest to whoever does this work in this process, who has just let it go.
    pub(crate) fn ring_here(&self, topic: &str) {
        self.bells.ring(std::iter::once(topic));
    }

    /// Something happened somewhere, and nobody knows to which topic.
    pub(crate) fn hear(&self, news: News) {
        self.bells.ring_all();
        self.tell(news);
    }

    fn tell(&self, news: News) {
        if news == News::Appended {
            self.appended.send_modify(|n| *n = n.wrapping_add(1));
        }
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) fn listen_topic(&self, topic: &str) -> watch::Receiver<u64> {
        self.bells.listen(topic)
    }

    pub(crate) fn listen_appended(&self) -> watch::Receiver<u64> {
        self.appended.subscribe()
    }

    pub(crate) fn counts(&self) -> AppendCounts {
        let [groups, commands, events] = [0, 1, 2].map(|n: usize| self.counts[n].load(Ordering::Relaxed));
        AppendCounts { groups, commands, events }
    }
}
