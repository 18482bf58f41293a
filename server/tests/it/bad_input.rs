//! Bad input is answered with a sentence and exit code 2, and nothing is stored.

use crate::program::{Customer, Installation, recado, said};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_refuses_nonsense_with_a_sentence() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let account = customer.account.as_str();
    let instance = customer.instance.as_str();
    let long_name = "x".repeat(300);
    let no_such = "00000000-0000-0000-0000-000000000001";
    let password = "uma senha bem longa";
    let refused: &[&[&str]] = &[
        &["account", "create", "--email", "nonsense", "--password", password, "--name", "A"],
        &["account", "create", "--email", "a@example.com", "--password", password, "--name", "A"],
        &["account", "create", "--email", "b@example.com", "--password", "curta", "--name", "A"],
        &["staff", "create", "--email", "s@example.com", "--password", password, "--role", "boss"],
        &["staff", "create", "--email", "a@example", "--password", password, "--role", "support"],
        &["instance", "create", "--account", "nonsense", "--name", "A"],
        &["instance", "create", "--account", no_such, "--name", "A"],
        &["instance", "create", "--account", account, "--name", &long_name],
        &["instance", "create", "--account", account, "--name", "a\u{7}b"],
        &["sim", "scan", "--instance", instance, "--phone", "12345"],
        &["sim", "scan", "--instance", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "--phone", "5562900000001"],
        &["sim", "say", "--instance", instance, "--from", "5562900000002", "--text", "not connected yet"],
        &["sim", "read", "--instance", instance, "--message", "3EB0AAAAAAAAAAAAAAAAAA"],
        &["vault", "erase", "--account", account],
        &["vault", "erase", "--account", account, "--contact", "12"],
        &["vault", "erase", "--account", account, "--contact", "5562900000001", "--owner"],
        &["vault", "erase", "--account", account, "--contact", "5562900000001", "--invoices-settled"],
        &["vault", "erase", "--account", account, "--contact", "5562900000001"],
        &["vault", "erase", "--account", no_such, "--owner"],
        &["vault", "erasures", "--account", "nonsense"],
        &["vault", "rotate"],
        &["vault", "rotate", "--new-key", "/no/such/file"],
        &["month", "preview", "2026-13"],
        &["month", "close", "2199-01"],
        &["serve", "--port", "0x", "--mode", "dev"],
        &["serve", "--port", "0", "--mode", "wild"],
        &["serve", "--port", "0", "--clock-offset", "soon"],
    ];
    for args in refused {
        let said = installation.run(args);
        assert_eq!(said.code, Some(2), "{args:?}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.trim().len() > 15, "{args:?} says nothing: {}", said.stderr);
    }
}

#[test]
fn a_folder_that_cannot_be_written_and_a_database_that_is_none() {
    let folder = said(recado().args(["serve", "--port", "0", "--data", "/dev/null/recado"]));
    assert_eq!(folder.code, Some(2), "{}", folder.stderr);
    assert!(folder.stderr.contains("/dev/null/recado"), "{}", folder.stderr);
    let elsewhere = tempfile::tempdir().unwrap();
    let url = said(recado().args(["doctor", "--database-url", "postgres://127.0.0.1:1/x", "--data"]).arg(elsewhere.path()));
    assert_eq!(url.code, Some(2), "{}", url.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_is_said() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let installation = Installation::on_shared_postgres().await;
    let said = installation.run(&["serve", "--port", &port]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains(&port), "{}", said.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_installation_key_does_not_start() {
    let installation = Installation::on_shared_postgres().await;
    assert_eq!(installation.run(&["month", "preview", "2026-01"]).code, Some(0));
    std::fs::remove_file(installation.data().join("master.key")).unwrap();
    let said = installation.run(&["month", "preview", "2026-01"]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("key"), "{}", said.stderr);
}
