use jeton_store::revocation::Holder;
use jeton_store::session::{Session, SessionUse};
use jeton_store::{
    AccountId, Act, SessionId, Sha256, StoreError, UnixTime, from_text, instant, to_text,
};
use rusqlite::Row;

use crate::transaction::Transaction;
use crate::{accounts, audit, codes, families, revocations};

pub(crate) fn start(
    tx: &Transaction<'_>,
    session: &Session,
    replaced: Option<&SessionId>,
    act: &Act,
) -> Result<(), StoreError> {
    accounts::check_active(tx, &session.account)?;
    match replaced {
        Some(replaced) if *replaced == session.id && renew(tx, session)? => {
            return audit::note(tx, act, "session.renewed", session.id.as_str());
        }
        Some(replaced) => drop(end(tx, replaced, act)?),
        None => {}
    }
    let inserted = tx.insert(
        "INSERT INTO session \
         (id, cookie, account, address, last_used_at, idle_expires_at, expires_at, document) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            session.id.as_str(),
            session.cookie.as_bytes(),
            session.account.as_str(),
            &session.address,
            instant::to_millis(session.last_used_at),
            instant::to_millis(session.idle_expires_at),
            instant::to_millis(session.expires_at),
            to_text(session)?,
        ),
    )?;
    if !inserted {
        return Err(StoreError::Taken {
            record: "session",
            field: "id",
        });
    }
    audit::note(tx, act, "session.started", session.id.as_str())
}

/// Has a session of the same account go on; answers whether there was one.
fn renew(tx: &Transaction<'_>, session: &Session) -> Result<bool, StoreError> {
    let renewed = tx.change(
        "UPDATE session SET cookie = ?3, address = ?4, last_used_at = ?5, idle_expires_at = ?6, \
         expires_at = ?7, document = ?8 WHERE id = ?1 AND account = ?2",
        (
            session.id.as_str(),
            session.account.as_str(),
            session.cookie.as_bytes(),
            &session.address,
            instant::to_millis(session.last_used_at),
            instant::to_millis(session.idle_expires_at),
            instant::to_millis(session.expires_at),
            to_text(session)?,
        ),
    )?;
    Ok(renewed > 0)
}

const COLUMNS: &str = "document, address, last_used_at, idle_expires_at";
type Columns = (String, Option<String>, i64, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn read((document, address, last_used_at, idle): Columns) -> Result<Session, StoreError> {
    let session: Session = from_text(&document, "session")?;
    Ok(Session {
        address,
        last_used_at: instant::from_millis(last_used_at),
        idle_expires_at: instant::from_millis(idle),
        ..session
    })
}

pub(crate) fn by_cookie(
    tx: &Transaction<'_>,
    cookie: &Sha256,
    now: UnixTime,
) -> Result<Option<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session \
         WHERE cookie = ?1 AND expires_at > ?2 AND idle_expires_at > ?2"
    );
    let row = tx.one(&sql, (cookie.as_bytes(), instant::to_millis(now)), columns)?;
    row.map(read).transpose()
}

pub(crate) fn of_account(
    tx: &Transaction<'_>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session \
         WHERE account = ?1 AND expires_at > ?2 AND idle_expires_at > ?2 \
         ORDER BY last_used_at DESC, id"
    );
    let rows = tx.all(&sql, (account.as_str(), instant::to_millis(now)), columns)?;
    rows.into_iter().map(read).collect()
}

/// Notes arrive in any order: what is later wins.
pub(crate) fn touch(tx: &Transaction<'_>, usage: &SessionUse) -> Result<bool, StoreError> {
    let changed = tx.change(
        "UPDATE session SET \
         address = CASE WHEN ?2 >= last_used_at THEN ?3 ELSE address END, \
         last_used_at = max(last_used_at, ?2), \
         idle_expires_at = min(max(idle_expires_at, ?4), expires_at) \
         WHERE id = ?1",
        (
            usage.id.as_str(),
            instant::to_millis(usage.at),
            &usage.address,
            instant::to_millis(usage.idle_expires_at),
        ),
    )?;
    Ok(changed > 0)
}

pub(crate) fn end(tx: &Transaction<'_>, id: &SessionId, act: &Act) -> Result<bool, StoreError> {
    let deleted = tx.change("DELETE FROM session WHERE id = ?1", [id.as_str()])?;
    if deleted == 0 {
        return Ok(false);
    }
    codes::void_where(tx, "session = ?2", id.as_str(), act)?;
    families::revoke_where(tx, "session = ?2 AND NOT offline", id.as_str(), act)?;
    revocations::mark(tx, Holder::Session(id.as_str().to_owned()), act)?;
    audit::note(tx, act, "session.ended", id.as_str())?;
    Ok(true)
}

/// Ends the sessions of an account but one; without one, everything.
pub(crate) fn end_of_account(
    tx: &Transaction<'_>,
    account: &AccountId,
    keep: Option<&SessionId>,
    act: &Act,
) -> Result<u64, StoreError> {
    let Some(keep) = keep else {
        return end_everything(tx, account, act);
    };
    let others = tx.all(
        "SELECT id FROM session WHERE account = ?1 AND id <> ?2",
        (account.as_str(), keep.as_str()),
        |row| row.get::<_, String>(0),
    )?;
    let mut ended = 0;
    for other in others {
        ended += u64::from(end(tx, &SessionId::new(other), act)?);
    }
    Ok(ended)
}

/// Ends sessions, families and access tokens of an account: one watermark covers them all.
pub(crate) fn end_everything(
    tx: &Transaction<'_>,
    account: &AccountId,
    act: &Act,
) -> Result<u64, StoreError> {
    let ended = tx.change("DELETE FROM session WHERE account = ?1", [account.as_str()])?;
    codes::void_where(tx, "account = ?2", account.as_str(), act)?;
    families::revoke_where(tx, "account = ?2", account.as_str(), act)?;
    revocations::mark(tx, Holder::Subject(account.as_str().to_owned()), act)?;
    audit::note(tx, act, "account.signed_out_everywhere", account.as_str())?;
    Ok(ended)
}
