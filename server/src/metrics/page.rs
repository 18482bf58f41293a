//! Which metrics there are. Every one is described in docs/operations/metrics.md; a test compares the two.

use recado_event_store::health::Health;
use recado_event_store::projection::status::{ProjectionStatus, Standing};

use super::text::{Exposition, Kind};

/// The page for one look at the health.
pub fn page(health: &Health) -> String {
    let mut page = Exposition::default();
    projections(&mut page, health);
    log(&mut page, health);
    work(&mut page, health);
    process(&mut page, health);
    page.into_text()
}

/// A metric is a float; counts beyond 2^53 do not occur.
const fn float(count: i64) -> f64 {
    count as f64
}

fn projections(page: &mut Exposition, health: &Health) {
    let mut each = |name, help, value: fn(&Standing) -> f64| {
        let mut family = page.family(name, Kind::Gauge, help);
        for ProjectionStatus { name, live, .. } in &health.projections {
            family.sample(&[("projection", name)], value(live));
        }
    };
    each("recado_projection_lag_events", "Events behind the end of the log, at most.", |live| float(live.lag_events));
    each("recado_projection_lag_seconds", "How long the oldest event that was not read has been waiting.", |live| {
        live.lag_seconds
    });
    each("recado_projection_stopped", "1 when it stopped at something it cannot digest.", |live| {
        f64::from(u8::from(live.stopped.is_some()))
    });
    let mut rebuilds = page.family("recado_projection_rebuild_lag_events", Kind::Gauge, "Events a rebuild still has to fold.");
    for status in &health.projections {
        if let Some(rebuild) = &status.rebuild {
            rebuilds.sample(&[("projection", &status.name)], float(rebuild.lag_events));
        }
    }
}

fn log(page: &mut Exposition, health: &Health) {
    let transactions = &health.transactions;
    let oldest = transactions.oldest.as_ref().map_or(0.0, |oldest| oldest.age_seconds);
    page.single(
        "recado_oldest_writing_transaction_seconds",
        Kind::Gauge,
        "Age of the oldest open transaction of the database cluster that has written: nothing stored after it can be read.",
        oldest,
    );
    page.single(
        "recado_open_transaction_span",
        Kind::Gauge,
        "Transaction ids between the oldest open transaction and the newest.",
        float(transactions.open_span),
    );
    page.single("recado_log_positions", Kind::Gauge, "Positions of the log given out by all servers.", float(health.positions));
    let counts = [
        ("recado_appended_events_total", "Events this process has stored.", health.appended.events),
        ("recado_append_commands_total", "Commands this process has sent to be stored.", health.appended.commands),
        (
            "recado_append_groups_total",
            "Transactions they shared; commands divided by groups is the size of a group.",
            health.appended.groups,
        ),
    ];
    for (name, help, count) in counts {
        page.single(name, Kind::Counter, help, float(i64::try_from(count).unwrap_or(i64::MAX)));
    }
}

fn work(page: &mut Exposition, health: &Health) {
    let mut each = |name, help, value: fn(&recado_event_store::work::TopicStatus) -> i64| {
        let mut family = page.family(name, Kind::Gauge, help);
        for topic in &health.topics {
            family.sample(&[("topic", &topic.topic)], float(value(topic)));
        }
    };
    each("recado_work_waiting", "Pieces of work that are not done, due or not.", |topic| topic.waiting);
    each("recado_work_due_lanes", "Lanes whose next work is due.", |topic| topic.due);
    each("recado_work_overdue_lanes", "Lanes due for more than a minute that nobody holds.", |topic| topic.overdue);
    each("recado_work_leased_lanes", "Lanes somebody works on.", |topic| topic.leased);
    each("recado_work_dead_letters", "Work that was given up.", |topic| topic.dead);
}

fn process(page: &mut Exposition, health: &Health) {
    let leases = i64::try_from(health.leases.len()).unwrap_or(i64::MAX);
    page.single("recado_leases", Kind::Gauge, "Named leases that are held: servers, rebuilds.", float(leases));
    let servers = i64::try_from(health.servers().count()).unwrap_or(i64::MAX);
    page.single("recado_servers", Kind::Gauge, "Servers that gave a sign of life in the last 15 seconds.", float(servers));
    let (in_use, open, most) = health.connections;
    let mut connections = page.family("recado_pool_connections", Kind::Gauge, "Database connections of this process.");
    for (state, count) in [("in_use", in_use), ("open", open), ("limit", most)] {
        connections.sample(&[("state", state)], f64::from(count));
    }
}
