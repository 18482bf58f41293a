//! How events change the tables.

use chrono::NaiveDate;
use recado_event_store::{ProjectionError, RecordedEvent};
use recado_kernel::Money;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Frozen, LoweringKind};
use crate::domain::invoice::{InvoiceEvent, InvoiceIssued, InvoiceState};
use crate::projections::poison;
use crate::rules::{Receivable, Standing};

/// Folds one event.
pub(super) async fn project(event: &RecordedEvent, db: &mut PgConnection) -> Result<(), ProjectionError> {
    match event.decode().map_err(|error| poison(event, error))? {
        InvoiceEvent::Issued(issued) => issue(event, &issued, db).await,
        InvoiceEvent::PaymentRecorded(paid) => {
            let paid_on = (paid.state == InvoiceState::Paid).then_some(paid.paid_on);
            stand(event, paid.state, paid.standing, paid_on, db).await?;
            let row = Row {
                kind: LoweringKind::Payment,
                reference: paid.reference.to_string(),
                method: Some(paid.method.as_str()),
                on: paid.paid_on,
                amount: paid.amount,
                credit: paid.credit,
                reason: None,
            };
            lower(event, &row, db).await
        }
        InvoiceEvent::CreditNoteIssued(note) => {
            let paid_on = (note.state == InvoiceState::Paid).then_some(note.on);
            stand(event, note.state, Some(note.standing), paid_on, db).await?;
            let row = Row {
                kind: LoweringKind::CreditNote,
                reference: note.id.to_string(),
                method: None,
                on: note.on,
                amount: note.amount,
                credit: note.credit,
                reason: Some(&note.reason),
            };
            lower(event, &row, db).await
        }
        InvoiceEvent::Voided { credit } => {
            stand(event, InvoiceState::Void, None, None, db).await?;
            give_credit(event, credit, db).await
        }
        InvoiceEvent::WrittenOff { standing, .. } => stand(event, InvoiceState::WrittenOff, Some(standing), None, db).await,
        InvoiceEvent::Paid {} | InvoiceEvent::VoidRequested { .. } | InvoiceEvent::VoidAborted {} => Ok(()),
    }
}

async fn stand(
    event: &RecordedEvent,
    state: InvoiceState,
    standing: Option<Standing>,
    paid_on: Option<NaiveDate>,
    db: &mut PgConnection,
) -> Result<(), ProjectionError> {
    let open = standing.map_or(Money::ZERO, |standing| standing.principal);
    sqlx::query(
        "UPDATE view_invoice SET state = $3, standing = COALESCE($4, standing), open = $5, paid_on = COALESCE($6, paid_on)
          WHERE invoice_id = $1::uuid AND account_id = $2",
    )
    .bind(&event.aggregate_id)
    .bind(event.account_id.as_uuid())
    .bind(state.as_str())
    .bind(standing.map(Json))
    .bind(open.as_decimal())
    .bind(paid_on)
    .execute(db)
    .await?;
    Ok(())
}

/// A row of `view_payment`.
struct Row<'a> {
    kind: LoweringKind,
    reference: String,
    method: Option<&'static str>,
    on: NaiveDate,
    amount: Money,
    credit: Money,
    reason: Option<&'a str>,
}

async fn lower(event: &RecordedEvent, row: &Row<'_>, db: &mut PgConnection) -> Result<(), ProjectionError> {
    sqlx::query(
        "INSERT INTO view_payment (invoice_id, sequence, account_id, kind, reference, method, happened_on, amount, credit, reason,
                                   recorded_at, actor)
         VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (invoice_id, sequence) DO NOTHING",
    )
    .bind(&event.aggregate_id)
    .bind(event.sequence)
    .bind(event.account_id.as_uuid())
    .bind(row.kind.as_str())
    .bind(&row.reference)
    .bind(row.method)
    .bind(row.on)
    .bind(row.amount.as_decimal())
    .bind(row.credit.as_decimal())
    .bind(row.reason)
    .bind(event.occurred_at)
    .bind(event.actor.to_string())
    .execute(&mut *db)
    .await?;
    give_credit(event, row.credit, db).await
}

async fn give_credit(event: &RecordedEvent, amount: Money, db: &mut PgConnection) -> Result<(), ProjectionError> {
    if amount.is_zero() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO view_account_credit (account_id, txid, position, invoice_id, amount) VALUES ($1, $2, $3, $4::uuid, $5)
         ON CONFLICT (account_id, txid, position) DO NOTHING",
    )
    .bind(event.account_id.as_uuid())
    .bind(event.position.txid)
    .bind(event.position.position)
    .bind(&event.aggregate_id)
    .bind(amount.as_decimal())
    .execute(db)
    .await?;
    Ok(())
}

async fn issue(event: &RecordedEvent, issued: &InvoiceIssued, db: &mut PgConnection) -> Result<(), ProjectionError> {
    let statement = &issued.statement;
    let receivable = statement.due.map(|due| Receivable::new(statement.total, due, &issued.settings.system));
    let open = if receivable.is_some() { statement.total } else { Money::ZERO };
    sqlx::query(
        "INSERT INTO view_invoice (invoice_id, account_id, competencia, revision, number, state, issued_on, issued_at, due, instances,
                                   subtotal, discount, adjustments, carried_in, credit_used, total, late_terms, standing, open)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (invoice_id) DO NOTHING",
    )
    .bind(issued.invoice.as_uuid())
    .bind(event.account_id.as_uuid())
    .bind(statement.competencia.to_string())
    .bind(i32::try_from(issued.revision).unwrap_or(i32::MAX))
    .bind(&issued.number)
    .bind(InvoiceState::issued(statement.state).as_str())
    .bind(statement.issued_on)
    .bind(event.occurred_at)
    .bind(statement.due)
    .bind(i32::try_from(statement.instances).unwrap_or(i32::MAX))
    .bind(statement.subtotal.as_decimal())
    .bind(statement.discount.as_decimal())
    .bind(statement.adjustments.as_decimal())
    .bind(statement.carried_in.as_decimal())
    .bind(statement.credit_used.as_decimal())
    .bind(statement.total.as_decimal())
    .bind(receivable.as_ref().map(|_| Json(Frozen::of(&issued.settings.system))))
    .bind(receivable.map(|receivable| Json(receivable.standing())))
    .bind(open.as_decimal())
    .execute(&mut *db)
    .await?;
    let lines = &statement.lines;
    sqlx::query(
        "INSERT INTO view_invoice_line (invoice_id, account_id, line_no, line_id, kind, instance_id, reference, amount, line)
         SELECT $1, $2, l.* FROM unnest($3::int[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::numeric[], $9::jsonb[])
             AS l(line_no, line_id, kind, instance_id, reference, amount, line)
         ON CONFLICT DO NOTHING",
    )
    .bind(issued.invoice.as_uuid())
    .bind(event.account_id.as_uuid())
    .bind((1..).take(lines.len()).collect::<Vec<i32>>())
    .bind(lines.iter().map(|line| line.id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.kind.as_str()).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.instance.map(|id| id.as_uuid())).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.reference.to_string()).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.amount.as_decimal()).collect::<Vec<_>>())
    .bind(lines.iter().map(Json).collect::<Vec<_>>())
    .execute(&mut *db)
    .await?;
    Ok(())
}
