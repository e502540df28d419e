//! The page's tests: types, parts, and a browser that does what people do.

use anyhow::bail;

use crate::interop;
use crate::process::{self, cargo, program};
use crate::server::Server;
use crate::steps::Steps;
use crate::web;

/// Names that browsers of the Chromium family go by.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Builds the page into the program and tests both.
pub(crate) fn test(steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("page: types", || {
        process::run(web::npm().args(["run", "check"]))
    })?;
    steps.run("page: parts", || {
        let python = interop::install()?.join("venv").join("bin").join("python");
        let mut test = web::npm();
        process::run(test.args(["test"]).env("JETON_PYTHON", python))
    })?;
    steps.run("page: in a browser", || {
        let browser = chromium()?;
        process::run(&mut cargo("build --package jeton --features embed"))?;
        let binary = format!("jeton{}", std::env::consts::EXE_SUFFIX);
        let binary = process::target().join("debug").join(binary);
        let server = Server::start(&binary)?;
        let mut drive = web::npm();
        drive.args(["run", "e2e"]).env("CHROMIUM", browser);
        drive.env("JETON", binary);
        process::run(drive.env("JETON_URL", server.url()))
    })
}

/// The browser, installed where Debian's package manager can do it.
fn chromium() -> anyhow::Result<String> {
    if process::exists("apt-get") && !CHROMIUM.iter().any(|name| process::exists(name)) {
        eprintln!("    there is no Chromium; installing Debian's");
        let root = process::output(program("id").arg("-u"))?.trim() == "0";
        for words in [
            &["apt-get", "update"][..],
            &[
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
                "chromium",
            ],
        ] {
            let words = if root {
                words.to_vec()
            } else {
                [&["sudo"], words].concat()
            };
            process::run(program(words[0]).args(&words[1..]))?;
        }
    }
    for name in CHROMIUM {
        if process::exists(name) {
            let path =
                process::output(program("sh").args(["-c", "command -v \"$1\"", "sh", name]))?;
            return Ok(path.trim().to_owned());
        }
    }
    bail!("there is no Chromium; install one, the page is tested in it")
}
