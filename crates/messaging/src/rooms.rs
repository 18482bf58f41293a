//! Turns for what must be counted before it is added: one at a time per instance, in this process.

use std::sync::Arc;

use recado_kernel::InstanceId;
use tokio::sync::Mutex;

/// So many that two instances hardly ever wait for each other.
const TURNS: usize = 256;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Rooms(Arc<Vec<Mutex<()>>>);

impl Default for Rooms {
    fn default() -> Self {
        Self(Arc::new((0..TURNS).map(|_| Mutex::new(())).collect()))
    }
}

impl Rooms {
    /// The turn of an instance.
    pub(crate) fn of(&self, instance: InstanceId) -> &Mutex<()> {
        // The last bytes of an id are random.
        let bytes = instance.as_uuid().as_bytes()[14..].iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        &self.0[bytes % TURNS]
    }
}
