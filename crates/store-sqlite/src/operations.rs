//! Which operation is which function, and on which thread: a table and nothing else.

use jeton_store::access::{Api, Entitlements, Group, Role};
use jeton_store::account::{Account, PasswordChange, PasswordUpgrade, Ticket, TicketPurpose};
use jeton_store::audit::{Entry as AuditEntry, Event, Head};
use jeton_store::client::Client;
use jeton_store::grant::{
    AuthorizationCode, Consent, Family, NewFamily, Redeem, Redemption, Rotate, Rotation,
};
use jeton_store::revocation::{Entry as RevocationEntry, Revocation};
use jeton_store::session::{Session, SessionUse};
use jeton_store::signing_key::{Schedule, SigningKey};
use jeton_store::{
    Access, AccountId, Accounts, Act, AuditLog, ClientId, Clients, FamilyId, Grants, Reply,
    Resource, Revocations, SessionId, Sessions, Sha256, SigningKeys, Store, UnixTime,
};

use crate::access::Kind;
use crate::{
    SqliteStore, access, accounts, audit, clients, codes, families, once, prune, revocations,
    sessions, signing_keys,
};

macro_rules! operations {
    ($($trait:ident {
        $($how:ident $name:ident($($value:ident: $type:ty),*) -> $answer:ty = $does:expr;)*
    })*) => {$(
        impl $trait for SqliteStore {
            $(fn $name(&self, $($value: $type,)* reply: Reply<$answer>) {
                self.$how(reply, $does);
            })*
        }
    )*};
}

operations! {
    Accounts {
        write create_account(account: Account, act: Act) -> () =
            move |tx| accounts::create(tx, account, &act);
        read account(id: AccountId) -> Option<Account> = move |tx| accounts::by_id(tx, &id);
        read account_by_login(login: String) -> Option<Account> =
            move |tx| accounts::by_login(tx, &login);
        read accounts(after: Option<String>, limit: u32) -> Vec<Account> =
            move |tx| accounts::page(tx, after.as_deref(), limit);
        write update_account(account: Account, act: Act) -> u64 =
            move |tx| accounts::update(tx, account, &act);
        write delete_account(id: AccountId, act: Act) -> () =
            move |tx| accounts::delete(tx, &id, &act);
        write change_password(change: PasswordChange, act: Act) -> () =
            move |tx| accounts::change_password(tx, &change, &act);
        write upgrade_password(upgrade: PasswordUpgrade) -> bool =
            move |tx| accounts::upgrade_password(tx, &upgrade);
        write save_ticket(ticket: Ticket, act: Act) -> () =
            move |tx| accounts::save_ticket(tx, &ticket, &act);
        read ticket(hash: Sha256, purpose: TicketPurpose, now: UnixTime) -> Option<Ticket> =
            move |tx| accounts::ticket(tx, &hash, purpose, now);
        read ticket_of(account: AccountId, purpose: TicketPurpose, now: UnixTime)
            -> Option<Ticket> = move |tx| accounts::ticket_of(tx, &account, purpose, now);
        write consume_ticket(hash: Sha256, purpose: TicketPurpose, act: Act) -> Option<Ticket> =
            move |tx| accounts::consume_ticket(tx, &hash, purpose, &act);
    }
    Clients {
        write create_client(client: Client, act: Act) -> () =
            move |tx| clients::create(tx, &client, &act);
        read client(id: ClientId) -> Option<Client> = move |tx| clients::by_id(tx, &id);
        read clients(after: Option<ClientId>, limit: u32) -> Vec<Client> =
            move |tx| clients::page(tx, after.as_ref(), limit);
        write update_client(client: Client, act: Act) -> u64 =
            move |tx| clients::update(tx, client, &act);
        write delete_client(id: ClientId, act: Act) -> () =
            move |tx| clients::delete(tx, &id, &act);
    }
    Sessions {
        write start_session(session: Session, replaced: Option<SessionId>, act: Act) -> () =
            move |tx| sessions::start(tx, &session, replaced.as_ref(), &act);
        read session_by_cookie(cookie: Sha256, now: UnixTime) -> Option<Session> =
            move |tx| sessions::by_cookie(tx, &cookie, now);
        read sessions_of(account: AccountId, now: UnixTime) -> Vec<Session> =
            move |tx| sessions::of_account(tx, &account, now);
        write touch_session(usage: SessionUse) -> bool = move |tx| sessions::touch(tx, &usage);
        write end_session(id: SessionId, act: Act) -> bool =
            move |tx| sessions::end(tx, &id, &act);
        write end_sessions(account: AccountId, keep: Option<SessionId>, act: Act) -> u64 =
            move |tx| sessions::end_of_account(tx, &account, keep.as_ref(), &act);
    }
    Grants {
        write widen_consent(consent: Consent, act: Act) -> () =
            move |tx| codes::widen_consent(tx, consent, &act);
        read consent(account: AccountId, client: ClientId) -> Option<Consent> =
            move |tx| codes::consent_of(tx, &account, &client);
        read consents_of(account: AccountId) -> Vec<Consent> =
            move |tx| codes::consents_of(tx, &account);
        write withdraw_consent(account: AccountId, client: ClientId, act: Act) -> bool =
            move |tx| codes::withdraw_consent(tx, &account, &client, &act);
        write save_code(code: AuthorizationCode) -> () = move |tx| codes::save(tx, &code);
        read code(hash: Sha256) -> Option<AuthorizationCode> =
            move |tx| codes::by_hash(tx, &hash);
        write redeem_code(redeem: Redeem, act: Act) -> Redemption =
            move |tx| codes::redeem(tx, &redeem, &act);
        write start_family(family: NewFamily, act: Act) -> () =
            move |tx| families::start(tx, &family, &act);
        read family(id: FamilyId) -> Option<Family> = move |tx| families::by_id(tx, &id);
        read families_of(account: AccountId, now: UnixTime) -> Vec<Family> =
            move |tx| families::of_account(tx, &account, now);
        write rotate(rotate: Rotate, act: Act) -> Rotation =
            move |tx| families::rotate(tx, &rotate, &act);
        write revoke_family(id: FamilyId, client: ClientId, act: Act) -> bool =
            move |tx| families::revoke(tx, &id, &client, &act);
        write admit_once(name: String, expires_at: UnixTime, now: UnixTime) -> bool =
            move |tx| once::admit(tx, &name, expires_at, now);
    }
    SigningKeys {
        write add_signing_key(key: SigningKey, act: Act) -> () =
            move |tx| signing_keys::add(tx, &key, &act);
        read signing_keys() -> Vec<SigningKey> = signing_keys::all;
        write reschedule_signing_key(key_id: String, schedule: Schedule, act: Act) -> () =
            move |tx| signing_keys::reschedule(tx, &key_id, schedule, &act);
        write revoke_signing_key(key_id: String, act: Act) -> () =
            move |tx| signing_keys::revoke(tx, &key_id, &act);
        write erase_retired_keys(act: Act) -> u64 =
            move |tx| signing_keys::erase_retired(tx, &act);
    }
    Access {
        write save_role(role: Role, act: Act) -> () =
            move |tx| access::save(tx, Kind::Role, &role.name, &role, &act);
        write delete_role(name: String, act: Act) -> bool =
            move |tx| access::delete(tx, Kind::Role, &name, &act);
        read roles() -> Vec<Role> = |tx| access::all(tx, Kind::Role);
        write save_group(group: Group, act: Act) -> () =
            move |tx| access::save(tx, Kind::Group, &group.name, &group, &act);
        write delete_group(name: String, act: Act) -> bool =
            move |tx| access::delete(tx, Kind::Group, &name, &act);
        read groups() -> Vec<Group> = |tx| access::all(tx, Kind::Group);
        write save_api(api: Api, act: Act) -> () =
            move |tx| access::save(tx, Kind::Api, api.resource.as_str(), &api, &act);
        write delete_api(resource: Resource, act: Act) -> bool =
            move |tx| access::delete(tx, Kind::Api, resource.as_str(), &act);
        read apis() -> Vec<Api> = |tx| access::all(tx, Kind::Api);
        read entitlements(account: AccountId) -> Option<Entitlements> =
            move |tx| access::entitlements(tx, &account);
    }
    Revocations {
        write revoke(revocation: Revocation, act: Act) -> u64 =
            move |tx| revocations::revoke(tx, revocation, &act);
        read revocations_after(sequence: u64, limit: u32) -> Vec<RevocationEntry> =
            move |tx| revocations::after(tx, sequence, limit);
    }
    AuditLog {
        write append_audit(event: Event) -> Head = move |tx| audit::append(tx, event);
        read audit_after(sequence: u64, limit: u32) -> Vec<AuditEntry> =
            move |tx| audit::after(tx, sequence, limit);
        read audit_head() -> Head = audit::head;
    }
    Store {
        write prune(now: UnixTime) -> u64 = move |tx| prune::run(tx, now);
    }
}
