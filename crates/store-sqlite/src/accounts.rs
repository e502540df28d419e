use jeton_store::account::{
    Account, AccountState, PasswordChange, PasswordHash, PasswordUpgrade, Ticket, TicketPurpose,
};
use jeton_store::{AccountId, Act, Sha256, StoreError, UnixTime, from_text, instant, to_text};
use rusqlite::Row;

use crate::transaction::Transaction;
use crate::{audit, families, sessions};

const MISSING: StoreError = StoreError::Missing { record: "account" };

pub(crate) fn create(
    tx: &Transaction<'_>,
    mut account: Account,
    act: &Act,
) -> Result<(), StoreError> {
    refuse_taken(tx, &account)?;
    let password = account.password.take();
    let inserted = tx.insert(
        "INSERT INTO account (id, username, email, password, active, revision, document) \
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
        (
            account.id.as_str(),
            &account.username,
            &account.email,
            password.as_ref().map(PasswordHash::expose),
            account.state == AccountState::Active,
            to_text(&account)?,
        ),
    )?;
    if !inserted {
        return Err(taken("id"));
    }
    audit::note(tx, act, "account.created", account.id.as_str())
}

fn taken(field: &'static str) -> StoreError {
    StoreError::Taken {
        record: "account",
        field,
    }
}

/// A name or address is one account's, whichever of the two it is there.
fn refuse_taken(tx: &Transaction<'_>, account: &Account) -> Result<(), StoreError> {
    let logins = [
        ("username", Some(&account.username)),
        ("email", account.email.as_ref()),
    ];
    for (field, login) in logins {
        let Some(login) = login else { continue };
        let other = tx.one(
            "SELECT 1 FROM account WHERE (username = ?1 OR email = ?1) AND id <> ?2 LIMIT 1",
            (login, account.id.as_str()),
            |_| Ok(()),
        )?;
        if other.is_some() {
            return Err(taken(field));
        }
    }
    Ok(())
}

const COLUMNS: &str = "document, password, revision";
type Columns = (String, Option<String>, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read((document, password, revision): Columns) -> Result<Account, StoreError> {
    let account: Account = from_text(&document, "account")?;
    Ok(Account {
        password: password.map(PasswordHash::new),
        revision: revision.cast_unsigned(),
        ..account
    })
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &AccountId) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE id = ?1");
    tx.one(&sql, [id.as_str()], columns)?.map(read).transpose()
}

pub(crate) fn by_login(tx: &Transaction<'_>, login: &str) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE username = ?1 OR email = ?1");
    tx.one(&sql, [login], columns)?.map(read).transpose()
}

/// Nothing starts for an account that may not sign in: it may have been disabled since the caller
/// looked.
pub(crate) fn check_active(tx: &Transaction<'_>, id: &AccountId) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM account WHERE id = ?1 AND active";
    match tx.one(sql, [id.as_str()], |_| Ok(()))? {
        Some(()) => Ok(()),
        None => Err(StoreError::Missing {
            record: "active account",
        }),
    }
}

pub(crate) fn page(
    tx: &Transaction<'_>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM account WHERE ?1 IS NULL OR username > ?1 \
         ORDER BY username LIMIT ?2"
    );
    let rows = tx.all(&sql, (after, limit), columns)?;
    rows.into_iter().map(read).collect()
}

pub(crate) fn update(
    tx: &Transaction<'_>,
    mut account: Account,
    act: &Act,
) -> Result<u64, StoreError> {
    let before = by_id(tx, &account.id)?.ok_or(MISSING)?;
    if before.revision != account.revision {
        return Err(StoreError::Stale { record: "account" });
    }
    refuse_taken(tx, &account)?;
    account.password = None;
    account.revision = before.revision.saturating_add(1);
    tx.change(
        "UPDATE account SET username = ?2, email = ?3, active = ?4, revision = ?5, document = ?6 \
         WHERE id = ?1",
        (
            account.id.as_str(),
            &account.username,
            &account.email,
            account.state == AccountState::Active,
            account.revision.cast_signed(),
            to_text(&account)?,
        ),
    )?;
    audit::note(tx, act, "account.updated", account.id.as_str())?;
    if account.state != AccountState::Active {
        sessions::end_everything(tx, &account.id, act)?;
    }
    Ok(account.revision)
}

pub(crate) fn delete(tx: &Transaction<'_>, id: &AccountId, act: &Act) -> Result<(), StoreError> {
    let deleted = tx.change("DELETE FROM account WHERE id = ?1", [id.as_str()])?;
    if deleted == 0 {
        return Err(MISSING);
    }
    sessions::end_everything(tx, id, act)?;
    families::forget_account(tx, id)?;
    for sql in [
        "DELETE FROM ticket WHERE account = ?1",
        "DELETE FROM consent WHERE account = ?1",
        "DELETE FROM code WHERE account = ?1",
    ] {
        tx.change(sql, [id.as_str()])?;
    }
    audit::note(tx, act, "account.deleted", id.as_str())
}

pub(crate) fn change_password(
    tx: &Transaction<'_>,
    change: &PasswordChange,
    act: &Act,
) -> Result<(), StoreError> {
    let changed = tx.change(
        "UPDATE account SET password = ?2 WHERE id = ?1",
        (change.account.as_str(), change.password.expose()),
    )?;
    if changed == 0 {
        return Err(MISSING);
    }
    // Whoever else can read the mail must not change it back.
    tx.change(
        "DELETE FROM ticket WHERE account = ?1 AND purpose = ?2",
        (
            change.account.as_str(),
            to_text(&TicketPurpose::PasswordReset)?,
        ),
    )?;
    audit::note(tx, act, "account.password_changed", change.account.as_str())?;
    sessions::end_of_account(tx, &change.account, change.keep.as_ref(), act).map(drop)
}

pub(crate) fn upgrade_password(
    tx: &Transaction<'_>,
    upgrade: &PasswordUpgrade,
) -> Result<bool, StoreError> {
    let changed = tx.change(
        "UPDATE account SET password = ?3 WHERE id = ?1 AND password = ?2",
        (
            upgrade.account.as_str(),
            upgrade.old.expose(),
            upgrade.new.expose(),
        ),
    )?;
    Ok(changed > 0)
}

pub(crate) fn save_ticket(
    tx: &Transaction<'_>,
    ticket: &Ticket,
    act: &Act,
) -> Result<(), StoreError> {
    let purpose = to_text(&ticket.purpose)?;
    let account = ticket.account.as_ref().map(AccountId::as_str);
    tx.change(
        "DELETE FROM ticket WHERE account IS ?1 AND purpose = ?2",
        (account, &purpose),
    )?;
    tx.change(
        "INSERT INTO ticket (hash, purpose, account, expires_at, document) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            ticket.hash.as_bytes(),
            &purpose,
            account,
            instant::to_millis(ticket.expires_at),
            to_text(ticket)?,
        ),
    )?;
    audit::note(tx, act, "ticket.made", account.unwrap_or("nobody"))
}

pub(crate) fn ticket(
    tx: &Transaction<'_>,
    hash: &Sha256,
    purpose: TicketPurpose,
    now: UnixTime,
) -> Result<Option<Ticket>, StoreError> {
    let found = tx.one(
        "SELECT document FROM ticket WHERE hash = ?1 AND purpose = ?2 AND expires_at > ?3",
        (hash.as_bytes(), to_text(&purpose)?, instant::to_millis(now)),
        |row| row.get::<_, String>(0),
    )?;
    found.map(|text| from_text(&text, "ticket")).transpose()
}

pub(crate) fn ticket_of(
    tx: &Transaction<'_>,
    account: &AccountId,
    purpose: TicketPurpose,
    now: UnixTime,
) -> Result<Option<Ticket>, StoreError> {
    let found = tx.one(
        "SELECT document FROM ticket WHERE account = ?1 AND purpose = ?2 AND expires_at > ?3",
        (
            account.as_str(),
            to_text(&purpose)?,
            instant::to_millis(now),
        ),
        |row| row.get::<_, String>(0),
    )?;
    found.map(|text| from_text(&text, "ticket")).transpose()
}

pub(crate) fn consume_ticket(
    tx: &Transaction<'_>,
    hash: &Sha256,
    purpose: TicketPurpose,
    act: &Act,
) -> Result<Option<Ticket>, StoreError> {
    let document = tx.one(
        "DELETE FROM ticket WHERE hash = ?1 AND purpose = ?2 AND expires_at > ?3 \
         RETURNING document",
        (hash.as_bytes(), to_text(&purpose)?, act.millis()),
        |row| row.get::<_, String>(0),
    )?;
    let Some(document) = document else {
        return Ok(None);
    };
    let ticket: Ticket = from_text(&document, "ticket")?;
    let account = ticket.account.as_ref().map_or("nobody", AccountId::as_str);
    audit::note(tx, act, "ticket.used", account)?;
    Ok(Some(ticket))
}
