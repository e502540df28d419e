//! Two JSON values side by side.

use core::cmp::Ordering;

use jeton_jose::UnixTime;
use jeton_jose::json::{Array, Document, Kind, Member, Object, RawJson, Value};

use super::{Change, ChangeKind, PartDiff, Sameness, Step, span};

/// Most differences that are listed.
const MOST_CHANGES: usize = 1_000;
/// Most bytes of names that the paths of all differences may take together.
const MOST_PATH_BYTES: usize = 1 << 20;
/// Claims that are times (RFC 7519 §4.1, OpenID Connect Core 1.0 §2 and §5.1).
const TIMES: [&str; 5] = ["exp", "nbf", "iat", "auth_time", "updated_at"];

/// What is being compared, and what was found so far.
pub(super) struct Comparison {
    is_claims: bool,
    path: Vec<Step>,
    changes: Vec<Change>,
    left_out: usize,
    path_bytes: usize,
}

pub(super) fn compare_part(
    left: &Document<'_>,
    right: &Document<'_>,
    mut comparison: Comparison,
) -> PartDiff {
    let spelling = if left.text() == right.text() {
        Sameness::Identical
    } else {
        Sameness::Formatting
    };
    let sameness = comparison.values(left.root(), right.root()).max(spelling);
    PartDiff {
        sameness,
        changes: comparison.changes,
        left_out: comparison.left_out,
        opaque: None,
    }
}

/// The second of a `NumericDate`.
pub(super) fn seconds(value: Value<'_>) -> Option<i64> {
    Some(UnixTime::from_numeric_date(value.as_number()?.text())?.seconds())
}

impl Comparison {
    pub(super) fn header() -> Self {
        Self {
            is_claims: false,
            path: Vec::new(),
            changes: Vec::new(),
            left_out: 0,
            path_bytes: 0,
        }
    }

    pub(super) fn claims() -> Self {
        Self {
            is_claims: true,
            ..Self::header()
        }
    }

    /// Recursion is bounded by the depth that the reader admits.
    fn values(&mut self, left: Value<'_>, right: Value<'_>) -> Sameness {
        if left.source() == right.source() {
            return Sameness::Identical;
        }
        if let (Some(one), Some(two)) = (self.set(left), self.set(right))
            && (left.kind() == Kind::Array || right.kind() == Kind::Array || self.is_scope())
        {
            return self.sets(one, two);
        }
        if let (Some(one), Some(two)) = (left.as_object(), right.as_object()) {
            return self.objects(one, two);
        }
        if let (Some(one), Some(two)) = (left.as_array(), right.as_array()) {
            return self.lists(one, two);
        }
        if left.equals(right) {
            return Sameness::Formatting;
        }
        let (left_json, right_json) = (RawJson::from(left), RawJson::from(right));
        self.push(match self.shift(left, right) {
            Some(seconds) => ChangeKind::Time {
                left: left_json,
                right: right_json,
                seconds,
                words: shift_in_words(seconds),
            },
            None => ChangeKind::Changed {
                left: left_json,
                right: right_json,
            },
        })
    }

    /// Pairs members by name; of equal names, the first with the first and so on.
    fn objects(&mut self, left: Object<'_>, right: Object<'_>) -> Sameness {
        let (ours, theirs) = (by_name(left), by_name(right));
        let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
        let mut sameness = Sameness::Identical;
        loop {
            let order = match (ours.peek(), theirs.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(two)) => one.name.cmp(two.name),
            };
            let one = (order != Ordering::Greater).then(|| ours.next()).flatten();
            let two = (order != Ordering::Less).then(|| theirs.next()).flatten();
            let Some(name) = one.or(two).map(|member| member.name) else {
                break;
            };
            self.path.push(Step::Name(name.to_owned()));
            sameness = sameness.max(self.either(one.map(value), two.map(value)));
            self.path.pop();
        }
        let reordered = left.len() == right.len()
            && left
                .iter()
                .zip(right)
                .any(|(one, two)| one.name != two.name);
        match sameness {
            Sameness::Identical | Sameness::Formatting if reordered => Sameness::Order,
            Sameness::Identical => Sameness::Formatting,
            other => other,
        }
    }

    fn lists(&mut self, left: Array<'_>, right: Array<'_>) -> Sameness {
        let (mut ours, mut theirs) = (left.iter(), right.iter());
        let mut sameness = Sameness::Formatting;
        for index in 0..left.len().max(right.len()) {
            self.path.push(Step::Index(index));
            sameness = sameness.max(self.either(ours.next(), theirs.next()));
            self.path.pop();
        }
        sameness
    }

    fn either(&mut self, left: Option<Value<'_>>, right: Option<Value<'_>>) -> Sameness {
        match (left, right) {
            (Some(left), Some(right)) => self.values(left, right),
            (Some(left), None) => self.push(ChangeKind::Removed { left: left.into() }),
            (None, Some(right)) => self.push(ChangeKind::Added {
                right: right.into(),
            }),
            (None, None) => Sameness::Identical,
        }
    }

    fn sets(&mut self, left: Vec<&str>, right: Vec<&str>) -> Sameness {
        let reordered = left != right;
        let (ours, theirs) = (sorted(left), sorted(right));
        let only = |these: &[&str], those: &[&str]| -> Vec<String> {
            let missing = these
                .iter()
                .filter(|name| those.binary_search(name).is_err());
            missing.map(|name| (*name).to_owned()).collect()
        };
        let (added, removed) = (only(&theirs, &ours), only(&ours, &theirs));
        if added.is_empty() && removed.is_empty() {
            return if reordered {
                Sameness::Order
            } else {
                Sameness::Formatting
            };
        }
        let kept = ours.len() - removed.len();
        self.push(ChangeKind::Set {
            added,
            removed,
            kept,
        })
    }

    /// The names in a value that stands for a set: a scope, an audience, a list of strings. The
    /// order of `x5c` matters.
    fn set<'d>(&self, value: Value<'d>) -> Option<Vec<&'d str>> {
        if self.name() == Some("x5c") {
            return None;
        }
        match value.as_str() {
            Some(text) if self.is_scope() => {
                Some(text.split(' ').filter(|name| !name.is_empty()).collect())
            }
            // One audience may stand alone (RFC 7519 §4.1.3).
            Some(text) => (self.name() == Some("aud")).then(|| vec![text]),
            None => value.as_array()?.iter().map(Value::as_str).collect(),
        }
    }

    fn is_scope(&self) -> bool {
        matches!(self.name(), Some("scope" | "scp"))
    }

    /// The seconds from the left time to the right one.
    fn shift(&self, left: Value<'_>, right: Value<'_>) -> Option<i64> {
        let is_time = self.is_claims && self.path.len() == 1 && TIMES.contains(&self.name()?);
        is_time.then_some(())?;
        Some(seconds(right)? - seconds(left)?)
    }

    fn name(&self) -> Option<&str> {
        match self.path.last()? {
            Step::Name(name) => Some(name),
            Step::Index(_) => None,
        }
    }

    fn push(&mut self, kind: ChangeKind) -> Sameness {
        let path_bytes = self.path.iter().map(|step| match step {
            Step::Name(name) => name.len(),
            Step::Index(_) => 0,
        });
        let path_bytes = self.path_bytes + path_bytes.sum::<usize>();
        if self.changes.len() < MOST_CHANGES && path_bytes <= MOST_PATH_BYTES {
            self.path_bytes = path_bytes;
            self.changes.push(Change {
                path: self.path.clone(),
                kind,
            });
        } else {
            self.left_out += 1;
        }
        Sameness::Different
    }
}

fn value<'d>(member: &Member<'d>) -> Value<'d> {
    member.value
}

fn by_name(object: Object<'_>) -> Vec<Member<'_>> {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_key(|member| member.name);
    members
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names.dedup();
    names
}

fn shift_in_words(seconds: i64) -> String {
    match seconds {
        0 => "less than a second apart".to_owned(),
        1.. => format!("{} later", span(seconds)),
        _ => format!("{} earlier", span(seconds.saturating_abs())),
    }
}
