//! A server as a process: bound to one processor, watched from outside, ended when it is dropped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};

/// Ticks of `/proc/PID/stat` are hundredths of a second on Linux.
const TICK_MICROSECONDS: f64 = 10_000.0;

/// The processor of whoever is measured; the load runs on the other.
pub const MEASURED: &str = "1";
pub const LOAD: &str = "0";

pub struct Server {
    child: Child,
    first_line: String,
}

/// Resident memory in megabytes.
#[derive(Clone, Copy)]
pub struct Memory {
    pub now: f64,
    pub highest: f64,
}

impl Server {
    /// Starts a program on the processor for what is measured and waits for its first line.
    pub fn start(command: &Command) -> anyhow::Result<Self> {
        let mut pinned = on_one_processor(command);
        let mut child = pinned
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started", command.get_program().display()))?;
        let stdout = child.stdout.take().context("no output")?;
        let mut server = Self {
            child,
            first_line: String::new(),
        };
        let mut lines = BufReader::new(stdout);
        if lines.read_line(&mut server.first_line)? == 0 {
            bail!("the server ended without a word");
        }
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(server)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn first_line(&self) -> &str {
        &self.first_line
    }

    /// Processor time of all its threads so far, in microseconds.
    pub fn processor_time(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        let (_, fields) = stat.rsplit_once(')').context("no name in stat")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [user, system] = [11, 12].map(|at| fields.get(at).map(|text| text.parse::<f64>()));
        let ticks = user.context("no utime")?? + system.context("no stime")??;
        Ok(ticks * TICK_MICROSECONDS)
    }

    pub fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let field = |name: &str| -> anyhow::Result<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().next());
            Ok(kilobytes
                .with_context(|| format!("no {name}"))?
                .parse::<f64>()?
                / 1024.0)
        };
        Ok(Memory {
            now: field("VmRSS:")?,
            highest: field("VmHWM:")?,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The same program, bound to the processor for what is measured.
pub fn on_one_processor(command: &Command) -> Command {
    let mut pinned = Command::new("taskset");
    pinned
        .args(["--cpu-list", MEASURED])
        .arg(command.get_program());
    pinned.args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            pinned.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        pinned.current_dir(folder);
    }
    pinned
}

/// Binds this process to the other processor.
pub fn step_aside() -> anyhow::Result<()> {
    let own = std::process::id().to_string();
    let mut bind = Command::new("taskset");
    bind.args(["--all-tasks", "--cpu-list", "--pid", LOAD, &own]);
    let output = bind.output().context("taskset")?;
    if !output.status.success() {
        bail!("taskset: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
