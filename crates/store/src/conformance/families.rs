use jeton_oauth::claims::Confirmation;

use super::*;
use crate::error::StoreError;
use crate::grant::{Refusal, Rotation};

pub(super) const CASES: &[Case] = &[
    ("a family moves on one generation at a time", moving),
    ("within grace the same question gets the same answer", grace),
    ("grace does not slide, and none means none", grace_ends),
    (
        "another question within grace is refused and kills nothing",
        questions,
    ),
    ("an old token revokes its family", reuse),
    ("client and key are judged before reuse is", judged_first),
    ("a family ends by rest, by age and by command", ends),
    (
        "a token newer than the store is refused and kills nothing",
        ahead,
    ),
    (
        "a clock that jumps back forgives no longer than grace",
        clock,
    ),
    ("a hundred refreshes at once have one successor", at_once),
];

fn start(store: &dyn Store) {
    furnish(store);
    wait(|reply| store.start_family(family("f", grant(Some("s"))), act(0), reply)).unwrap();
}

fn ask(store: &dyn Store, rotate: Rotate, seconds: i64) -> Rotation {
    wait(|reply| store.rotate(rotate, act(seconds), reply)).unwrap()
}

fn replayed(generation: u64) -> Rotation {
    Rotation::Replayed {
        sealed_answer: rotate("f", generation).sealed_answer,
    }
}

fn moving(store: &dyn Store) {
    start(store);
    for generation in 0..5_u64 {
        let seconds = 100 * i64::try_from(generation).unwrap();
        let answer = ask(store, rotate("f", generation), seconds);
        let next = generation + 1;
        assert_eq!(answer, Rotation::Rotated { generation: next });
        let kept = wait(|reply| store.family(FamilyId::new("f"), reply))
            .unwrap()
            .unwrap();
        assert_eq!(
            (kept.generation, kept.rotated_at),
            (next, Some(at(seconds)))
        );
        assert_eq!(kept.grant, grant(Some("s")));
    }
    let again = wait(|reply| store.start_family(family("f", grant(None)), act(0), reply));
    let taken = StoreError::Taken {
        record: "family",
        field: "id",
    };
    assert_eq!(again, Err(taken));
    assert_eq!(
        ask(store, rotate("g", 0), 1),
        Rotation::Refused(Refusal::Unknown)
    );
}

fn grace(store: &dyn Store) {
    start(store);
    ask(store, rotate("f", 0), 10);
    for seconds in [10, 11, 40] {
        let mut again = rotate("f", 0);
        again.sealed_answer = b"another".to_vec();
        assert_eq!(ask(store, again, seconds), replayed(0));
    }
    let answer = ask(store, rotate("f", 1), 41);
    assert_eq!(answer, Rotation::Rotated { generation: 2 });
    assert_eq!(ask(store, rotate("f", 1), 42), replayed(1));
    assert!(is_live(store, "f", 42));
}

fn grace_ends(store: &dyn Store) {
    start(store);
    ask(store, rotate("f", 0), 10);
    assert_eq!(ask(store, rotate("f", 0), 39), replayed(0));
    assert_eq!(ask(store, rotate("f", 0), 41), Rotation::Reused);
    wait(|reply| store.start_family(family("g", grant(None)), act(0), reply)).unwrap();
    let mut strict = rotate("g", 0);
    strict.grace = Duration::ZERO;
    ask(store, strict.clone(), 10);
    assert_eq!(ask(store, strict, 10), Rotation::Reused);
    wait(|reply| store.start_family(family("h", grant(None)), act(0), reply)).unwrap();
    let mut lax = rotate("h", 0);
    lax.grace = Duration::from_hours(1);
    ask(store, lax.clone(), 10);
    assert_eq!(
        ask(store, lax, 311),
        Rotation::Reused,
        "five minutes are the most"
    );
}

fn questions(store: &dyn Store) {
    start(store);
    ask(store, rotate("f", 0), 10);
    let mut other = rotate("f", 0);
    other.question = Sha256::of(b"less");
    assert_eq!(
        ask(store, other, 11),
        Rotation::Refused(Refusal::OtherQuestion)
    );
    assert!(is_live(store, "f", 11));
}

fn reuse(store: &dyn Store) {
    start(store);
    wait(|reply| store.start_family(family("sister", grant(Some("t"))), act(0), reply)).unwrap();
    for generation in 0..3 {
        ask(store, rotate("f", generation), 10);
    }
    assert_eq!(
        ask(store, rotate("f", 1), 11),
        Rotation::Reused,
        "two back is no retry"
    );
    assert!(!is_live(store, "f", 11));
    assert_eq!(
        ask(store, rotate("f", 3), 12),
        Rotation::Refused(Refusal::Revoked)
    );
    assert_eq!(
        ask(store, rotate("f", 1), 12),
        Rotation::Refused(Refusal::Revoked)
    );
    assert!(is_live(store, "sister", 12), "other devices go on");
    assert!(is_marked(store, &Holder::Session("s".to_owned()), 11));
    assert!(!is_marked(store, &Holder::Subject("id-ada".to_owned()), 11));
    assert_eq!(
        actions(store)
            .iter()
            .filter(|action| *action == "family.reused")
            .count(),
        1
    );
}

fn judged_first(store: &dyn Store) {
    furnish(store);
    let key = Confirmation::JwkThumbprint("one".to_owned());
    let bound = Grant {
        confirmation: Some(key.clone()),
        ..grant(None)
    };
    wait(|reply| store.start_family(family("f", bound), act(0), reply)).unwrap();
    let mine = |generation| Rotate {
        confirmation: Some(key.clone()),
        ..rotate("f", generation)
    };
    for generation in 0..2 {
        let answer = ask(store, mine(generation), 1);
        assert!(matches!(answer, Rotation::Rotated { .. }));
    }
    for generation in 0..3 {
        let stranger = Rotate {
            client: ClientId::new("other"),
            ..mine(generation)
        };
        assert_eq!(
            ask(store, stranger, 2),
            Rotation::Refused(Refusal::OtherClient)
        );
        assert_eq!(
            ask(store, rotate("f", generation), 2),
            Rotation::Refused(Refusal::OtherKey)
        );
        let thief = Rotate {
            confirmation: Some(Confirmation::JwkThumbprint("two".to_owned())),
            ..mine(generation)
        };
        assert_eq!(ask(store, thief, 2), Rotation::Refused(Refusal::OtherKey));
    }
    assert!(is_live(store, "f", 2));
    assert_eq!(ask(store, mine(0), 2), Rotation::Reused);
}

fn ends(store: &dyn Store) {
    start(store);
    let expired = Rotation::Refused(Refusal::Expired);
    assert_eq!(ask(store, rotate("f", 0), 1000), expired);
    let mut prolonging = rotate("f", 0);
    prolonging.idle_expires_at = Some(at(1900));
    ask(store, prolonging, 999);
    assert!(is_live(store, "f", 1899));
    let mut beyond = rotate("f", 1);
    beyond.idle_expires_at = Some(at(9999));
    ask(store, beyond, 1899);
    assert!(is_live(store, "f", 4999));
    assert_eq!(ask(store, rotate("f", 2), 5000), expired);
    let revoke = |client: &str| {
        let (id, client) = (FamilyId::new("f"), ClientId::new(client));
        wait(|reply| store.revoke_family(id, client, act(2000), reply)).unwrap()
    };
    assert!(!revoke("other"));
    assert!(is_live(store, "f", 2000));
    let ada = || AccountId::new("id-ada");
    let live = wait(|reply| store.families_of(ada(), at(2000), reply)).unwrap();
    assert_eq!(live.len(), 1);
    let session = Holder::Session("s".to_owned());
    assert!(!is_marked(store, &session, 2000));
    assert!(revoke("app"));
    assert!(
        is_marked(store, &session, 2000),
        "its access tokens as well"
    );
    assert!(!revoke("app"));
    assert_eq!(
        ask(store, rotate("f", 2), 2001),
        Rotation::Refused(Refusal::Revoked)
    );
    let live = wait(|reply| store.families_of(ada(), at(2000), reply)).unwrap();
    assert_eq!(live, []);
}

fn ahead(store: &dyn Store) {
    start(store);
    let answer = ask(store, rotate("f", 1), 1);
    assert_eq!(answer, Rotation::Refused(Refusal::AheadOfStore));
    let answer = ask(store, rotate("f", u64::MAX), 1);
    assert_eq!(answer, Rotation::Refused(Refusal::AheadOfStore));
    assert_eq!(
        ask(store, rotate("f", 0), 1),
        Rotation::Rotated { generation: 1 }
    );
}

fn clock(store: &dyn Store) {
    start(store);
    ask(store, rotate("f", 0), 500);
    assert_eq!(ask(store, rotate("f", 0), 480), replayed(0));
    assert_eq!(ask(store, rotate("f", 0), 400), Rotation::Reused);
}

fn at_once(store: &dyn Store) {
    start(store);
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for number in 0..100 {
            let sender = sender.clone();
            scope.spawn(move || {
                let mut rotate = rotate("f", 0);
                rotate.sealed_answer = format!("answer {number}").into_bytes();
                let answer = ask(store, rotate, 10);
                sender.send((number, answer)).unwrap();
            });
        }
    });
    drop(sender);
    let answers: Vec<_> = receiver.iter().collect();
    let first: Vec<_> = answers
        .iter()
        .filter(|(_, answer)| *answer == Rotation::Rotated { generation: 1 })
        .collect();
    assert_eq!(first.len(), 1, "one is first");
    let same = Rotation::Replayed {
        sealed_answer: format!("answer {}", first[0].0).into_bytes(),
    };
    let others = answers.iter().filter(|(_, answer)| *answer == same).count();
    assert_eq!(others, 99, "all others get its answer");
    assert!(is_live(store, "f", 10));
}
