//! The description of the API (OpenAPI 3.1): written at each handler, served at `/openapi.json`, the source of the reference pages and of
//! the Postman collection.
//!
//! A handler is described by two small blocks beside it:
//! * [`body!`](crate::body!) names the fields its body may hold, with an example that works;
//! * `#[utoipa::path(…)]` names verb and path, says what it does, which type it answers.
//!
//! [`Router::described`] takes both into the router and into the description at once, so a route cannot be elsewhere than described.
//! What all routes share (credentials in the path, tolerance, errors) is added here once ([`document`]); answers of refusals come from the
//! table in [`crate::error`]. A test asks the running server for its routes and fails on one that is missing here, and the reverse.
//!
//! Left out on purpose: the routes of [`crate::catalogue`], which answer 501. They stand by name in `x-not-built`.

pub mod body;
mod callbacks;
mod common;
mod document;
mod examples;
mod glossary;
mod operation;
mod postman;
mod refusals;
mod router;
mod served;
mod webhooks;

pub use document::{Description, ROUTES_NOT_BUILT};
pub use router::Router;
pub use served::documents;

/// Descriptions are written in Portuguese: the language of those who read them.
pub const LANGUAGE: &str = "pt-BR";
