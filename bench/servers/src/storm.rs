//! A login storm: what a login costs beside the bare hash, and what others feel of it.

use std::path::Path;
use std::time::Duration;

use crate::contestant::{self, Contestant, Jeton};
use crate::load::{self, Asking, Outcome, Pressure};
use crate::process::Server;
use crate::rounds::{Bare, median, said};
use crate::work::Work;

const ROUNDS: usize = 5;
const LOGINS_AT_ONCE: usize = 8;
const LOGINS: Pressure = Pressure {
    lasts: Duration::from_secs(3),
    pace: None,
};
/// Introspections come at a steady pace, 500 a second: the processor is free for each, if the
/// logins let it.
const CONNECTIONS: usize = 8;
const INTROSPECTIONS: Pressure = Pressure {
    lasts: Duration::from_secs(3),
    pace: Some(Duration::from_millis(16)),
};

pub async fn measure(jeton: &Jeton, bare: &Bare, peers: &Path) -> anyhow::Result<Vec<String>> {
    let server = jeton.serving(Work::Introspection);
    let address = server.address()?;
    let [mut calm, mut stormy, mut login, mut per_second] = [const { Vec::new() }; 4];
    let [mut calm_high, mut stormy_high] = [0.0_f64; 2];
    for _ in 0..ROUNDS {
        let (alone, spent) = logins_alone(
            &server.process,
            address,
            jeton.logins(peers, LOGINS_AT_ONCE)?,
        )
        .await?;
        login.push(spent);
        per_second.push(alone.per_second());
        let askings = contestant::introspections(jeton, CONNECTIONS).await?;
        let (before, askings) = load::run(address, askings, INTROSPECTIONS).await?;
        let logins = jeton.logins(peers, LOGINS_AT_ONCE)?;
        let (during, _) = tokio::join!(
            load::run(address, askings, INTROSPECTIONS),
            load::run(address, logins, LOGINS),
        );
        let (during, _) = during?;
        calm.push(before.percentile(99));
        stormy.push(during.percentile(99));
        calm_high = calm_high.max(before.percentile(100));
        stormy_high = stormy_high.max(during.percentile(100));
    }
    println!(
        "logins alone: {:.1} a second, {:.0} µs of processor time each",
        median(&per_second),
        median(&login)
    );
    println!(
        "introspection at 500 a second, p99 {:.2} ms (highest {calm_high:.2}); during a login \
         storm p99 {:.2} ms (highest {stormy_high:.2})",
        median(&calm),
        median(&stormy),
    );
    let hash = bare.get("argon2id").copied().unwrap_or(f64::NAN);
    let name = "login, processor time";
    Ok(vec![said(
        name,
        median(&login) / hash,
        1.1,
        "the bare hash's",
    )])
}

async fn logins_alone(
    process: &Server,
    address: &str,
    logins: Vec<Asking>,
) -> anyhow::Result<(Outcome, f64)> {
    let before = process.processor_time()?;
    let (outcome, _) = load::run(address, logins, LOGINS).await?;
    let spent = process.processor_time()? - before;
    let each = spent / outcome.count() as f64;
    Ok((outcome, each))
}
