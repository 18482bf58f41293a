//! Who reads: their own instance stands in the examples. Tokens never do; they stay on the instance's page.

use recado_accounts::Permission;
use recado_messaging::InstanceView;
use serde::Deserialize;

use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// What a page may be asked.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What to look for.
    #[serde(default)]
    pub busca: String,
    /// The instance for the examples.
    #[serde(default)]
    pub instancia: String,
}

/// What examples are filled with.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Address of the API.
    pub base: String,
    instances: Vec<InstanceView>,
    chosen: usize,
}

impl Reader {
    /// The instances of whoever is signed in and may see them, `asked` before others.
    ///
    /// # Errors
    /// The database.
    pub async fn of(visit: &Visit, asked: &str) -> Result<Self, Failure> {
        let account = visit.principal.as_ref().and_then(|principal| principal.require(Permission::ViewInstances).ok());
        let instances = match account {
            Some(account) => visit.panel.messaging.instances(account).await?.to_vec(),
            None => vec![],
        };
        let chosen = instances.iter().position(|view| view.id.public() == asked).unwrap_or(0);
        Ok(Self { base: visit.panel.api_url.clone(), instances, chosen })
    }

    /// Somebody who is not signed in.
    #[cfg(test)]
    pub fn stranger(base: &str) -> Self {
        Self { base: base.to_owned(), instances: vec![], chosen: 0 }
    }

    /// The instance in the examples.
    pub fn instance(&self) -> Option<&InstanceView> {
        self.instances.get(self.chosen)
    }

    /// All they may choose.
    pub fn instances(&self) -> &[InstanceView] {
        &self.instances
    }

    /// Its id, or a word to replace.
    pub fn instance_id(&self) -> String {
        self.instance().map_or_else(|| "SEU_ID".to_owned(), |view| view.id.public())
    }

    /// A word to replace.
    pub const fn token(&self) -> &'static str {
        "SEU_TOKEN"
    }

    /// A word to replace.
    pub const fn partner_token(&self) -> &'static str {
        "SEU_TOKEN_DE_INTEGRADOR"
    }
}
