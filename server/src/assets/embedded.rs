//! Assets inside the executable. `build.rs` writes the list when the feature `embedded` is on.

/// The manifest's bytes and a way to the files.
pub(super) type Site = (&'static [u8], fn(&str) -> Option<&'static [u8]>);

/// The site inside this executable, if it was built with one.
#[cfg(feature = "embedded")]
pub(super) fn site() -> Option<Site> {
    Some((MANIFEST, |name| FILES.binary_search_by_key(&name, |(known, _)| known).ok().map(|at| FILES[at].1)))
}

/// The site inside this executable: this one was built without.
#[cfg(not(feature = "embedded"))]
pub(super) fn site() -> Option<Site> {
    None
}

#[cfg(feature = "embedded")]
include!(concat!(env!("OUT_DIR"), "/embedded_site.rs"));
