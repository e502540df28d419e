//! Clients of other makers walk through the flows of the token service, as their users would have
//! them do it. What walks is in `interop/oauth`; it walks through oidc-provider, the certified
//! reference, as well, so that what it asks for is not just what this service does.
//!
//! `cargo xtask test` installs them and says where by `JETON_INTEROP_DIR`; without it, the tests
//! print that they were skipped.

#![expect(clippy::expect_used, reason = "tests fail by panicking")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

const SCRIPTS: [&str; 5] = [
    "openid-client.mjs",
    "oauth4webapi.mjs",
    "resource-server.mjs",
    "authlib-client.py",
    "requests-oauth2client.py",
];
/// Fewer flows than any script has mean that it did not run.
const FEWEST: usize = 8;

#[test]
fn clients_walk_through_the_certified_reference() {
    let Some(folder) = folder() else { return };
    let mut node = Command::new("node");
    node.arg(folder.join("oauth").join("reference.mjs"));
    node.stderr(Stdio::null());
    let server = Server::start(&mut node);
    for walked in walk(&folder, &server.first_line) {
        assert!(
            walked.failed.is_empty(),
            "{}: {:#?}",
            walked.script,
            walked.failed
        );
    }
}

#[test]
fn clients_walk_through_the_token_service() {
    let Some(folder) = folder() else { return };
    let scripts = folder.join("oauth");
    let data = tempfile::tempdir().expect("a folder");
    let jeton = env!("CARGO_BIN_EXE_jeton");
    let mut node = Command::new("node");
    node.arg(scripts.join("furnish.mjs")).arg(jeton);
    node.arg(data.path()).arg(scripts.join("jeton.toml"));
    let furnished = node.stderr(Stdio::null()).output().expect("node runs");
    let setting = String::from_utf8(furnished.stdout).expect("text");
    let mut serve = Command::new(jeton);
    serve.arg("serve").arg("--data").arg(data.path());
    serve.arg("--config").arg(scripts.join("jeton.toml"));
    let server = Server::start(serve.stderr(Stdio::null()));
    for walked in walk(&folder, &setting) {
        assert!(
            walked.failed.is_empty(),
            "{}: {:#?}",
            walked.script,
            walked.failed
        );
        let skipped: Vec<&str> = walked.skipped.iter().map(String::as_str).collect();
        assert!(skipped.is_empty(), "{}: {skipped:?}", walked.script);
    }
    drop(server);
}

/// What the clients said of one server.
struct Walked {
    script: &'static str,
    failed: Vec<String>,
    skipped: Vec<String>,
}

/// Runs every script with a setting (see `flows.mjs`).
fn walk(folder: &Path, setting: &str) -> Vec<Walked> {
    let python = folder.join("venv").join("bin").join("python");
    let mut all = Vec::new();
    for script in SCRIPTS {
        let mut command = match Path::new(script).extension() {
            Some(extension) if extension == "py" => Command::new(&python),
            _ => Command::new("node"),
        };
        if Path::new(script)
            .extension()
            .is_some_and(|extension| extension == "py")
            && !python.exists()
        {
            println!("skipped: {script}, there is no Python environment in the folder");
            continue;
        }
        command.arg(folder.join("oauth").join(script));
        all.push(run(script, &mut command, setting));
    }
    all
}

fn run(script: &'static str, command: &mut Command, setting: &str) -> Walked {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = pipes.spawn().expect("the script starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(setting.as_bytes()).expect("it is read");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    let said = |what: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(what));
        lines.map(str::to_owned).collect()
    };
    let walked = Walked {
        script,
        failed: said("fail "),
        skipped: said("skip "),
    };
    let ok = said("ok ");
    println!(
        "{script}: {} flows ok, {} skipped",
        ok.len(),
        walked.skipped.len()
    );
    assert!(
        ok.len() + walked.failed.len() >= FEWEST,
        "{script} ended early: {text}"
    );
    assert_eq!(
        output.status.success(),
        walked.failed.is_empty(),
        "{script}"
    );
    walked
}

/// A process that says on its first line what is to be known of it; it ends with the test.
struct Server {
    process: Child,
    /// What it says later is read by nobody, but has somewhere to go.
    _output: BufReader<ChildStdout>,
    first_line: String,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdout = process.stdout.take().expect("a pipe");
        let mut output = BufReader::new(stdout);
        let mut first_line = String::new();
        let read = output.read_line(&mut first_line);
        assert!(read.expect("text") > 0, "the server ended without a word");
        Self {
            process,
            _output: output,
            first_line,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "only the command that installs the clients knows where they are"
)]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("JETON_INTEROP_DIR").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: `cargo xtask test` installs the clients of other makers");
    }
    folder
}
