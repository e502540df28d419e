//! Who takes part.

mod bare;
mod child;
mod jeton;
mod jsonwebtoken;
mod jwt_simple;

pub use bare::Bare;
pub use child::Child;
pub use jeton::Jeton;
pub use jsonwebtoken::JsonWebToken;
pub use jwt_simple::JwtSimple;

use std::time::Instant;

use crate::case::Case;

/// A library under a name, which is handed one case at a time.
pub trait Contestant {
    fn name(&self) -> &'static str;

    /// Makes keys and rules ready, which is not timed. `None`: the library lacks the algorithm.
    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>>;
}

/// A contestant that is ready for one case.
pub trait Turn {
    /// Verifies the case's token `times` times; nanoseconds of one.
    fn verify(&mut self, times: u32) -> anyhow::Result<f64>;

    /// Whether it signs as well as verifies.
    fn signs(&self) -> bool {
        true
    }

    /// Signs the case's claims `times` times; nanoseconds of one.
    fn sign(&mut self, times: u32) -> anyhow::Result<f64>;
}

/// Nanoseconds that one call of `work` takes, over `times` calls.
pub fn nanoseconds(
    times: u32,
    mut work: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<f64> {
    let began = Instant::now();
    for _ in 0..times {
        work()?;
    }
    Ok(began.elapsed().as_secs_f64() * 1e9 / f64::from(times))
}
