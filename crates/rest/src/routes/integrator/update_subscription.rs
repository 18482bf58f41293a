//! `PUT …/integrator/on-demand/subscription/update`: a plan with calls; not built.

use crate::RestError;
use crate::auth::PartnersInstance;

/// 501 by name, to partners who may ask.
pub async fn update(_: PartnersInstance) -> RestError {
    RestError::NotImplemented("PUT /integrator/on-demand/subscription/update")
}
