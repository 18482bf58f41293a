//! The picture of the last hour, drawn by the server. It stretches to any width, so words stand beside the drawing, not in it.

use leptos::prelude::*;

use super::minutes::{MINUTES, Minute, fives};
use crate::words::Words;

/// The drawing's own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;
const STEP: f64 = WIDTH / 60.0;

/// A number in one direction of the drawing.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The largest value, rounded up to 1, 2 or 5 times a power of ten, so that the scale reads easily.
fn scale(largest: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for step in [1, 2, 5] {
            match power.checked_mul(step) {
                Some(scale) if scale >= largest.max(1) => return scale,
                Some(_) => {}
                None => return i64::MAX,
            }
        }
        power = power.saturating_mul(10);
    }
}

fn height_of(value: i64, scale: i64) -> f64 {
    let share = f64::from(u16::try_from(i128::from(value) * 10_000 / i128::from(scale.max(1))).unwrap_or(10_000)) / 10_000.0;
    share * HEIGHT
}

/// One bar per measured minute.
fn bars(minutes: &[Option<Minute>; MINUTES], scale: i64) -> String {
    let mut path = String::new();
    for (x, minute) in (0_u8..).zip(minutes) {
        let height = minute.map_or(0.0, |minute| height_of(minute.events, scale));
        if height > 0.0 {
            let left = f64::from(x) * STEP + 1.0;
            path.push_str(&format!(
                "M{} {HEIGHT}v-{}h{}v{}z",
                short(left),
                short(height.max(1.5)),
                short(STEP - 2.0),
                short(height.max(1.5))
            ));
        }
    }
    path
}

/// One line through the measured minutes, broken where nothing was measured.
fn line(minutes: &[Option<Minute>; MINUTES], scale: i64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (x, minute) in (0_u8..).zip(minutes) {
        match minute {
            None => drawing = false,
            Some(minute) => {
                let (left, right) = (f64::from(x) * STEP, f64::from(x + 1) * STEP);
                let y = short(HEIGHT - height_of(minute.lag, scale));
                path.push_str(&format!("{}{} {y}H{}", if drawing { "L" } else { "M" }, short(left), short(right)));
                drawing = true;
            }
        }
    }
    path
}

/// Both pictures and, for whoever cannot see them, the table behind them.
pub fn charts(words: Words, minutes: &[Option<Minute>; MINUTES]) -> AnyView {
    let measured: Vec<&Minute> = minutes.iter().flatten().collect();
    let events_top = scale(measured.iter().map(|minute| minute.events).max().unwrap_or_default());
    let lag_top = scale(measured.iter().map(|minute| minute.lag).max().unwrap_or_default());
    let nothing = measured.is_empty().then(|| view! { <p class="chart-empty">{words.t("system.chart.empty")}</p> });
    let sum: i64 = measured.iter().map(|minute| minute.events).sum();
    let most = measured.iter().map(|minute| minute.lag).max().unwrap_or_default();
    let told_events = words.with("system.chart.events_told", &[("count", &sum.to_string())]);
    let told_lag = words.with("system.chart.lag_told", &[("count", &most.to_string())]);
    view! {
        <div class="charts">
            {chart(words, words.t("system.chart.events"), &told_events, events_top, "chart-bars", bars(minutes, events_top))}
            {chart(words, words.t("system.chart.lag"), &told_lag, lag_top, "chart-line", line(minutes, lag_top))}
        </div>
        {nothing}
        {(!measured.is_empty()).then(|| table(words, minutes))}
    }
    .into_any()
}

fn chart(words: Words, title: &'static str, told: &str, top: i64, class: &'static str, path: String) -> AnyView {
    let grid = format!("M0 {0}H{WIDTH}M0 {1}H{WIDTH}", short(0.5), short(HEIGHT / 2.0));
    view! {
        <figure class="chart">
            <figcaption><strong>{title}</strong><small>{told.to_owned()}</small></figcaption>
            <div class="chart-frame">
                <span class="chart-scale" aria-hidden="true"><span>{top}</span><span>"0"</span></span>
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=format!("{title}: {told}")>
                    <path class="chart-grid" d=grid />
                    <path class="chart-floor" d=format!("M0 {HEIGHT}H{WIDTH}") />
                    <path class=class d=path />
                </svg>
            </div>
            <p class="chart-time" aria-hidden="true">
                <span>{words.t("system.chart.hour_ago")}</span><span>{words.t("system.chart.half_hour_ago")}</span><span>{words.t("system.chart.now")}</span>
            </p>
        </figure>
    }
    .into_any()
}

fn table(words: Words, minutes: &[Option<Minute>; MINUTES]) -> AnyView {
    let rows = fives(minutes)
        .into_iter()
        .rev()
        .map(|(from, minute)| {
            let label = words.with("system.chart.row", &[("from", &from.to_string()), ("to", &(from - 5).to_string())]);
            view! { <tr><th scope="row">{label}</th><td class="number">{minute.events}</td><td class="number">{minute.lag}</td></tr> }
        })
        .collect_view();
    view! {
        <details class="chart-table">
            <summary>{words.t("system.chart.as_table")}</summary>
            <table class="table">
                <caption class="hidden">{words.t("system.chart.as_table")}</caption>
                <thead><tr>
                    <th scope="col">{words.t("system.chart.when")}</th>
                    <th scope="col" class="number">{words.t("system.chart.events_short")}</th>
                    <th scope="col" class="number">{words.t("system.chart.lag_short")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_read_easily() {
        for (largest, wanted) in [(0, 1), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (4_001, 5_000), (i64::MAX, i64::MAX)] {
            assert_eq!(scale(largest), wanted, "{largest}");
        }
    }

    #[test]
    fn the_line_breaks_where_nothing_was_measured() {
        let mut minutes = [None; MINUTES];
        minutes[0] = Some(Minute { events: 10, lag: 10 });
        minutes[1] = Some(Minute { events: 0, lag: 5 });
        minutes[59] = Some(Minute { events: 5, lag: 0 });
        assert_eq!(line(&minutes, 10), "M0 0H10L10 60H20M590 120H600");
        assert_eq!(bars(&minutes, 10), "M1 120v-120h8v120zM591 120v-60h8v60z");
        assert_eq!((line(&[None; MINUTES], 1), bars(&[None; MINUTES], 1)), (String::new(), String::new()));
    }
}
