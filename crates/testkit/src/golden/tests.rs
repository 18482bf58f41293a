//! Given a folder of golden files, when somebody touches what may not be touched, then the check says so.

use std::path::Path;

use recado_event_store::stored_events;
use serde_json::json;

use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Door {
    #[serde(rename = "door.opened")]
    Opened {
        by: u32,
        #[serde(default)]
        key: Option<String>,
    },
    #[serde(rename = "door.shut")]
    Shut {},
}

stored_events! {
    Door {
        Opened => "door.opened" 1, en "It is open.", pt "Abriu.";
        Shut => "door.shut" 2, en "It is shut.", pt "Fechou.";
    }
    upcasters &[Upcaster::renamed(("door.slammed", 1), ("door.shut", 2), |_| json!({"type": "door.slammed"}))]
}

fn samples() -> Vec<(&'static str, Door)> {
    vec![
        ("usual", Door::Opened { by: 1, key: None }),
        ("with a key", Door::Opened { by: 1, key: Some("k".into()) }),
        ("usual", Door::Shut {}),
    ]
}

struct Crate(PathBuf);

impl Crate {
    /// A context whose files are as they should be.
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("recado-golden-{}-{name}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        let this = Self(folder);
        std::fs::create_dir_all(this.events()).unwrap();
        std::fs::write(
            this.file("door.slammed@1.json"),
            r#"[{"case": "usual", "event": {"type": "door.slammed", "loud": true}}]"#,
        )
        .unwrap();
        this.given(&samples()).write_missing();
        this
    }

    fn events(&self) -> PathBuf {
        self.0.join("tests/golden/events")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.events().join(name)
    }

    fn given(&self, samples: &[(&str, Door)]) -> GoldenFiles {
        GoldenFiles::of(&self.0.to_string_lossy()).events(samples)
    }

    /// What the check says.
    fn complaint(&self, samples: &[(&str, Door)]) -> String {
        let golden = self.given(samples);
        let said = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| golden.check()));
        said.err().and_then(|panic| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    }
}

impl Drop for Crate {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from));
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn a_complete_folder_is_accepted_and_writing_again_changes_nothing() {
    let door = Crate::new("complete");
    assert_eq!(door.complaint(&samples()), "");
    let index = std::fs::read_to_string(door.file("INDEX")).unwrap();
    assert_eq!(index.lines().count(), 3, "{index}");
    door.given(&samples()).write_missing();
    assert_eq!(std::fs::read_to_string(door.file("INDEX")).unwrap(), index);
}

#[test]
fn a_variant_without_a_sample_or_a_file_says_what_to_run() {
    let door = Crate::new("variant");
    assert!(door.complaint(&samples()[..2]).contains("door.shut: write a sample"));
    let mut more = samples();
    more.push(("by nobody", Door::Opened { by: 0, key: None }));
    let said = door.complaint(&more);
    assert!(said.contains("door.opened@1.by_nobody.json is missing") && said.contains("RECADO_WRITE_GOLDEN=1"), "{said}");
    door.given(&more).write_missing();
    assert_eq!(door.complaint(&more), "", "a later case has a file of its own");
}

#[test]
fn a_changed_encoding_is_refused() {
    let door = Crate::new("encoding");
    let mut other = samples();
    other[0] = ("usual", Door::Opened { by: 2, key: None });
    assert!(door.complaint(&other).contains("raise the version and add an upcaster"));
}

#[test]
fn a_touched_or_removed_file_is_noticed_without_git() {
    let door = Crate::new("touched");
    replace(&door.file("door.slammed@1.json"), "true", "false");
    assert!(door.complaint(&samples()).contains("door.slammed@1.json is not what INDEX says"));
    std::fs::remove_file(door.file("door.slammed@1.json")).unwrap();
    let said = door.complaint(&samples());
    assert!(said.contains("is in INDEX but gone") && said.contains("no golden file of what it reads"), "{said}");
}

#[test]
fn a_type_that_nobody_reads_any_more_is_noticed() {
    let door = Crate::new("orphan");
    std::fs::write(door.file("door.painted@1.json"), r#"[{"case": "usual", "event": {"type": "door.painted"}}]"#).unwrap();
    assert!(door.complaint(&samples()).contains("door.painted@1.json: no event enum reads"));
}

#[test]
fn fields_that_came_later_may_be_null_and_nothing_else() {
    assert_eq!(difference("", &json!({"a": {"b": 1}}), &json!({"a": {"b": 1, "c": null}, "d": null})), None);
    assert_eq!(difference("", &json!({"a": 1}), &json!({"a": 1, "b": false})), Some("b".to_owned()));
    assert_eq!(difference("", &json!({"a": {"b": 1}}), &json!({"a": {}})), Some("a.b".to_owned()));
    assert_eq!(difference("", &json!({"a": [1, 2]}), &json!({"a": [1, 3]})), Some("a.1".to_owned()));
}
