use jeton_store::audit::Event;
use jeton_store::grant::{Family, Grant, NewFamily, Refusal, Rotate, Rotation};
use jeton_store::revocation::Holder;
use jeton_store::{
    AccountId, Act, ClientId, FamilyId, Sha256, StoreError, UnixTime, from_text, instant, to_text,
};
use rusqlite::Row;

use crate::transaction::Transaction;
use crate::{accounts, audit, clients, revocations};

pub(crate) fn start(tx: &Transaction<'_>, family: &NewFamily, act: &Act) -> Result<(), StoreError> {
    let grant = &family.grant;
    accounts::check_active(tx, &grant.account)?;
    clients::check_enabled(tx, &grant.client)?;
    let inserted = tx.insert(
        "INSERT INTO family (id, client, account, session, offline, confirmation, document, \
         created_at, expires_at, idle_expires_at, generation) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, min(?9, ?10), 0)",
        (
            family.id.as_str(),
            grant.client.as_str(),
            grant.account.as_str(),
            grant.session.as_ref().map(jeton_store::SessionId::as_str),
            grant.offline,
            grant.confirmation.as_ref().map(to_text).transpose()?,
            to_text(grant)?,
            act.millis(),
            instant::to_millis(family.expires_at),
            instant::to_millis(family.idle_expires_at),
        ),
    )?;
    if !inserted {
        return Err(StoreError::Taken {
            record: "family",
            field: "id",
        });
    }
    audit::note(tx, act, "family.started", family.id.as_str())
}

/// Moves a family on. The first statement is all that a sound refresh costs.
pub(crate) fn rotate(
    tx: &Transaction<'_>,
    rotate: &Rotate,
    act: &Act,
) -> Result<Rotation, StoreError> {
    let moved = tx.change(
        "UPDATE family SET generation = generation + 1, rotated_at = ?5, question = ?6, \
         sealed_answer = ?7, \
         idle_expires_at = min(max(idle_expires_at, coalesce(?8, idle_expires_at)), expires_at) \
         WHERE id = ?1 AND generation = ?2 AND client = ?3 AND confirmation IS ?4 \
         AND revoked_at IS NULL AND expires_at > ?5 AND idle_expires_at > ?5",
        (
            rotate.family.as_str(),
            to_signed(rotate.generation),
            rotate.client.as_str(),
            rotate.confirmation.as_ref().map(to_text).transpose()?,
            act.millis(),
            rotate.question.as_bytes(),
            &rotate.sealed_answer,
            rotate.idle_expires_at.map(instant::to_millis),
        ),
    )?;
    if moved > 0 {
        return Ok(Rotation::Rotated {
            generation: rotate.generation.saturating_add(1),
        });
    }
    why_not(tx, rotate, act)
}

/// The last use of a family: when, what was asked, what was answered.
type LastUse = (i64, [u8; 32], Vec<u8>);

fn why_not(tx: &Transaction<'_>, rotate: &Rotate, act: &Act) -> Result<Rotation, StoreError> {
    let refused = |refusal| Ok(Rotation::Refused(refusal));
    let Some(family) = by_id(tx, &rotate.family)? else {
        return refused(Refusal::Unknown);
    };
    if family.grant.client != rotate.client {
        return refused(Refusal::OtherClient);
    }
    if family.grant.confirmation != rotate.confirmation {
        return refused(Refusal::OtherKey);
    }
    if family.revoked_at.is_some() {
        return refused(Refusal::Revoked);
    }
    if rotate.generation > family.generation {
        return refused(Refusal::AheadOfStore);
    }
    if !family.is_live(act.at) {
        return refused(Refusal::Expired);
    }
    if rotate.generation.saturating_add(1) == family.generation
        && let Some((at, question, sealed_answer)) = last_use(tx, &rotate.family)?
        && rotate.within_grace(instant::from_millis(at), act.at)
    {
        if Sha256::from_bytes(question) != rotate.question {
            return refused(Refusal::OtherQuestion);
        }
        return Ok(Rotation::Replayed { sealed_answer });
    }
    reused(tx, &family, rotate, act)?;
    Ok(Rotation::Reused)
}

fn last_use(tx: &Transaction<'_>, id: &FamilyId) -> Result<Option<LastUse>, StoreError> {
    tx.one(
        "SELECT rotated_at, question, sealed_answer FROM family \
         WHERE id = ?1 AND sealed_answer IS NOT NULL",
        [id.as_str()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Somebody has a token that was used before. What was issued in this session counts no more.
fn reused(
    tx: &Transaction<'_>,
    family: &Family,
    rotate: &Rotate,
    act: &Act,
) -> Result<(), StoreError> {
    revoke_where(tx, "id = ?2", family.id.as_str(), act)?;
    mark_session(tx, family, act)?;
    let event = Event::new(act, "family.reused", family.id.as_str())
        .with("account", &family.grant.account)
        .with("client", &family.grant.client)
        .with("presented", &rotate.generation)
        .with("current", &family.generation);
    audit::append(tx, event).map(drop)
}

/// Revokes the live families that a condition on `?2` picks; answers how many.
pub(crate) fn revoke_where(
    tx: &Transaction<'_>,
    condition: &'static str,
    value: &str,
    act: &Act,
) -> Result<u64, StoreError> {
    let sql = format!(
        "UPDATE family SET revoked_at = ?1, sealed_answer = NULL, question = NULL \
         WHERE {condition} AND revoked_at IS NULL"
    );
    tx.change(&sql, (act.millis(), value))
}

pub(crate) fn revoke(
    tx: &Transaction<'_>,
    id: &FamilyId,
    client: &ClientId,
    act: &Act,
) -> Result<bool, StoreError> {
    let Some(family) = by_id(tx, id)?.filter(|family| family.grant.client == *client) else {
        return Ok(false);
    };
    if revoke_where(tx, "id = ?2", id.as_str(), act)? == 0 {
        return Ok(false);
    }
    mark_session(tx, &family, act)?;
    audit::note(tx, act, "family.revoked", id.as_str())?;
    Ok(true)
}

fn mark_session(tx: &Transaction<'_>, family: &Family, act: &Act) -> Result<(), StoreError> {
    match &family.grant.session {
        Some(session) => revocations::mark(tx, Holder::Session(session.as_str().to_owned()), act),
        None => Ok(()),
    }
}

/// The families of an account that is no more; they were revoked before.
pub(crate) fn forget_account(tx: &Transaction<'_>, id: &AccountId) -> Result<(), StoreError> {
    tx.change("DELETE FROM family WHERE account = ?1", [id.as_str()])
        .map(drop)
}

const COLUMNS: &str = "id, document, generation, created_at, rotated_at, idle_expires_at, \
     expires_at, revoked_at";

struct Columns {
    id: String,
    document: String,
    generation: i64,
    created_at: i64,
    rotated_at: Option<i64>,
    idle_expires_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok(Columns {
        id: row.get(0)?,
        document: row.get(1)?,
        generation: row.get(2)?,
        created_at: row.get(3)?,
        rotated_at: row.get(4)?,
        idle_expires_at: row.get(5)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
    })
}

fn read(columns: Columns) -> Result<Family, StoreError> {
    let grant: Grant = from_text(&columns.document, "family")?;
    Ok(Family {
        id: FamilyId::new(columns.id),
        grant,
        generation: columns.generation.cast_unsigned(),
        created_at: instant::from_millis(columns.created_at),
        rotated_at: columns.rotated_at.map(instant::from_millis),
        idle_expires_at: instant::from_millis(columns.idle_expires_at),
        expires_at: instant::from_millis(columns.expires_at),
        revoked_at: columns.revoked_at.map(instant::from_millis),
    })
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &FamilyId) -> Result<Option<Family>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM family WHERE id = ?1");
    tx.one(&sql, [id.as_str()], columns)?.map(read).transpose()
}

pub(crate) fn of_account(
    tx: &Transaction<'_>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Vec<Family>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM family WHERE account = ?1 AND revoked_at IS NULL \
         AND expires_at > ?2 AND idle_expires_at > ?2 ORDER BY created_at, id"
    );
    let rows = tx.all(&sql, (account.as_str(), instant::to_millis(now)), columns)?;
    rows.into_iter().map(read).collect()
}

/// A generation past what SQLite counts is newer than any.
fn to_signed(generation: u64) -> i64 {
    i64::try_from(generation).unwrap_or(i64::MAX)
}
