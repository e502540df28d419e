//! The rounds, and the table of their medians.

use std::path::Path;

use crate::case::Case;
use crate::contestant::{Bare, Child, Contestant, Jeton, Josekit, JsonWebToken, JwtSimple, Turn};

/// How often everyone has a turn.
const ROUNDS: usize = 101;
/// How long a turn should take: short, so that a slow moment of the machine hits a whole round.
const TURN_NANOSECONDS: f64 = 3e6;
/// How often a turn repeats the work at most, so that nobody's first guess runs away.
const MOST_TIMES: f64 = 200_000.0;

/// What is timed.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Take,
    Make,
}

/// A contestant in the middle of a row.
struct Entry<'a> {
    name: &'static str,
    turn: Box<dyn Turn + 'a>,
    times: u32,
    nanoseconds: Vec<f64>,
}

/// Times all rows whose name contains `filter`. `folder` is where the peers are installed.
pub fn time(folder: &Path, filter: &str) -> anyhow::Result<()> {
    let mut contestants: Vec<Box<dyn Contestant>> = vec![
        Box::new(Bare),
        Box::new(Jeton::STUB),
        Box::new(Jeton::AWS_LC),
        Box::new(Jeton::RUSTCRYPTO),
        Box::new(JsonWebToken),
        Box::new(JwtSimple),
        Box::new(Josekit),
        Box::new(Child::node("fast-jwt (Node)", "fast-jwt", folder)?),
        Box::new(Child::node("jose (Node)", "jose", folder)?),
        Box::new(Child::node("jsonwebtoken (Node)", "jsonwebtoken", folder)?),
    ];
    for name in ["PyJWT", "joserfc"] {
        match Child::python(name, folder)? {
            Some(child) => contestants.push(Box::new(child)),
            None => println!("{name} is left out: there is no Python environment"),
        }
    }
    println!(
        "Microseconds, median of {ROUNDS} rounds in turns. Everyone checks signature, iss, aud and \
         exp of the\nsame token under the same key and hands all claims out; everyone signs the \
         same claims;\neveryone decrypts the same token under the same key, and encrypts the same \
         claims.\n\"added\" is the median of what stood above the bare primitive in the same \
         round, \"x bare\" the\nratio of the medians.\n"
    );
    let keys = folder.join("bench-keys");
    let cases = [Case::signed(&keys)?, Case::encrypted(&keys)?].concat();
    for case in cases {
        for work in [Work::Take, Work::Make] {
            let verb = match (work, case.encryption) {
                (Work::Take, None) => "verify",
                (Work::Make, None) => "sign",
                (Work::Take, Some(_)) => "decrypt",
                (Work::Make, Some(_)) => "encrypt",
            };
            let name = format!("{verb} {}", case.name());
            if name.contains(filter) {
                row(&name, work, &case, &mut contestants)?;
            }
        }
    }
    Ok(())
}

fn row(
    name: &str,
    work: Work,
    case: &Case,
    contestants: &mut [Box<dyn Contestant>],
) -> anyhow::Result<()> {
    println!("{name} ({} bytes)", case.token.len());
    println!(
        "    {:24} {:>9} {:>9} {:>9} {:>17}",
        "", "median", "added", "x bare", "quartiles"
    );
    let mut entries = Vec::new();
    for contestant in contestants {
        let name = contestant.name();
        match contestant.prepare(case)? {
            Some(turn) if work == Work::Take || turn.makes() => {
                entries.push(Entry::new(name, turn, work)?);
            }
            // Of those who do not take part at all, nothing is said.
            Some(_) => println!("    {name:24} {:>9}", "-"),
            None => {}
        }
    }
    let count = entries.len();
    for round in 0..ROUNDS {
        for position in 0..count {
            entries[(round + position) % count].play(work)?;
        }
    }
    let bare = entries[0].nanoseconds.clone();
    let [_, bare_median, _] = quartiles(&bare);
    for entry in &entries {
        let [low, median, high] = quartiles(&entry.nanoseconds);
        let above = entry.nanoseconds.iter().zip(&bare);
        let above: Vec<f64> = above.map(|(own, bare)| own - bare).collect();
        let [_, added, _] = quartiles(&above);
        // Without the primitive there is nothing to compare: the time is the library's own.
        let (added, ratio) = if entry.name == Jeton::STUB.name() {
            ("-".to_owned(), "-".to_owned())
        } else {
            (
                format!("{added:.2}"),
                format!("{:.2}", median / bare_median),
            )
        };
        println!(
            "    {:24} {median:>9.2} {added:>9} {ratio:>9} {low:>8.2} {high:>8.2}",
            entry.name,
        );
    }
    println!();
    Ok(())
}

impl<'a> Entry<'a> {
    /// Warms up and finds out how many make a turn.
    fn new(name: &'static str, turn: Box<dyn Turn + 'a>, work: Work) -> anyhow::Result<Self> {
        let mut entry = Self {
            name,
            turn,
            times: 1,
            nanoseconds: Vec::new(),
        };
        for _ in 0..4 {
            entry.play(work)?;
            let last = entry.nanoseconds.pop().unwrap_or(TURN_NANOSECONDS);
            entry.times = (TURN_NANOSECONDS / last).clamp(1.0, MOST_TIMES) as u32;
        }
        Ok(entry)
    }

    fn play(&mut self, work: Work) -> anyhow::Result<()> {
        self.nanoseconds.push(match work {
            Work::Take => self.turn.take(self.times)?,
            Work::Make => self.turn.make(self.times)?,
        });
        Ok(())
    }
}

/// Lower quartile, median and upper quartile in microseconds.
fn quartiles(nanoseconds: &[f64]) -> [f64; 3] {
    let mut sorted = nanoseconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| sorted[sorted.len() * quarter / 4] / 1000.0)
}
