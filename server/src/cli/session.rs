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
        let session = Self::open_as_it_is(place).await?;
        session.contexts.catch_up().await?;
        Ok(session)
    }

    /// Opens the place and leaves the read models where they are.
    pub async fn open_as_it_is(place: &Place) -> anyhow::Result<Self> {
        let installation = Installation::open(place).await?;
        let settings = Settings::load(&installation.data)?;
        let contexts = Contexts::compose(&installation, &settings, Mode::Dev, "http://127.0.0.1:3000")?;
        Ok(Self { contexts, installation })
    }

    /// Lets the read models follow what the command did, then closes.
    pub async fn close(self) -> anyhow::Result<()> {
        let caught_up = self.contexts.catch_up().await;
        self.close_as_it_is().await;
        caught_up
    }

    /// Closes without looking at the read models.
    pub async fn close_as_it_is(self) {
        if let Err(error) = self.contexts.platform.log.announce().await {
            tracing::debug!(%error, "running servers were not told; they poll");
        }
        self.installation.close().await;
    }
}
