use axum::extract::FromRequestParts;
use http::request::Parts;
use jeton_problem::{Problem, RequestCode};
use serde::{Deserialize, Serialize};

use super::answer::Refusal;

/// Records in an answer unless the request says otherwise.
const USUAL: u32 = 100;
/// Records in an answer at most.
const MOST: u32 = 1000;

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What the part before ended with.
    pub(super) after: Option<String>,
    pub(super) limit: u32,
}

/// A part of a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Page<T> {
    /// The records, in order.
    pub(super) items: Vec<T>,
    /// What to ask for with `after` to go on; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    after: Option<String>,
    limit: Option<u32>,
}

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let axum::extract::Query(query) =
            axum::extract::Query::<Query>::from_request_parts(parts, state).await?;
        let limit = query.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::from(RequestCode::Usage)
                .detail("`limit` is a number from 1 to 1000")
                .into());
        }
        Ok(Self {
            after: query.after,
            limit,
        })
    }
}

impl Part {
    /// The place in a log that the part before ended with.
    pub(super) fn after_number(&self) -> Result<u64, Refusal> {
        let after = self.after.as_deref().unwrap_or("0");
        after.parse().map_err(|_| {
            Problem::from(RequestCode::Usage)
                .detail("`after` is the sequence number of an entry")
                .into()
        })
    }

    /// The answer with these records; `name` is what a part is gone on from.
    pub(super) fn page<R, T>(
        &self,
        records: Vec<R>,
        name: impl Fn(&R) -> String,
        shown: impl Fn(R) -> T,
    ) -> Page<T> {
        let is_full = u32::try_from(records.len()).is_ok_and(|len| len >= self.limit);
        let next = records.last().filter(|_| is_full).map(name);
        Page {
            items: records.into_iter().map(shown).collect(),
            next,
        }
    }
}

/// All of a list that is never long.
pub(super) fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next: None }
}
