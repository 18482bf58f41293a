//! The router that remembers what it was told: every path, and the description of every route that has one.

use axum::routing::MethodRouter;
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::{RefOr, Schema};
use utoipa_axum::router::UtoipaMethodRouter;

use super::operation;
use crate::RestState;
use crate::routes::of_instance;

/// One described route.
#[derive(Clone)]
pub(super) struct Described {
    /// Lower-case verb.
    pub(super) verb: &'static str,
    /// Path from the root, as the router knows it.
    pub(super) path: String,
    /// Its section of the reference.
    pub(super) section: Option<&'static str>,
    /// The route this one is another name of: verb and path below the instance, as clients write it.
    pub(super) alias_of: Option<&'static str>,
    /// As written at the handler.
    pub(super) operation: Operation,
}

/// Use it in place of `axum::Router`. [`Router::route`] works as there; the route then lacks a description, and a test says so.
#[derive(Clone, Default)]
pub struct Router {
    axum: axum::Router<RestState>,
    pub(super) paths: Vec<String>,
    pub(super) described: Vec<Described>,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

impl Router {
    /// Without routes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A route that is not described.
    #[must_use]
    pub fn route(mut self, path: &str, methods: MethodRouter<RestState>) -> Self {
        self.paths.push(path.to_owned());
        self.axum = self.axum.route(path, methods);
        self
    }

    /// Routes as `#[utoipa::path]` says: `.described(routes!(status::show))`, several handlers of one path together. Paths are below the
    /// instance, unless they begin with `/instances`.
    #[must_use]
    pub fn described(self, (schemas, paths, methods): UtoipaMethodRouter<RestState>) -> Self {
        let mut router = self;
        router.schemas.extend(schemas);
        for (path, verb, operation) in operations(paths) {
            router = router.remember(&path, verb, None, operation);
        }
        let Some(path) = router.described.last().map(|described| described.path.clone()) else { return router };
        router.route(&path, methods)
    }

    /// Another name of the route `of` (verb and path below the instance), which `routes!` gives again: deprecated from the start.
    #[must_use]
    pub fn alias(self, path: &str, of: &'static str, (schemas, paths, methods): UtoipaMethodRouter<RestState>) -> Self {
        let mut router = self;
        router.schemas.extend(schemas);
        for (_, verb, operation) in operations(paths) {
            router = router.remember(path, verb, Some(of), operation);
        }
        router.route(&of_root(path), methods)
    }

    /// A route whose handler is made at run time, with the description `P` of the function behind it.
    #[must_use]
    pub fn described_as<P: utoipa::Path + utoipa::__dev::SchemaReferences>(
        self,
        path: &str,
        alias_of: Option<&'static str>,
        methods: MethodRouter<RestState>,
        change: impl Fn(&mut Operation),
    ) -> Self {
        let mut router = self;
        P::schemas(&mut router.schemas);
        for method in P::methods() {
            let mut operation = P::operation();
            change(&mut operation);
            router = router.remember(path, operation::verb(&method), alias_of, operation);
        }
        router.route(&of_root(path), methods)
    }

    /// All routes of `other` too.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.axum = self.axum.merge(other.axum);
        self.paths.extend(other.paths);
        self.described.extend(other.described);
        self.schemas.extend(other.schemas);
        self
    }

    /// [`Self::merge`]; the routes of `other` stand in this section of the reference.
    #[must_use]
    pub fn section(self, name: &'static str, mut other: Self) -> Self {
        other.described.iter_mut().for_each(|described| {
            described.section.get_or_insert(name);
        });
        self.merge(other)
    }

    /// The patterns of all paths, each once.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let mut paths = self.paths.clone();
        paths.sort();
        paths.dedup();
        paths
    }

    /// What axum serves.
    pub fn into_axum(self) -> axum::Router<RestState> {
        self.axum
    }

    fn remember(mut self, path: &str, verb: &'static str, alias_of: Option<&'static str>, operation: Operation) -> Self {
        self.described.push(Described { verb, path: of_root(path), section: None, alias_of, operation });
        self
    }
}

fn of_root(path: &str) -> String {
    if path.starts_with("/instances") { path.to_owned() } else { of_instance(path) }
}

/// Path, verb and operation of everything in `paths`.
fn operations(paths: Paths) -> Vec<(String, &'static str, Operation)> {
    let mut found = vec![];
    for (path, mut item) in paths.paths {
        for (method, slot) in [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Delete, &mut item.delete),
            (HttpMethod::Patch, &mut item.patch),
        ] {
            found.extend(slot.take().map(|operation| (path.clone(), operation::verb(&method), operation)));
        }
    }
    found
}
