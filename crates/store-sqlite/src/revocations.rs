use jeton_store::revocation::{Entry, Holder, Revocation, Revoked};
use jeton_store::{Act, StoreError, UnixTime, from_text, instant, to_text};

use crate::audit;
use crate::transaction::Transaction;

pub(crate) fn revoke(
    tx: &Transaction<'_>,
    revocation: Revocation,
    act: &Act,
) -> Result<u64, StoreError> {
    let (revoked, expires_at, target) = match revocation {
        Revocation::Token(token) => {
            let target = format!("token {}", token.jti);
            let revoked = Revoked::Token {
                iss: token.iss,
                jti: token.jti,
            };
            (revoked, token.expires_at, target)
        }
        Revocation::Until(holder) => {
            let target = match &holder {
                Holder::Subject(id) => format!("subject {id}"),
                Holder::Session(id) => format!("session {id}"),
                Holder::Client(id) => format!("client {id}"),
                Holder::Tenant(id) => format!("tenant {id}"),
            };
            (
                Revoked::until(holder, act.at),
                act.access_tokens_end,
                target,
            )
        }
    };
    audit::note(tx, act, "tokens.revoked", &target)?;
    append(tx, &revoked, expires_at)
}

/// Revokes all access tokens issued to somebody until now, as part of a change that is noted.
pub(crate) fn mark(tx: &Transaction<'_>, holder: Holder, act: &Act) -> Result<(), StoreError> {
    append(tx, &Revoked::until(holder, act.at), act.access_tokens_end).map(drop)
}

pub(crate) fn append(
    tx: &Transaction<'_>,
    revoked: &Revoked,
    expires_at: UnixTime,
) -> Result<u64, StoreError> {
    tx.change(
        "INSERT INTO revocation (expires_at, document) VALUES (?1, ?2)",
        (instant::to_millis(expires_at), to_text(revoked)?),
    )?;
    Ok(tx.last_sequence())
}

pub(crate) fn after(
    tx: &Transaction<'_>,
    sequence: u64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let rows = tx.all(
        "SELECT sequence, expires_at, document FROM revocation \
         WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
        (sequence.cast_signed(), limit),
        |row| {
            Ok((
                row.get::<_, i64>(0)?.cast_unsigned(),
                instant::from_millis(row.get(1)?),
                row.get::<_, String>(2)?,
            ))
        },
    )?;
    rows.into_iter()
        .map(|(sequence, expires_at, document)| {
            Ok(Entry {
                sequence,
                revoked: from_text(&document, "revocation")?,
                expires_at,
            })
        })
        .collect()
}
