use super::*;
use crate::audit::{Event, Head};

pub(super) const CASES: &[Case] = &[
    ("the audit log is a chain from its first entry", chain),
    (
        "every change appends who, what, when and from where",
        changes,
    ),
];

fn chain(store: &dyn Store) {
    assert_eq!(
        wait(|reply| store.audit_head(reply)).unwrap(),
        Head::empty()
    );
    for number in 0..5 {
        let event = Event::new(&act(number), "sign_in.failed", "ada").with("reason", "password");
        let head = wait(|reply| store.append_audit(event, reply)).unwrap();
        assert_eq!(i64::try_from(head.sequence).unwrap(), number + 1);
    }
    let entries = check_chain(store);
    assert_eq!(entries.len(), 5);
    assert_eq!(entries[0].event.detail["reason"], "password");
    let page = wait(|reply| store.audit_after(3, 1, reply)).unwrap();
    assert_eq!(page, entries[3..4]);
}

fn changes(store: &dyn Store) {
    furnish(store);
    wait(|reply| store.start_session(session("s", "ada"), None, act(3), reply)).unwrap();
    wait(|reply| store.end_session(SessionId::new("s"), act(4), reply)).unwrap();
    let entries = check_chain(store);
    let story: Vec<_> = entries
        .iter()
        .map(|entry| (entry.event.action.as_str(), entry.event.target.as_str()))
        .collect();
    assert_eq!(
        story,
        [
            ("account.created", "id-ada"),
            ("client.created", "app"),
            ("session.started", "s"),
            ("session.ended", "s"),
        ]
    );
    assert_eq!(entries[2].event.at, at(3));
    assert_eq!(entries[2].event.actor, Actor::CommandLine);
    assert_eq!(entries[2].event.address.as_deref(), Some("192.0.2.1"));
}
