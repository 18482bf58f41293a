//! Commands that need no installation: they answer without a data folder and leave none behind.

use std::path::Path;

use serde_json::Value;

use crate::program::{recado, said};

/// A data folder that does not exist and a database nobody answers at: whoever opens either fails.
fn tool(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let data = folder.join("nowhere");
    let said = said(
        recado()
            .env("RECADO_DATA", &data)
            .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
            .current_dir(folder)
            .args(arguments),
    );
    assert!(!data.exists(), "{arguments:?} made a data folder");
    (said.code, said.stdout, said.stderr)
}

#[test]
fn months_are_simulated_without_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = r#"{"plans": {"PRO": {"price": "99.90"}},
        "events": [{"at": "2026-11-20T17:00:00Z", "instance": "A", "type": "subscribed", "plan": "PRO"}],
        "close": [{"competencia": "2026-11", "at": "2026-12-01T06:00:00Z"}], "quote_at": "2026-12-20T12:00:00Z"}"#;
    std::fs::write(folder.path().join("s.json"), scenario).unwrap();
    let (code, stdout, stderr) = tool(folder.path(), &["billing", "simulate", "s.json", "--json"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(answer["months"][0]["open"]["total"], "102.23");
    std::fs::write(folder.path().join("bad.json"), scenario.replace("\"99.90\"", "\"-99.90\"")).unwrap();
    for file in ["bad.json", "missing.json", "."] {
        let (code, stdout, stderr) = tool(folder.path(), &["billing", "simulate", file, "--json"]);
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(2), "", 1), "{file}: {stderr}");
    }
}

#[test]
fn codes_and_documents_are_built_and_checked_without_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let linha = "34191.09008 00012.380051 71234.570001 1 16560000014990";
    let free_field = "1090000012380057123457000";
    let key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";
    for (arguments, part) in [
        (
            vec![
                "pix",
                "payload",
                "--key",
                key,
                "--name",
                "Recado Tecnologia Ltda",
                "--city",
                "São Paulo",
                "--amount",
                "99.90",
                "--txid",
                "FAT202610A0000005",
            ],
            "62210517FAT202610A000000563040F13\n",
        ),
        (
            vec!["boleto", "encode", "--bank", "341", "--due", "2026-12-10", "--amount", "149.90", "--free-field", free_field],
            linha,
        ),
        (vec!["boleto", "decode", linha, "--on", "2026-11-20", "--json"], "\"due\":\"2026-12-10\""),
        (vec!["boleto", "validate", linha, "--amount", "149.90", "--due", "2026-12-10", "--json"], "\"valid\":true"),
        (vec!["document", "check", "12abc34501de35"], "12.ABC.345/01DE-35"),
    ] {
        let (code, stdout, stderr) = tool(folder.path(), &arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {stderr}");
        assert!(stdout.contains(part), "{arguments:?}: {stdout}");
    }
    let wrong_linha = "34191.09008 00012.380051 71234.570001 2 16560000014990";
    for (arguments, part) in [
        (vec!["pix", "payload", "--key", "123", "--name", "N", "--city", "C"], "not a Pix key"),
        (vec!["pix", "payload", "--key", key, "--name", "N", "--city", "C", "--amount", "-1"], "negative"),
        (vec!["boleto", "validate", wrong_linha], "general check digit"),
        (vec!["boleto", "validate", linha, "--amount", "149.91"], "149.90"),
        (vec!["boleto", "decode", "846700000017435900240209024050002435842210108119"], "utility"),
        (vec!["document", "check", "12345678900"], "check digits"),
    ] {
        let (code, stdout, stderr) = tool(folder.path(), &arguments);
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(2), "", 1), "{arguments:?}: {stderr}");
        assert!(stderr.contains(part), "{arguments:?}: {stderr}");
    }
}
