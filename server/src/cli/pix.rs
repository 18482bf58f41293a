//! `recado pix payload|decode`: Pix codes, without an installation.

use recado_billing::amount_text::parse_amount;
use recado_billing::pix::{BrCode, Initiation, PixKey, Receiver, Txid};
use serde_json::{Value, json};

use super::print;
use crate::problem::Problem;

/// Pix codes ("copia e cola"); needs no database.
#[derive(Debug, clap::Subcommand)]
pub enum Pix {
    /// Build a code.
    Payload(Payload),
    /// Read a code and check it.
    Decode {
        /// The code, in quotation marks.
        code: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What goes into a code.
#[derive(Debug, clap::Args)]
pub struct Payload {
    /// Pix key of the receiver: CPF, CNPJ, e-mail, phone with +55, or random key.
    #[arg(long, required_unless_present = "location")]
    key: Option<String>,
    /// Instead of a key, the bank's address of a registered charge (dynamic code).
    #[arg(long, conflicts_with_all = ["key", "amount", "txid", "description"])]
    location: Option<String>,
    /// Name of the receiver; accents are taken off, 25 characters are kept.
    #[arg(long)]
    name: String,
    /// City of the receiver; 15 characters are kept.
    #[arg(long)]
    city: String,
    /// Amount, for example 149.90; without it the payer types it.
    #[arg(long, allow_hyphen_values = true)]
    amount: Option<String>,
    /// Reference: 1 to 25 letters and digits.
    #[arg(long)]
    txid: Option<String>,
    /// Text for the payer, cut to the room that is left.
    #[arg(long)]
    description: Option<String>,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Pix {
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Payload(wanted) => {
                let json = wanted.json;
                let code = build(wanted)?;
                if json { print(&describe(&code), true) } else { println!("{code}") }
            }
            Self::Decode { code, json } => {
                let code: BrCode = code.parse().map_err(problem)?;
                print(&describe(&code), json);
            }
        }
        Ok(())
    }
}

fn build(wanted: Payload) -> Result<BrCode, Problem> {
    let mut code = match (&wanted.key, &wanted.location) {
        (Some(key), _) => {
            let key: PixKey = key.parse().map_err(|error| Problem::new(format!("--key: {error}")))?;
            BrCode::for_key(&key, &wanted.name, &wanted.city).map_err(problem)?
        }
        (None, Some(location)) => BrCode::for_location(location, &wanted.name, &wanted.city).map_err(problem)?,
        (None, None) => return Err(Problem::new("--key is missing")),
    };
    if let Some(text) = &wanted.description {
        code = code.with_description(text);
    }
    if let Some(amount) = &wanted.amount {
        let amount = parse_amount(amount).map_err(|error| Problem::new(format!("--amount: {error}")))?;
        code = code.with_amount(amount).map_err(|error| Problem::new(format!("--amount: {error}")))?;
    }
    // `***` is how a code says that it has none.
    if let Some(txid) = wanted.txid.as_deref().filter(|txid| *txid != "***") {
        let txid: Txid = txid.parse().map_err(|error| Problem::new(format!("--txid: {error}")))?;
        code = code.with_txid(&txid);
    }
    Ok(code)
}

fn describe(code: &BrCode) -> Value {
    let (key, description, location) = match code.receiver() {
        Receiver::Key { key, description } => (Some(key), description.as_ref(), None),
        Receiver::Location(location) => (None, None, Some(location)),
    };
    json!({
        "payload": code.to_string(),
        "kind": if location.is_some() { "dynamic" } else { "static" },
        "once": code.initiation() == Some(Initiation::Once),
        "key": key,
        "location": location,
        "name": code.name(),
        "city": code.city(),
        "amount": code.amount(),
        "txid": code.txid(),
        "description": description,
    })
}

fn problem(error: recado_billing::pix::PixError) -> Problem {
    Problem::new(error.to_string())
}
