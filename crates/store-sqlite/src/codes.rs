use jeton_store::audit::Event;
use jeton_store::grant::{AuthorizationCode, Consent, IssuedToken, Redeem, Redemption};
use jeton_store::revocation::{Holder, Revoked};
use jeton_store::{
    AccountId, Act, ClientId, SessionId, Sha256, StoreError, from_text, instant, to_text,
};

use crate::transaction::Transaction;
use crate::{accounts, audit, clients, families, revocations};

pub(crate) fn save(tx: &Transaction<'_>, code: &AuthorizationCode) -> Result<(), StoreError> {
    let grant = &code.grant;
    accounts::check_active(tx, &grant.account)?;
    clients::check_enabled(tx, &grant.client)?;
    let inserted = tx.insert(
        "INSERT INTO code (hash, client, account, session, expires_at, document) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            code.hash.as_bytes(),
            grant.client.as_str(),
            grant.account.as_str(),
            grant.session.as_ref().map(SessionId::as_str),
            instant::to_millis(code.expires_at),
            to_text(code)?,
        ),
    )?;
    if inserted {
        return Ok(());
    }
    Err(StoreError::Taken {
        record: "code",
        field: "hash",
    })
}

pub(crate) fn by_hash(
    tx: &Transaction<'_>,
    hash: &Sha256,
) -> Result<Option<AuthorizationCode>, StoreError> {
    let document = tx.one(
        "SELECT document FROM code WHERE hash = ?1",
        [hash.as_bytes()],
        |row| row.get::<_, String>(0),
    )?;
    let code = document.map(|document| from_text(&document, "code"));
    code.transpose()
}

pub(crate) fn redeem(
    tx: &Transaction<'_>,
    redeem: &Redeem,
    act: &Act,
) -> Result<Redemption, StoreError> {
    let family = redeem.family.as_ref();
    let first = tx.change(
        "UPDATE code SET access_token = ?4, family = ?5 \
         WHERE hash = ?1 AND client = ?2 AND expires_at > ?3 AND access_token IS NULL",
        (
            redeem.code.as_bytes(),
            redeem.client.as_str(),
            act.millis(),
            to_text(&redeem.access_token)?,
            family.map(|family| family.id.as_str()),
        ),
    )?;
    if first > 0 {
        if let Some(family) = family {
            families::start(tx, family, act)?;
        }
        return Ok(Redemption::First);
    }
    let issued = tx.one(
        "SELECT access_token, family, replayed_at IS NOT NULL FROM code \
         WHERE hash = ?1 AND client = ?2",
        (redeem.code.as_bytes(), redeem.client.as_str()),
        |row| {
            Ok((
                row.get::<_, Option<String>>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, bool>(2)?,
            ))
        },
    )?;
    match issued {
        None => Ok(Redemption::Unknown),
        Some((None, ..)) => Ok(Redemption::Expired),
        Some((Some(_), _, true)) => Ok(Redemption::Replayed),
        Some((Some(token), family, false)) => {
            replayed(tx, &redeem.code, &token, family.as_deref(), act)?;
            Ok(Redemption::Replayed)
        }
    }
}

/// What was issued for the code counts no more (RFC 6749 §4.1.2).
fn replayed(
    tx: &Transaction<'_>,
    code: &Sha256,
    token: &str,
    family: Option<&str>,
    act: &Act,
) -> Result<(), StoreError> {
    tx.change(
        "UPDATE code SET replayed_at = ?2 WHERE hash = ?1",
        (code.as_bytes(), act.millis()),
    )?;
    let token: IssuedToken = from_text(token, "code")?;
    let target = token.jti.clone();
    let revoked = Revoked::Token {
        iss: token.iss,
        jti: token.jti,
    };
    revocations::append(tx, &revoked, token.expires_at)?;
    let mut event = Event::new(act, "code.replayed", &target);
    if let Some(family) = family {
        families::revoke_where(tx, "id = ?2", family, act)?;
        event = event.with("family", family);
    }
    audit::append(tx, event).map(drop)
}

/// Ends the codes that a condition on `?2` picks and nobody redeemed yet: what ends a sign-in ends
/// what is under way because of it.
pub(crate) fn void_where(
    tx: &Transaction<'_>,
    condition: &'static str,
    value: &str,
    act: &Act,
) -> Result<(), StoreError> {
    let sql = format!(
        "UPDATE code SET expires_at = min(expires_at, ?1) WHERE {condition} AND access_token IS NULL"
    );
    tx.change(&sql, (act.millis(), value)).map(drop)
}

pub(crate) fn widen_consent(
    tx: &Transaction<'_>,
    consent: Consent,
    act: &Act,
) -> Result<(), StoreError> {
    let mut wider = consent;
    if let Some(before) = consent_of(tx, &wider.account, &wider.client)? {
        wider.scope = wider.scope.union(&before.scope);
        wider.resources.extend(before.resources);
        wider.resources.sort();
        wider.resources.dedup();
    }
    tx.change(
        "INSERT INTO consent (account, client, document) VALUES (?1, ?2, ?3) \
         ON CONFLICT DO UPDATE SET document = excluded.document",
        (
            wider.account.as_str(),
            wider.client.as_str(),
            to_text(&wider)?,
        ),
    )?;
    let event = Event::new(act, "consent.given", &wider.account)
        .with("client", &wider.client)
        .with("scope", &wider.scope);
    audit::append(tx, event).map(drop)
}

pub(crate) fn consent_of(
    tx: &Transaction<'_>,
    account: &AccountId,
    client: &ClientId,
) -> Result<Option<Consent>, StoreError> {
    let document = tx.one(
        "SELECT document FROM consent WHERE account = ?1 AND client = ?2",
        (account.as_str(), client.as_str()),
        |row| row.get::<_, String>(0),
    )?;
    let consent = document.map(|document| from_text(&document, "consent"));
    consent.transpose()
}

pub(crate) fn consents_of(
    tx: &Transaction<'_>,
    account: &AccountId,
) -> Result<Vec<Consent>, StoreError> {
    let documents = tx.all(
        "SELECT document FROM consent WHERE account = ?1 ORDER BY client",
        [account.as_str()],
        |row| row.get::<_, String>(0),
    )?;
    let documents = documents.iter();
    documents
        .map(|document| from_text(document, "consent"))
        .collect()
}

pub(crate) fn withdraw_consent(
    tx: &Transaction<'_>,
    account: &AccountId,
    client: &ClientId,
    act: &Act,
) -> Result<bool, StoreError> {
    let pair = (account.as_str(), client.as_str());
    let consents = tx.change(
        "DELETE FROM consent WHERE account = ?1 AND client = ?2",
        pair,
    )?;
    tx.change(
        "UPDATE code SET expires_at = min(expires_at, ?3) \
         WHERE account = ?1 AND client = ?2 AND access_token IS NULL",
        (pair.0, pair.1, act.millis()),
    )?;
    let families = tx.change(
        "UPDATE family SET revoked_at = ?3, sealed_answer = NULL, question = NULL \
         WHERE account = ?1 AND client = ?2 AND revoked_at IS NULL",
        (pair.0, pair.1, act.millis()),
    )?;
    if consents == 0 && families == 0 {
        return Ok(false);
    }
    // The log has no word for what one client got of one account; others refresh.
    revocations::mark(tx, Holder::Subject(pair.0.to_owned()), act)?;
    let event = Event::new(act, "consent.withdrawn", account).with("client", client);
    audit::append(tx, event)?;
    Ok(true)
}
