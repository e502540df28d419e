use core::fmt;
use std::sync::Arc;

use jeton_jose::backend::Randomness;
use jeton_jose::base64url;
use jeton_oauth::Credential;
use zeroize::Zeroizing;

/// Where names and secrets are drawn from.
#[derive(Clone)]
pub struct Random(Arc<dyn Randomness + Send + Sync>);

/// The source of randomness failed: nothing may be made without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the source of randomness failed")]
pub struct NoRandomness;

impl Random {
    /// Draws from this source.
    pub fn new(source: impl Randomness + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// A public name of 128 bits, as text.
    pub(crate) fn id(&self) -> Result<String, NoRandomness> {
        let mut bytes = [0; 16];
        self.fill(&mut bytes)?;
        Ok(base64url::encode(&bytes))
    }

    /// A secret of 256 bits, as text.
    pub(crate) fn secret(&self) -> Result<Credential, NoRandomness> {
        let mut bytes = Zeroizing::new([0; 32]);
        self.fill(bytes.as_mut())?;
        Ok(Credential::new(base64url::encode(bytes.as_ref())))
    }

    /// A number below `end`; 0 where that is 0. Its bias is below one in 2^32.
    pub(crate) fn below(&self, end: u32) -> Result<u32, NoRandomness> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        let drawn = u64::from_le_bytes(bytes).checked_rem(u64::from(end));
        Ok(u32::try_from(drawn.unwrap_or_default()).unwrap_or_default())
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        self.0.fill(bytes).ok_or(NoRandomness)
    }

    /// As the core takes it.
    pub(crate) fn source(&self) -> &dyn Randomness {
        self.0.as_ref()
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random(..)")
    }
}
