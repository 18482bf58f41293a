//! Golden encodings: what a context has ever written must be read for ever.
//!
//! `crates/<context>/tests/golden/events/<type>@<version>.json` holds named cases of one version's encoding; a case that is thought of
//! later gets a file of its own, `<type>@<version>.<case>.json`. A file that has landed is never changed or removed: `INDEX` lists each
//! with its digest, and `cargo xtask check` compares them with the history.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use recado_event_store::stored::{self, Version};
use recado_event_store::{StoredEvent, Upcaster};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const WRITE: &str = "RECADO_WRITE_GOLDEN";

/// One encoding.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    event: Value,
}

struct File {
    name: String,
    event_type: String,
    version: Version,
    cases: Vec<Case>,
    digest: String,
}

/// The golden files of one context. Say which enums they belong to with [`Self::events`], then [`Self::check`].
pub struct GoldenFiles {
    folder: PathBuf,
    files: Vec<File>,
    claimed: BTreeSet<String>,
    missing: BTreeMap<String, Vec<Case>>,
    wrong: Vec<String>,
}

impl GoldenFiles {
    /// Of the crate with this `CARGO_MANIFEST_DIR`.
    #[must_use]
    pub fn of(manifest_dir: &str) -> Self {
        let folder = PathBuf::from(manifest_dir).join("tests/golden/events");
        let mut wrong = vec![];
        let mut files: Vec<File> = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name() != "INDEX")
            .filter_map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let text = std::fs::read_to_string(entry.path()).expect("a golden file can be read");
                read(&name, &text).map_err(|error| wrong.push(format!("{name}: {error}"))).ok()
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self { folder, files, claimed: BTreeSet::new(), missing: BTreeMap::new(), wrong }
    }

    /// The files of `E`: each is read by today's code; each current type, and each version an upcaster reads, has one. `samples` (case,
    /// event) say how today's code writes: at least one for each type, and one for each optional field.
    #[must_use]
    pub fn events<E: StoredEvent>(mut self, samples: &[(&str, E)]) -> Self {
        for index in 0..self.files.len() {
            let file = &self.files[index];
            let old = E::upcasters().iter().any(|step| is_from(step, file));
            if old || E::definition(&file.event_type).is_some() {
                self.claimed.insert(file.name.clone());
                let complaints: Vec<String> = file.cases.iter().filter_map(|case| unread::<E>(file, case)).collect();
                self.wrong.extend(complaints);
            }
        }
        for step in E::upcasters().iter().filter(|step| !self.files.iter().any(|file| is_from(step, file))) {
            let (event_type, version) = step.from();
            self.wrong.push(format!("{event_type}@{version}: there is an upcaster, but no golden file of what it reads"));
        }
        for definition in E::DEFINITIONS {
            if !samples.iter().any(|(_, event)| event.event_type() == definition.event_type) {
                self.wrong.push(format!("{}: write a sample of it beside the others", definition.event_type));
            }
        }
        for (case, event) in samples {
            self.compare_sample(case, event);
        }
        self
    }

    fn compare_sample<E: StoredEvent>(&mut self, case: &str, event: &E) {
        let encoded = serde_json::to_value(event).expect("an event can be written");
        let (event_type, version) = (event.event_type(), event.event_version());
        let versions: Vec<&File> =
            self.files.iter().filter(|f| f.event_type == event_type && f.version.to_string() == version).collect();
        let golden = versions.iter().flat_map(|file| &file.cases).find(|golden| golden.case == case);
        match golden {
            Some(golden) if golden.event == encoded => {}
            Some(golden) => self.wrong.push(format!(
                "{event_type}@{version}, case {case:?}: today's code writes\n    {encoded}\n  but the golden file says\n    {}\n  \
                 An encoding never changes within a version: raise the version and add an upcaster.",
                golden.event
            )),
            None => {
                let name = match versions.is_empty() {
                    true => format!("{event_type}@{version}.json"),
                    false => format!("{event_type}@{version}.{}.json", case.replace(' ', "_")),
                };
                self.missing.entry(name).or_default().push(Case { case: case.to_owned(), event: encoded });
            }
        }
    }

    /// Fails with everything that is wrong. With `RECADO_WRITE_GOLDEN=1` it first creates files that are missing; it never changes one.
    ///
    /// # Panics
    /// When something is wrong: that is the test.
    pub fn check(mut self) {
        if std::env::var(WRITE).is_ok_and(|on| on == "1") {
            self.write_missing();
        }
        for (name, cases) in &self.missing {
            let cases: Vec<&str> = cases.iter().map(|case| case.case.as_str()).collect();
            self.wrong.push(format!(
                "{name} is missing (cases {cases:?}): run `{WRITE}=1 cargo test -p <this package> golden`, look at the file, commit it"
            ));
        }
        for file in self.files.iter().filter(|file| !self.claimed.contains(&file.name)) {
            self.wrong.push(format!(
                "{}: no event enum reads this type and version any more. It was written once, so it must be readable for ever: map it \
                 with an upcaster (a retired type to a neutral variant)",
                file.name
            ));
        }
        self.check_index();
        assert!(self.wrong.is_empty(), "golden files in {}:\n- {}", self.folder.display(), self.wrong.join("\n- "));
    }

    fn write_missing(&mut self) {
        std::fs::create_dir_all(&self.folder).expect("the golden folder can be made");
        for (name, cases) in std::mem::take(&mut self.missing) {
            let text = serde_json::to_string_pretty(&cases).expect("cases can be written") + "\n";
            let mut file = std::fs::File::create_new(self.folder.join(&name)).expect("a missing file can be created");
            file.write_all(text.as_bytes()).expect("a golden file can be written");
            self.claimed.insert(name.clone());
            self.files.push(read(&name, &text).expect("what was just written can be read"));
        }
        let known = self.index();
        let mut added = String::new();
        for file in self.files.iter().filter(|file| !known.contains_key(&file.name)) {
            writeln!(added, "{}  {}", file.digest, file.name).expect("a text grows");
        }
        let mut index = std::fs::File::options().create(true).append(true).open(self.folder.join("INDEX")).expect("INDEX opens");
        index.write_all(added.as_bytes()).expect("INDEX grows");
    }

    /// File name to digest.
    fn index(&self) -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(self.folder.join("INDEX")).unwrap_or_default();
        text.lines().filter_map(|line| line.split_once("  ")).map(|(digest, name)| (name.to_owned(), digest.to_owned())).collect()
    }

    fn check_index(&mut self) {
        let index = self.index();
        for (name, digest) in &index {
            match self.files.iter().find(|file| file.name == *name) {
                None => self.wrong.push(format!("{name} is in INDEX but gone: a landed golden file is never removed or renamed")),
                Some(file) if file.digest != *digest => {
                    self.wrong.push(format!("{name} is not what INDEX says: a landed golden file is never changed"));
                }
                Some(_) => {}
            }
        }
        for file in self.files.iter().filter(|file| !index.contains_key(&file.name)) {
            self.wrong.push(format!("{} is not in INDEX: run `{WRITE}=1 cargo test -p <this package> golden`", file.name));
        }
    }
}

fn read(name: &str, text: &str) -> Result<File, String> {
    let (event_type, rest) =
        name.strip_suffix(".json").and_then(|stem| stem.split_once('@')).ok_or("not <type>@<version>.json")?;
    let version = rest.split('.').next().unwrap_or(rest).parse().map_err(|_| "the version is not a number".to_owned())?;
    let cases: Vec<Case> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if cases.is_empty() {
        return Err("it holds no case".to_owned());
    }
    let digest = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(File { name: name.to_owned(), event_type: event_type.to_owned(), version, cases, digest })
}

fn is_from(step: &Upcaster, file: &File) -> bool {
    step.from() == (file.event_type.as_str(), file.version)
}

/// What is wrong with one case, if anything.
fn unread<E: StoredEvent>(file: &File, case: &Case) -> Option<String> {
    let place = format!("{}, case {:?}", file.name, case.case);
    let event: E = match stored::decode(&file.event_type, &file.version.to_string(), &case.event) {
        Ok(event) => event,
        Err(error) => return Some(format!("{place}: today's code cannot read it: {error}")),
    };
    let is_current = E::definition(&file.event_type).is_some_and(|definition| definition.version == file.version);
    if !is_current {
        return None;
    }
    if event.event_type() != file.event_type {
        return Some(format!("{place}: it is read as {}", event.event_type()));
    }
    let again = serde_json::to_value(&event).expect("an event can be written");
    difference("", &case.event, &again).map(|field| format!("{place}: field {field} is not written as it was read: {again}"))
}

/// The first field in which `again` differs from `golden`; fields that golden does not have may only be null: optional ones that came
/// later.
fn difference(path: &str, golden: &Value, again: &Value) -> Option<String> {
    match (golden, again) {
        (Value::Object(golden), Value::Object(again)) => {
            let lost = golden.keys().find(|name| !again.contains_key(*name)).map(|name| format!("{path}{name}"));
            lost.or_else(|| {
                again.iter().find_map(|(name, value)| match golden.get(name) {
                    Some(before) => difference(&format!("{path}{name}."), before, value),
                    None => (!value.is_null()).then(|| format!("{path}{name}")),
                })
            })
        }
        (Value::Array(golden), Value::Array(again)) if golden.len() == again.len() => {
            golden.iter().zip(again).enumerate().find_map(|(n, (a, b))| difference(&format!("{path}{n}."), a, b))
        }
        _ => (golden != again).then(|| path.trim_end_matches('.').to_owned()),
    }
}

#[cfg(test)]
mod tests;
