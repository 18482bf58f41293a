//! Telling other processes. `NOTIFY` never goes into an append: it takes a lock of the whole database until its commit
//! (event-sourcing.md 4). It is sent by a loop on a connection of its own, at most once per pause; what is missed is covered by polling.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgConnection, PgPool};
use tokio::sync::watch;

use super::{News, Wake};
use crate::StoreError;

const CHANNEL: &str = "recado";
/// At most one notification of a process in this time.
const PAUSE: Duration = Duration::from_millis(30);
const RECONNECT: Duration = Duration::from_secs(1);

/// Tells the others what happens here and wakes this process's readers for what happens there, until `stop` turns true.
/// `own_name` tells our own notifications from theirs.
pub(crate) async fn connect_processes(pool: PgPool, wake: Wake, own_name: String, stop: watch::Receiver<bool>) {
    let options = (*pool.connect_options()).clone();
    let mut until_stop = stop.clone();
    let both = async { tokio::join!(tell(options.clone(), &wake, &own_name), hear(options.clone(), &wake, &own_name)) };
    tokio::select! {
        _ = both => {}
        _ = until_stop.wait_for(|stop| *stop) => {}
    }
}

/// Tells running servers at once that something was stored: for programs that end before a loop would.
pub(crate) async fn announce(pool: &PgPool, wake: &Wake) -> Result<(), StoreError> {
    let news = match *wake.own.borrow() {
        (0, 0) => return Ok(()),
        (0, _) => News::Changed,
        _ => News::Appended,
    };
    sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload(news, "-")).execute(pool).await?;
    Ok(())
}

fn payload(news: News, sender: &str) -> String {
    match news {
        News::Appended => format!("appended {sender}"),
        News::Changed => format!("changed {sender}"),
    }
}

/// What a notification says; `None` for our own and for what nobody of us wrote.
fn understood(payload: &str, own_name: &str) -> Option<News> {
    match payload.split_once(' ')? {
        (_, sender) if sender == own_name => None,
        ("appended", _) => Some(News::Appended),
        ("changed", _) => Some(News::Changed),
        _ => None,
    }
}

async fn tell(options: PgConnectOptions, wake: &Wake, own_name: &str) {
    let mut own = wake.own.subscribe();
    let mut told = *own.borrow_and_update();
    let mut connection: Option<PgConnection> = None;
    while own.changed().await.is_ok() {
        let now = *own.borrow_and_update();
        let news = if now.0 == told.0 { News::Changed } else { News::Appended };
        match say(&options, &mut connection, &payload(news, own_name)).await {
            Ok(()) => told = now,
            Err(error) => {
                tracing::debug!(%error, "other processes could not be told; they poll");
                connection = None;
                tokio::time::sleep(RECONNECT).await;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn say(options: &PgConnectOptions, connection: &mut Option<PgConnection>, payload: &str) -> Result<(), sqlx::Error> {
    let db = match connection {
        Some(db) => db,
        None => connection.insert(options.connect().await?),
    };
    sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(db).await?;
    Ok(())
}

async fn hear(options: PgConnectOptions, wake: &Wake, own_name: &str) {
    loop {
        if let Err(error) = listen(&options, wake, own_name).await {
            tracing::debug!(%error, "other processes are not heard; polling goes on");
        }
        tokio::time::sleep(RECONNECT).await;
    }
}

/// Hears until the connection is lost. Whatever came while there was none is lost: every new connection means "look".
async fn listen(options: &PgConnectOptions, wake: &Wake, own_name: &str) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    wake.hear(News::Appended);
    while let Some(notification) = listener.try_recv().await? {
        if let Some(news) = understood(notification.payload(), own_name) {
            wake.hear(news);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_notifications_and_strangers_are_not_heard() {
        assert_eq!(understood(&payload(News::Appended, "a"), "b"), Some(News::Appended));
        assert_eq!(understood(&payload(News::Changed, "a"), "b"), Some(News::Changed));
        assert_eq!(understood(&payload(News::Appended, "a"), "a"), None);
        for foreign in ["", "appended", "hello world"] {
            assert_eq!(understood(foreign, "a"), None, "{foreign}");
        }
    }
}
