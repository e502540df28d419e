//! A test that runs in a process of its own, as another test has it run. It is told where over its
//! standard input.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs a test of this program by its name under `program`, whose words come before; the folder is
/// what [`folder`] reads there. `None` if there is no such program.
pub(crate) fn run(program: &mut Command, test: &str, folder: &Path) -> Option<Output> {
    let mut child = program
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", test, "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    // One that could not get so far does not read.
    drop(writeln!(
        child.stdin.take().unwrap(),
        "{}",
        folder.display()
    ));
    Some(child.wait_with_output().unwrap())
}

/// In the child: where it is to work.
pub(crate) fn folder() -> PathBuf {
    let mut folder = String::new();
    std::io::stdin().read_line(&mut folder).unwrap();
    folder.trim().into()
}
