//! Runs the built command.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A run to be: its arguments, and what it reads.
pub(crate) struct Run(Command, Vec<u8>);

pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

pub(crate) fn jeton(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jeton"));
    command
        .args(arguments)
        .env("TZ", "UTC")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    Run(command, Vec::new())
}

impl Run {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.1 = bytes.into();
        self
    }

    pub(crate) fn end(mut self) -> Ended {
        self.0
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.0.spawn().expect("the command starts");
        let mut stdin = child.stdin.take().expect("the input is a pipe");
        let input = self.1;
        let writer = std::thread::spawn(move || {
            // A command that has read enough closes the pipe.
            stdin.write_all(&input).ok();
        });
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().expect("the command ends");
        writer.join().expect("the input is written");
        Ended {
            code: status.code(),
            stdout,
            stderr: String::from_utf8(stderr).expect("messages are text"),
        }
    }

    /// The text of a run that answers yes.
    pub(crate) fn text(self) -> String {
        let ended = self.end();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ended.text()
    }
}

impl Ended {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("the output is text")
    }
}

/// The path of a test file.
pub(crate) fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    path.to_str().expect("the path is text").to_owned()
}

/// The text of a test file.
pub(crate) fn content(name: &str) -> String {
    std::fs::read_to_string(file(name)).expect("the test file is there")
}
