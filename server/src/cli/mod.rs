//! The command line: for operators, tests and acceptance. Bad input is answered with a sentence and exit code 2.

mod account;
mod archive;
mod audit;
mod backup;
mod billing;
mod boleto;
mod demo;
mod doctor;
mod document;
mod events;
mod instance;
mod log;
mod month;
mod pix;
mod projections;
mod serve;
mod session;
mod sim;
mod staff;
mod vault;
mod work;

use clap::{Parser, Subcommand};

use crate::installation::Place;

/// Recado: WhatsApp messaging you can prove.
#[derive(Debug, Parser)]
#[command(name = "recado", version, about, propagate_version = true)]
pub struct CommandLine {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::Serve),
    /// Customer accounts.
    #[command(subcommand)]
    Account(account::Account),
    /// People of the operator: support, finance, admin.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// WhatsApp instances.
    #[command(subcommand)]
    Instance(instance::Instance),
    /// The simulated WhatsApp: what a person would do on the phone.
    #[command(subcommand)]
    Sim(sim::Sim),
    /// Billing months.
    #[command(subcommand)]
    Month(month::Month),
    /// What months would cost; needs no installation.
    #[command(subcommand)]
    Billing(billing::Billing),
    /// Pix codes; needs no installation.
    #[command(subcommand)]
    Pix(pix::Pix),
    /// Boleto numbers; needs no installation.
    #[command(subcommand)]
    Boleto(boleto::Boleto),
    /// CPF and CNPJ; needs no installation.
    #[command(subcommand)]
    Document(document::Document),
    /// Read models and reactors; building a read model anew.
    #[command(subcommand)]
    Projections(projections::Projections),
    /// Durable work and dead letters.
    #[command(subcommand)]
    Work(work::Work),
    /// The sealed history: export it, prove an export, check the database.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Event types; needs no installation.
    #[command(subcommand)]
    Events(events::Events),
    /// Installation key and personal data.
    #[command(subcommand)]
    Vault(vault::Vault),
    /// Create the demonstration account, once.
    Demo(demo::Demo),
    /// Old months of message events.
    #[command(subcommand)]
    Archive(archive::Archive),
    /// Copies of an installation with its own PostgreSQL.
    #[command(subcommand)]
    Backup(backup::Backup),
    /// The event log: repair after a dump was restored.
    #[command(subcommand)]
    Log(log::Log),
    /// Check this installation.
    Doctor,
}

/// Runs the command.
///
/// # Errors
/// [`crate::problem::Problem`] for what the caller can mend.
pub async fn run(line: CommandLine) -> anyhow::Result<()> {
    match line.command {
        Command::Serve(command) => command.run(&line.place).await,
        Command::Account(command) => command.run(&line.place).await,
        Command::Staff(command) => command.run(&line.place).await,
        Command::Instance(command) => command.run(&line.place).await,
        Command::Sim(command) => command.run(&line.place).await,
        Command::Month(command) => command.run(&line.place).await,
        Command::Billing(command) => command.run(),
        Command::Pix(command) => command.run(),
        Command::Boleto(command) => command.run(&line.place),
        Command::Document(command) => command.run(),
        Command::Projections(command) => command.run(&line.place).await,
        Command::Work(command) => command.run(&line.place).await,
        Command::Audit(command) => command.run(&line.place).await,
        Command::Events(command) => {
            command.run();
            Ok(())
        }
        Command::Vault(command) => command.run(&line.place).await,
        Command::Demo(command) => command.run(&line.place).await,
        Command::Archive(command) => command.run(&line.place).await,
        Command::Backup(command) => command.run(&line.place).await,
        Command::Log(command) => command.run(&line.place).await,
        Command::Doctor => doctor::run(&line.place).await,
    }
}

/// Prints a value as one JSON line (`--json`) or as readable lines.
fn print(value: &serde_json::Value, json: bool) {
    match value {
        serde_json::Value::Object(fields) if !json => {
            for (name, value) in fields {
                println!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
        _ => println!("{value}"),
    }
}
