use super::*;
use crate::password::Passwords;
use jeton_settings::Size;
use std::task::{Context, Poll, Waker};

fn parameters() -> Parameters {
    Parameters::new(Size::from_bytes(7 << 20), 5, 1).unwrap()
}

fn hasher(most_waiting: u32) -> Hasher {
    Hasher::start(parameters(), most_waiting, || UnixTime::from_seconds(0)).unwrap()
}

fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

fn idle_hasher(most: usize) -> (Hasher, Arc<Queue<Job>>) {
    let queue = Arc::new(Queue::new(most, FIRST_PACE));
    (Hasher(Arc::new(Handle(Arc::clone(&queue)))), queue)
}

fn begin<F: Future>(future: F) -> (std::pin::Pin<Box<F>>, Poll<F::Output>) {
    let mut future = Box::pin(future);
    let poll = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    (future, poll)
}

#[tokio::test]
async fn a_hash_verifies_its_password_alone() {
    let hasher = hasher(8);
    let hash = hasher.hash(password("caf\u{e9}"), [1; SALT]).await.unwrap();
    let same = hasher
        .verify(password("cafe\u{301}"), Some(hash.clone()), [2; SALT])
        .await
        .unwrap();
    assert!(same.ok && same.upgrade.is_none());
    let other = hasher
        .verify(password("cafe"), Some(hash), [2; SALT])
        .await
        .unwrap();
    assert!(!other.ok && other.upgrade.is_none());
}

#[tokio::test]
async fn a_hash_of_other_parameters_is_made_anew_at_sign_in() {
    let hasher = hasher(8);
    let old = "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY";
    let old = PasswordHash::new(old);
    let wrong = hasher
        .verify(password("passwort"), Some(old.clone()), [2; SALT])
        .await
        .unwrap();
    assert!(!wrong.ok && wrong.upgrade.is_none());
    let right = hasher
        .verify(password("password"), Some(old), [2; SALT])
        .await
        .unwrap();
    assert!(right.ok);
    let new = right.upgrade.unwrap();
    assert!(new.expose().starts_with("$argon2id$v=19$m=7168,t=5,p=1$"));
    let again = hasher
        .verify(password("password"), Some(new), [3; SALT])
        .await
        .unwrap();
    assert!(again.ok && again.upgrade.is_none());
}

#[tokio::test]
async fn without_a_hash_that_can_be_used_the_answer_is_no() {
    let hasher = hasher(8);
    let absurd =
        "$argon2id$v=19$m=4194304,t=9,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    for hash in [
        None,
        Some(PasswordHash::new("")),
        Some(PasswordHash::new(absurd)),
    ] {
        let verified = hasher.verify(password("password"), hash, [0; SALT]).await;
        let verified = verified.unwrap();
        assert!(!verified.ok && verified.upgrade.is_none());
    }
}

/// Equal cost shows in the memory that was gone through: it is that of a hash of ours.
#[test]
fn an_unknown_account_costs_a_whole_hash() {
    let mut worker = Worker {
        queue: Arc::new(Queue::new(1, FIRST_PACE)),
        parameters: parameters(),
        clock: Arc::new(|| UnixTime::from_seconds(0)),
        metrics: Arc::new(Metrics::new("0", UnixTime::from_seconds(0))),
        memory: Memory::default(),
    };
    let password = password("password");
    worker.verify(&password, None, &[5; SALT]).unwrap();
    let unknown = worker.memory.fingerprint();
    worker.memory.free();
    worker.hash(&password, &[5; SALT]).unwrap();
    assert_eq!(unknown, worker.memory.fingerprint());
    assert_eq!(unknown.0, 7 << 10);
}

#[test]
fn a_full_queue_is_busy_and_a_dropped_future_gives_its_place_up() {
    let (hasher, queue) = idle_hasher(2);
    let (first, _) = begin(hasher.verify(password("a"), None, [0; SALT]));
    let (second, poll) = begin(hasher.hash(password("b"), [0; SALT]));
    assert!(poll.is_pending());
    let (_, poll) = begin(hasher.hash(password("c"), [0; SALT]));
    let Poll::Ready(Err(busy)) = poll else {
        panic!("not busy");
    };
    assert_eq!(busy.wait, Duration::from_secs(1));
    drop(first);
    let (third, poll) = begin(hasher.hash(password("c"), [0; SALT]));
    assert!(poll.is_pending());
    assert!(
        queue
            .try_pop()
            .is_some_and(|job| job.password.expose() == "b")
    );
    assert!(
        queue
            .try_pop()
            .is_some_and(|job| job.password.expose() == "c")
    );
    assert!(queue.try_pop().is_none());
    drop((second, third));
}

#[tokio::test]
async fn when_the_thread_has_ended_nobody_waits() {
    let (hasher, queue) = idle_hasher(2);
    drop(Worker {
        queue,
        parameters: parameters(),
        clock: Arc::new(|| UnixTime::from_seconds(0)),
        metrics: Arc::new(Metrics::new("0", UnixTime::from_seconds(0))),
        memory: Memory::default(),
    });
    assert!(hasher.hash(password("a"), [0; SALT]).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_are_all_answered() {
    let passwords = Passwords::default();
    let hasher = hasher(passwords.queue);
    let hash = hasher.hash(password("right"), [1; SALT]).await.unwrap();
    let asked: Vec<_> = (0..20)
        .map(|n| {
            let (hasher, hash) = (hasher.clone(), hash.clone());
            let given = if n % 2 == 0 { "right" } else { "wrong" };
            tokio::spawn(async move {
                let verified = hasher.verify(password(given), Some(hash), [0; SALT]);
                (n, verified.await.unwrap().ok)
            })
        })
        .collect();
    for answer in asked {
        let (n, ok) = answer.await.unwrap();
        assert_eq!(ok, n % 2 == 0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn only_the_thread_itself_is_lowered() {
    use rustix::process::getpriority_process;
    let before = getpriority_process(None).unwrap();
    let inside = std::thread::spawn(|| {
        lower_priority();
        getpriority_process(None).unwrap()
    });
    assert_eq!(inside.join().unwrap(), (before + 10).min(19));
    assert_eq!(getpriority_process(None).unwrap(), before);
}
