//! Instructions instead of time: what noise cannot touch.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::case::Case;
use crate::contestant::{Bare, Contestant, Jeton};

/// Verifications of the short and the long run; what they differ by, nothing else, is counted.
const RUNS: [u32; 2] = [20, 120];

/// Counts every row with the bare primitive, with jeton, and with jeton without the primitive.
pub fn all() -> anyhow::Result<()> {
    let keys = std::env::temp_dir().join(format!("jeton-count-{}", std::process::id()));
    println!("Instructions per verification, counted by callgrind.\n");
    println!(
        "    {:14} {:>12} {:>12} {:>12} {:>22}",
        "", "bare", "jeton", "added", "jeton without primitive"
    );
    for case in Case::signed(&keys)? {
        let name = case.name();
        let bare = instructions("bare", &name, &keys)?;
        let jeton = instructions("jeton", &name, &keys)?;
        let stub = instructions("stub", &name, &keys)?;
        let added = jeton as i64 - bare as i64;
        println!("    {name:14} {bare:>12} {jeton:>12} {added:>12} {stub:>22}");
    }
    std::fs::remove_dir_all(&keys)?;
    Ok(())
}

/// Verifies `times` times: what runs under callgrind.
pub fn spin(who: &str, case: &str, times: u32, keys: &Path) -> anyhow::Result<()> {
    let mut contestant: Box<dyn Contestant> = match who {
        "bare" => Box::new(Bare),
        "jeton" => Box::new(Jeton::AWS_LC),
        "stub" => Box::new(Jeton::STUB),
        _ => bail!("nobody is called {who}"),
    };
    let cases = Case::signed(keys)?;
    let case = cases.iter().find(|known| known.name() == case);
    let case = case.context("no such case")?;
    let turn = contestant.prepare(case)?;
    turn.context("it lacks the algorithm")?.take(times)?;
    Ok(())
}

fn instructions(who: &str, case: &str, keys: &Path) -> anyhow::Result<u64> {
    let [short, long] = RUNS;
    let few = run(who, case, short, keys)?;
    let many = run(who, case, long, keys)?;
    Ok(many.saturating_sub(few) / u64::from(long - short))
}

fn run(who: &str, case: &str, times: u32, keys: &Path) -> anyhow::Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(std::env::current_exe()?);
    valgrind
        .args(["spin", who, case, &times.to_string()])
        .arg(keys);
    let output = valgrind.output().context("valgrind")?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind ended with {}:\n{log}", output.status);
    }
    // "==1234== Collected : 5678"
    let count = log.lines().find_map(|line| line.split_once("Collected : "));
    let (_, count) = count.context("callgrind gave no count")?;
    Ok(count.trim().parse()?)
}
