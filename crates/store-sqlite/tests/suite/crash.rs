//! A process that is killed while many operations are under way. SIGKILL says nothing about the
//! disk: that every answer waits for a sync is counted elsewhere.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use jeton_store::audit::Event;
use jeton_store::grant::{AuthorizationCode, IssuedToken, Redeem, Redemption, Rotation};
use jeton_store::revocation::Revoked;
use jeton_store::{
    AuditLog as _, ClientId, FamilyId, Grants as _, Revocations as _, Sha256, conformance, wait,
};
use jeton_store_sqlite::{Options, SqliteStore};

use crate::furniture::{act, answer, at, family, furnish, grant, rotate, token};

const ROUNDS: u32 = 15;
const THREADS: u32 = 12;

/// What the victim was answered before it died.
#[derive(Default)]
struct Acknowledged {
    /// The generation of each family.
    generations: HashMap<String, u64>,
    revoked_families: Vec<String>,
    revoked_tokens: Vec<String>,
    redeemed_codes: Vec<String>,
    /// Places and hashes of audit entries.
    audit: Vec<(u64, String)>,
}

#[test]
fn nothing_that_was_answered_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut all = Acknowledged::default();
    let mut random = 0x9e37_79b9_u32;
    for round in 0..ROUNDS {
        // An xorshift: each round is killed after another number of answers.
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        kill_after(&path, round, 1 + random % 900, &mut all);
        check(&path, round, &all);
    }
    assert!(
        all.generations.values().sum::<u64>() > 500,
        "too little happened"
    );
    assert!(!all.revoked_tokens.is_empty() && !all.redeemed_codes.is_empty());
    println!(
        "{ROUNDS} kills, {} refreshes, {} revocations, {} codes, {} audit entries answered",
        all.generations.values().sum::<u64>(),
        all.revoked_tokens.len() + all.revoked_families.len(),
        all.redeemed_codes.len(),
        all.audit.len()
    );
}

/// Lets a victim work and kills it after it was answered that often.
fn kill_after(path: &Path, round: u32, answers: u32, all: &mut Acknowledged) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::victim", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "{round} {}", path.display()).unwrap();
    let mut seen = 0;
    let mut killed = false;
    // What it wrote before it died is still in the pipe.
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some(answer) = line.strip_prefix("answered ") else {
            continue;
        };
        all.note(answer);
        seen += 1;
        if seen >= answers && !killed {
            child.kill().unwrap();
            killed = true;
        }
    }
    assert!(killed, "the victim ended by itself: {:?}", child.wait());
    child.wait().unwrap();
}

impl Acknowledged {
    fn note(&mut self, answer: &str) {
        let words: Vec<&str> = answer.split(' ').collect();
        match words[..] {
            ["rotated", family, generation] => {
                let generation = generation.parse().unwrap();
                let known = self.generations.entry(family.to_owned()).or_default();
                assert!(generation > *known, "{family} had one successor twice");
                *known = generation;
            }
            ["family", family] => self.revoked_families.push(family.to_owned()),
            ["token", token] => self.revoked_tokens.push(token.to_owned()),
            ["code", code] => self.redeemed_codes.push(code.to_owned()),
            ["audit", place, hash] => self.audit.push((place.parse().unwrap(), hash.to_owned())),
            _ => panic!("{answer}"),
        }
    }
}

fn check(path: &Path, round: u32, all: &Acknowledged) {
    let store = SqliteStore::open(path, Options::default()).unwrap();
    let entries = conformance::check_chain(&store);
    for (place, hash) in &all.audit {
        let entry = &entries[usize::try_from(*place).unwrap() - 1];
        assert_eq!(
            format!("{:?}", entry.hash),
            *hash,
            "an answered audit entry is there"
        );
    }
    for (name, generation) in &all.generations {
        check_family(&store, name, *generation, all);
    }
    for name in &all.revoked_families {
        let family = wait(|reply| store.family(FamilyId::new(name), reply)).unwrap();
        assert!(family.unwrap().revoked_at.is_some(), "{name} stays revoked");
    }
    let mut log = Vec::new();
    loop {
        let last = log.last().map_or(0, |(sequence, _)| *sequence);
        let page = wait(|reply| store.revocations_after(last, 500, reply)).unwrap();
        if page.is_empty() {
            break;
        }
        log.extend(
            page.into_iter()
                .map(|entry| (entry.sequence, entry.revoked)),
        );
    }
    for jti in &all.revoked_tokens {
        let is_there = log.iter().any(
            |(_, revoked)| matches!(revoked, Revoked::Token { jti: known, .. } if known == jti),
        );
        assert!(is_there, "{jti} stays revoked");
    }
    let prefix = format!("{round}-");
    for code in all
        .redeemed_codes
        .iter()
        .filter(|code| code.starts_with(&prefix))
    {
        let again = wait(|reply| store.redeem_code(redeem(code), act(1), reply)).unwrap();
        assert_eq!(again, Redemption::Replayed, "{code} is not redeemed twice");
    }
}

fn check_family(store: &SqliteStore, name: &str, generation: u64, all: &Acknowledged) {
    let id = || FamilyId::new(name);
    let family = wait(|reply| store.family(id(), reply)).unwrap().unwrap();
    let ahead = family.generation - generation;
    assert!(
        ahead <= 1,
        "{name}: {generation} answered, {} stored",
        family.generation
    );
    if family.revoked_at.is_some() {
        return;
    }
    let current = family.generation;
    let present = |generation, seconds| {
        wait(|reply| store.rotate(rotate(name, generation), act(seconds), reply)).unwrap()
    };
    if current > 0 {
        // The answer that was lost on the way is given again, the very same.
        let same = Rotation::Replayed {
            sealed_answer: answer(name, current - 1),
        };
        assert_eq!(present(current - 1, 1), same);
    }
    // One in four is put to the proof for good; the others have to live through the next round.
    let last = name.bytes().last().unwrap_or_default();
    if current > 0
        && last.is_multiple_of(4)
        && !all.revoked_families.iter().any(|known| known == name)
    {
        assert_eq!(
            present(current - 1, 31),
            Rotation::Reused,
            "{name} outside grace"
        );
        let family = wait(|reply| store.family(id(), reply)).unwrap().unwrap();
        assert!(family.revoked_at.is_some());
    }
}

fn redeem(code: &str) -> Redeem {
    Redeem {
        code: Sha256::of(code.as_bytes()),
        client: ClientId::new("app"),
        access_token: IssuedToken {
            iss: "https://issuer.example".to_owned(),
            jti: format!("of {code}"),
            expires_at: at(300),
        },
        family: Some(family(&format!("of-{code}"))),
    }
}

#[test]
#[ignore = "run by another test, which kills it"]
fn victim() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let (round, path) = line.trim().split_once(' ').unwrap();
    let store = SqliteStore::open(Path::new(path), Options::default()).unwrap();
    furnish(&store);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || work(store, &format!("{round}-{thread}")));
        }
    });
}

/// Says what was answered before anything else is asked. One write a line, so that no line is cut
/// in two.
fn say(answer: &str) {
    let line = format!("answered {answer}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Refreshes, redeems and revokes until it is killed.
fn work(store: &SqliteStore, name: &str) {
    for life in 0.. {
        let name = format!("{name}-{life}");
        wait(|reply| store.start_family(family(&name), act(0), reply)).unwrap();
        for generation in 0..25 {
            let rotation = wait(|reply| store.rotate(rotate(&name, generation), act(0), reply));
            let next = generation + 1;
            assert_eq!(rotation, Ok(Rotation::Rotated { generation: next }));
            say(&format!("rotated {name} {next}"));
            if generation % 8 == 7 {
                wait(|reply| store.revoke(token(&format!("{name}-{next}")), act(0), reply))
                    .unwrap();
                say(&format!("token {name}-{next}"));
            }
        }
        let event = Event::new(&act(0), "sign_in.failed", &name);
        let head = wait(|reply| store.append_audit(event, reply)).unwrap();
        say(&format!("audit {} {:?}", head.sequence, head.hash));
        let code = AuthorizationCode {
            hash: Sha256::of(name.as_bytes()),
            grant: grant(),
            redirect_uri: None,
            challenge: None,
            expires_at: at(60),
        };
        wait(|reply| store.save_code(code, reply)).unwrap();
        let redeemed = wait(|reply| store.redeem_code(redeem(&name), act(0), reply));
        assert_eq!(redeemed, Ok(Redemption::First));
        say(&format!("code {name}"));
        let (id, client) = (FamilyId::new(name.as_str()), ClientId::new("app"));
        assert_eq!(
            wait(|reply| store.revoke_family(id, client, act(0), reply)),
            Ok(true)
        );
        say(&format!("family {name}"));
    }
}
