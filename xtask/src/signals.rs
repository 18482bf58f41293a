//! Ctrl-C and SIGTERM: noticed, so that `up` can ask its children to stop and wait until they have.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static WANTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Starts to listen: from now on these signals end nothing by themselves, whoever waits must ask [`stop_wanted`].
pub fn listen() -> anyhow::Result<()> {
    if WANTED.get().is_some() {
        return Ok(());
    }
    let wanted = WANTED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(wanted)).context("listening for signals")?;
    }
    Ok(())
}

/// Whether a signal came since [`listen`].
pub fn stop_wanted() -> bool {
    WANTED.get().is_some_and(|wanted| wanted.load(Ordering::Relaxed))
}
