//! Exports of a real log prove themselves without it.

use recado_event_store::audit::{
    AuditKeys, Expected, ExportError, Exporter, Format, Period, Tampering, Verified, VerifyError, mark_archived, seal_state,
    verify,
};
use recado_testkit::TestPlatform;

use super::{keys, positions, seal, write};
use crate::counter::account;

async fn export(t: &TestPlatform, period: Period, format: Format) -> Result<String, ExportError> {
    let now = t.platform.now();
    let mut exporter = Exporter::begin(t.platform.pool(), &keys(t), account(), period, format, now).await?;
    let mut file = String::new();
    while let Some(piece) = exporter.next().await? {
        file.push_str(&piece);
    }
    Ok(file)
}

fn proved(t: &TestPlatform, file: &str) -> Verified {
    let key = Some(AuditKeys::of(&t.platform.vault).public_key().unwrap());
    verify(file.as_bytes(), Expected { public_key: key, head: None }).unwrap()
}

#[tokio::test]
async fn a_whole_history_verifies_in_both_formats() {
    let t = TestPlatform::start().await;
    write(&t.platform, 5).await;
    seal(&t).await;
    write(&t.platform, 3).await;
    seal(&t).await;
    let head = seal_state(t.platform.pool(), account()).await.unwrap().unwrap().head.to_string();
    for format in [Format::Jsonl, Format::Csv] {
        let file = export(&t, Period::default(), format).await.unwrap();
        let verified = proved(&t, &file);
        assert_eq!((verified.events, verified.first_ordinal, verified.head.as_str()), (8, 1, head.as_str()));
        let tampered = file.replacen("system:test", "system:tesT", 1);
        assert!(matches!(verify(tampered.as_bytes(), Expected::default()), Err(VerifyError::Broken(_))));
    }
}

#[tokio::test]
async fn a_period_holds_exactly_what_the_log_learnt_in_it() {
    let t = TestPlatform::start().await;
    for _ in 0..3 {
        write(&t.platform, 4).await;
        seal(&t).await;
    }
    let pool = t.platform.pool();
    let times: Vec<recado_kernel::Timestamp> =
        sqlx::query_scalar("SELECT recorded_at FROM events WHERE account_id = $1 ORDER BY txid, global_position")
            .bind(account().as_uuid())
            .fetch_all(pool)
            .await
            .unwrap();
    for (first, last) in [(1, 12), (3, 6), (5, 8), (12, 12)] {
        let period = Period { from: Some(times[first - 1]), until: times.get(last).copied().filter(|_| last < 12) };
        let verified = proved(&t, &export(&t, period, Format::Jsonl).await.unwrap());
        let expected = (i64::try_from(first).unwrap(), i64::try_from(last).unwrap());
        assert_eq!((verified.first_ordinal, verified.last_ordinal), expected);
    }
    let empty = Period { from: Some(times[11] + chrono::Duration::hours(1)), until: None };
    let verified = proved(&t, &export(&t, empty, Format::Csv).await.unwrap());
    assert_eq!((verified.events, verified.last_ordinal), (0, 12));
    let before_all = Period { from: None, until: Some(times[0]) };
    assert_eq!(proved(&t, &export(&t, before_all, Format::Jsonl).await.unwrap()).events, 0);
}

#[tokio::test]
async fn archived_events_leave_their_hash_in_the_file() {
    let t = TestPlatform::start().await;
    write(&t.platform, 6).await;
    seal(&t).await;
    mark_archived(t.platform.pool(), &keys(&t), account(), &[2, 5]).await.unwrap();
    for n in [2, 5] {
        let place = positions(t.platform.pool()).await[if n == 2 { 1 } else { 3 }];
        sqlx::query("DELETE FROM events WHERE global_position = $1").bind(place).execute(t.platform.pool()).await.unwrap();
    }
    let file = export(&t, Period::default(), Format::Jsonl).await.unwrap();
    let verified = proved(&t, &file);
    assert_eq!((verified.events, verified.archived), (6, 2));
    assert_eq!(file.matches("\"archived\":true").count(), 2);
}

#[tokio::test]
async fn a_tampered_history_is_not_exported_as_if_it_were_sound() {
    let t = TestPlatform::start().await;
    write(&t.platform, 6).await;
    seal(&t).await;
    let place = positions(t.platform.pool()).await[3];
    sqlx::query("UPDATE events SET actor = 'system:x' WHERE global_position = $1")
        .bind(place)
        .execute(t.platform.pool())
        .await
        .unwrap();
    match export(&t, Period::default(), Format::Jsonl).await {
        Err(ExportError::Tampered(finding)) => assert_eq!((finding.tampering, finding.ordinal), (Tampering::Changed, Some(4))),
        other => unreachable!("{other:?}"),
    }
}
