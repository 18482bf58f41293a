//! The installation's key is exchanged beside running processes, and nothing becomes unreadable.

use recado_event_store::{MasterKey, Vault, VaultError};
use recado_kernel::{Sealed, SeededRng};
use recado_testkit::{TestPlatform, master_key};
use uuid::Uuid;

use crate::counter::account;

fn new_key(seed: u64) -> MasterKey {
    MasterKey::generate(&mut SeededRng::new(seed))
}

async fn opened(t: &TestPlatform, key: &MasterKey) -> Result<Vault, VaultError> {
    Vault::open(t.database.pool.clone(), key, Box::new(SeededRng::new(99))).await
}

/// Everything a vault keeps, made by `vault`.
struct Kept {
    digest: String,
    protected: String,
    seal: Sealed,
    content: Uuid,
}

impl Kept {
    async fn by(vault: &Vault, t: &TestPlatform, name: &str) -> Self {
        let content = t.platform.new_uuid();
        let new = vault.seal_content(account(), content, name.as_bytes(), None).unwrap();
        sqlx::query("INSERT INTO content (id, account_id, ciphertext) VALUES ($1, $2, $3)")
            .bind(content)
            .bind(account().as_uuid())
            .bind(new.ciphertext)
            .execute(&t.database.pool)
            .await
            .unwrap();
        Self {
            digest: vault.digest("token", None, name),
            protected: vault.protect("instance-token", name).unwrap(),
            seal: vault.seal(account(), &format!("contact/{name}"), name).await.unwrap(),
            content,
        }
    }

    async fn is_read_by(&self, vault: &Vault, name: &str) {
        assert_eq!(vault.digest("token", None, name), self.digest, "digests stand in events: they never change");
        assert_eq!(vault.reveal("instance-token", &self.protected).unwrap(), name);
        assert_eq!(vault.unseal(&self.seal).await.unwrap().as_deref(), Some(name));
        let content = vault.open_content(account(), self.content).await.unwrap();
        assert_eq!(content.as_deref(), Some(name.as_bytes()));
        assert_eq!(vault.open_contents(account(), &[self.content]).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_rotation_keeps_everything_readable_and_refuses_the_old_key() {
    let t = TestPlatform::start().await;
    let (vault, running) = (&t.platform.vault, t.another_process().vault);
    let before = Kept::by(vault, &t, "before").await;
    before.is_read_by(&running, "before").await;
    let key = new_key(1);
    assert_eq!(vault.begin_rotation(&key).await.unwrap(), 1);
    // A server that runs on, with the old installation key in its memory.
    let during = Kept::by(vault, &t, "during").await;
    during.is_read_by(&running, "during").await;
    let theirs = Kept::by(&running, &t, "theirs").await;
    let moved = vault.reseal().await.unwrap();
    assert!(moved.subjects >= 1 && moved.contents >= 1, "{moved:?}");
    assert_eq!(vault.reseal().await.unwrap().subjects, 0, "a repeat has nothing to do");
    vault.finish_rotation().await.unwrap();
    let restarted = opened(&t, &key).await.unwrap();
    for (kept, name) in [(&before, "before"), (&during, "during"), (&theirs, "theirs")] {
        for process in [vault, &running, &restarted] {
            kept.is_read_by(process, name).await;
        }
    }
    assert!(matches!(opened(&t, &master_key()).await, Err(VaultError::WrongKey)));
    let old: i64 =
        sqlx::query_scalar("SELECT count(*) FROM subject_key WHERE substring(wrapped_key FROM 1 FOR 3) <> 'RvR'::bytea")
            .fetch_one(&t.database.pool)
            .await
            .unwrap();
    assert_eq!(old, 0, "every subject key is under the new data root key");
    assert!(!vault.rotation_is_unfinished().await.unwrap());
}

#[tokio::test]
async fn an_interrupted_rotation_is_finished_by_another_process() {
    let t = TestPlatform::start().await;
    let stale = t.another_process().vault;
    let before = Kept::by(&t.platform.vault, &t, "before").await;
    let key = new_key(2);
    t.platform.vault.begin_rotation(&key).await.unwrap();
    // Killed here. What a process that has heard nothing yet still writes is moved as well.
    let late = Kept::by(&stale, &t, "late").await;
    let second = opened(&t, &key).await.unwrap();
    assert!(second.rotation_is_unfinished().await.unwrap());
    before.is_read_by(&second, "before").await;
    second.reseal().await.unwrap();
    second.finish_rotation().await.unwrap();
    late.is_read_by(&second, "late").await;
    late.is_read_by(&opened(&t, &key).await.unwrap(), "late").await;
}

#[tokio::test]
async fn the_link_is_the_only_way_without_the_new_key_and_it_goes() {
    let t = TestPlatform::start().await;
    let (deaf, key) = (t.another_process().vault, new_key(3));
    t.platform.vault.begin_rotation(&key).await.unwrap();
    t.platform.vault.finish_rotation().await.unwrap();
    let after = Kept::by(&t.platform.vault, &t, "after").await;
    let refused = deaf.open_content(account(), after.content).await.unwrap_err();
    assert!(refused.to_string().contains("restart it"), "{refused}");
}

#[tokio::test]
async fn rotations_follow_each_other_one_at_a_time() {
    let t = TestPlatform::start().await;
    let other = t.another_process().vault;
    let first = Kept::by(&t.platform.vault, &t, "first").await;
    let lock = t.platform.vault.lock_rotation().await.unwrap().unwrap();
    assert!(other.lock_rotation().await.unwrap().is_none(), "somebody else rotates");
    for seed in [4, 5] {
        t.platform.vault.begin_rotation(&new_key(seed)).await.unwrap();
        t.platform.vault.reseal().await.unwrap();
        t.platform.vault.finish_rotation().await.unwrap();
    }
    lock.release().await.unwrap();
    assert!(other.lock_rotation().await.unwrap().is_some());
    let restarted = opened(&t, &new_key(5)).await.unwrap();
    assert_eq!(restarted.root_generation(), 2);
    first.is_read_by(&restarted, "first").await;
    assert!(matches!(opened(&t, &new_key(4)).await, Err(VaultError::WrongKey)));
}

#[tokio::test]
async fn what_is_erased_during_a_rotation_stays_erased() {
    let t = TestPlatform::start().await;
    let kept = Kept::by(&t.platform.vault, &t, "gone").await;
    t.platform.vault.begin_rotation(&new_key(6)).await.unwrap();
    t.platform.vault.erase_subject(account(), "contact/gone", t.platform.now()).await.unwrap();
    t.platform.vault.reseal().await.unwrap();
    assert_eq!(t.platform.vault.unseal(&kept.seal).await.unwrap(), None);
}

#[tokio::test]
async fn an_erasure_is_noticed_by_processes_that_remember_the_key() {
    let t = TestPlatform::start().await;
    let other = t.another_process().vault;
    let old = t.platform.vault.seal(account(), "contact/1", "Ana").await.unwrap();
    assert_eq!(other.unseal(&old).await.unwrap().as_deref(), Some("Ana"), "now in its cache");
    t.platform.vault.erase_subject(account(), "contact/1", t.platform.now()).await.unwrap();
    other.refresh().await.unwrap();
    assert_eq!(other.unseal(&old).await.unwrap(), None);
    // She comes back through one process; the other does not cling to what it remembers.
    let again = t.platform.vault.seal(account(), "contact/1", "Ana").await.unwrap();
    assert_eq!(other.unseal(&again).await.unwrap().as_deref(), Some("Ana"));
    assert_eq!(other.unseal(&old).await.unwrap(), None);
}
