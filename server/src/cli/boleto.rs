//! `recado boleto encode|decode|validate`: barcodes and linhas digitáveis, without an installation.

use chrono::NaiveDate;
use recado_billing::amount_text::parse_amount;
use recado_billing::boleto::{Barcode, BoletoError, DueDate};
use recado_kernel::{Clock as _, Money};
use serde_json::{Value, json};

use super::print;
use crate::clock::SystemClock;
use crate::installation::Place;
use crate::problem::Problem;

/// Boleto numbers; needs no database. A number alone cannot be paid: a bank must have registered it.
#[derive(Debug, clap::Subcommand)]
pub enum Boleto {
    /// Put a barcode and its linha digitável together.
    Encode {
        /// Bank code, three digits.
        #[arg(long)]
        bank: String,
        /// Due date, YYYY-MM-DD; without it the boleto has none.
        #[arg(long)]
        due: Option<String>,
        /// Amount, for example 149.90; without it the payer types it.
        #[arg(long, allow_hyphen_values = true)]
        amount: Option<String>,
        /// Campo livre: 25 digits, as the bank prescribes.
        #[arg(long)]
        free_field: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show what a linha digitável (47 digits) or barcode (44) says.
    Decode {
        /// Dots, hyphens and spaces do not matter.
        #[arg(required = true, num_args = 1..)]
        number: Vec<String>,
        /// Read it as on that day, YYYY-MM-DD; today if not given. Due dates repeat every 9,000 days.
        #[arg(long)]
        on: Option<String>,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check every check digit, and amount and due date where they are given.
    Validate {
        /// Dots, hyphens and spaces do not matter.
        #[arg(required = true, num_args = 1..)]
        number: Vec<String>,
        /// What the invoice says.
        #[arg(long, allow_hyphen_values = true)]
        amount: Option<String>,
        /// What the invoice says, YYYY-MM-DD.
        #[arg(long)]
        due: Option<String>,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Boleto {
    pub fn run(self, place: &Place) -> anyhow::Result<()> {
        let clock = SystemClock::shifted_by(place.clock_offset.unwrap_or_default());
        let today = clock.now().with_timezone(&recado_billing::BillingSettings::default().tz).date_naive();
        match self {
            Self::Encode { bank, due, amount, free_field, json } => {
                let due = date(due, "--due")?;
                let barcode = Barcode::assemble(&bank, due, money(amount)?, &free_field).map_err(problem)?;
                print(&describe(&barcode, due.unwrap_or(today)), json);
            }
            Self::Decode { number, on, json } => {
                let barcode = Barcode::read(&number.concat()).map_err(problem)?;
                print(&describe(&barcode, date(on, "--on")?.unwrap_or(today)), json);
            }
            Self::Validate { number, amount, due, json } => {
                let (amount, due) = (money(amount)?, date(due, "--due")?);
                let checked =
                    Barcode::read(&number.concat()).and_then(|barcode| barcode.agrees_with(amount, due).map(|()| barcode));
                match checked {
                    Ok(barcode) => {
                        let mut value = describe(&barcode, due.unwrap_or(today));
                        value["valid"] = json!(true);
                        print(&value, json);
                    }
                    Err(error) => {
                        if json {
                            print(&json!({"valid": false, "problem": error.to_string()}), true);
                        }
                        return Err(problem(error).into());
                    }
                }
            }
        }
        Ok(())
    }
}

fn describe(barcode: &Barcode, read_on: NaiveDate) -> Value {
    let (due, due_known) = match barcode.due(read_on) {
        DueDate::On(date) => (Some(date), "yes"),
        DueDate::None => (None, "no due date"),
        DueDate::Undefined => (None, "undefined"),
    };
    json!({
        "barcode": barcode.to_string(),
        "linha": barcode.linha(),
        "bank": barcode.bank(),
        "check_digit": barcode.check_digit(),
        "factor": format!("{:04}", barcode.factor()),
        "due": due,
        "due_known": due_known,
        "amount": barcode.value(),
        "free_field": barcode.free_field(),
    })
}

fn date(text: Option<String>, option: &str) -> Result<Option<NaiveDate>, Problem> {
    let parse = |text: String| text.parse().map_err(|_| Problem::new(format!("{option}: `{text}` is not a date (YYYY-MM-DD)")));
    text.map(parse).transpose()
}

fn money(text: Option<String>) -> Result<Option<Money>, Problem> {
    let parse = |text: String| parse_amount(&text).map_err(|error| Problem::new(format!("--amount: {error}")));
    text.map(parse).transpose()
}

fn problem(error: BoletoError) -> Problem {
    Problem::new(error.to_string())
}
