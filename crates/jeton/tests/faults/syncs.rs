//! An answer waits for the disk, and under load many answers share one sync: what the system was
//! asked for, seen from outside.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::life::Life;
use crate::served::{Place, grant_code};

const CLIENTS: usize = 16;
const REFRESHES: usize = 25;

#[test]
fn each_refresh_waits_for_a_sync_that_began_after_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path(), &["ada"]);
    let trace = folder.path().join("trace");
    let codes: Vec<String> = (0..CLIENTS)
        .map(|number| format!("code-{number}"))
        .collect();
    let store = place.store();
    for code in &codes {
        grant_code(&store, code, "ada");
    }
    drop(store);
    if !can_trace(folder.path()) {
        println!("skipped: there is no `strace`, or nothing can be traced here");
        return;
    }
    let mut strace = Command::new("strace");
    strace
        // The tracer is the grandchild, so that what is killed is the service.
        .args(["-D", "-f", "-s", "24", "-e"])
        .arg("trace=fsync,fdatasync,read,recvfrom,write,writev,sendto,sendmsg")
        .arg("-o")
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_jeton"));
    let served = place.start_under(strace);
    let refresh = |code: &str| {
        let mut connection = served.connect();
        let mut life = Life::by_code(&mut connection, code).unwrap();
        for _ in 0..REFRESHES {
            life.refresh(&mut connection).unwrap();
        }
    };
    std::thread::scope(|scope| {
        for code in &codes {
            scope.spawn(|| refresh(code));
        }
    });
    served.kill();
    let trace = whole(&trace);
    let counted = count(&trace).unwrap();
    let wanted = CLIENTS * (REFRESHES + 1);
    assert_eq!(counted.answers, wanted, "{counted:?}");
    assert!(
        counted.syncs < counted.answers,
        "no sync was shared: {counted:?}"
    );
    println!(
        "{} answers of {CLIENTS} clients at once waited for {} syncs",
        counted.answers, counted.syncs
    );
}

/// The trace, once its writer has come to the end.
fn whole(trace: &Path) -> String {
    for _ in 0..1000 {
        let text = std::fs::read_to_string(trace).unwrap();
        if text.contains("+++ killed by SIGKILL +++") {
            return text;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the trace does not end");
}

fn can_trace(folder: &Path) -> bool {
    let mut strace = Command::new("strace");
    strace
        .args(["-D", "-f", "-o"])
        .arg(folder.join("tried"))
        .arg("true");
    strace.output().is_ok_and(|output| output.status.success())
}

#[derive(Debug, Default)]
struct Counted {
    syncs: usize,
    answers: usize,
}

/// Reads a trace: for each question that a socket yielded and the answer that it was given, there
/// has to be a sync in between, from its begin to its end.
fn count(trace: &str) -> Result<Counted, String> {
    let mut counted = Counted::default();
    // By thread: what its call that is under way was, and when it began.
    let mut under_way: HashMap<&str, (&str, usize)> = HashMap::new();
    // By file descriptor: when the question was read.
    let mut asked: HashMap<&str, usize> = HashMap::new();
    // When the sync began that began last of all that are over.
    let mut synced = None;
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let call = rest.trim_start();
        if call.ends_with("<unfinished ...>") {
            under_way.insert(thread, (call, at));
        }
        let is_resumed = call.starts_with("<... ");
        let (begun, began) = match under_way.get(thread) {
            Some(earlier) if is_resumed => *earlier,
            _ => (call, at),
        };
        let is_over = !call.ends_with("<unfinished ...>");
        if begun.contains("sync(") && is_over {
            // Those of the start are not for anybody who asked.
            counted.syncs += usize::from(!asked.is_empty());
            synced = synced.max(Some(began));
        }
        let socket = begun.split(['(', ',']).nth(1).unwrap_or_default();
        if call.contains("\"POST /token ") {
            asked.insert(socket, at);
        }
        // What is sent counts from when it was begun.
        if call.contains("\"HTTP/1.1 200 OK") && !is_resumed {
            let asked = asked.remove(socket).unwrap();
            if synced <= Some(asked) {
                return Err(format!("an answer came before its sync: {line}"));
            }
            counted.answers += 1;
        }
    }
    Ok(counted)
}

#[test]
fn a_trace_in_which_an_answer_comes_too_early_is_found_out() {
    let question = "1 recvfrom(9, \"POST /token HTTP/1.1\\r\\nHo\"..., 8192, 0, NULL, NULL) = 99\n";
    let begin = "2 fdatasync(5 <unfinished ...>\n";
    let end = "2 <... fdatasync resumed>) = 0\n";
    let answer = "1 sendto(9, \"HTTP/1.1 200 OK\\r\\ncontent\"..., 99, 0, NULL, 0) = 99\n";
    let good = [question, begin, end, answer].concat();
    assert_eq!(count(&good).unwrap().answers, 1);
    for early in [
        [question, begin, answer, end],
        [begin, question, end, answer],
    ] {
        assert!(count(&early.concat()).is_err(), "{early:?}");
    }
}
