//! What is sealed cannot be read without its key; what is erased cannot be read at all.

use recado_event_store::{Alongside, CommandBus, Opened, Vault};
use recado_kernel::Sealed;
use recado_testkit::TestPlatform;

use crate::counter::{Counter, CounterCommand, account, meta};

#[tokio::test]
async fn a_subject_is_forgotten_for_ever() {
    let t = TestPlatform::start().await;
    let vault = &t.platform.vault;
    let ana = vault.seal(account(), "contact/5562900000001", "Ana").await.unwrap();
    let bia = vault.seal(account(), "contact/5562900000002", "Bia").await.unwrap();
    assert!(!ana.as_token().contains("Ana"));
    assert_ne!(ana, vault.seal(account(), "contact/5562900000001", "Ana").await.unwrap(), "seals do not compare");
    let other_process = t.another_process().vault;
    assert_eq!(other_process.unseal(&ana).await.unwrap().as_deref(), Some("Ana"));
    assert!(vault.erase_subject(account(), "contact/5562900000001", t.platform.now()).await.unwrap());
    assert_eq!(vault.unseal(&ana).await.unwrap(), None);
    assert_eq!(vault.unseal(&bia).await.unwrap().as_deref(), Some("Bia"));
    let again = vault.seal(account(), "contact/5562900000001", "Ana").await.unwrap();
    assert_eq!(vault.unseal(&again).await.unwrap().as_deref(), Some("Ana"), "a new relation starts with a new key");
    assert_eq!(vault.unseal(&ana).await.unwrap(), None, "the old seal does not open with the new key");
    assert!(vault.unseal(&Sealed::from_token("nonsense".into())).await.is_err());
}

#[tokio::test]
async fn content_goes_with_its_event_and_away_with_another() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let id = t.platform.new_uuid();
    let content = t.platform.vault.seal_content(account(), id, "segredo da padaria".as_bytes(), None).unwrap();
    bus.execute_with("c", CounterCommand::Add(1), meta(&t.platform), move |_, _| Alongside {
        content: vec![content.clone()],
        ..Alongside::default()
    })
    .await
    .unwrap();
    assert_eq!(t.platform.vault.open_content(account(), id).await.unwrap().as_deref(), Some("segredo da padaria".as_bytes()));
    let stranger = recado_kernel::AccountId::from_uuid(uuid::Uuid::from_u128(1));
    assert_eq!(t.platform.vault.open_content(stranger, id).await.unwrap(), None);
    bus.execute_with("c", CounterCommand::Add(1), meta(&t.platform), move |_, _| Alongside {
        erase_content: vec![id],
        ..Alongside::default()
    })
    .await
    .unwrap();
    assert_eq!(t.platform.vault.open_content(account(), id).await.unwrap(), None);
}

#[tokio::test]
async fn protected_secrets_come_back_only_for_their_purpose() {
    let t = TestPlatform::start().await;
    let vault = &t.platform.vault;
    let text = vault.protect("instance-token", "ABC123").unwrap();
    assert_eq!(vault.reveal("instance-token", &text).unwrap(), "ABC123");
    assert!(vault.reveal("webhook-secret", &text).is_err());
    assert_eq!(vault.digest("token", None, "ABC123"), vault.digest("token", None, "ABC123"));
    assert_ne!(vault.digest("token", None, "ABC123"), vault.digest("token", Some(account()), "ABC123"));
}

#[tokio::test]
async fn many_seals_are_opened_at_once_and_each_says_what_became_of_it() {
    let t = TestPlatform::start().await;
    let vault = &t.platform.vault;
    let (ana, bia) = (vault.seal(account(), "ana", "Ana").await.unwrap(), vault.seal(account(), "bia", "Bia").await.unwrap());
    let none = Sealed::from_token("not.1.sealed".into());
    let stranger = Sealed::from_token(ana.as_token().replacen(&ana.as_token()[..32], &"0".repeat(32), 1));
    vault.erase_subject(account(), "bia", t.platform.now()).await.unwrap();
    // Another process, whose cache knows no key yet.
    let opened = t.another_process().vault.unseal_many(&[bia.clone(), ana.clone(), none, ana.clone(), stranger]).await.unwrap();
    let text = Opened::Text("Ana".into());
    assert_eq!(opened, [Opened::Erased, text.clone(), Opened::NotSealed, text, Opened::NotSealed]);
    assert!(Vault::looks_sealed(ana.as_token()) && !Vault::looks_sealed("3.14") && !Vault::looks_sealed("a.1.b"));
}
