//! A client that asks a hundred times at once, over as many connections.

use std::sync::Barrier;

use crate::life::{Life, is_active};
use crate::served::{Place, grant_code};

const AT_ONCE: usize = 100;
const TIMES: usize = 5;

#[test]
fn a_hundred_refreshes_of_one_token_have_one_successor() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path(), &["ada"]);
    grant_code(&place.store(), "code", "ada");
    let served = place.start();
    let mut connection = served.connect();
    let mut life = Life::by_code(&mut connection, "code").unwrap();
    for _ in 0..TIMES {
        let barrier = Barrier::new(AT_ONCE);
        let answers: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE)
                .map(|_| {
                    scope.spawn(|| {
                        let mut connection = served.connect();
                        barrier.wait();
                        let answer = life.present(&mut connection, life.token()).unwrap();
                        assert_eq!(answer.status, 200, "{answer:?}");
                        answer.text
                    })
                })
                .collect();
            let joined = threads.into_iter().map(|thread| thread.join().unwrap());
            joined.collect()
        });
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
        // Asked once more, the answer is the same; then its successor has its turn.
        let known = life.refresh(&mut connection).unwrap();
        assert_eq!(known.text, answers[0]);
        assert!(is_active(&mut connection, life.token()).unwrap());
    }
    life.refresh(&mut connection).unwrap();
}
