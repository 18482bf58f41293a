//! The finished site: `pkg/` with files whose names carry their content's hash, each with its compressed forms beside
//! it, and `manifest.json` that says which is which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Quality;
use super::bindgen::Glue;
use super::styles;
use crate::paths;

/// What the server reads.
#[derive(Debug, Serialize)]
struct Manifest {
    /// The name without ending that the page's loader knows the client by: `<client>.js` and `<client>_bg.wasm`.
    client: String,
    /// Logical name to file name in `pkg/`; `.br` and `.gz` beside it where that is smaller.
    files: BTreeMap<String, String>,
}

struct Site<'a> {
    pkg: &'a Path,
    quality: Quality,
    files: BTreeMap<String, String>,
}

/// Puts client, styles and static files together.
pub fn assemble(glue: &Glue, quality: Quality) -> anyhow::Result<()> {
    let folder = quality.site();
    let pkg = folder.join("pkg");
    fs::create_dir_all(&pkg).with_context(|| format!("creating {}", pkg.display()))?;
    let mut site = Site { pkg: &pkg, quality, files: BTreeMap::new() };

    let script = fs::read(&glue.script)?;
    let wasm = fs::read(&glue.wasm)?;
    // One hash for the pair: the loader knows a single name.
    let client = format!("frontend.{}", short_hash(&[&script, &wasm]));
    site.add("frontend.js", &format!("{client}.js"), &script)?;
    site.add("frontend_bg.wasm", &format!("{client}_bg.wasm"), &wasm)?;

    let style = paths::root().join("style");
    site.add_folder(&style.join("assets"))?;
    let css = styles::bundle(&style, &|name| site.files.get(name).map(|file| format!("/assets/{file}")))?;
    site.add_hashed("main.css", css.as_bytes())?;

    site.remove_others()?;
    let manifest = Manifest { client, files: site.files };
    fs::write(folder.join("manifest.json"), serde_json::to_vec_pretty(&manifest)?).context("writing manifest.json")
}

impl Site<'_> {
    fn add_folder(&mut self, folder: &Path) -> anyhow::Result<()> {
        let mut entries: Vec<_> = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries.iter().filter(|path| path.is_file()) {
            if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                self.add_hashed(name, &fs::read(path)?)?;
            }
        }
        Ok(())
    }

    fn add_hashed(&mut self, logical: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let (stem, extension) = logical.rsplit_once('.').unwrap_or((logical, "bin"));
        let file = format!("{stem}.{}.{extension}", short_hash(&[bytes]));
        self.add(logical, &file, bytes)
    }

    /// Writes a file and its compressed forms; a file of that name is already the right one.
    fn add(&mut self, logical: &str, file: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.pkg.join(file);
        if !path.is_file() {
            if is_compressible(file) {
                write_smaller(&self.pkg.join(format!("{file}.br")), bytes, brotli_bytes(bytes, self.quality)?)?;
                if self.quality == Quality::Optimised {
                    write_smaller(&self.pkg.join(format!("{file}.gz")), bytes, gzip_bytes(bytes)?)?;
                }
            }
            fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        }
        self.files.insert(logical.to_owned(), file.to_owned());
        Ok(())
    }

    /// Removes the files of earlier builds.
    fn remove_others(&self) -> anyhow::Result<()> {
        let wanted: BTreeSet<&str> = self.files.values().map(String::as_str).collect();
        for entry in self.pkg.read_dir()? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let base = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz")).unwrap_or(name);
            if !wanted.contains(base) {
                fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// SHA-256 over the parts, in hexadecimal.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn short_hash(parts: &[&[u8]]) -> String {
    digest(parts)[..16].to_owned()
}

fn is_compressible(file: &str) -> bool {
    matches!(file.rsplit_once('.'), Some((_, "js" | "css" | "wasm" | "svg" | "json" | "txt" | "webmanifest" | "ico")))
}

fn write_smaller(path: &Path, plain: &[u8], packed: Vec<u8>) -> anyhow::Result<()> {
    if packed.len() < plain.len() {
        fs::write(path, packed).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn brotli_bytes(bytes: &[u8], quality: Quality) -> anyhow::Result<Vec<u8>> {
    let level = if quality == Quality::Optimised { 11 } else { 4 };
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, level, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

fn gzip_bytes(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn content_decides_the_name_and_old_files_go() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.0000000000000000.css"), "old").unwrap();
        let mut site = Site { pkg: folder.path(), quality: Quality::Optimised, files: BTreeMap::new() };
        site.add_hashed("main.css", "a{color:red}".repeat(50).as_bytes()).unwrap();
        site.remove_others().unwrap();
        let file = site.files.get("main.css").unwrap();
        let mut names: Vec<_> =
            folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, [file.clone(), format!("{file}.br"), format!("{file}.gz")]);
    }

    #[test]
    fn parts_are_not_confused_with_each_other() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
