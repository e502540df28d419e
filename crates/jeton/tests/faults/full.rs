//! The disk fills up under the service: a small file system of its own, where one can be mounted
//! without being root.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jeton_store::conformance;

use crate::http::{Answer, Connection};
use crate::life::{Life, Way, as_app, is_active, log_in};
use crate::served::{PASSWORD, Place, as_gateway, grant_code};

#[test]
fn a_disk_that_is_full_is_said_and_survived() {
    let folder = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=6m tmpfs \"$0\" && echo mounted && exec \"$@\"";
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(folder.path())
        .arg(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "full::on_a_small_disk",
            "--nocapture",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no `unshare`");
        return;
    };
    // One that could not get so far does not read.
    drop(writeln!(
        child.stdin.take().unwrap(),
        "{}",
        folder.path().display()
    ));
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    if !said.starts_with("mounted") {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by another test, on a disk of its own"]
fn on_a_small_disk() {
    let mut folder = String::new();
    std::io::stdin().read_line(&mut folder).unwrap();
    let folder = PathBuf::from(folder.trim());
    let place = Place::new(&folder, &["ada"]);
    let store = place.store();
    for number in 0..200 {
        grant_code(&store, &format!("code-{number}"), "ada");
    }
    drop(store);
    let served = place.start();
    let mut connection = served.connect();
    let mut life = Life::by_code(&mut connection, "code-0").unwrap();
    for time in 0..2 {
        let ballast = fill(&folder);
        let (mut lives, refused) = sign_in_until_refused(&mut connection, 1 + time * 100);
        check_full(&mut connection, &life);
        std::fs::remove_file(ballast).unwrap();
        // It goes on at once, with all that was there and with what was refused.
        lives.push(Life::by_code(&mut connection, &refused).unwrap());
        lives.push(Life::by_password(&mut connection, "ada").unwrap());
        for life in lives.iter_mut().chain([&mut life]) {
            life.refresh(&mut connection).unwrap();
        }
        println!("full {}: {} signed in before", time + 1, lives.len() - 2);
    }
    served.kill();
    conformance::check_chain(&place.store());
    let served = place.start();
    life.refresh(&mut served.connect()).unwrap();
}

/// Takes all the space that there is.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("ballast");
    let mut ballast = File::create(&path).unwrap();
    for size in [64 << 10, 1 << 10, 1] {
        while ballast.write_all(&vec![1; size]).is_ok() {}
    }
    path
}

/// Answers who still got in, and the first code that was refused.
fn sign_in_until_refused(connection: &mut Connection, first: u32) -> (Vec<Life>, String) {
    let mut lives = Vec::new();
    for number in first..first + 100 {
        let code = format!("code-{number}");
        let form = [("grant_type", "authorization_code"), ("code", &code)];
        let answer = as_app(connection, "/token", &form).unwrap();
        if answer.status != 200 {
            check_refusal(&answer);
            return (lives, code);
        }
        lives.push(Life::begun(Way::Code, &answer));
    }
    panic!("it never fills up");
}

/// What has to be written is refused and says so; what needs no writing goes on.
fn check_full(connection: &mut Connection, life: &Life) {
    for _ in 0..20 {
        let answer = life.present(connection, life.token()).unwrap();
        check_refusal(&answer);
    }
    check_refusal(&log_in(connection, "ada").unwrap());
    check_refusal(&as_app(connection, "/revoke", &[("token", life.token())]).unwrap());
    check_page(connection);

    let form = [("grant_type", "client_credentials")];
    let answer = as_app(connection, "/token", &form).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(is_active(connection, &answer.string("access_token")).unwrap());
    assert!(is_active(connection, &life.access).unwrap());
    assert!(is_active(connection, life.token()).unwrap());
    for path in ["/jwks", "/.well-known/openid-configuration", "/sign-in"] {
        assert_eq!(connection.get(path, "").unwrap().status, 200, "{path}");
    }
    let log = connection.get("/revocations?wait=0", &as_gateway());
    assert_eq!(log.unwrap().status, 200);
    let wrong = [("client_id", "app"), ("client_secret", "wrong")];
    let answer = connection.post("/token", &[&form[..], &wrong].concat());
    assert_eq!(answer.unwrap().string("error"), "invalid_client");
}

/// A refusal for a program (RFC 6749 §5.2, RFC 9110 §10.2.3).
fn check_refusal(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.string("error"), "temporarily_unavailable");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let wait = answer.header("retry-after").unwrap();
    assert!((1..=60).contains(&wait.parse().unwrap()), "{wait}");
}

/// A person is told what to do.
fn check_page(connection: &mut Connection) {
    let shown = connection.get("/sign-in", "").unwrap();
    let cookies = shown.headers("set-cookie");
    let cookies: Vec<&str> = cookies.map(|one| one.split(';').next().unwrap()).collect();
    let headers = format!(
        "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: {}\r\n",
        cookies.join("; ")
    );
    let mut form = form_urlencoded::Serializer::new(String::new());
    for input in shown
        .text
        .split("<input")
        .filter(|one| one.contains("\"hidden\""))
    {
        form.append_pair(&attribute(input, "name"), &attribute(input, "value"));
    }
    form.extend_pairs([("login", "ada"), ("password", PASSWORD)]);
    let answer = connection.ask("POST", "/sign-in", &headers, &form.finish());
    let answer = answer.unwrap();
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    assert!(
        answer.text.contains("again"),
        "it says what to do: {answer:?}"
    );
}

fn attribute(tag: &str, name: &str) -> String {
    let tag = tag.split('>').next().unwrap();
    let value = tag.split(&format!(" {name}=\"")).nth(1).unwrap_or_default();
    value.split('"').next().unwrap().replace("&#38;", "&")
}
