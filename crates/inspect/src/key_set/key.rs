//! One key of a set.

use jeton_jose::Algorithm;
use jeton_jose::alg::{AlgorithmSet, Hash};
use jeton_jose::backend::Backend;
use jeton_jose::base64url;
use jeton_jose::json::{Object, Value};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{KeyError, KeyMaterial, RsaKey, Weakness, check_strength};

use super::{KeyReport, at, roca, usage};
use crate::certificate;
use crate::finding::{Finding, FindingCode, Severity};
use crate::openid::looks_like_thumbprint;

/// Members that only the owner of a key may know (RFC 7518 §6, RFC 8037 §2; `priv` and `seed` are
/// those of AKP keys).
const PRIVATE: [&str; 10] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", "seed"];

pub(super) fn examine(
    index: usize,
    value: Value<'_>,
    pointer: &str,
    backend: &dyn Backend,
) -> KeyReport {
    let object = value.as_object();
    let string = |name| Some(object?.get(name)?.as_str()?.to_owned());
    let mut key = Examined {
        report: KeyReport {
            index,
            kid: string("kid"),
            kty: string("kty"),
            crv: string("crv"),
            bits: None,
            alg: string("alg"),
            key_use: string("use"),
            key_ops: object.and_then(key_ops),
            algorithms: Vec::new(),
            thumbprint: None,
            private: false,
            findings: Vec::new(),
        },
        value,
        pointer,
        backend,
    };
    let Some(object) = object else {
        key.find(FindingCode::KeyUnusable, "", "is not a JSON object");
        return key.report;
    };
    key.private_members(object);
    key.kid();
    for (member, conflict) in usage::conflicts(&key.report) {
        key.find(FindingCode::KeyUseConflict, member, conflict);
    }
    match Jwk::from_value(value) {
        Ok(jwk) => key.readable(&jwk, object),
        Err(error) => key.unreadable(&error, object),
    }
    key.report
}

/// A key under examination.
struct Examined<'a> {
    report: KeyReport,
    value: Value<'a>,
    pointer: &'a str,
    backend: &'a dyn Backend,
}

impl Examined<'_> {
    /// Adds a finding about a member, or about the key where `member` is empty.
    fn find(&mut self, code: FindingCode, member: &str, problem: impl AsRef<str>) {
        self.find_as(code, code.severity(), member, problem);
    }

    fn find_as(
        &mut self,
        code: FindingCode,
        severity: Severity,
        member: &str,
        problem: impl AsRef<str>,
    ) {
        let place = if member.is_empty() {
            at(self.value, self.pointer)
        } else {
            let pointer = format!("{}/{}", self.pointer, super::escaped(member));
            let object = self.value.as_object();
            let value = object.and_then(|object| object.get(member));
            at(value.unwrap_or(self.value), pointer)
        };
        let subject = match member {
            "" => format!("key {}", self.report.index),
            _ => format!("`{member}` of key {}", self.report.index),
        };
        let finding = Finding::new(code, format!("{subject} {}", problem.as_ref())).at(place);
        self.report.findings.push(Finding {
            severity,
            ..finding
        });
    }

    /// Told from the names alone, so that a key that cannot be read is not overlooked.
    fn private_members(&mut self, object: Object<'_>) {
        let found: Vec<_> = PRIVATE
            .into_iter()
            .filter(|name| object.get(name).is_some())
            .collect();
        let Some(first) = found.first() else {
            return;
        };
        self.report.private = true;
        let what = if self.report.kty.as_deref() == Some("oct") {
            "is the secret itself"
        } else {
            "is private, and published with the key"
        };
        self.find(FindingCode::KeyPrivatePublished, first, what);
    }

    fn kid(&mut self) {
        let kid = self.value.as_object().and_then(|object| object.get("kid"));
        match (kid, &self.report.kid) {
            (None, _) => self.find(FindingCode::KidMissing, "", "has no `kid`"),
            (Some(_), Some(kid)) if kid.is_empty() => {
                self.find(FindingCode::KidMissing, "kid", "is empty");
            }
            _ => {}
        }
    }

    fn readable(&mut self, jwk: &Jwk, object: Object<'_>) {
        let material = jwk.material();
        self.report.bits = Some(material.bits());
        let served = usage::served(jwk);
        self.report.algorithms = served.iter().map(Algorithm::name).collect();
        if !matches!(material, KeyMaterial::Oct(_)) {
            let thumbprint = jwk.thumbprint(Hash::Sha256, self.backend);
            let named = self
                .report
                .kid
                .as_deref()
                .filter(|kid| looks_like_thumbprint(kid) && *kid != thumbprint);
            if named.is_some() {
                let problem =
                    format!("has the form of a thumbprint, and this key's is {thumbprint}");
                self.find(FindingCode::KidNotThumbprint, "kid", problem);
            }
            self.report.thumbprint = Some(thumbprint);
        }
        self.strength(material, served);
        if let KeyMaterial::Rsa(rsa) = material {
            self.rsa(rsa);
        }
        self.point(jwk);
        self.certificate(jwk, object);
    }

    /// The weakness of a key is that for the least demanding algorithm it serves.
    fn strength(&mut self, material: &KeyMaterial, served: AlgorithmSet) {
        let candidates = match material {
            // The secret of another kind of algorithm may be shorter.
            KeyMaterial::Oct(_) => served,
            _ if served.is_empty() => material.algorithms(),
            _ => served,
        };
        let weaknesses: Vec<Weakness> = candidates
            .iter()
            .filter_map(|algorithm| check_strength(algorithm, material).err())
            .collect();
        let Some(first) = weaknesses.first() else {
            return;
        };
        match first {
            Weakness::RsaExponent => {
                self.find(FindingCode::KeyExponent, "e", "is even or below 3");
                let wanted = Algorithm::RS256.row().min_key_bits;
                if material.bits() < wanted {
                    let problem = format!("has {} bits; {wanted} are the least", material.bits());
                    self.find(FindingCode::KeyWeak, "n", problem);
                }
            }
            weakness if weakness.is_void() => {
                let problem = format!("protects nothing: {weakness}");
                self.find_as(FindingCode::KeyWeak, Severity::Problem, "", problem);
            }
            weakness if weaknesses.len() == candidates.iter().count() => {
                self.find(FindingCode::KeyWeak, "", format!("is weak: {weakness}"));
            }
            // Strong enough for one of the algorithms it serves; which one it is for is open.
            weakness => self.find_as(
                FindingCode::KeyWeak,
                Severity::Note,
                "",
                format!("is not strong enough for all that it could serve: {weakness}"),
            ),
        }
    }

    fn rsa(&mut self, rsa: &RsaKey) {
        if roca::has_fingerprint(&rsa.n) {
            let problem = "has the fingerprint of the ROCA generator";
            self.find(FindingCode::KeyRoca, "n", problem);
        }
        // 3, 5 and 17 are sound only with sound padding checks everywhere.
        if matches!(rsa.e[..], [e @ 3..=17] if e % 2 == 1) {
            self.find_as(
                FindingCode::KeyExponent,
                Severity::Note,
                "e",
                "is small; it is safe only where every verifier checks the padding fully",
            );
        }
    }

    /// Points off the curve, which only a backend can tell.
    fn point(&mut self, jwk: &Jwk) {
        let (KeyMaterial::Ec(_), Some(public)) = (jwk.material(), jwk.material().public()) else {
            return;
        };
        let Some(algorithm) = public.algorithms().iter().next() else {
            return;
        };
        if let Err(KeyError::Invalid { member, problem }) =
            self.backend.verifier(algorithm, &public).map(|_| ())
        {
            self.find(FindingCode::KeyUnusable, member, problem);
        }
    }

    fn certificate(&mut self, jwk: &Jwk, object: Object<'_>) {
        const CODE: FindingCode = FindingCode::CertificateMismatch;
        let der = match certificate::first(object) {
            None => return,
            Some(Err(problem)) => return self.find(CODE, "x5c", format!("is unusable: {problem}")),
            Some(Ok(der)) => der,
        };
        match certificate::key(&der, self.backend) {
            Err(error) => self.find_as(
                CODE,
                Severity::Warning,
                "x5c",
                format!("begins with a certificate that cannot be read: {error}"),
            ),
            Ok(certified) if certified.material().public() != jwk.material().public() => {
                self.find(CODE, "x5c", "begins with the certificate of another key");
            }
            Ok(_) => {}
        }
        for (name, stated, computed) in certificate::thumbprints(object, &der, self.backend) {
            if stated != computed {
                let problem = format!("is not that of the first certificate, which is {computed}");
                self.find(CODE, name, problem);
            }
        }
    }

    fn unreadable(&mut self, error: &KeyError, object: Object<'_>) {
        if let KeyError::Invalid {
            member: "x5c",
            problem,
        } = error
        {
            return self.find(FindingCode::CertificateMismatch, "x5c", *problem);
        }
        let known = usage::kind(self.report.kty.as_deref(), self.report.crv.as_deref());
        let (severity, problem) = match known {
            Some(kind) => (
                Severity::Note,
                format!("is {kind}, which serves no signature here"),
            ),
            None => (
                FindingCode::KeyUnusable.severity(),
                format!("cannot be read: {error}"),
            ),
        };
        self.find_as(FindingCode::KeyUnusable, severity, "", problem);
        self.unread_rsa(object);
    }

    /// An RSA key that the core refuses (an even modulus, leading zeros, a private half without
    /// its primes) still has a modulus to judge.
    fn unread_rsa(&mut self, object: Object<'_>) {
        if self.report.kty.as_deref() != Some("RSA") {
            return;
        }
        let number = |name| {
            let bytes = base64url::decode(object.get(name)?.as_str()?).ok()?;
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            bytes.get(zeros..).map(<[u8]>::to_vec)
        };
        let Some(n) = number("n") else {
            return;
        };
        let lead = n.first().map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = n.len() * 8 - lead;
        self.report.bits = Some(bits);
        let wanted = Algorithm::RS256.row().min_key_bits;
        if bits < wanted {
            let problem = format!("has {bits} bits; {wanted} are the least");
            self.find(FindingCode::KeyWeak, "n", problem);
        }
        if roca::has_fingerprint(&n) {
            let problem = "has the fingerprint of the ROCA generator";
            self.find(FindingCode::KeyRoca, "n", problem);
        }
        let weak_exponent = |e: &[u8]| e.last().is_none_or(|last| last & 1 == 0) || e == [1];
        if number("e").is_some_and(|e| weak_exponent(&e)) {
            self.find(FindingCode::KeyExponent, "e", "is even or below 3");
        }
    }
}

fn key_ops(object: Object<'_>) -> Option<Vec<String>> {
    let ops = object.get("key_ops")?.as_array()?;
    Some(
        ops.iter()
            .filter_map(|op| Some(op.as_str()?.to_owned()))
            .collect(),
    )
}
