//! A real cluster is started, shared, recovered and stopped.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use recado_postgres::{Cluster, ClusterError, Durability};

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

fn psql(cluster: &Cluster, statement: &str) -> String {
    let output =
        std::process::Command::new("psql").args(["-X", "-At", "-c", statement, &cluster.url_of("postgres")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_copy_of_the_running_cluster_is_put_back_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let cluster = Cluster::start(&folder.path().join("pg"), Durability::Full).unwrap();
    psql(&cluster, "CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) n");
    let copy = folder.path().join("copy");
    cluster.copy_to(&copy).unwrap();
    psql(&cluster, "INSERT INTO kept VALUES (1001)");
    assert!(cluster.copy_to(&copy).is_err(), "never over another copy");

    let elsewhere = folder.path().join("elsewhere");
    // A run before was killed in the middle: what it left is no cluster, and in nobody's way.
    let part = elsewhere.join("data.part");
    std::fs::create_dir_all(part.join("base")).unwrap();
    std::fs::write(part.join("PG_VERSION"), "half a copy").unwrap();
    std::fs::write(part.join("base/half"), "a file").unwrap();
    recado_postgres::put_back(&copy, &elsewhere).unwrap();
    assert!(!part.exists());
    assert!(!elsewhere.join("data/base/half").exists());
    let restored = Cluster::start(&elsewhere, Durability::Full).unwrap();
    assert_ne!(restored.url(), cluster.url());
    assert_eq!(psql(&restored, "SELECT count(*) FROM kept"), "1000", "as it was at the moment of the copy");
    assert_eq!(psql(&cluster, "SELECT count(*) FROM kept"), "1001", "the first one was left alone");
    assert!(matches!(recado_postgres::put_back(&copy, &elsewhere), Err(ClusterError::Exists(_))));
    assert!(matches!(recado_postgres::put_back(folder.path(), &folder.path().join("x")), Err(ClusterError::NoCopy(_))));

    // One changed byte is noticed.
    let damaged = copy.join("global/pg_control");
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    assert!(matches!(recado_postgres::put_back(&copy, &folder.path().join("y")), Err(ClusterError::Program { .. })));
}
