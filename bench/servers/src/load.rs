//! The load: connections that each ask again as soon as they are answered, or at a steady pace.

use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::task::JoinSet;

use crate::connection::Connection;

/// What one connection asks again and again.
pub enum Asking {
    /// The same each time.
    Same(Vec<u8>),
    /// With the refresh token of the answer before; kept for the next round.
    Refresh { head: String, token: String },
}

/// How hard.
#[derive(Clone, Copy)]
pub struct Pressure {
    pub lasts: Duration,
    /// The time between two requests of one connection; as fast as it is answered if there is none.
    pub pace: Option<Duration>,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    /// Ascending.
    pub latencies: Vec<Duration>,
    pub took: Duration,
}

/// Runs one connection for each `askings`, which come back as they were left.
pub async fn run(
    address: &str,
    askings: Vec<Asking>,
    pressure: Pressure,
) -> anyhow::Result<(Outcome, Vec<Asking>)> {
    let mut connections = Vec::new();
    for asking in askings {
        connections.push((Connection::open(address).await?, asking));
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (connection, asking) in connections {
        tasks.spawn(keep_asking(connection, asking, began, pressure));
    }
    let mut outcome = Outcome::default();
    let mut left = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (latencies, asking) = done??;
        outcome.latencies.extend(latencies);
        left.push(asking);
    }
    outcome.took = began.elapsed();
    outcome.latencies.sort_unstable();
    Ok((outcome, left))
}

async fn keep_asking(
    mut connection: Connection,
    mut asking: Asking,
    began: Instant,
    pressure: Pressure,
) -> anyhow::Result<(Vec<Duration>, Asking)> {
    let mut latencies = Vec::with_capacity(1 << 16);
    let mut interval = pressure.pace.map(tokio::time::interval);
    while began.elapsed() < pressure.lasts {
        if let Some(interval) = &mut interval {
            interval.tick().await;
        }
        let request = asking.request();
        let sent = Instant::now();
        let (status, body) = connection.ask(&request).await?;
        latencies.push(sent.elapsed());
        // A form is answered with the way to the next page.
        if !matches!(status, 200 | 303) {
            bail!("status {status}: {}", String::from_utf8_lossy(body));
        }
        asking.take(body)?;
    }
    Ok((latencies, asking))
}

impl Asking {
    fn request(&self) -> std::borrow::Cow<'_, [u8]> {
        match self {
            Self::Same(request) => request.into(),
            Self::Refresh { head, token } => {
                let body = format!("grant_type=refresh_token&refresh_token={token}");
                let length = body.len();
                format!("{head}Content-Length: {length}\r\n\r\n{body}")
                    .into_bytes()
                    .into()
            }
        }
    }

    fn take(&mut self, body: &[u8]) -> anyhow::Result<()> {
        if let Self::Refresh { token, .. } = self {
            let answer: serde_json::Value = serde_json::from_slice(body)?;
            let Some(next) = answer["refresh_token"].as_str() else {
                bail!("a refresh without a refresh token");
            };
            if next == token {
                bail!("the refresh token was not rotated");
            }
            next.clone_into(token);
        }
        Ok(())
    }
}

impl Outcome {
    pub fn count(&self) -> usize {
        self.latencies.len()
    }

    pub fn per_second(&self) -> f64 {
        self.count() as f64 / self.took.as_secs_f64()
    }

    /// The latency in milliseconds that this share of all requests did not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = (self.count() * percent / 100).min(self.count().saturating_sub(1));
        self.latencies
            .get(at)
            .map_or(0.0, |latency| latency.as_secs_f64())
            * 1e3
    }
}
