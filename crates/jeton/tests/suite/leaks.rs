//! A day of the token service with everything told that can be told: logs of every library at
//! `trace`, traces, metrics. Nothing that anybody kept secret is in any of it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64ct::{Base64, Encoding as _};
use jeton_testkit::collector::{Collector, leaked};

use crate::runner::jeton;

const PASSWORD: &str = "otter-Qx7pLm2vRw9-harbour";
const NEXT_PASSWORD: &str = "heron-Zt4kYb8nHs3-estuary";
const WRONG_PASSWORD: &str = "gulls-Dc6jWf1gUe5-seafront";
const CALLBACK: &str = "https://shop.example/callback";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const STATE: &str = "state-5544332211ffeeddccbb";
const NONCE: &str = "nonce-8877665544aabbccddee";

/// Everything that takes something, and `/lost`, which is nothing.
const PATHS: [&str; 34] = [
    "/token",
    "/introspect",
    "/revoke",
    "/userinfo",
    "/revocations",
    "/authorize",
    "/end-session",
    "/jwks",
    "/.well-known/openid-configuration",
    "/login",
    "/refresh",
    "/logout",
    "/logout/all",
    "/me",
    "/sign-in",
    "/select-account",
    "/consent",
    "/sign-out",
    "/setup",
    "/register",
    "/verify-email",
    "/forgot",
    "/reset",
    "/account",
    "/account/email",
    "/account/password",
    "/account/sessions/end",
    "/admin/users",
    "/admin/clients",
    "/admin/audit",
    "/openapi.json",
    "/metrics",
    "/health",
    "/lost",
];

/// A service that tells all it can, and a browser before it.
struct Day {
    process: Child,
    port: u16,
    issuer: String,
    collector: Collector,
    data: PathBuf,
    cookies: BTreeMap<String, String>,
    /// Whatever somebody was given or gave in confidence.
    secrets: Vec<String>,
    _folder: tempfile::TempDir,
}

struct Answer {
    head: String,
    body: String,
}

impl Day {
    fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let collector = Collector::start();
        let config = format!(
            "[listen]\naddress = '127.0.0.1:0'\n\
             [issuer]\nregistration = 'open'\n\
             [issuer.keys]\nid_token = 'ES256'\noffered = []\n\
             [telemetry.log]\nformat = 'json'\nfilter = 'trace'\n\
             [telemetry.otlp]\nendpoint = '{}'\n",
            collector.endpoint()
        );
        let path = folder.path().join("jeton.toml");
        std::fs::write(&path, config).expect("a file");
        let mut process = Command::new(env!("CARGO_BIN_EXE_jeton"))
            .arg("serve")
            .args([Path::new("--config"), &path, Path::new("--data"), &data])
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.path().join("log")).expect("a file"))
            .spawn()
            .expect("the server starts");
        let stdout = process.stdout.take().expect("the output is a pipe");
        let mut said = BTreeMap::new();
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let (name, url) = line.split_once(' ').expect("a name and a URL");
            said.insert(name.to_owned(), url.trim().to_owned());
            if name == "setup" {
                break;
            }
        }
        let issuer = said["issuer"].clone();
        let port = issuer.rsplit(':').next().expect("a port");
        let mut day = Self {
            process,
            port: port.parse().expect("a number"),
            issuer,
            collector,
            data,
            cookies: BTreeMap::new(),
            secrets: Vec::new(),
            _folder: folder,
        };
        for secret in [PASSWORD, NEXT_PASSWORD, WRONG_PASSWORD] {
            day.keep(secret);
        }
        for secret in [VERIFIER, STATE, NONCE] {
            day.keep(secret);
        }
        day.set_up(&said["setup"]);
        day
    }

    fn keep(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
    }

    /// Asks with headers, which are lines with their ends, and the cookies of the browser.
    fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\nCookie: {}\r\n{headers}\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8(answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let answer = Answer {
            head: head.to_owned(),
            body: body.to_owned(),
        };
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers("set-cookie") {
            let (pair, attributes) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
                continue;
            }
            self.cookies.insert(name.to_owned(), value.to_owned());
            // The first two parts of a refresh token are the family's name and a number.
            let secret = value.rsplit('.').next().unwrap_or_default().to_owned();
            self.keep(&secret);
        }
    }

    /// Opens a page of ours, and keeps the token of its form.
    fn open(&mut self, path: &str) -> Answer {
        let answer = self.ask("GET", path, "Sec-Fetch-Site: none\r\n", "");
        let tokens = answer.body.split("name=\"form_token\" value=\"").skip(1);
        let tokens: Vec<_> = tokens.filter_map(|rest| rest.split('"').next()).collect();
        for token in tokens {
            self.keep(token);
        }
        answer
    }

    /// Fills in the form of a page that was opened just now.
    fn submit(&mut self, path: &str, page: &Answer, filled: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for input in page.body.split("<input type=\"hidden\" name=\"").skip(1) {
            let (name, rest) = input.split_once("\" value=\"").expect("a value");
            form.append_pair(name, rest.split('"').next().expect("its end"));
        }
        let body = form.extend_pairs(filled).finish();
        let headers = "Sec-Fetch-Site: same-origin\r\n\
                       Content-Type: application/x-www-form-urlencoded\r\n";
        self.ask("POST", path, headers, &body)
    }

    fn post(&mut self, path: &str, authorization: &str, form: &[(&str, &str)]) -> Answer {
        let mut text = form_urlencoded::Serializer::new(String::new());
        let body = text.extend_pairs(form).finish();
        let headers = format!(
            "Authorization: {authorization}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        );
        self.ask("POST", path, &headers, &body)
    }

    fn post_json(&mut self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, "Content-Type: application/json\r\n", body)
    }

    /// Keeps what an answer gives to a program.
    fn keep_tokens(&mut self, answer: &Answer) -> BTreeMap<&'static str, String> {
        let mut tokens = BTreeMap::new();
        for name in ["access_token", "refresh_token", "id_token"] {
            if let Some(token) = answer.member(name) {
                let secret = match name {
                    "refresh_token" => token.rsplit('.').next().expect("a part"),
                    _ => token.split_once('.').expect("a header").1,
                };
                self.keep(secret);
                tokens.insert(name, token);
            }
        }
        tokens
    }

    fn set_up(&mut self, link: &str) {
        let (_, ticket) = link.split_once("ticket=").expect("a ticket");
        self.keep(ticket);
        let path = format!("/setup?ticket={ticket}");
        let page = self.open(&path);
        let filled = [
            ("username", "ada"),
            ("email", "ada@example.org"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        self.submit("/setup", &page, &filled).assert("303");
    }

    /// Registers an application; answers how it authenticates.
    fn register(&mut self, id: &str, kind: &[&str]) -> String {
        let data = self.data.to_str().expect("text").to_owned();
        let arguments = [&["client", "create", id, "--json", "--data", &data], kind].concat();
        let made = jeton(&arguments).end();
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        let (_, rest) = made
            .text()
            .split_once("\"client_secret\": \"")
            .map(|(start, rest)| (start.to_owned(), rest.to_owned()))
            .expect("a secret");
        let secret = rest.split('"').next().expect("its end").to_owned();
        self.keep(&secret);
        let basic = Base64::encode_string(format!("{id}:{secret}").as_bytes());
        self.keep(&basic);
        format!("Basic {basic}")
    }

    /// Sends everything that is secret to every endpoint, in every place where one could put it.
    fn send_everything_everywhere(&mut self) {
        let secrets = self.secrets.clone();
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (number, secret) in secrets.iter().enumerate() {
            form.append_pair(NAMES[number % NAMES.len()], secret);
        }
        let form = form.finish();
        let json = secrets.join(r#"","#);
        let json = format!(r#"{{"username":"ada","password":"{PASSWORD}","more":["{json}"]}}"#);
        let short: String = form.chars().take(4000).collect();
        for (number, path) in PATHS.into_iter().enumerate() {
            let secret = &secrets[number % secrets.len()];
            let headers = format!(
                "Authorization: Bearer {secret}\r\nReferer: https://app.example/?code={secret}\r\n\
                 User-Agent: {secret}\r\nDPoP: {secret}\r\nBaggage: token={secret}\r\n\
                 Tracestate: vendor={secret}\r\nSec-Fetch-Site: same-origin\r\n"
            );
            let path = format!("{path}?{short}");
            self.ask("GET", &path, &headers, "");
            let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
            self.ask("POST", &path, &format!("{headers}{kind}"), &form);
            let kind = "Content-Type: application/json\r\n";
            self.ask("POST", &path, &format!("{headers}{kind}"), &json);
            self.ask("SECRETS", &format!("/{secret}"), &headers, "");
        }
    }

    /// What it told meanwhile: the log, the traces, the metrics.
    fn end(mut self) -> (String, Vec<u8>, String) {
        let metrics = self.ask("GET", "/metrics", "", "").body;
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.expect("kill runs").success());
        let status = self.process.wait().expect("it ends");
        assert_eq!(status.code(), Some(0));
        let log = self.data.with_file_name("log");
        let log = std::fs::read_to_string(log).expect("a log");
        (log, self.collector.all(), metrics)
    }
}

/// What parameters are called.
const NAMES: [&str; 12] = [
    "code",
    "refresh_token",
    "token",
    "client_secret",
    "password",
    "ticket",
    "state",
    "id_token_hint",
    "form_token",
    "subject_token",
    "client_assertion",
    "code_verifier",
];

impl Drop for Day {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Answer {
    #[track_caller]
    fn assert(&self, status: &str) {
        let wanted = format!("HTTP/1.1 {status}");
        assert!(
            self.head.starts_with(&wanted),
            "{}\n{}",
            self.head,
            self.body
        );
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let named = lines.filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value)
    }

    fn member(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("\"{name}\":\""))?;
        rest.split('"').next().map(str::to_owned)
    }
}

/// A person comes by way of an application, which refreshes, once too often.
fn application(day: &mut Day) {
    let kind = ["--web", "--redirect-uri", CALLBACK, "--first-party"];
    let scope = ["--scope", "openid profile offline_access"];
    let basic = day.register("shop", &[&kind[..], &scope].concat());
    let query = format!(
        "/authorize?response_type=code&client_id=shop&redirect_uri={CALLBACK}&state={STATE}\
         &nonce={NONCE}&scope=openid%20offline_access&code_challenge={CHALLENGE}\
         &code_challenge_method=S256"
    );
    let sent = day.ask("GET", &query, "Sec-Fetch-Site: none\r\n", "");
    sent.assert("303");
    let location = sent.headers("location").next().expect("a location");
    let (_, rest) = location.split_once("code=").expect("a code");
    let code = rest.split('&').next().expect("its end").to_owned();
    day.keep(&code);
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let first = day.post("/token", &basic, &redeem);
    first.assert("200");
    let first = day.keep_tokens(&first);
    let refresh = |token: &str| {
        [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token.to_owned()),
        ]
    };
    let mut token = first["refresh_token"].clone();
    for _ in 0..2 {
        let form = refresh(&token);
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let next = day.post("/token", &basic, &form);
        next.assert("200");
        token = day.keep_tokens(&next)["refresh_token"].clone();
    }
    let bearer = format!("Bearer {}", first["access_token"]);
    day.post("/userinfo", &bearer, &[]).assert("200");
    let asked = [("token", first["access_token"].as_str())];
    day.post("/introspect", &basic, &asked).assert("200");
    // It was used before, and then its successor.
    let form = refresh(&first["refresh_token"]);
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    day.post("/token", &basic, &form).assert("400");
    day.post("/token", &basic, &redeem).assert("400");
    day.post("/revoke", &basic, &asked).assert("200");
    let out = format!("/end-session?id_token_hint={}", first["id_token"]);
    day.open(&out);
}

/// A machine, and somebody who guesses its secret.
fn machine(day: &mut Day) {
    let basic = day.register("worker", &["--machine", "--scope", "orders:read"]);
    let form = [("grant_type", "client_credentials")];
    let answer = day.post("/token", &basic, &form);
    answer.assert("200");
    day.keep_tokens(&answer);
    let guess = Base64::encode_string(b"worker:guess-0123456789abcdef");
    day.keep("guess-0123456789abcdef");
    day.post("/token", &format!("Basic {guess}"), &form)
        .assert("401");
}

/// An application of the house's own, with a password that is wrong and one that is right.
fn own_application(day: &mut Day) {
    let login = |password: &str| format!(r#"{{"username":"ada","password":"{password}"}}"#);
    day.post_json("/login", &login(WRONG_PASSWORD))
        .assert("400");
    let signed = day.post_json("/login", &login(PASSWORD));
    signed.assert("200");
    day.keep_tokens(&signed);
    let next = day.post_json("/refresh", "");
    next.assert("200");
    day.keep_tokens(&next);
    day.post_json("/logout", "").assert("204");
}

/// A password is forgotten, and a new one set by mail.
fn forgotten(day: &mut Day) {
    let page = day.open("/forgot");
    day.submit("/forgot", &page, &[("login", "ada")])
        .assert("200");
    let ticket = mailed(&day.data.join("mails"));
    day.keep(&ticket);
    let page = day.open(&format!("/reset?ticket={ticket}"));
    let filled = [
        ("password", NEXT_PASSWORD),
        ("password_again", NEXT_PASSWORD),
    ];
    day.submit("/reset", &page, &filled).assert("303");
    day.cookies.clear();
    let page = day.open("/sign-in");
    let wrong = [("login", "ada"), ("password", WRONG_PASSWORD)];
    day.submit("/sign-in", &page, &wrong).assert("422");
    let right = [("login", "ada"), ("password", NEXT_PASSWORD)];
    day.submit("/sign-in", &page, &right).assert("303");
    day.open("/account").assert("200");
}

/// The ticket in the only mail, once it is there.
fn mailed(folder: &Path) -> String {
    for _ in 0..1000 {
        let mails = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for mail in mails {
            let text = std::fs::read_to_string(mail.path()).unwrap_or_default();
            let text = text.replace("=\r\n", "").replace("=3D", "=");
            if let Some((_, rest)) = text.split_once("/reset?ticket=") {
                return rest.split(['\r', '"']).next().expect("its end").to_owned();
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("no mail came");
}

#[test]
fn a_service_that_tells_everything_tells_no_secret() {
    let mut day = Day::begin();
    assert!(day.issuer.starts_with("http://localhost:"));
    application(&mut day);
    machine(&mut day);
    own_application(&mut day);
    forgotten(&mut day);
    day.send_everything_everywhere();
    let secrets = day.secrets.clone();
    assert!(secrets.len() > 30, "{secrets:?}");
    let (log, traces, metrics) = day.end();

    // It does tell something, everywhere.
    for route in ["/token", "/authorize", "/reset", "/login", "unmatched"] {
        assert!(
            log.contains(&format!(r#""http.route":"{route}""#)),
            "{route}"
        );
        assert!(
            metrics.contains(&format!(r#"endpoint="{route}""#)),
            "{route}"
        );
    }
    assert!(log.contains(r#""level":"DEBUG""#));
    assert!(log.contains("a refresh token was used again"));
    assert!(metrics.contains("jeton_refreshes_total{outcome=\"reused\"} 1\n"));
    assert!(!traces.is_empty());
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    for (name, told) in [
        ("the log", log.as_bytes()),
        ("the traces", &traces),
        ("the metrics", metrics.as_bytes()),
    ] {
        let found = leaked(told, &secrets);
        assert_eq!(found, None, "in {name}");
    }
}
