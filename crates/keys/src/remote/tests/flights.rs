use super::*;

/// Holds its answers back until there is a permit each.
fn held(gate: &Arc<Semaphore>, key_ids: &[&str]) -> impl FnMut(&str) -> Reply + Send + 'static {
    let (gate, text) = (Arc::clone(gate), answer(OK, &set(key_ids)));
    move |_| Reply::Later(Arc::clone(&gate), text.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_who_ask_at_once_share_one_flight() {
    let gate = Arc::new(Semaphore::new(0));
    let server = Server::start(held(&gate, &["a"])).await;
    let remote = remote(&server);
    let askers: Vec<_> = (0..100)
        .map(|number| {
            let remote = Arc::clone(&remote);
            let key_id = (number % 2 == 0).then_some("a");
            tokio::spawn(async move { remote.keys_for(key_id, at(0)).await.unwrap() })
        })
        .collect();
    remote.until_seats(100).await;
    gate.add_permits(100);
    let mut answers = Vec::new();
    for asker in askers {
        answers.push(asker.await.unwrap());
    }
    assert!(answers.iter().all(|keys| Arc::ptr_eq(keys, &answers[0])));
    assert_eq!((answers.len(), server.requests()), (100, 1));
}

#[tokio::test]
async fn those_who_share_a_flight_share_its_failure() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let down = move |_: &str| Reply::Later(Arc::clone(&held), answer("500 Oh", ""));
    let server = Server::start(down).await;
    let remote = remote(&server);
    // They come while it lasts, so that the wait after it, counted from its beginning, is over.
    let askers: Vec<_> = (0..20)
        .map(|number| {
            let remote = Arc::clone(&remote);
            tokio::spawn(async move { remote.keys_for(None, at(number)).await.map(drop) })
        })
        .collect();
    remote.until_seats(20).await;
    gate.add_permits(20);
    for asker in askers {
        let error = asker.await.unwrap().unwrap_err();
        assert_eq!(code(&error), FetchCode::FetchStatus);
    }
    assert_eq!((server.requests(), remote.status().failures), (1, 1));
}

#[tokio::test]
async fn a_stale_set_is_handed_out_while_one_waits() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    let first = remote.keys_for(None, at(0)).await.unwrap();
    let gate = Arc::new(Semaphore::new(0));
    server.answer(held(&gate, &["a", "b"]));
    let waiting = {
        let remote = Arc::clone(&remote);
        tokio::spawn(async move { remote.keys_for(None, at(600)).await.unwrap() })
    };
    remote.until_seats(1).await;
    let meanwhile = remote.keys_for(Some("a"), at(600)).await.unwrap();
    assert!(Arc::ptr_eq(&meanwhile, &first));
    // The flight is still held, so it was not waited for. Who needs what it may bring does wait.
    assert!(remote.board().is_flying());
    let rotated = {
        let remote = Arc::clone(&remote);
        tokio::spawn(async move { remote.has("b", at(600)).await.unwrap() })
    };
    remote.until_seats(2).await;
    gate.add_permits(1);
    assert_eq!(waiting.await.unwrap().keys().len(), 2);
    assert!(rotated.await.unwrap());
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_flight_goes_on_while_one_waits_and_ends_with_the_last() {
    let gate = Arc::new(Semaphore::new(0));
    let server = Server::start(held(&gate, &["a"])).await;
    let remote = remote(&server);
    let ask = || {
        let remote = Arc::clone(&remote);
        tokio::spawn(async move { remote.has("a", at(0)).await.unwrap() })
    };
    let (first, second) = (ask(), ask());
    remote.until_seats(2).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.add_permits(1);
    assert!(second.await.unwrap());
    assert_eq!(remote.status().fetches, 1);

    let remote = self::remote(&server);
    let alone = {
        let remote = Arc::clone(&remote);
        tokio::spawn(async move { remote.has("a", at(0)).await })
    };
    remote.until_seats(1).await;
    alone.abort();
    assert!(alone.await.unwrap_err().is_cancelled());
    assert!(!remote.board().is_flying());
    // Whoever asks next need not wait because of it.
    gate.add_permits(2);
    assert!(remote.has("a", at(0)).await.unwrap());
    let status = remote.status();
    assert_eq!((status.fetches, status.failures), (2, 0));
}

#[tokio::test]
async fn one_who_asks_and_goes_cannot_hammer_a_server() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(0)).await.unwrap());
    server.answer(|_| Reply::Never);
    for number in 0..20 {
        let asker = {
            let remote = Arc::clone(&remote);
            tokio::spawn(async move { remote.has(&format!("b-{number}"), at(60)).await })
        };
        tokio::task::yield_now().await;
        asker.abort();
        asker.await.ok();
    }
    assert_eq!(remote.status().fetches, 2);
}

#[tokio::test]
async fn sets_of_many_are_kept_as_far_as_there_is_room() {
    let server = Server::start(serves(&["a"])).await;
    let sets = RemoteKeySets::new(retrieval(server.fetcher()), 3.try_into().unwrap());
    let at_path = |path: &str| sets.at(&server.url(path)).unwrap();
    let first = at_path("/1");
    for path in ["/1", "/2", "/3", "/1", "/4"] {
        assert!(at_path(path).has("a", at(0)).await.unwrap());
    }
    assert!(Arc::ptr_eq(&first, &at_path("/1")));
    assert_eq!(server.requests(), 4);
    // The second made room for the fourth; the one who still holds one has it for good.
    assert!(at_path("/2").has("a", at(0)).await.unwrap());
    assert_eq!(server.requests(), 5);
    assert!(sets.at("http://keys.test/").is_err());
    let long = server.url(&format!("/{}", "a".repeat(2048)));
    assert!(sets.at(&long).is_err());
}

#[tokio::test]
async fn not_all_sets_are_fetched_at_once() {
    let gate = Arc::new(Semaphore::new(0));
    let flying = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&flying);
    let mut held = held(&gate, &["a"]);
    let server = Server::start(move |head| {
        counted.fetch_add(1, Ordering::SeqCst);
        held(head)
    })
    .await;
    let sets = Arc::new(RemoteKeySets::new(
        retrieval(server.fetcher()),
        100.try_into().unwrap(),
    ));
    let askers: Vec<_> = (0..40)
        .map(|number| {
            let set = sets.at(&server.url(&format!("/{number}"))).unwrap();
            tokio::spawn(async move { set.has("a", at(0)).await.unwrap() })
        })
        .collect();
    while flying.load(Ordering::SeqCst) < 32 {
        tokio::task::yield_now().await;
    }
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(flying.load(Ordering::SeqCst), 32);
    gate.add_permits(40);
    for asker in askers {
        assert!(asker.await.unwrap());
    }
    assert_eq!(server.requests(), 40);
}
