use jeton_store::client::Client;
use jeton_store::revocation::Holder;
use jeton_store::{Act, ClientId, StoreError, from_text, to_text};

use crate::transaction::Transaction;
use crate::{audit, codes, families, revocations};

const MISSING: StoreError = StoreError::Missing { record: "client" };

pub(crate) fn create(tx: &Transaction<'_>, client: &Client, act: &Act) -> Result<(), StoreError> {
    let inserted = tx.insert(
        "INSERT INTO client (id, enabled, revision, document) VALUES (?1, ?2, 0, ?3)",
        (client.id.as_str(), client.enabled, to_text(client)?),
    )?;
    if !inserted {
        return Err(StoreError::Taken {
            record: "client",
            field: "id",
        });
    }
    audit::note(tx, act, "client.created", client.id.as_str())
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let document = tx.one(
        "SELECT document FROM client WHERE id = ?1",
        [id.as_str()],
        |row| row.get::<_, String>(0),
    )?;
    let client = document.map(|document| from_text(&document, "client"));
    client.transpose()
}

pub(crate) fn page(
    tx: &Transaction<'_>,
    after: Option<&ClientId>,
    limit: u32,
) -> Result<Vec<Client>, StoreError> {
    let documents = tx.all(
        "SELECT document FROM client WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2",
        (after.map(ClientId::as_str), limit),
        |row| row.get::<_, String>(0),
    )?;
    let documents = documents.iter();
    documents
        .map(|document| from_text(document, "client"))
        .collect()
}

pub(crate) fn update(
    tx: &Transaction<'_>,
    mut client: Client,
    act: &Act,
) -> Result<u64, StoreError> {
    let before = by_id(tx, &client.id)?.ok_or(MISSING)?;
    if before.revision != client.revision {
        return Err(StoreError::Stale { record: "client" });
    }
    client.revision = before.revision.saturating_add(1);
    tx.change(
        "UPDATE client SET enabled = ?2, revision = ?3, document = ?4 WHERE id = ?1",
        (
            client.id.as_str(),
            client.enabled,
            client.revision.cast_signed(),
            to_text(&client)?,
        ),
    )?;
    audit::note(tx, act, "client.updated", client.id.as_str())?;
    if !client.enabled {
        end_tokens(tx, &client.id, act)?;
    }
    Ok(client.revision)
}

pub(crate) fn delete(tx: &Transaction<'_>, id: &ClientId, act: &Act) -> Result<(), StoreError> {
    let deleted = tx.change("DELETE FROM client WHERE id = ?1", [id.as_str()])?;
    if deleted == 0 {
        return Err(MISSING);
    }
    end_tokens(tx, id, act)?;
    tx.change("DELETE FROM consent WHERE client = ?1", [id.as_str()])?;
    tx.change("DELETE FROM code WHERE client = ?1", [id.as_str()])?;
    audit::note(tx, act, "client.deleted", id.as_str())
}

/// Nothing starts for a client that is not served.
pub(crate) fn check_enabled(tx: &Transaction<'_>, id: &ClientId) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM client WHERE id = ?1 AND enabled";
    match tx.one(sql, [id.as_str()], |_| Ok(()))? {
        Some(()) => Ok(()),
        None => Err(StoreError::Missing {
            record: "enabled client",
        }),
    }
}

/// Access tokens that it got in its own name have it as their subject and as their client.
fn end_tokens(tx: &Transaction<'_>, id: &ClientId, act: &Act) -> Result<(), StoreError> {
    codes::void_where(tx, "client = ?2", id.as_str(), act)?;
    families::revoke_where(tx, "client = ?2", id.as_str(), act)?;
    revocations::mark(tx, Holder::Client(id.as_str().to_owned()), act)
}
