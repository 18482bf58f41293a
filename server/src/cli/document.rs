//! `recado document check`: CPF and CNPJ, without an installation.

use recado_kernel::Document as TaxDocument;
use serde_json::json;

use super::print;
use crate::problem::Problem;

/// Tax documents; needs no database.
#[derive(Debug, clap::Subcommand)]
pub enum Document {
    /// Check a CPF or CNPJ, letters included.
    Check {
        /// With or without dots, slash and hyphen.
        #[arg(allow_hyphen_values = true)]
        number: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Document {
    pub fn run(self) -> anyhow::Result<()> {
        let Self::Check { number, json } = self;
        let document: TaxDocument = number.parse().map_err(|error| Problem::new(format!("not a valid CPF or CNPJ: {error}")))?;
        let kind = match &document {
            TaxDocument::Cpf(_) => "cpf",
            TaxDocument::Cnpj(_) => "cnpj",
        };
        print(&json!({"kind": kind, "masked": document.masked(), "number": document.as_str()}), json);
        Ok(())
    }
}
