//! What a run does: how many of everything, decided before it begins and reproducible from the seed.

use std::path::PathBuf;
use std::time::Duration;

use recado_kernel::{Rng, SeededRng};

/// What a person may choose.
#[derive(Debug, Clone, clap::Parser)]
#[command(name = "recado-rig", about = "Kill the server under load and compare the ledgers")]
pub struct Options {
    /// The server's executable.
    #[arg(long)]
    pub server: PathBuf,
    /// Folder for the installation; it is emptied first.
    #[arg(long)]
    pub folder: PathBuf,
    /// Messages to send.
    #[arg(long, default_value_t = 2_000)]
    pub messages: usize,
    /// How often the server is killed.
    #[arg(long, default_value_t = 10)]
    pub kills: usize,
    /// Decides every moment and every misbehaviour.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// WhatsApp numbers that send.
    #[arg(long, default_value_t = 4)]
    pub instances: usize,
    /// Chats of each number; a client of its own writes in each.
    #[arg(long, default_value_t = 8)]
    pub chats: usize,
    /// Seconds after which the run is given up; by default by the number of messages and kills.
    #[arg(long)]
    pub limit: Option<u64>,
    /// A small run that ends within 50 s.
    #[arg(long)]
    pub quick: bool,
    /// A server without `Idempotency-Key`: second messages after lost answers are counted apart for every client.
    #[arg(long)]
    pub without_keys: bool,
    /// Keep the installation afterwards, to look into it.
    #[arg(long)]
    pub keep: bool,
}

/// A conversation of one number with one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Its place in the plan; part of every message's own id.
    pub index: usize,
    /// Which number writes.
    pub instance: usize,
    /// To whom.
    pub phone: String,
    /// The phone reads and answers at once (the simulator decides by its last digits).
    pub answers: bool,
    /// Its client gives every message an `Idempotency-Key`; the others repeat without, as old SDKs do.
    pub keyed: bool,
    /// How many messages.
    pub messages: usize,
}

/// What is done to PostgreSQL together with a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Nothing.
    Spared,
    /// Stopped in immediate mode and started again under a running server, then the server is killed.
    UnderTheServer,
    /// Stopped in immediate mode while the server is dead: the next server has to start it.
    WithTheServer,
}

/// One piece of mischief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kill {
    /// When the meter stands there ([`crate::progress::Progress::meter`]).
    pub after: usize,
    /// Or when so much time has passed since the first message.
    pub at_latest: Duration,
    /// And a little later, so that the moment falls anywhere in the work.
    pub delay: Duration,
    /// How long nothing runs.
    pub pause: Duration,
    /// PostgreSQL's share.
    pub database: Database,
}

/// Everything that is decided beforehand.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Conversations.
    pub chats: Vec<Chat>,
    /// Mischief, in order.
    pub kills: Vec<Kill>,
    /// Clients wait while so many messages are on their way: kills are to hit acceptance and sending alike.
    pub window: usize,
    /// No new message is begun after this, however few there were.
    pub writing: Duration,
    /// How often the receiver may fail one and the same callback before it takes it.
    pub patience: u32,
    /// Longest time without anything new before the clock is moved on to the next retries.
    pub stall: Duration,
    /// The whole run is given up after this.
    pub limit: Duration,
}

/// Kills fall into this part of a run, in percent: its end is needed to become quiet.
const SHARE_WITH_KILLS: usize = 85;
/// In a quick run a kill waits for its moment no longer than this.
const QUICK_KILLS: Duration = Duration::from_secs(2);
/// One kill in this many falls right after the one before: while the server recovers.
const IN_A_ROW: usize = 3;
/// So many kills hit PostgreSQL as well: one in this many.
const DATABASE_EVERY: usize = 5;

impl Plan {
    /// From the options alone.
    pub fn new(options: &Options) -> Self {
        let mut rng = SeededRng::new(options.seed);
        let (messages, kills) = if options.quick { (120, 3) } else { (options.messages, options.kills) };
        let chats = chats(options, messages);
        let total: usize = chats.iter().map(|chat| chat.messages).sum();
        // The very last callbacks may need moves of the clock, which begin when the mischief is over.
        let span = total * 2 * SHARE_WITH_KILLS / 100;
        let mut moments: Vec<usize> = (0..kills).map(|n| somewhere_in(n, kills, span, &mut rng)).collect();
        for n in (1..kills).filter(|n| (n + 1) % IN_A_ROW == 0) {
            moments[n] = moments[n - 1];
        }
        let kills = moments
            .into_iter()
            .enumerate()
            .map(|(n, after)| Kill {
                after,
                at_latest: if options.quick { QUICK_KILLS * (n as u32 + 1) } else { Duration::MAX },
                delay: Duration::from_millis(rng.between(0, 400)),
                pause: Duration::from_millis(rng.between(0, if options.quick { 300 } else { 1_000 })),
                database: match (n + 1) % DATABASE_EVERY {
                    0 if rng.between(0, 1) == 0 => Database::UnderTheServer,
                    0 => Database::WithTheServer,
                    _ => Database::Spared,
                },
            })
            .collect();
        let seconds = if options.quick { 42 } else { 60 + total as u64 / 10 + options.kills as u64 * 15 };
        Self {
            chats,
            kills,
            window: if options.quick { 40 } else { 2_000 },
            writing: if options.quick { Duration::from_secs(7) } else { Duration::MAX },
            patience: if options.quick { 1 } else { 4 },
            stall: Duration::from_secs(if options.quick { 2 } else { 4 }),
            limit: Duration::from_secs(options.limit.unwrap_or(seconds)),
        }
    }

    /// How many messages in all.
    pub fn messages(&self) -> usize {
        self.chats.iter().map(|chat| chat.messages).sum()
    }
}

fn somewhere_in(n: usize, of: usize, total: usize, rng: &mut SeededRng) -> usize {
    let share = total / of.max(1);
    let within = usize::try_from(rng.between(0, share as u64)).unwrap_or_default();
    (n * share + within).max(1)
}

fn chats(options: &Options, messages: usize) -> Vec<Chat> {
    let count = options.instances * options.chats;
    (0..count)
        .map(|index| {
            let of_instance = index / options.instances;
            let answers = of_instance % 4 == 1 || of_instance % 8 == 7;
            Chat {
                index,
                instance: index % options.instances,
                phone: format!("55629{index:04}{}", if answers { "0001" } else { "1234" }),
                answers,
                keyed: of_instance % 4 != 3,
                messages: messages / count + usize::from(index < messages % count),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(seed: u64) -> Options {
        Options {
            server: PathBuf::new(),
            folder: PathBuf::new(),
            messages: 1_000,
            kills: 20,
            seed,
            instances: 3,
            chats: 8,
            limit: None,
            quick: false,
            without_keys: false,
            keep: false,
        }
    }

    #[test]
    fn the_same_seed_is_the_same_plan() {
        assert_eq!(Plan::new(&options(7)).kills, Plan::new(&options(7)).kills);
        assert_ne!(Plan::new(&options(7)).kills, Plan::new(&options(8)).kills);
    }

    #[test]
    fn every_message_and_every_kill_has_its_place() {
        let plan = Plan::new(&options(1));
        assert_eq!((plan.messages(), plan.kills.len()), (1_000, 20));
        assert!(plan.kills.windows(2).all(|pair| pair[0].after <= pair[1].after));
        assert!(plan.kills.iter().any(|kill| kill.after > 1_000), "some must come after the last acceptance");
        assert_eq!(plan.kills.iter().filter(|kill| kill.database != Database::Spared).count(), 4);
        let kinds = |test: fn(&Chat) -> bool| plan.chats.iter().filter(|chat| test(chat)).count();
        assert!(kinds(|chat| chat.answers && chat.keyed) > 0 && kinds(|chat| !chat.answers && !chat.keyed) > 0);
        assert!(plan.chats.iter().all(|chat| chat.phone.len() == 13));
    }
}
