//! One stylesheet out of many: `style/main.css` lists the parts with `@import`, in the order they win.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::css::minify;
use crate::step::say;

/// Reads `main.css` in `folder` with everything it imports, made small. `asset_url` answers for `url("assets/…")`.
pub fn bundle(folder: &Path, asset_url: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<String> {
    let main = folder.join("main.css");
    if !main.is_file() {
        say("    style/main.css is missing: the pages will have no styles");
        return Ok(String::new());
    }
    let source = fs::read_to_string(&main).context("reading style/main.css")?;
    let mut whole = String::new();
    for line in source.lines() {
        match import(line) {
            Some((name, layer)) => {
                let part = fs::read_to_string(folder.join(name)).with_context(|| format!("style/main.css imports {name}"))?;
                match layer {
                    Some(layer) => whole.push_str(&format!("@layer {layer} {{\n{part}\n}}\n")),
                    None => whole.push_str(&(part + "\n")),
                }
            }
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
    with_assets(&minify(&whole), asset_url)
}

/// `@import "x.css";`, `@import url("x.css") layer(base);` -> name and layer.
fn import(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim().strip_prefix("@import")?.trim().trim_end_matches(';');
    let quote = rest.find(['"', '\''])?;
    let (name, after) = rest[quote + 1..].split_once(['"', '\''])?;
    let layer = after.split_once("layer(").and_then(|(_, layer)| layer.split_once(')')).map(|(layer, _)| layer);
    Some((name.trim_start_matches("./"), layer))
}

/// Replaces `url("assets/x")` by the URL under which `x` is served.
fn with_assets(css: &str, asset_url: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<String> {
    let mut result = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("url(") {
        let (before, after) = rest.split_at(at + 4);
        let (reference, tail) = after.split_once(')').context("style: url( without )")?;
        let plain = reference.trim_matches(['"', '\'']);
        result.push_str(before);
        match plain.strip_prefix("assets/") {
            Some(name) => result.push_str(&asset_url(name).with_context(|| format!("style/assets/{name} does not exist"))?),
            None => result.push_str(reference),
        }
        result.push(')');
        rest = tail;
    }
    result.push_str(rest);
    Ok(result)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn imports_are_put_in_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("main.css", "@import \"b.css\";\n@import url('./a.css') layer(base);\nbody { margin: 0 }\n");
        write("a.css", "a { color: red }");
        write("b.css", "b { background: url(\"assets/x.svg\") }");
        let css = bundle(folder.path(), &|name| Some(format!("/assets/{name}?"))).unwrap();
        assert_eq!(css, "b{background:url(/assets/x.svg?)}@layer base{a{color:red}}body{margin:0}");
    }

    #[test]
    fn a_missing_part_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import 'gone.css';").unwrap();
        let error = bundle(folder.path(), &|_| None).unwrap_err();
        assert!(error.to_string().contains("gone.css"), "{error}");
    }
}
