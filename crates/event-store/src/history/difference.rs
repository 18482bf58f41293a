//! What differs between two states, field by field.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A field of an object.
    Field(String),
    /// An element of a list: its place in the earlier list, or in the later one when it was added.
    Index(usize),
}

/// What became of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    /// It was not there before.
    Added(Value),
    /// It is not there any more.
    Removed(Value),
    /// It is another one.
    Replaced(Value, Value),
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where; empty for the whole value.
    pub path: Vec<Segment>,
    /// What.
    pub what: Changed,
}

impl Change {
    /// The value before, if there was one.
    #[must_use]
    pub const fn before(&self) -> Option<&Value> {
        match &self.what {
            Changed::Added(_) => None,
            Changed::Removed(before) | Changed::Replaced(before, _) => Some(before),
        }
    }

    /// The value after, if there is one.
    #[must_use]
    pub const fn after(&self) -> Option<&Value> {
        match &self.what {
            Changed::Removed(_) => None,
            Changed::Added(after) | Changed::Replaced(_, after) => Some(after),
        }
    }
}

/// Longer lists are compared by what they have in common at both ends only.
const LONGEST_LIST: usize = 256;

/// Every field that differs. Objects are compared field by field; of lists, elements that stayed the same stay, and what stands between
/// them is compared in order. [`apply`] makes `after` of `before` again.
#[must_use]
pub fn difference(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = vec![];
    compare(&mut vec![], before, after, &mut changes);
    changes
}

fn compare(path: &mut Vec<Segment>, before: &Value, after: &Value, changes: &mut Vec<Change>) {
    match (before, after) {
        (Value::Object(earlier), Value::Object(later)) => {
            let names: std::collections::BTreeSet<&String> = earlier.keys().chain(later.keys()).collect();
            for name in names {
                path.push(Segment::Field(name.clone()));
                match (earlier.get(name), later.get(name)) {
                    (Some(before), Some(after)) => compare(path, before, after, changes),
                    (Some(before), None) => note(path, Changed::Removed(before.clone()), changes),
                    (None, Some(after)) => note(path, Changed::Added(after.clone()), changes),
                    (None, None) => {}
                }
                path.pop();
            }
        }
        (Value::Array(earlier), Value::Array(later)) => compare_lists(path, earlier, later, changes),
        _ if before == after => {}
        _ => note(path, Changed::Replaced(before.clone(), after.clone()), changes),
    }
}

fn note(path: &[Segment], what: Changed, changes: &mut Vec<Change>) {
    changes.push(Change { path: path.to_vec(), what });
}

fn compare_lists(path: &mut Vec<Segment>, before: &[Value], after: &[Value], changes: &mut Vec<Change>) {
    let mut kept = kept(before, after);
    kept.push((before.len(), after.len()));
    let (mut from, mut to) = (0, 0);
    for (next_from, next_to) in kept {
        // What stands between two kept elements: in pairs as far as they go, the rest was removed or added.
        let pairs = (next_from - from).min(next_to - to);
        for n in 0..pairs {
            path.push(Segment::Index(from + n));
            compare(path, &before[from + n], &after[to + n], changes);
            path.pop();
        }
        for (n, element) in before.iter().enumerate().take(next_from).skip(from + pairs) {
            path.push(Segment::Index(n));
            note(path, Changed::Removed(element.clone()), changes);
            path.pop();
        }
        for (n, element) in after.iter().enumerate().take(next_to).skip(to + pairs) {
            path.push(Segment::Index(n));
            note(path, Changed::Added(element.clone()), changes);
            path.pop();
        }
        (from, to) = (next_from + 1, next_to + 1);
    }
}

/// Places of equal elements in both lists, in order: a longest common subsequence.
fn kept(before: &[Value], after: &[Value]) -> Vec<(usize, usize)> {
    let prefix = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (rest_before, rest_after) = (&before[prefix..], &after[prefix..]);
    let suffix = rest_before.iter().rev().zip(rest_after.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&rest_before[..rest_before.len() - suffix], &rest_after[..rest_after.len() - suffix]);
    let mut found: Vec<(usize, usize)> = (0..prefix).map(|n| (n, n)).collect();
    if a.len() <= LONGEST_LIST && b.len() <= LONGEST_LIST {
        found.extend(common(a, b).into_iter().map(|(i, j)| (prefix + i, prefix + j)));
    }
    found.extend((0..suffix).map(|n| (before.len() - suffix + n, after.len() - suffix + n)));
    found
}

fn common(a: &[Value], b: &[Value]) -> Vec<(usize, usize)> {
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, vec![]);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

/// The later value, from the earlier one and what [`difference`] said. Changes that do not fit the value are passed over.
#[must_use]
pub fn apply(before: &Value, changes: &[Change]) -> Value {
    let steps: Vec<(&[Segment], &Changed)> = changes.iter().map(|change| (change.path.as_slice(), &change.what)).collect();
    apply_steps(before, &steps)
}

fn apply_steps(before: &Value, steps: &[(&[Segment], &Changed)]) -> Value {
    if let Some((_, Changed::Replaced(_, after))) = steps.iter().find(|(path, _)| path.is_empty()) {
        return after.clone();
    }
    match before {
        Value::Object(fields) => Value::Object(apply_to_fields(fields, steps)),
        Value::Array(elements) => Value::Array(apply_to_elements(elements, steps)),
        other => other.clone(),
    }
}

type Deeper<'a> = Vec<(&'a [Segment], &'a Changed)>;

fn apply_to_fields(fields: &Map<String, Value>, steps: &[(&[Segment], &Changed)]) -> Map<String, Value> {
    let mut by_name: BTreeMap<&str, Deeper<'_>> = BTreeMap::new();
    for (path, what) in steps {
        if let Some((Segment::Field(name), rest)) = path.split_first() {
            by_name.entry(name).or_default().push((rest, what));
        }
    }
    let mut after = fields.clone();
    for (name, steps) in by_name {
        match (steps.as_slice(), fields.get(name)) {
            ([([], Changed::Added(value))], _) => drop(after.insert(name.to_owned(), value.clone())),
            ([([], Changed::Removed(_))], _) => drop(after.remove(name)),
            (steps, Some(value)) => drop(after.insert(name.to_owned(), apply_steps(value, steps))),
            (_, None) => {}
        }
    }
    after
}

fn apply_to_elements(elements: &[Value], steps: &[(&[Segment], &Changed)]) -> Vec<Value> {
    let mut added: BTreeMap<usize, &Value> = BTreeMap::new();
    let mut deeper: BTreeMap<usize, Deeper<'_>> = BTreeMap::new();
    for (path, what) in steps {
        match (path.split_first(), what) {
            (Some((Segment::Index(n), [])), Changed::Added(value)) => drop(added.insert(*n, value)),
            (Some((Segment::Index(n), rest)), _) => deeper.entry(*n).or_default().push((rest, what)),
            _ => {}
        }
    }
    let mut after: Vec<Value> = vec![];
    for (n, element) in elements.iter().enumerate() {
        match deeper.get(&n).map(Vec::as_slice) {
            None => after.push(element.clone()),
            Some([([], Changed::Removed(_))]) => {}
            Some(steps) => after.push(apply_steps(element, steps)),
        }
    }
    for (n, value) in added {
        after.insert(n.min(after.len()), value.clone());
    }
    after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn said(before: &Value, after: &Value) -> Vec<String> {
        let path = |change: &Change| {
            let parts = change.path.iter().map(|segment| match segment {
                Segment::Field(name) => name.clone(),
                Segment::Index(n) => n.to_string(),
            });
            parts.collect::<Vec<_>>().join(".")
        };
        let text = |value: Option<&Value>| value.map_or_else(|| "-".to_owned(), Value::to_string);
        difference(before, after)
            .iter()
            .map(|change| format!("{}: {} > {}", path(change), text(change.before()), text(change.after())))
            .collect()
    }

    #[test]
    fn fields_are_named_and_only_those_that_differ() {
        let before = json!({"name": "Loja", "hooks": {"a": "x", "b": null}, "gone": 1, "same": [1, 2]});
        let after = json!({"name": "Loja nova", "hooks": {"a": "x", "b": "y"}, "new": null, "same": [1, 2]});
        assert_eq!(
            said(&before, &after),
            ["gone: 1 > -", "hooks.b: null > \"y\"", "name: \"Loja\" > \"Loja nova\"", "new: - > null"]
        );
    }

    #[test]
    fn an_element_in_the_middle_of_a_list_is_one_change() {
        assert_eq!(said(&json!([1, 2, 3]), &json!([1, 9, 2, 3])), ["1: - > 9"]);
        assert_eq!(said(&json!([1, 2, 3]), &json!([1, 3])), ["1: 2 > -"]);
        assert_eq!(said(&json!([{"a": 1}, {"b": 1}]), &json!([{"a": 2}, {"b": 1}])), ["0.a: 1 > 2"]);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_i64..4).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_difference_applied_to_before_gives_after(before in values(), after in values()) {
            prop_assert_eq!(apply(&before, &difference(&before, &after)), after);
        }

        #[test]
        fn equals_do_not_differ_and_others_do(before in values(), after in values()) {
            prop_assert_eq!(difference(&before, &before), vec![]);
            prop_assert_eq!(difference(&before, &after).is_empty(), before == after);
        }
    }
}
