//! How many syncs of the disk a refresh costs under load, counted from outside.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::contestant::{self, Contestant};
use crate::load::{self, Pressure};
use crate::rounds::CONNECTIONS;
use crate::work::Work;

const PRESSURE: Pressure = Pressure {
    lasts: Duration::from_secs(3),
    pace: None,
};

/// Runs refreshes under strace, whose time is nobody's: only the counts are used.
pub async fn count(contestant: &dyn Contestant, peers: &Path) -> anyhow::Result<()> {
    let server = contestant.serving(Work::Refresh);
    for connections in [1, CONNECTIONS] {
        let askings = contestant::askings(contestant, Work::Refresh, connections, peers).await?;
        let mut strace = Command::new("strace");
        strace.args(["-f", "-q", "-e", "trace=fsync,fdatasync", "-p"]);
        strace.arg(server.process.id().to_string());
        let Ok(child) = strace.stderr(Stdio::piped()).spawn() else {
            println!("syncs are not counted: strace is not installed");
            return Ok(());
        };
        // It attaches in a moment.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (outcome, _) = load::run(server.address()?, askings, PRESSURE).await?;
        interrupt(child.id())?;
        let output = child.wait_with_output().context("strace")?;
        let log = String::from_utf8_lossy(&output.stderr);
        let syncs = log.lines().filter(|line| line.contains("sync(")).count();
        if syncs == 0 {
            println!(
                "syncs are not counted: {}",
                log.lines().next().unwrap_or_default()
            );
            return Ok(());
        }
        println!(
            "{} refreshes on {connections} connections: {syncs} syncs, {:.2} a refresh",
            outcome.count(),
            syncs as f64 / outcome.count() as f64
        );
    }
    Ok(())
}

fn interrupt(process: u32) -> anyhow::Result<()> {
    let status = Command::new("kill")
        .args(["-INT", &process.to_string()])
        .status()?;
    if !status.success() {
        bail!("strace cannot be ended");
    }
    Ok(())
}
