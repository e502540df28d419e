use argon2::{Algorithm, Argon2, Params, Version};
use jeton_settings::Size;

/// Bytes of a hash.
pub(super) const OUTPUT: usize = 32;

/// Least memory times passes. OWASP's weakest choice is 7 MiB and 5 passes.
const LEAST_WORK: u64 = 35 << 10;
/// Most memory times passes, about a second.
const MOST_WORK: u64 = 1 << 20;
const LEAST_MEMORY: u64 = 7 << 10;
const MOST_MEMORY: u64 = 256 << 10;
const MOST_PASSES: u32 = 32;
const MOST_LANES: u32 = 16;

/// The parameters of argon2id, within sane bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    kibibytes: u32,
    passes: u32,
    lanes: u32,
}

/// Parameters out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParametersError {
    /// The memory.
    #[error("the memory of a password hash is from 7MiB to 256MiB, in whole KiB")]
    Memory,
    /// The passes.
    #[error("a password hash has from 1 to {MOST_PASSES} passes")]
    Passes,
    /// The lanes.
    #[error("a password hash has from 1 to {MOST_LANES} lanes")]
    Lanes,
    /// A hash would be computed too fast.
    #[error(
        "a password hash with so little memory and so few passes is too weak: memory times passes is at least 35MiB"
    )]
    Weak,
    /// A hash would take too long.
    #[error(
        "a password hash with so much memory and so many passes takes too long: memory times passes is at most 1GiB"
    )]
    Slow,
}

impl Parameters {
    /// Checks them.
    ///
    /// # Errors
    /// Which is out of bounds.
    pub fn new(memory: Size, passes: u32, lanes: u32) -> Result<Self, ParametersError> {
        let kibibytes = u32::try_from(memory.bytes() >> 10)
            .ok()
            .filter(|_| memory.bytes().is_multiple_of(1024))
            .ok_or(ParametersError::Memory)?;
        let parameters = Self {
            kibibytes,
            passes,
            lanes,
        };
        if u64::from(kibibytes) < LEAST_MEMORY {
            return Err(ParametersError::Memory);
        }
        parameters.check_cost()?;
        if parameters.work() < LEAST_WORK {
            return Err(ParametersError::Weak);
        }
        Ok(parameters)
    }

    /// Of a hash that was computed elsewhere: weak ones are read, so that they can be replaced, but
    /// none that would cost more than one of ours may.
    pub(super) fn of_stored(params: &Params) -> Result<Self, ParametersError> {
        let parameters = Self {
            kibibytes: params.m_cost(),
            passes: params.t_cost(),
            lanes: params.p_cost(),
        };
        parameters.check_cost()?;
        Ok(parameters)
    }

    /// argon2id with these parameters.
    pub(super) fn argon2id(self) -> Option<Argon2<'static>> {
        let params = Params::new(self.kibibytes, self.passes, self.lanes, Some(OUTPUT)).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    fn check_cost(self) -> Result<(), ParametersError> {
        if u64::from(self.kibibytes) > MOST_MEMORY {
            return Err(ParametersError::Memory);
        }
        if !(1..=MOST_PASSES).contains(&self.passes) {
            return Err(ParametersError::Passes);
        }
        if !(1..=MOST_LANES).contains(&self.lanes) {
            return Err(ParametersError::Lanes);
        }
        if self.work() > MOST_WORK {
            return Err(ParametersError::Slow);
        }
        Ok(())
    }

    fn work(self) -> u64 {
        u64::from(self.kibibytes) * u64::from(self.passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(mebibytes: usize, passes: u32, lanes: u32) -> Result<Parameters, ParametersError> {
        Parameters::new(Size::from_bytes(mebibytes << 20), passes, lanes)
    }

    #[test]
    fn the_choices_of_owasp_are_admitted_and_weaker_ones_refused() {
        for (mebibytes, passes) in [(46, 1), (19, 2), (12, 3), (9, 4), (7, 5)] {
            assert!(new(mebibytes, passes, 1).is_ok(), "{mebibytes} {passes}");
        }
        assert_eq!(new(19, 1, 1), Err(ParametersError::Weak));
        assert_eq!(new(7, 4, 1), Err(ParametersError::Weak));
        assert_eq!(new(6, 32, 1), Err(ParametersError::Memory));
    }

    #[test]
    fn what_would_take_the_machine_is_refused() {
        assert_eq!(new(257, 1, 1), Err(ParametersError::Memory));
        assert_eq!(new(1 << 30, 1, 1), Err(ParametersError::Memory));
        assert_eq!(new(256, 5, 1), Err(ParametersError::Slow));
        assert_eq!(new(19, 33, 1), Err(ParametersError::Passes));
        assert_eq!(new(19, 0, 1), Err(ParametersError::Passes));
        assert_eq!(new(19, 2, 0), Err(ParametersError::Lanes));
        assert_eq!(new(19, 2, 17), Err(ParametersError::Lanes));
        let odd = Size::from_bytes((19 << 20) + 1);
        assert_eq!(Parameters::new(odd, 2, 1), Err(ParametersError::Memory));
    }
}
