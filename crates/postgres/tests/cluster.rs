//! A real cluster is started, shared, recovered and stopped.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use recado_postgres::{Cluster, Durability};

#[test]
fn the_last_one_out_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let place = folder.path().join("pg");
    let first = Cluster::start(&place, Durability::None).unwrap();
    let pid_file = first.data().join("postmaster.pid");
    let pid = std::fs::read_to_string(&pid_file).unwrap();
    let second = Cluster::start(&place, Durability::None).unwrap();
    assert_eq!(first.url(), second.url());
    first.stop();
    assert_eq!(std::fs::read_to_string(&pid_file).unwrap(), pid, "still in use by the second");
    second.stop();
    assert!(!pid_file.exists(), "nobody uses it any more");
}

#[test]
fn recovers_after_an_immediate_stop() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let cluster = Cluster::start(&folder.path().join("pg"), Durability::None).unwrap();
    cluster.stop_now("immediate").unwrap();
    cluster.start_again().unwrap();
    assert!(cluster.data().join("postmaster.pid").exists());
}
