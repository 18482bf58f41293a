//! The health page: for support and admin, and it says what is wrong.

use recado_accounts::StaffRole;
use recado_event_store::health::Sample;

use crate::world::World;

#[tokio::test]
async fn staff_see_the_health_and_customers_do_not() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    world.instance(&account, "Loja").await;
    world.settle().await;
    customer.open("/sistema").await.is(403);
    customer.open("/").await;
    let mut finance = world.staff("fin@exemplo.com", StaffRole::Finance).await;
    finance.open("/sistema").await.is(403);
    for (email, role) in [("sup@exemplo.com", StaffRole::Support), ("adm@exemplo.com", StaffRole::Admin)] {
        let mut staff = world.staff(email, role).await;
        let seen = staff.open("/sistema").await;
        seen.is(200).shows("instance@1").shows("webhook_outbox@1").shows("Consulta").shows("Reação").shows("Ainda sem medidas");
        seen.shows("href=\"/sistema\"").shows("Nenhum servidor deu sinal");
    }
}

#[tokio::test]
async fn a_stopped_projection_and_dead_letters_are_shown_with_the_picture() {
    let world = World::start().await;
    world.settle().await;
    let pool = &world.test.database.pool;
    sqlx::query("INSERT INTO work (id, topic, lane, account_id, payload, due_at, dead_at) VALUES (gen_random_uuid(), 'mail', 'x', gen_random_uuid(), '{}', now(), now())")
        .execute(pool)
        .await
        .unwrap();
    let mut admin = world.staff("adm@exemplo.com", StaffRole::Admin).await;
    // Stopped after everything is read: its loop says that it runs again with the next event it folds.
    world.settle().await;
    sqlx::query("UPDATE projection SET status = 'stopped', error = 'event 7: bad omen' WHERE name = 'billing_months@1'")
        .execute(pool)
        .await
        .unwrap();
    let now = world.test.platform.now();
    for (ago, positions, lag_events) in [(120, 10, 0), (110, 60, 40)] {
        world.health.history().push(Sample { at: now - chrono::Duration::seconds(ago), positions, lag_events, due: 0 });
    }
    let seen = admin.open("/sistema").await;
    seen.shows("Uma projeção parou").shows("event 7: bad omen").shows("Nada foi pulado").shows("Parada");
    seen.shows("<code>mail</code>")
        .shows("50 na última hora")
        .shows("no máximo 40")
        .shows("Ver como tabela")
        .hides("Ainda sem medidas");
    seen.shows("M581 120v-120h8v120z");
}
