//! What every command but `serve` does first and last.

use crate::composition::Contexts;
use crate::config::{Mode, Settings};
use crate::installation::{Installation, Place};

/// An open installation with its contexts, without loops.
pub struct Session {
    /// The contexts.
    pub contexts: Contexts,
    installation: Installation,
}

impl Session {
    /// Opens the place and brings the read models up to date.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        let installation = Installation::open(place).await?;
        let settings = Settings::load(&installation.data)?;
        let contexts = Contexts::compose(&installation, &settings, Mode::Dev, "http://127.0.0.1:3000")?;
        contexts.catch_up().await?;
        Ok(Self { contexts, installation })
    }

    /// Lets the read models follow what the command did, then closes.
    pub async fn close(self) -> anyhow::Result<()> {
        let caught_up = self.contexts.catch_up().await;
        self.installation.close().await;
        caught_up
    }
}
