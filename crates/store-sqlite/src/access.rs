use jeton_store::access::{Entitlements, Group, Role};
use jeton_store::{AccountId, Act, StoreError, from_text, to_text};

use crate::transaction::Transaction;
use crate::{accounts, audit};

/// What is defined by an administrator and read as a whole.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Role,
    Group,
    Api,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Group => "group",
            Self::Api => "api",
        }
    }
}

pub(crate) fn save(
    tx: &Transaction<'_>,
    kind: Kind,
    name: &str,
    definition: &impl serde::Serialize,
    act: &Act,
) -> Result<(), StoreError> {
    tx.change(
        "INSERT INTO definition (kind, name, document) VALUES (?1, ?2, ?3) \
         ON CONFLICT DO UPDATE SET document = excluded.document",
        (kind.name(), name, to_text(definition)?),
    )?;
    audit::note(tx, act, &format!("{}.saved", kind.name()), name)
}

pub(crate) fn delete(
    tx: &Transaction<'_>,
    kind: Kind,
    name: &str,
    act: &Act,
) -> Result<bool, StoreError> {
    let deleted = tx.change(
        "DELETE FROM definition WHERE kind = ?1 AND name = ?2",
        (kind.name(), name),
    )?;
    if deleted == 0 {
        return Ok(false);
    }
    audit::note(tx, act, &format!("{}.deleted", kind.name()), name)?;
    Ok(true)
}

pub(crate) fn all<T: serde::de::DeserializeOwned>(
    tx: &Transaction<'_>,
    kind: Kind,
) -> Result<Vec<T>, StoreError> {
    let documents = tx.all(
        "SELECT document FROM definition WHERE kind = ?1 ORDER BY name",
        [kind.name()],
        |row| row.get::<_, String>(0),
    )?;
    let documents = documents.iter();
    documents
        .map(|document| from_text(document, kind.name()))
        .collect()
}

pub(crate) fn entitlements(
    tx: &Transaction<'_>,
    id: &AccountId,
) -> Result<Option<Entitlements>, StoreError> {
    let Some(account) = accounts::by_id(tx, id)? else {
        return Ok(None);
    };
    let roles: Vec<Role> = all(tx, Kind::Role)?;
    let groups: Vec<Group> = all(tx, Kind::Group)?;
    Ok(Some(Entitlements::resolve(
        &account.roles,
        &account.groups,
        &roles,
        &groups,
    )))
}
