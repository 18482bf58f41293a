//! Aggregates that were used a moment ago, so that the next command need not load them. Memory is only a guess: what is decided from it
//! counts because the append checks the key; what is refused from it is looked up in the log before anybody is told.

use std::sync::{Mutex, PoisonError};

use hashlink::LruCache;

use crate::store::Context;

/// A bounded memory of aggregates, the least recently used one forgotten first.
pub(crate) struct Hot<A> {
    entries: Mutex<LruCache<String, (A, i64)>>,
}

impl<A> Hot<A> {
    /// Remembers at most `capacity` aggregates.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: Mutex::new(LruCache::new(capacity)) }
    }

    /// Takes the aggregate out: a command that is cut short leaves nothing half changed behind.
    pub(crate) fn take(&self, id: &str) -> Option<Context<A>> {
        let (aggregate, sequence) = self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(id)?;
        Some(Context { id: id.to_owned(), aggregate, sequence })
    }

    /// Remembers an aggregate as the log has it.
    pub(crate) fn put(&self, context: Context<A>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.capacity() > 0 {
            entries.insert(context.id, (context.aggregate, context.sequence));
        }
    }
}

impl<A> std::fmt::Debug for Hot<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hot(…)")
    }
}
