use super::*;
use crate::account::{PasswordChange, PasswordUpgrade, Ticket, TicketPurpose};
use crate::error::StoreError;

pub(super) const CASES: &[Case] = &[
    ("an account is found by id, name and address", finding),
    ("names and addresses are unique", uniqueness),
    ("a change names the revision that it read", revisions),
    ("a disabled account is signed out everywhere", disabling),
    ("a deleted account leaves nothing that counts", deleting),
    ("a new password ends the other sessions", passwords),
    (
        "a password hash is upgraded only if it is still the old one",
        upgrades,
    ),
    ("accounts are listed in pages", pages),
    (
        "a ticket is used once, for its purpose, in its time",
        tickets,
    ),
    ("clients are kept, changed and deleted", clients),
];

fn read(store: &dyn Store, name: &str) -> Option<Account> {
    let id = AccountId::new(format!("id-{name}"));
    wait(|reply| store.account(id, reply)).unwrap()
}

fn by_login(store: &dyn Store, login: &str) -> Option<Account> {
    wait(|reply| store.account_by_login(login.to_owned(), reply)).unwrap()
}

fn finding(store: &dyn Store) {
    let ada = account("ada");
    wait(|reply| store.create_account(ada.clone(), act(0), reply)).unwrap();
    assert_eq!(read(store, "ada").as_ref(), Some(&ada));
    assert_eq!(by_login(store, "ada").as_ref(), Some(&ada));
    assert_eq!(by_login(store, "ada@example.com"), Some(ada));
    assert_eq!(by_login(store, "bob"), None);
    assert_eq!(read(store, "bob"), None);
}

fn uniqueness(store: &dyn Store) {
    furnish(store);
    let taken = |field| StoreError::Taken {
        record: "account",
        field,
    };
    let mut other = account("bob");
    other.username = "ada".to_owned();
    let answer = wait(|reply| store.create_account(other.clone(), act(0), reply));
    assert_eq!(answer, Err(taken("username")));
    other.username = "bob".to_owned();
    other.email = Some("ada@example.com".to_owned());
    let answer = wait(|reply| store.create_account(other.clone(), act(0), reply));
    assert_eq!(answer, Err(taken("email")));
    // One signs in with either, so a name must not be another's address.
    other.email = None;
    other.username = "ada@example.com".to_owned();
    let answer = wait(|reply| store.create_account(other.clone(), act(0), reply));
    assert_eq!(answer, Err(taken("username")));
    let again = wait(|reply| store.create_account(account("ada"), act(0), reply));
    assert!(matches!(again, Err(StoreError::Taken { .. })));
    assert_eq!(read(store, "bob"), None);
    other.username = "bob".to_owned();
    wait(|reply| store.create_account(other, act(0), reply)).unwrap();
    let mut third = account("eve");
    third.email = None;
    wait(|reply| store.create_account(third, act(0), reply)).unwrap();
    // Three accounts and a client: what was refused left no trace.
    assert_eq!(actions(store).len(), 4);
}

fn revisions(store: &dyn Store) {
    furnish(store);
    let mut ada = account("ada");
    ada.email_verified = true;
    ada.password = None;
    let next = wait(|reply| store.update_account(ada.clone(), act(1), reply)).unwrap();
    assert_eq!(next, 1);
    let kept = read(store, "ada").unwrap();
    assert!(kept.email_verified);
    assert_eq!(kept.password, account("ada").password, "the password stays");
    let stale = wait(|reply| store.update_account(ada, act(2), reply));
    assert_eq!(stale, Err(StoreError::Stale { record: "account" }));
    let missing = wait(|reply| store.update_account(account("bob"), act(2), reply));
    assert_eq!(missing, Err(StoreError::Missing { record: "account" }));
    assert_eq!(revocations(store), []);
}

fn disabling(store: &dyn Store) {
    furnish(store);
    wait(|reply| store.start_session(session("s", "ada"), None, act(0), reply)).unwrap();
    wait(|reply| store.start_family(family("f", grant(None)), act(0), reply)).unwrap();
    let mut ada = account("ada");
    ada.state = AccountState::Disabled;
    wait(|reply| store.update_account(ada, act(1), reply)).unwrap();
    assert!(!is_live(store, "f", 1));
    let cookie = Sha256::of(b"s");
    let found = wait(|reply| store.session_by_cookie(cookie, at(1), reply)).unwrap();
    assert_eq!(found, None);
    assert!(is_marked(store, &Holder::Subject("id-ada".to_owned()), 1));
}

fn deleting(store: &dyn Store) {
    furnish(store);
    wait(|reply| store.start_session(session("s", "ada"), None, act(0), reply)).unwrap();
    wait(|reply| store.start_family(family("f", grant(None)), act(0), reply)).unwrap();
    let id = AccountId::new("id-ada");
    wait(|reply| store.delete_account(id.clone(), act(1), reply)).unwrap();
    assert_eq!(read(store, "ada"), None);
    assert_eq!(by_login(store, "ada@example.com"), None);
    assert!(!is_live(store, "f", 1));
    assert!(is_marked(store, &Holder::Subject("id-ada".to_owned()), 1));
    let again = wait(|reply| store.delete_account(id, act(1), reply));
    assert_eq!(again, Err(StoreError::Missing { record: "account" }));
    // The name is free again, the identifier is not the old account's.
    let mut heir = account("ada");
    heir.id = AccountId::new("id-heir");
    wait(|reply| store.create_account(heir, act(2), reply)).unwrap();
}

fn passwords(store: &dyn Store) {
    furnish(store);
    for name in ["here", "there"] {
        wait(|reply| store.start_session(session(name, "ada"), None, act(0), reply)).unwrap();
    }
    wait(|reply| store.start_family(family("here", grant(Some("here"))), act(0), reply)).unwrap();
    wait(|reply| store.start_family(family("there", grant(Some("there"))), act(0), reply)).unwrap();
    let ticket = Ticket {
        hash: Sha256::of(b"mail"),
        purpose: TicketPurpose::PasswordReset,
        account: Some(AccountId::new("id-ada")),
        subject: None,
        expires_at: at(60),
    };
    wait(|reply| store.save_ticket(ticket.clone(), act(0), reply)).unwrap();
    let change = PasswordChange {
        account: AccountId::new("id-ada"),
        password: PasswordHash::new("new"),
        keep: Some(SessionId::new("here")),
    };
    wait(|reply| store.change_password(change.clone(), act(1), reply)).unwrap();
    assert_eq!(
        read(store, "ada").unwrap().password,
        Some(change.password.clone())
    );
    assert!(is_live(store, "here", 1));
    assert!(!is_live(store, "there", 1));
    assert!(is_marked(store, &Holder::Session("there".to_owned()), 1));
    assert!(!is_marked(store, &Holder::Session("here".to_owned()), 1));
    let used = wait(|reply| {
        store.consume_ticket(ticket.hash, ticket.purpose, act(1), reply);
    });
    assert_eq!(used, Ok(None), "earlier ways to reset it are void");
    let stranger = PasswordChange {
        account: AccountId::new("id-bob"),
        ..change
    };
    let missing = wait(|reply| store.change_password(stranger, act(1), reply));
    assert_eq!(missing, Err(StoreError::Missing { record: "account" }));
}

fn upgrades(store: &dyn Store) {
    furnish(store);
    let upgrade = |old: &str, new: &str| PasswordUpgrade {
        account: AccountId::new("id-ada"),
        old: PasswordHash::new(old),
        new: PasswordHash::new(new),
    };
    let before = actions(store).len();
    let done = wait(|reply| store.upgrade_password(upgrade("$hash$ada", "better"), reply));
    assert_eq!(done, Ok(true));
    let done = wait(|reply| store.upgrade_password(upgrade("$hash$ada", "other"), reply));
    assert_eq!(done, Ok(false));
    let kept = read(store, "ada").unwrap();
    assert_eq!(kept.password, Some(PasswordHash::new("better")));
    assert_eq!(actions(store).len(), before);
}

fn pages(store: &dyn Store) {
    for name in ["cleo", "ada", "bob"] {
        wait(|reply| store.create_account(account(name), act(0), reply)).unwrap();
    }
    let page = |after: Option<&str>| {
        let after = after.map(str::to_owned);
        let page = wait(|reply| store.accounts(after, 2, reply)).unwrap();
        page.into_iter()
            .map(|account| account.username)
            .collect::<Vec<_>>()
    };
    assert_eq!(page(None), ["ada", "bob"]);
    assert_eq!(page(Some("bob")), ["cleo"]);
    assert!(page(Some("cleo")).is_empty());
}

fn tickets(store: &dyn Store) {
    furnish(store);
    let ticket = |secret: &str, purpose| Ticket {
        hash: Sha256::of(secret.as_bytes()),
        purpose,
        account: Some(AccountId::new("id-ada")),
        subject: Some("ada@example.com".to_owned()),
        expires_at: at(60),
    };
    let save = |secret: &str, purpose| {
        wait(|reply| store.save_ticket(ticket(secret, purpose), act(0), reply)).unwrap();
    };
    let consume = |secret: &str, purpose, seconds| {
        let hash = Sha256::of(secret.as_bytes());
        wait(|reply| store.consume_ticket(hash, purpose, act(seconds), reply)).unwrap()
    };
    let look = |secret: &str, purpose, seconds| {
        let hash = Sha256::of(secret.as_bytes());
        wait(|reply| store.ticket(hash, purpose, at(seconds), reply)).unwrap()
    };
    let of_ada = |purpose, seconds| {
        let ada = AccountId::new("id-ada");
        wait(|reply| store.ticket_of(ada, purpose, at(seconds), reply)).unwrap()
    };
    assert_eq!(of_ada(TicketPurpose::PasswordReset, 1), None);
    save("first", TicketPurpose::PasswordReset);
    save("mail", TicketPurpose::EmailVerification);
    save("second", TicketPurpose::PasswordReset);
    assert_eq!(
        consume("first", TicketPurpose::PasswordReset, 1),
        None,
        "a later one voids it"
    );
    assert_eq!(consume("second", TicketPurpose::EmailVerification, 1), None);
    assert_eq!(
        consume("second", TicketPurpose::PasswordReset, 60),
        None,
        "too late"
    );
    let second = Some(ticket("second", TicketPurpose::PasswordReset));
    assert_eq!(look("first", TicketPurpose::PasswordReset, 1), None);
    assert_eq!(look("second", TicketPurpose::EmailVerification, 1), None);
    assert_eq!(look("second", TicketPurpose::PasswordReset, 60), None);
    assert_eq!(of_ada(TicketPurpose::PasswordReset, 60), None);
    for _ in 0..2 {
        assert_eq!(look("second", TicketPurpose::PasswordReset, 59), second);
        assert_eq!(of_ada(TicketPurpose::PasswordReset, 59), second);
    }
    assert_eq!(
        consume("second", TicketPurpose::PasswordReset, 59),
        Some(ticket("second", TicketPurpose::PasswordReset))
    );
    assert_eq!(
        consume("second", TicketPurpose::PasswordReset, 59),
        None,
        "used"
    );
    assert_eq!(look("second", TicketPurpose::PasswordReset, 59), None);
    assert_eq!(of_ada(TicketPurpose::PasswordReset, 59), None);
    assert!(consume("mail", TicketPurpose::EmailVerification, 1).is_some());
}

fn clients(store: &dyn Store) {
    furnish(store);
    let mut app = client("app");
    let again = wait(|reply| store.create_client(app.clone(), act(0), reply));
    let taken = StoreError::Taken {
        record: "client",
        field: "id",
    };
    assert_eq!(again, Err(taken));
    wait(|reply| store.start_family(family("f", grant(None)), act(0), reply)).unwrap();
    app.metadata.client_name = Some("The app".to_owned());
    assert_eq!(
        wait(|reply| store.update_client(app.clone(), act(1), reply)),
        Ok(1)
    );
    assert!(is_live(store, "f", 1));
    let stale = wait(|reply| store.update_client(app.clone(), act(1), reply));
    assert_eq!(stale, Err(StoreError::Stale { record: "client" }));
    app.revision = 1;
    app.enabled = false;
    assert_eq!(
        wait(|reply| store.update_client(app.clone(), act(2), reply)),
        Ok(2)
    );
    app.revision = 2;
    let id = || ClientId::new("app");
    assert_eq!(wait(|reply| store.client(id(), reply)).unwrap(), Some(app));
    assert!(!is_live(store, "f", 2));
    assert!(is_marked(store, &Holder::Client("app".to_owned()), 2));
    wait(|reply| store.create_client(client("zoo"), act(2), reply)).unwrap();
    let page = wait(|reply| store.clients(Some(id()), 10, reply)).unwrap();
    assert_eq!(page, [client("zoo")]);
    wait(|reply| store.delete_client(id(), act(3), reply)).unwrap();
    assert_eq!(wait(|reply| store.client(id(), reply)).unwrap(), None);
    let missing = wait(|reply| store.delete_client(id(), act(3), reply));
    assert_eq!(missing, Err(StoreError::Missing { record: "client" }));
}
