//! Who takes part.

mod bare;
mod bare_encryption;
mod child;
mod jeton;
mod jeton_encryption;
mod josekit;
mod jsonwebtoken;
mod jwt_simple;

pub use bare::Bare;
pub use child::Child;
pub use jeton::Jeton;
pub use jeton_encryption::encrypted;
pub use josekit::Josekit;
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
    /// Verifies or decrypts the case's token `times` times; nanoseconds of one.
    fn take(&mut self, times: u32) -> anyhow::Result<f64>;

    /// Whether it makes tokens as well as it takes them.
    fn makes(&self) -> bool {
        true
    }

    /// Signs or encrypts the case's claims `times` times; nanoseconds of one.
    fn make(&mut self, times: u32) -> anyhow::Result<f64>;
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
