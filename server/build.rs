//! With the feature `embedded`: puts the built site (`RECADO_SITE_DIR`, an absolute path) into the executable.

use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_EMBEDDED").is_none() {
        return Ok(());
    }
    println!("cargo::rerun-if-env-changed=RECADO_SITE_DIR");
    let site = std::env::var_os("RECADO_SITE_DIR")
        .map(PathBuf::from)
        .ok_or("set RECADO_SITE_DIR to the built site, or use `cargo xtask dist`")?;
    println!("cargo::rerun-if-changed={}", site.display());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?);
    std::fs::write(out.join("embedded_site.rs"), source(&site)?)?;
    Ok(())
}

/// Two constants: the manifest, and the files sorted by name.
fn source(site: &Path) -> Result<String, Failure> {
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(site.join("pkg"))?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    names.sort();
    let manifest = site.join("manifest.json").canonicalize()?;
    let mut text = format!("const MANIFEST: &[u8] = include_bytes!({:?});\n", manifest.display().to_string());
    text.push_str("const FILES: &[(&str, &[u8])] = &[\n");
    for path in names {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("an asset's name is not UTF-8")?;
        text.push_str(&format!("    ({name:?}, include_bytes!({:?})),\n", path.canonicalize()?.display().to_string()));
    }
    text.push_str("];\n");
    Ok(text)
}
