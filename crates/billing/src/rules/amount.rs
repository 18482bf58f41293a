//! The amount of one instance in one month (billing.md 1.5).

use recado_kernel::{Money, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::calendar::{LocalDay, LocalMonth, overlap};
use super::plans::{PlanTerms, Proration, ProrationBase};
use super::rounding::largest_remainder;
use super::segments::Piece;
use super::{PlanCode, PriceBook, Rounding, RulesError, Segment, Source, Subscription};

/// What an instance owes for a month, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Rounded once.
    pub amount: Money,
    /// Days charged.
    pub days: u32,
    /// Days of the month.
    pub of_days: u32,
    /// By plan and price, in order; they add up to the amount.
    pub parts: Vec<Part>,
    /// The events behind it.
    pub sources: Vec<Source>,
}

/// Days at one price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The plan.
    pub plan: PlanCode,
    /// Its monthly price in that month.
    pub price: Money,
    /// Days charged at it.
    pub days: u32,
    /// This part of the amount.
    pub amount: Money,
}

/// A segment as it is charged: extended to whole months where its plans say so.
struct Extended<'a> {
    start: Timestamp,
    end: Option<Timestamp>,
    charged_from: Timestamp,
    charged_to: Option<Timestamp>,
    whole_months: bool,
    pieces: Vec<Piece>,
    sources: &'a [Source],
}

/// What `subscription` owes for `month`; `None` when no instant of the month is charged.
///
/// # Errors
/// [`RulesError::NoPrice`].
pub fn charge(
    subscription: &Subscription,
    month: &LocalMonth,
    prices: &PriceBook<'_>,
    rounding: Rounding,
) -> Result<Option<Charge>, RulesError> {
    let mut touching = vec![];
    // An extension never leaves the months the segment itself touches: step 1 cannot bring a month in that was not used.
    for segment in subscription.segments.iter().filter(|segment| month.touches(segment.start, segment.end)) {
        touching.push(extend(segment, month, prices)?);
    }
    if touching.is_empty() {
        return Ok(None);
    }
    let known = |source: &&Source| source.occurred_at <= month.end;
    let sources = touching.iter().flat_map(|segment| segment.sources.iter().filter(known).cloned()).collect();
    let days = month.days();
    let of_days = u32::try_from(days.len()).unwrap_or_default();
    let (amount, parts) = if touching.iter().all(|segment| segment.whole_months) {
        whole_month(&touching, month, prices, of_days)?
    } else {
        by_day(&touching, month, prices, rounding, &days)?
    };
    let charged = parts.iter().map(|part| part.days).sum();
    Ok(Some(Charge { amount, days: charged, of_days, parts, sources }))
}

fn extend<'a>(segment: &'a Segment, charged: &LocalMonth, prices: &PriceBook<'_>) -> Result<Extended<'a>, RulesError> {
    let zone = charged.zone;
    let pieces = segment.pieces(zone, prices)?;
    let first_month = LocalMonth::containing(segment.start, zone);
    let first = in_force(&pieces, segment.start, prices, &first_month)?;
    let whole_first = first.is_none_or(|terms| terms.proration_first == Proration::Full);
    let charged_from = if whole_first { first_month.start } else { segment.start };
    let (charged_to, whole_last) = match segment.end {
        // Still open: the terms at the end of the charged month stand for those of an end nobody knows yet.
        None => (None, ends_whole(&pieces, charged.end, charged, prices)?),
        Some(end) => {
            let month = last_month(end, zone);
            let whole = ends_whole(&pieces, end, &month, prices)?;
            (Some(if whole { month.end } else { end }), whole)
        }
    };
    Ok(Extended {
        start: segment.start,
        end: segment.end,
        charged_from,
        charged_to,
        whole_months: whole_first && whole_last,
        pieces,
        sources: &segment.sources,
    })
}

/// Does the plan in force just before `end` charge its last month whole?
fn ends_whole(pieces: &[Piece], end: Timestamp, month: &LocalMonth, prices: &PriceBook<'_>) -> Result<bool, RulesError> {
    let terms = in_force(pieces, end - chrono::Duration::nanoseconds(1), prices, month)?;
    Ok(terms.is_none_or(|terms| terms.proration_last == Proration::Full))
}

/// The month of the last active instant: an end exactly on a boundary belongs to the month before.
fn last_month(end: Timestamp, zone: chrono_tz::Tz) -> LocalMonth {
    let month = LocalMonth::containing(end, zone);
    if month.start == end { LocalMonth::new(month.competencia.previous(), zone) } else { month }
}

fn in_force(
    pieces: &[Piece],
    at: Timestamp,
    prices: &PriceBook<'_>,
    month: &LocalMonth,
) -> Result<Option<PlanTerms>, RulesError> {
    let piece = pieces.iter().rev().find(|piece| piece.from <= at).or(pieces.first());
    piece.map(|piece| prices.terms(&piece.plan, month.competencia)).transpose()
}

/// Full months on both sides: the highest price of any plan held in the month, whole (step 3, second sentence).
fn whole_month(
    segments: &[Extended<'_>],
    month: &LocalMonth,
    prices: &PriceBook<'_>,
    of_days: u32,
) -> Result<(Money, Vec<Part>), RulesError> {
    let mut highest: Option<(Money, PlanCode)> = None;
    for segment in segments {
        for (index, piece) in segment.pieces.iter().enumerate() {
            let until = match (segment.pieces.get(index + 1).map(|next| next.from), segment.end) {
                (Some(next), Some(end)) => Some(next.min(end)),
                (next, end) => next.or(end),
            };
            if !month.touches(piece.from, until) {
                continue;
            }
            let price = prices.terms(&piece.plan, month.competencia)?.price;
            if highest.as_ref().is_none_or(|(most, _)| price > *most) {
                highest = Some((price, piece.plan.clone()));
            }
        }
    }
    let (price, plan) = highest.unwrap_or((Money::ZERO, PlanCode::new("")));
    Ok((price, vec![Part { plan, price, days: of_days, amount: price }]))
}

/// The days charged as a set, each at the price in force at its last active instant; one division, one rounding (steps 2 to 7).
fn by_day(
    segments: &[Extended<'_>],
    month: &LocalMonth,
    prices: &PriceBook<'_>,
    rounding: Rounding,
    days: &[LocalDay],
) -> Result<(Money, Vec<Part>), RulesError> {
    let mut runs: Vec<(PlanCode, PlanTerms, u32)> = vec![];
    for day in days {
        let Some(plan) = plan_of_day(segments, day) else { continue };
        match runs.last_mut() {
            Some((last, _, count)) if last == plan => *count += 1,
            _ => runs.push((plan.clone(), prices.terms(plan, month.competencia)?, 1)),
        }
    }
    let Some((_, latest, _)) = runs.last() else { return Ok((Money::ZERO, vec![])) };
    let charged: u32 = runs.iter().map(|(_, _, count)| count).sum();
    let numerators: Vec<Decimal> =
        runs.iter().map(|(_, terms, count)| terms.price.as_decimal() * Decimal::from(*count)).collect();
    let numerator: Decimal = numerators.iter().sum();
    let of_days = u32::try_from(days.len()).unwrap_or_default();
    let base = match latest.proration_base {
        ProrationBase::Thirty if charged < of_days => 30,
        _ => of_days,
    };
    let highest = runs.iter().map(|(_, terms, _)| terms.price).max().unwrap_or_default();
    let one_price = runs.iter().all(|(_, terms, _)| terms.price == highest);
    let exact = if charged == of_days && one_price {
        highest.as_decimal()
    } else {
        (numerator / Decimal::from(base)).min(highest.as_decimal())
    };
    let amount = rounding.round(exact);
    let shares: Vec<Decimal> =
        numerators.iter().map(|part| if numerator.is_zero() { Decimal::ZERO } else { part * exact / numerator }).collect();
    let parts = runs
        .into_iter()
        .zip(largest_remainder(amount, &shares))
        .map(|((plan, terms, days), amount)| Part { plan, price: terms.price, days, amount })
        .collect();
    Ok((amount, parts))
}

/// The plan a day is charged at; `None` when it is not charged. Real use goes before an extension.
fn plan_of_day<'a>(segments: &'a [Extended<'_>], day: &LocalDay) -> Option<&'a PlanCode> {
    let used = |segment: &&Extended<'_>| overlap(segment.start, segment.end, day.start, day.end);
    let extended = |segment: &&Extended<'_>| overlap(segment.charged_from, segment.charged_to, day.start, day.end);
    // Segments are in order and do not overlap: the last one that touches the day holds its last active instant.
    let segment = segments.iter().rev().find(used).or_else(|| segments.iter().rev().find(extended))?;
    let last_instant = segment.end.map_or(day.end, |end| end.min(day.end));
    let piece = segment.pieces.iter().rev().find(|piece| piece.from < last_instant).or(segment.pieces.first())?;
    Some(&piece.plan)
}
