//! The token service as `jeton serve` runs it, administered while it runs and while it is stopped.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::runner::{Ended, jeton};

/// A running service on a port of its own; it ends with the test.
struct Service {
    process: Child,
    /// `name  url` of each line that it said when it began.
    announced: Vec<(String, String)>,
}

impl Service {
    fn start(data: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_jeton"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data", data])
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let stdout = process.stdout.take().expect("the output is a pipe");
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut announced = Vec::new();
        for line in lines {
            let (name, url) = line.split_once(' ').expect("a name and a URL");
            announced.push((name.to_owned(), url.trim().to_owned()));
            if name == "setup" {
                break;
            }
        }
        Self { process, announced }
    }

    fn said(&self, name: &str) -> &str {
        let mut lines = self.announced.iter();
        let line = lines.find(|(known, _)| known == name).expect("it was said");
        &line.1
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let authority = self.said("issuer").trim_start_matches("http://");
        let port = authority.split(':').nth(1).expect("a port");
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("it listens");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn end(mut self) {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.expect("kill runs").success());
        let status = self.process.wait().expect("it ends");
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("text").to_owned();
    (folder, data)
}

fn run(data: &str, arguments: &[&str]) -> Ended {
    jeton(&[arguments, &["--data", data]].concat()).end()
}

fn member(json: &str, name: &str) -> String {
    let (_, rest) = json
        .split_once(&format!("\"{name}\": \""))
        .expect("the member");
    rest.split('"').next().expect("its end").to_owned()
}

#[test]
fn from_nothing_to_a_token_running_and_stopped() {
    let (_folder, data) = folder();
    let service = Service::start(&data);
    let setup = format!("{}/setup?ticket=", service.said("issuer"));
    assert!(service.said("setup").starts_with(&setup));
    let create = [
        "client",
        "create",
        "worker",
        "--machine",
        "--scope",
        "orders:read",
        "--json",
    ];
    let made = run(&data, &create);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let secret = member(&made.text(), "client_secret");
    let form = format!("grant_type=client_credentials&client_id=worker&client_secret={secret}");
    let headers = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let post = [
        "client",
        "update",
        "worker",
        "--auth-method",
        "client_secret_post",
    ];
    assert_eq!(run(&data, &post).code, Some(0));
    let answer = service.ask("POST", "/token", headers, &form);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let url = service.said("issuer").to_owned();
    assert!(Path::new(&data).join("control.sock").exists());
    service.end();
    assert!(!Path::new(&data).join("control.sock").exists());

    // Stopped, the same commands work on the store.
    let shown = run(&data, &["client", "show", "worker", "--json"]);
    assert!(shown.text().contains("orders:read"), "{}", shown.stderr);
    assert_eq!(run(&data, &["client", "disable", "worker"]).code, Some(0));
    let checked = run(&data, &["audit", "check"]);
    assert!(checked.text().starts_with("holds "), "{}", checked.stderr);

    // Started again, it is where it was.
    let service = Service::start(&data);
    assert_eq!(service.said("issuer"), url);
    let answer = service.ask("POST", "/token", headers, &form);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[test]
fn url_and_port_stay_what_they_are() {
    let (_folder, data) = folder();
    Service::start(&data).end();
    let ended = run(&data, &["serve", "--listen", "127.0.0.1:1"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("the port of a token service stays"),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("hint: every token that was issued"),
        "{}",
        ended.stderr
    );
}

#[test]
fn off_loopback_it_does_not_speak_plain_http() {
    let (_folder, data) = folder();
    let ended = run(&data, &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("plain HTTP on loopback"),
        "{}",
        ended.stderr
    );
    assert!(!Path::new(&data).exists(), "nothing was made");
}

#[test]
fn another_name_and_no_token_reach_nothing() {
    let (_folder, data) = folder();
    let service = Service::start(&data);
    let answer = service.ask("GET", "/jwks", "Host: rebound.example\r\n", "");
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
    let answer = service.ask("GET", "/admin/users", "Host: localhost\r\n", "");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[test]
fn an_exported_log_shows_what_was_changed() {
    let (folder, data) = folder();
    assert_eq!(run(&data, &["init"]).code, Some(0));
    assert_eq!(run(&data, &["role", "save", "clerk"]).code, Some(0));
    let log = run(&data, &["audit", "export"]).text();
    let path = folder.path().join("audit.ndjson");
    let file = path.to_str().expect("text");
    std::fs::write(&path, &log).expect("a file");
    assert_eq!(
        jeton(&["audit", "check", "--file", file]).end().code,
        Some(0)
    );
    std::fs::write(&path, log.replace("clerk", "thief")).expect("a file");
    let ended = jeton(&["audit", "check", "--file", file]).end();
    assert_eq!(ended.code, Some(1));
    assert!(ended.text().starts_with("broken"), "{}", ended.text());
}
