//! The rounds, and what is printed of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

use crate::bare::Primitive;
use crate::contestant::{self, Contestant, Jeton, Reference};
use crate::load::{self, Asking, Outcome, Pressure};
use crate::process::Memory;
use crate::work::{Target, Work};
use crate::{storm, syncs};

/// How often everyone has a turn.
const ROUNDS: usize = 7;
/// How many ask at once.
pub const CONNECTIONS: usize = 16;
/// Until a server knows its work by heart.
const WARM_UP: Pressure = Pressure {
    lasts: Duration::from_secs(1),
    pace: None,
};
const TURN: Pressure = Pressure {
    lasts: Duration::from_secs(1),
    pace: None,
};

/// One contestant in one row.
#[derive(Default)]
struct Figures {
    per_second: Vec<f64>,
    processor: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
}

/// Bare processor times in microseconds.
pub type Bare = BTreeMap<&'static str, f64>;

/// Times everything. `peers` is where the peers are installed.
pub async fn time(peers: &Path, binary: Option<&Path>) -> anyhow::Result<()> {
    let folder = peers.join("bench-servers");
    let reference = Reference::start(peers)?;
    let jeton = binary
        .map(|binary| Jeton::start(peers, binary, &folder))
        .transpose()?;
    let mut contestants: Vec<&dyn Contestant> = vec![&reference];
    contestants.extend(jeton.as_ref().map(|jeton| jeton as &dyn Contestant));
    println!(
        "One processor each, {CONNECTIONS} connections, median of {ROUNDS} rounds of {} s in \
         turns.\nProcessor time in microseconds a request, latencies in milliseconds.\n",
        TURN.lasts.as_secs()
    );
    let rest = memories(&contestants)?;
    let bare = bare()?;
    let mut verdicts = Vec::new();
    for work in Work::ALL {
        let figures = row(work, &contestants, peers).await?;
        print_row(work, &contestants, &figures);
        verdicts.extend(verdict(work, &figures, &bare));
    }
    print_memory(&contestants, &rest)?;
    if let Some(jeton) = &jeton {
        syncs::count(jeton, peers).await?;
        verdicts.extend(memory_verdicts(jeton, &rest)?);
        verdicts.extend(storm::measure(jeton, &bare, peers).await?);
    }
    println!("\nTargets");
    verdicts
        .iter()
        .for_each(|verdict| println!("    {verdict}"));
    Ok(())
}

/// Measures the bare primitives.
fn bare() -> anyhow::Result<Bare> {
    let mut bare = Bare::new();
    println!("bare primitive");
    for primitive in Primitive::ALL {
        let rounds = (0..ROUNDS).map(|_| primitive.measure());
        let time = median(&rounds.collect::<anyhow::Result<Vec<_>>>()?);
        println!("    {:16} {time:>10.1} µs", primitive.name());
        bare.insert(primitive.name(), time);
    }
    println!();
    Ok(bare)
}

async fn row(
    work: Work,
    contestants: &[&dyn Contestant],
    peers: &Path,
) -> anyhow::Result<Vec<Figures>> {
    let mut askings = Vec::new();
    let mut figures = Vec::new();
    for contestant in contestants {
        let asked = contestant::askings(*contestant, work, CONNECTIONS, peers).await;
        let asked = asked.with_context(|| format!("{}: {}", contestant.name(), work.name()))?;
        let (_, asked) = turn(*contestant, work, asked, WARM_UP).await?;
        askings.push(asked);
        figures.push(Figures::default());
    }
    for _ in 0..ROUNDS {
        for ((contestant, asked), figures) in contestants.iter().zip(&mut askings).zip(&mut figures)
        {
            let process = &contestant.serving(work).process;
            let before = process.processor_time()?;
            let (outcome, left) = turn(*contestant, work, std::mem::take(asked), TURN).await?;
            let spent = process.processor_time()? - before;
            figures.add(&outcome, spent);
            *asked = left;
        }
    }
    Ok(figures)
}

async fn turn(
    contestant: &dyn Contestant,
    work: Work,
    askings: Vec<Asking>,
    pressure: Pressure,
) -> anyhow::Result<(Outcome, Vec<Asking>)> {
    let address = contestant.serving(work).address()?;
    let outcome = load::run(address, askings, pressure).await;
    outcome.with_context(|| format!("{}: {}", contestant.name(), work.name()))
}

impl Figures {
    fn add(&mut self, outcome: &Outcome, processor: f64) {
        self.per_second.push(outcome.per_second());
        self.processor.push(processor / outcome.count() as f64);
        self.p50.push(outcome.percentile(50));
        self.p99.push(outcome.percentile(99));
    }
}

fn print_row(work: Work, contestants: &[&dyn Contestant], figures: &[Figures]) {
    println!(
        "{:20} {:>10} {:>10} {:>9} {:>9}",
        work.name(),
        "a second",
        "cpu µs",
        "p50 ms",
        "p99 ms"
    );
    for (contestant, figures) in contestants.iter().zip(figures) {
        println!(
            "    {:16} {:>10.0} {:>10.1} {:>9.2} {:>9.2}",
            contestant.name(),
            median(&figures.per_second),
            median(&figures.processor),
            median(&figures.p50),
            median(&figures.p99),
        );
    }
    println!();
}

fn verdict(work: Work, figures: &[Figures], bare: &Bare) -> Option<String> {
    let [reference, own] = figures else {
        return None;
    };
    let own = median(&own.processor);
    let (what, basis, most) = match work.target()? {
        Target::Share(most) => ("oidc-provider's", median(&reference.processor), most),
        Target::Bare(most) => ("the bare signature's", *bare.get("RS256")?, most),
    };
    let name = format!("{}, processor time", work.name());
    Some(said(&name, own / basis, most, what))
}

/// Whether a share is within its target.
pub fn said(name: &str, ratio: f64, most: f64, of: &str) -> String {
    let verdict = if ratio <= most { "reached" } else { "MISSED" };
    format!("{name:44} {ratio:>7.3} of {of} (at most {most:.3}): {verdict}")
}

fn memories(contestants: &[&dyn Contestant]) -> anyhow::Result<Vec<Memory>> {
    let memory = |contestant: &&dyn Contestant| contestant.serving(Work::KeySet).process.memory();
    contestants.iter().map(memory).collect()
}

fn print_memory(contestants: &[&dyn Contestant], rest: &[Memory]) -> anyhow::Result<()> {
    println!(
        "{:20} {:>10} {:>10} {:>9}",
        "resident MB", "at rest", "after", "highest"
    );
    let after = memories(contestants)?;
    for ((contestant, rest), after) in contestants.iter().zip(rest).zip(&after) {
        println!(
            "    {:16} {:>10.1} {:>10.1} {:>9.1}",
            contestant.name(),
            rest.now,
            after.now,
            after.highest,
        );
    }
    println!();
    Ok(())
}

fn memory_verdicts(jeton: &dyn Contestant, rest: &[Memory]) -> anyhow::Result<[String; 2]> {
    let rest = rest.last().context("nothing was measured")?.now;
    let highest = jeton.serving(Work::KeySet).process.memory()?.highest;
    Ok([
        said("memory at rest", rest, 40.0, "a megabyte"),
        said("memory under load", highest, 80.0, "a megabyte"),
    ])
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
