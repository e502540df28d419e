use core::fmt;
use core::time::Duration;

use jeton_jose::key::{SigningError, SigningKey, VerifyingKey};
use jeton_jose::{UnixTime, base64url};

/// The cookie by which a browser is known to have signed in to an account before.
///
/// It proves nothing about who sits there; it only says whose failures count. Its value is one proof
/// for each of the last `MOST` accounts, the newest first: device, time and a MAC over both and
/// the account, so that a proof of one account is none of another.
pub struct DeviceCookies {
    signing: SigningKey,
    verifying: VerifyingKey,
}

/// A device that is known to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceId([u8; 16]);

/// Accounts that a browser is known to.
const MOST: usize = 4;
/// How long a browser stays known without signing in.
const LIFETIME: Duration = Duration::from_hours(400 * 24);
const CONTEXT: &[u8] = b"jeton device\0";
const DEVICE: usize = 16;
const TIME: usize = 8;
/// The longest cookie that is looked at.
const LONGEST: usize = 1024;

impl DeviceCookies {
    /// For `Max-Age`, in seconds; browsers keep no cookie for longer.
    pub const MAX_AGE: u64 = LIFETIME.as_secs();

    /// With the two halves of one HMAC key, which serves nothing else.
    pub fn new(signing: SigningKey, verifying: VerifyingKey) -> Self {
        Self { signing, verifying }
    }

    /// The device, if the cookie proves that it is known to this account.
    pub fn recognise(&self, cookie: &str, account: &str, now: UnixTime) -> Option<DeviceId> {
        proofs(cookie).find_map(|proof| self.open(proof, account, now))
    }

    /// The cookie's new value after a sign-in: a known device keeps its name, another gets the one
    /// that the caller drew.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn prove(
        &self,
        cookie: Option<&str>,
        account: &str,
        fresh: DeviceId,
        now: UnixTime,
    ) -> Result<String, SigningError> {
        let cookie = cookie.unwrap_or_default();
        let device = self.recognise(cookie, account, now).unwrap_or(fresh);
        let mut proof = Vec::with_capacity(64);
        proof.extend_from_slice(&device.0);
        proof.extend_from_slice(&now.seconds().to_be_bytes());
        let message = message(account, &proof);
        self.signing.sign(&message, &mut proof)?;
        let mut value = base64url::encode(&proof);
        let others = proofs(cookie).filter(|proof| self.open(proof, account, now).is_none());
        for other in others.take(MOST - 1) {
            value.push('.');
            value.push_str(other);
        }
        Ok(value)
    }

    fn open(&self, proof: &str, account: &str, now: UnixTime) -> Option<DeviceId> {
        let bytes = base64url::decode(proof).ok()?;
        let (text, mac) = bytes.split_at_checked(DEVICE + TIME)?;
        if !self.verifying.verify(&message(account, text), mac) {
            return None;
        }
        let (device, time) = text.split_first_chunk::<DEVICE>()?;
        let proved_at = UnixTime::from_seconds(i64::from_be_bytes(time.try_into().ok()?));
        (now < proved_at.saturating_add(LIFETIME)).then_some(DeviceId(*device))
    }
}

impl DeviceId {
    /// From the caller's randomness.
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

fn proofs(cookie: &str) -> impl Iterator<Item = &str> {
    let cookie = if cookie.len() > LONGEST { "" } else { cookie };
    cookie
        .split('.')
        .filter(|proof| !proof.is_empty())
        .take(MOST)
}

fn message(account: &str, text: &[u8]) -> Vec<u8> {
    [CONTEXT, text, account.as_bytes()].concat()
}

impl fmt::Debug for DeviceCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCookies(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_jose::backend::AwsLc;
    use jeton_jose::{Algorithm, Jwk};

    const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);

    fn cookies(byte: u8) -> DeviceCookies {
        let jwk = format!(
            r#"{{"kty":"oct","k":"{}"}}"#,
            base64url::encode(&[byte; 32])
        );
        let jwk = Jwk::parse(jwk.as_bytes()).unwrap();
        DeviceCookies::new(
            SigningKey::new(&jwk, Algorithm::HS256, &AwsLc).unwrap(),
            VerifyingKey::new(&jwk, Algorithm::HS256, &AwsLc).unwrap(),
        )
    }

    fn device(byte: u8) -> DeviceId {
        DeviceId::new([byte; 16])
    }

    #[test]
    fn a_device_is_known_to_its_account_alone() {
        let cookies = cookies(1);
        let cookie = cookies.prove(None, "anna", device(1), NOW).unwrap();
        assert_eq!(cookies.recognise(&cookie, "anna", NOW), Some(device(1)));
        assert_eq!(cookies.recognise(&cookie, "bert", NOW), None);
        assert_eq!(
            super::tests::cookies(2).recognise(&cookie, "anna", NOW),
            None
        );
    }

    #[test]
    fn several_accounts_share_a_browser() {
        let cookies = cookies(1);
        let mut cookie = String::new();
        for (byte, account) in (1..).zip(["a", "b", "c", "d", "e"]) {
            cookie = cookies
                .prove(Some(&cookie), account, device(byte), NOW)
                .unwrap();
        }
        assert_eq!(cookies.recognise(&cookie, "a", NOW), None);
        assert_eq!(cookies.recognise(&cookie, "b", NOW), Some(device(2)));
        assert_eq!(cookies.recognise(&cookie, "e", NOW), Some(device(5)));
        // Signing in again keeps the name, renews the time, and takes no second place.
        let later = NOW.saturating_add(Duration::from_hours(24));
        let again = cookies.prove(Some(&cookie), "b", device(9), later).unwrap();
        assert_eq!(cookies.recognise(&again, "b", later), Some(device(2)));
        assert_eq!(again.split('.').count(), 4);
        assert_eq!(cookies.recognise(&again, "c", later), Some(device(3)));
        assert!(again.len() < 400);
    }

    #[test]
    fn nobody_is_known_for_ever() {
        let cookies = cookies(1);
        let cookie = cookies.prove(None, "anna", device(1), NOW).unwrap();
        let last = UnixTime::saturating_sub(NOW.saturating_add(LIFETIME), Duration::from_secs(1));
        assert!(cookies.recognise(&cookie, "anna", last).is_some());
        let after = NOW.saturating_add(LIFETIME);
        assert!(cookies.recognise(&cookie, "anna", after).is_none());
    }

    #[test]
    fn what_was_not_proved_is_not_believed() {
        let cookies = cookies(1);
        let cookie = cookies.prove(None, "anna", device(1), NOW).unwrap();
        for at in 0..cookie.len() {
            let mut changed = cookie.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(cookies.recognise(&changed, "anna", NOW), None, "{at}");
        }
        for text in [
            "",
            ".",
            "....",
            "a",
            "é",
            &"A".repeat(75),
            &format!("{}{cookie}", ".".repeat(2000)),
        ] {
            assert_eq!(cookies.recognise(text, "anna", NOW), None);
        }
    }
}
