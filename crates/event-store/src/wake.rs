//! Waking readers: a watch channel inside the process; other processes poll (and are told by a debounced NOTIFY).

use tokio::sync::watch;

/// Tells everybody in this process that something was stored.
#[derive(Debug, Clone)]
pub(crate) struct Wake {
    sender: watch::Sender<u64>,
}

impl Wake {
    pub(crate) fn new() -> Self {
        Self { sender: watch::Sender::new(0) }
    }

    pub(crate) fn ring(&self) {
        self.sender.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.sender.subscribe()
    }
}
