//! `recado billing simulate`: what a month would cost, without an installation.

use std::path::PathBuf;

use recado_billing::simulate::{Month, Simulation, simulate};

use crate::problem::Problem;

/// Largest scenario that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Billing rules as a tool; needs no database.
#[derive(Debug, clap::Subcommand)]
pub enum Billing {
    /// What the months of a scenario cost, by the rules that close real months.
    Simulate {
        /// JSON file with plans, events and the months to close.
        #[arg(value_name = "SCENARIO.json")]
        scenario: PathBuf,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Billing {
    pub fn run(self) -> anyhow::Result<()> {
        let Self::Simulate { scenario, json } = self;
        let unreadable = |why: String| Problem::new(format!("cannot read {}: {why}", scenario.display()));
        let size = std::fs::metadata(&scenario).map_err(|error| unreadable(error.to_string()))?.len();
        if size > LARGEST {
            return Err(unreadable(format!("it is larger than {LARGEST} bytes")).into());
        }
        let text = std::fs::read_to_string(&scenario).map_err(|error| unreadable(error.to_string()))?;
        let answer = simulate(&text).map_err(|error| Problem::new(format!("{}: {error}", scenario.display())))?;
        if json {
            println!("{}", serde_json::to_string(&answer)?);
        } else {
            show(&answer);
        }
        Ok(())
    }
}

fn show(answer: &Simulation) {
    for month in &answer.months {
        let due = month.due_date.map_or_else(String::new, |due| format!(", due {due}"));
        println!("{}  total {}  {}{due}", month.competencia, month.total.to_brl(), state(month));
        for line in &month.lines {
            let parts: Vec<String> =
                line.parts.iter().map(|part| format!("{} {} days {}", part.plan, part.days, part.amount.to_brl())).collect();
            let about = if line.reference == month.competencia { String::new() } else { format!(" (about {})", line.reference) };
            println!("  {}{about}  {}  {}", line.instance, line.amount.to_brl(), parts.join(" + "));
        }
        for (name, amount) in
            [("discount", month.discount), ("carried in", month.carried_in), ("credit used", -month.credit_used)]
        {
            if !amount.is_zero() {
                println!("  {name}  {}", amount.to_brl());
            }
        }
        if !month.open.total.is_zero() {
            println!(
                "  open  {} = {} + fine {} + interest {}",
                month.open.total.to_brl(),
                month.open.principal.to_brl(),
                month.open.fine.to_brl(),
                month.open.interest.to_brl()
            );
        }
    }
    println!("credit balance  {}", answer.credit_balance.to_brl());
}

fn state(month: &Month) -> String {
    match serde_json::to_value(month.state) {
        Ok(serde_json::Value::String(state)) => state,
        _ => String::new(),
    }
}
