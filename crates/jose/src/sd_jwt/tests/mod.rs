//! Issue, present, verify; and what RFC 9901 §7 refuses, on every backend.

mod properties;

use core::time::Duration;

use super::disclosure::digest;
use super::*;
use crate::alg::{Algorithm, Hash};
use crate::backend::GenerateKind;
use crate::backend::tests::backends;
use crate::base64url;
use crate::code::Code;
use crate::jwk::Jwk;
use crate::jws::HeaderBuilder;
use crate::key::{SigningKey, VerifyingKey, generate};

const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);
const ALGORITHM: Algorithm = Algorithm::Ed25519;
const CLAIMS: &str = r#"{"iss":"https://issuer.example","sub":"ada","email":"ada@example","address":{"street":"Dorset Street 1","city":"London"},"nationalities":["GB","FR",["x"]],"exp":1767225900}"#;
const DISCLOSABLE: [&str; 6] = [
    "/email",
    "/address",
    "/address/street",
    "/nationalities/0",
    "/nationalities/2",
    "/nationalities/2/0",
];
const CHALLENGE: Challenge<'_> = Challenge {
    audience: "https://verifier.example",
    nonce: "n1",
};

/// An issuer, a holder, and the rules of a verifier.
struct Scene {
    backend: &'static dyn Backend,
    issuer: SigningKey,
    keys: VerifyingKeySet,
    holder: SigningKey,
    holder_jwk: Jwk,
    rules: Rules,
}

impl Scene {
    fn all() -> impl Iterator<Item = Self> {
        backends().into_iter().map(|backend| {
            let fresh =
                || Jwk::from(generate(GenerateKind::for_algorithm(ALGORITHM), backend).unwrap());
            let (issuer, holder) = (fresh(), fresh());
            Self {
                backend,
                issuer: SigningKey::new(&issuer, ALGORITHM, backend).unwrap(),
                keys: VerifyingKey::new(&issuer, ALGORITHM, backend)
                    .unwrap()
                    .into(),
                holder: SigningKey::new(&holder, ALGORITHM, backend).unwrap(),
                holder_jwk: holder.public().unwrap(),
                rules: Rules {
                    policy: Policy::new(ALGORITHM)
                        .issuer("https://issuer.example")
                        .require("exp"),
                    key_binding: None,
                },
            }
        })
    }

    /// With `cnf`, and key binding required.
    fn bound(mut self) -> (Self, String) {
        let rules = KeyBindingRules::new(CHALLENGE.audience, CHALLENGE.nonce);
        self.rules.key_binding = Some(rules);
        let jwk = self.holder_jwk.to_json();
        let claims = CLAIMS.replacen('{', &format!("{{\"cnf\":{{\"jwk\":{}}},", jwk.as_str()), 1);
        (self, claims)
    }

    fn issue(&self, claims: &str) -> String {
        let mut builder = Builder::from_json(claims).unwrap();
        for pointer in DISCLOSABLE {
            builder = builder.disclosable(pointer);
        }
        builder
            .header(HeaderBuilder::new().typ("example+sd-jwt"))
            .decoys("", 2)
            .decoys("/nationalities", 1)
            .sign(&self.issuer, &mut salts(), self.backend)
            .unwrap()
    }

    fn verify(&self, text: &str) -> Result<Verified, Error> {
        verify(text, &self.keys, &self.rules, NOW, self.backend)
    }

    fn code(&self, text: &str) -> Code {
        self.verify(text).unwrap_err().code()
    }

    /// A well-signed token with this payload, followed by these disclosures.
    fn forge(&self, payload: &str, disclosures: &[&str]) -> String {
        let token = compact::sign(&self.issuer, &HeaderBuilder::new(), payload.as_bytes()).unwrap();
        disclosures
            .iter()
            .fold(format!("{token}~"), |text, disclosure| {
                format!("{text}{}~", base64url::encode(disclosure.as_bytes()))
            })
    }

    fn digest(&self, disclosure: &str) -> String {
        let text = base64url::encode(disclosure.as_bytes());
        digest(&text, Hash::Sha256, self.backend)
    }

    fn present(&self, text: &str, pointers: &[&str]) -> String {
        Unverified::parse(text, &Limits::default())
            .unwrap()
            .present(pointers, self.backend)
            .unwrap()
    }
}

/// Salts that differ, which is all that tests need.
fn salts() -> impl FnMut() -> [u8; 16] {
    let mut count = 0_u128;
    move || {
        count += 1;
        count.to_be_bytes()
    }
}

#[test]
fn the_figures_of_the_rfc_have_their_digests() {
    // RFC 9901 §4.2.1 with §4.2.3, and §4.2.2.
    let claim = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    let element = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";
    for backend in backends() {
        let limits = Limits::default();
        let disclosure = Disclosure::parse(claim, 0, &limits).unwrap();
        assert_eq!(disclosure.salt(), "_26bc4LT-ac6q2KI6cBW5es");
        assert_eq!(disclosure.name(), Some("family_name"));
        assert_eq!(disclosure.value().unwrap().as_str(), Some("Möbius"));
        assert_eq!(
            disclosure.digest(Hash::Sha256, backend),
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
        );
        let disclosure = Disclosure::parse(element, 0, &limits).unwrap();
        assert_eq!((disclosure.name(), disclosure.text()), (None, element));
        assert_eq!(
            disclosure.digest(Hash::Sha256, backend),
            "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"
        );
    }
}

#[test]
fn all_disclosures_give_the_claims_back_and_none_the_visible_ones() {
    for scene in Scene::all() {
        let text = scene.issue(CLAIMS);
        let verified = scene.verify(&text).unwrap();
        let whole = Claims::parse(CLAIMS.as_bytes().to_vec(), &Limits::default()).unwrap();
        assert!(verified.claims().value().equals(whole.value()));
        let mut disclosed = verified.disclosed().to_vec();
        disclosed.sort();
        let mut expected = DISCLOSABLE.to_vec();
        expected.sort_unstable();
        assert_eq!(disclosed, expected);
        assert!(verified.key_binding().is_none());

        let nothing = scene.present(&text, &[]);
        let verified = scene.verify(&nothing).unwrap();
        assert_eq!(
            verified.claims().text(),
            r#"{"iss":"https://issuer.example","sub":"ada","nationalities":["FR"],"exp":1767225900}"#
        );
        for hidden in ["Dorset", "London", "ada@example", "GB"] {
            let payload = Unverified::parse(&nothing, &Limits::default()).unwrap();
            let payload = String::from_utf8(payload.unverified_payload().to_vec()).unwrap();
            assert!(!payload.contains(hidden));
        }
    }
}

#[test]
fn a_presentation_holds_what_was_chosen_and_what_contains_it() {
    for scene in Scene::all() {
        let text = scene.issue(CLAIMS);
        for (pointers, expected) in [
            (
                &["/address/street"][..],
                r#"{"iss":"https://issuer.example","sub":"ada","nationalities":["FR"],"exp":1767225900,"address":{"city":"London","street":"Dorset Street 1"}}"#,
            ),
            (
                &["/address"],
                r#"{"iss":"https://issuer.example","sub":"ada","nationalities":["FR"],"exp":1767225900,"address":{"city":"London"}}"#,
            ),
            (
                &["/nationalities/2/0", "/nationalities/0"],
                r#"{"iss":"https://issuer.example","sub":"ada","nationalities":["GB","FR",["x"]],"exp":1767225900}"#,
            ),
        ] {
            let presented = scene.present(&text, pointers);
            assert_eq!(scene.verify(&presented).unwrap().claims().text(), expected);
        }
        let token = Unverified::parse(&text, &Limits::default()).unwrap();
        for pointer in ["/sub", "/nothing", "", "/email/x"] {
            let error = token.present(&[pointer], scene.backend).unwrap_err();
            assert_eq!(error, Error::NotDisclosable, "{pointer}");
        }
    }
}

#[test]
fn the_holder_proves_its_key() {
    for scene in Scene::all() {
        let (scene, claims) = scene.bound();
        let presented = scene.present(&scene.issue(&claims), &["/email"]);
        let bound = bind(&presented, &scene.holder, &CHALLENGE, NOW, scene.backend).unwrap();
        let verified = scene.verify(&bound).unwrap();
        assert_eq!(verified.disclosed(), ["/email"]);
        assert!(verified.key_binding().is_some());

        assert_eq!(scene.code(&presented), Code::KeyBindingMissing);
        let again = bind(&bound, &scene.holder, &CHALLENGE, NOW, scene.backend);
        assert!(again.is_err());
        let stolen = bind(&presented, &scene.issuer, &CHALLENGE, NOW, scene.backend).unwrap();
        assert_eq!(scene.code(&stolen), Code::SignatureMismatch);
        let other = |audience, nonce| {
            let challenge = Challenge { audience, nonce };
            bind(&presented, &scene.holder, &challenge, NOW, scene.backend).unwrap()
        };
        assert_eq!(
            scene.code(&other("https://other.example", "n1")),
            Code::AudienceMismatch
        );
        assert_eq!(
            scene.code(&other("https://verifier.example", "n2")),
            Code::NonceMismatch
        );
        for (seconds, code) in [(-301, Code::TokenTooOld), (1, Code::IssuedInFuture)] {
            let then = UnixTime::from_seconds(NOW.seconds() + seconds);
            let proof = bind(&presented, &scene.holder, &CHALLENGE, then, scene.backend).unwrap();
            assert_eq!(scene.code(&proof), code);
        }
    }
}

#[test]
fn the_proof_covers_exactly_what_is_presented() {
    for scene in Scene::all() {
        let (scene, claims) = scene.bound();
        let text = scene.issue(&claims);
        let presented = scene.present(&text, &["/email"]);
        let bound = bind(&presented, &scene.holder, &CHALLENGE, NOW, scene.backend).unwrap();
        let (_, proof) = bound.rsplit_once('~').unwrap();
        let less = format!("{}{proof}", scene.present(&text, &[]));
        let more = format!("{}{proof}", scene.present(&text, &["/email", "/address"]));
        for text in [less, more] {
            assert_eq!(scene.code(&text), Code::KeyBindingMismatch);
        }
    }
}

#[test]
fn attack_51_the_proof_is_a_key_binding_jwt_of_a_public_key() {
    for scene in Scene::all() {
        let (scene, claims) = scene.bound();
        let presented = scene.present(&scene.issue(&claims), &[]);
        let sign = |typ: &str, aud: &str| {
            let hash = digest(&presented, Hash::Sha256, scene.backend);
            let claims =
                format!(r#"{{"iat":1767225600,"aud":{aud},"nonce":"n1","sd_hash":"{hash}"}}"#);
            let header = HeaderBuilder::new().typ(typ);
            let proof = compact::sign(&scene.holder, &header, claims.as_bytes()).unwrap();
            format!("{presented}{proof}")
        };
        let aud = r#""https://verifier.example""#;
        assert!(scene.verify(&sign("kb+jwt", aud)).is_ok());
        assert_eq!(scene.code(&sign("JWT", aud)), Code::TypeMismatch);
        let list = format!("[{aud}]");
        assert_eq!(scene.code(&sign("kb+jwt", &list)), Code::KeyBindingMismatch);

        let bind = |claims: &str| {
            let text = scene.present(&scene.issue(claims), &[]);
            bind(&text, &scene.holder, &CHALLENGE, NOW, scene.backend).unwrap()
        };
        assert_eq!(scene.code(&bind(CLAIMS)), Code::KeyBindingMismatch);
        let secret = r#"{"cnf":{"jwk":{"kty":"oct","k":"AAAA"}},"#;
        let secret = CLAIMS.replacen('{', secret, 1);
        assert_eq!(scene.code(&bind(&secret)), Code::KeyBindingMismatch);

        let header = base64url::encode(br#"{"alg":"none","typ":"kb+jwt"}"#);
        let unsigned = format!("{presented}{header}.e30.");
        assert_eq!(scene.code(&unsigned), Code::AlgorithmNone);
    }
}

#[test]
fn the_issuers_token_is_held_against_the_policy() {
    for mut scene in Scene::all() {
        let text = scene.issue(CLAIMS);
        let other = text.replacen("eyJhbGciOi", "eyJhbGciOj", 1);
        assert!(scene.verify(&other).is_err());
        let late = UnixTime::from_seconds(1_767_225_900);
        let error = verify(&text, &scene.keys, &scene.rules, late, scene.backend).unwrap_err();
        assert_eq!(error.code(), Code::TokenExpired);
        scene.rules.policy = Policy::new(Algorithm::ES256);
        assert_eq!(scene.code(&text), Code::AlgorithmNotAllowed);
        scene.rules.policy = Policy::new(ALGORITHM).require("email");
        assert!(scene.verify(&text).is_ok(), "disclosed claims count");
        let nothing = scene.present(&text, &[]);
        assert_eq!(scene.code(&nothing), Code::ClaimMissing);
    }
}

#[test]
fn disclosures_must_belong_to_the_token() {
    for mut scene in Scene::all() {
        scene.rules.policy = Policy::new(ALGORITHM);
        let (claim, element) = (r#"["s","a",1]"#, r#"["s",1]"#);
        let (c, e) = (scene.digest(claim), scene.digest(element));
        let sd = format!(r#"{{"_sd":["{c}"]}}"#);
        let list = format!(r#"{{"l":[{{"...":"{e}"}}]}}"#);
        assert_eq!(
            scene
                .verify(&scene.forge(&sd, &[claim]))
                .unwrap()
                .claims()
                .text(),
            r#"{"a":1}"#
        );
        assert_eq!(
            scene
                .verify(&scene.forge(&list, &[element]))
                .unwrap()
                .claims()
                .text(),
            r#"{"l":[1]}"#
        );
        let nested = format!(r#"["s","b",{{"_sd":["{c}"]}}]"#);
        let n = scene.digest(&nested);
        for (payload, disclosures, why) in [
            ("{}".to_owned(), &[claim][..], "not referenced"),
            (sd.clone(), &[claim, claim], "given twice"),
            (
                format!(r#"{{"_sd":["{c}","{c}"]}}"#),
                &[claim],
                "digest twice",
            ),
            (
                format!(r#"{{"_sd":["{c}"],"x":{{"_sd":["{c}"]}}}}"#),
                &[claim],
                "digest twice",
            ),
            (
                format!(r#"{{"_sd":["{c}","{n}"]}}"#),
                &[claim, &nested],
                "digest twice, nested",
            ),
            (r#"{"_sd":["x","x"]}"#.to_owned(), &[], "decoy twice"),
            (format!(r#"{{"_sd":["{n}"]}}"#), &[claim], "parent missing"),
            (
                format!(r#"{{"a":2,"_sd":["{c}"]}}"#),
                &[claim],
                "name is there",
            ),
            (
                format!(r#"{{"_sd":["{e}"]}}"#),
                &[element],
                "element as claim",
            ),
            (
                format!(r#"{{"l":[{{"...":"{c}"}}]}}"#),
                &[claim],
                "claim as element",
            ),
            (
                format!(r#"{{"l":[{{"...":"{e}","x":1}}]}}"#),
                &[element],
                "beside others",
            ),
            (format!(r#"{{"...":"{e}"}}"#), &[], "outside of an array"),
            (r#"{"_sd":"x"}"#.to_owned(), &[], "no list"),
            (r#"{"_sd":[1]}"#.to_owned(), &[], "no string"),
            (r#"{"l":[{"...":1}]}"#.to_owned(), &[], "no string"),
            (r#"{"_sd_alg":"md5"}"#.to_owned(), &[], "unknown hash"),
            (r#"{"_sd_alg":1}"#.to_owned(), &[], "no hash"),
        ] {
            let code = scene.code(&scene.forge(&payload, disclosures));
            assert_eq!(code, Code::DisclosureInvalid, "{why}: {payload}");
        }
    }
}

#[test]
fn disclosures_have_their_form() {
    for mut scene in Scene::all() {
        scene.rules.policy = Policy::new(ALGORITHM);
        let claim = r#"["s","a",1]"#;
        let c = scene.digest(claim);
        for bad in [
            "1",
            "{}",
            "[]",
            r#"["s"]"#,
            r#"["s","a",1,2]"#,
            r#"[1,"a",1]"#,
            r#"["s",1,1]"#,
            r#"["s","_sd",1]"#,
            r#"["s","...",1]"#,
            r#"["s","_sd_alg",1]"#,
            r#"["s","a",{"x":1,"x":2}]"#,
            "[\"s\",\"a\",",
            "",
        ] {
            let payload = format!(r#"{{"_sd":["{}"]}}"#, scene.digest(bad));
            let code = scene.code(&scene.forge(&payload, &[bad]));
            assert_eq!(code, Code::DisclosureInvalid, "{bad}");
        }
        let twice = format!(r#"{{"x":{{"a":1,"a":2}},"_sd":["{c}"]}}"#);
        assert_eq!(
            scene.code(&scene.forge(&twice, &[claim])),
            Code::JsonDuplicateName
        );
        let other = format!(r#"{{"_sd_alg":"sha-512","_sd":["{c}"]}}"#);
        assert_eq!(
            scene.code(&scene.forge(&other, &[claim])),
            Code::DisclosureInvalid
        );
    }
}

#[test]
fn two_disclosures_of_one_name_are_refused() {
    for mut scene in Scene::all() {
        scene.rules.policy = Policy::new(ALGORITHM);
        let (one, two) = (r#"["s","admin",false]"#, r#"["t","admin",true]"#);
        let payload = format!(
            r#"{{"_sd":["{}","{}"]}}"#,
            scene.digest(one),
            scene.digest(two)
        );
        let text = scene.forge(&payload, &[one, two]);
        assert_eq!(scene.code(&text), Code::DisclosureInvalid);
        assert!(scene.verify(&scene.forge(&payload, &[two])).is_ok());
    }
}

#[test]
fn attack_31_32_limits_come_first() {
    for mut scene in Scene::all() {
        scene.rules.policy = Policy::new(ALGORITHM);
        let tildes = "~".repeat(70_000);
        assert_eq!(scene.code(&tildes), Code::TokenTooLarge);
        let many = format!("e30.e30.AA{}", "~AA".repeat(257));
        assert_eq!(scene.code(&format!("{many}~")), Code::TokenFormat);
        // Each disclosure is shallow; together they are not.
        let mut disclosures = vec![r#"["s","a",1]"#.to_owned()];
        for _ in 0..40 {
            let inner = scene.digest(disclosures.last().unwrap());
            disclosures.push(format!(r#"["s","a",{{"_sd":["{inner}"]}}]"#));
        }
        let payload = format!(
            r#"{{"_sd":["{}"]}}"#,
            scene.digest(disclosures.last().unwrap())
        );
        let disclosures: Vec<&str> = disclosures.iter().map(String::as_str).collect();
        let code = scene.code(&scene.forge(&payload, &disclosures));
        assert_eq!(code, Code::DisclosureInvalid);
    }
}

#[test]
fn only_the_one_form_is_an_sd_jwt() {
    for scene in Scene::all() {
        let text = scene.issue(CLAIMS);
        let (token, _) = text.split_once('~').unwrap();
        assert_eq!(scene.code(token), Code::TokenFormat);
        for text in ["", "~", "~~", "a~", "a.b~"] {
            assert_eq!(scene.code(text), Code::TokenFormat, "{text}");
        }
        assert_eq!(scene.code(&format!("{token}~~")), Code::DisclosureInvalid);
        let mut bound = scene;
        bound.rules.key_binding = Some(KeyBindingRules::new("a", "n"));
        assert_eq!(bound.code(&format!("{token}~\n")), Code::TokenFormat);
    }
}

#[test]
fn what_must_stay_visible_cannot_be_made_disclosable() {
    for scene in Scene::all() {
        let sign = |builder: Builder| builder.sign(&scene.issuer, &mut salts(), scene.backend);
        for pointer in [
            "/iss", "/exp", "/aud", "/nbf", "/cnf", "/nothing", "/sub/x", "", "sub",
        ] {
            let builder = Builder::from_json(CLAIMS).unwrap().disclosable(pointer);
            assert!(sign(builder).is_err(), "{pointer}");
        }
        let builder = Builder::from_json(CLAIMS).unwrap();
        assert!(sign(builder.clone().decoys("/sub", 1)).is_err());
        assert!(sign(builder.disclosable("/sub").disclosable("/sub")).is_ok());
    }
    for claims in [
        r#"{"_sd":[]}"#,
        r#"{"a":[{"...":1}]}"#,
        r#"{"_sd_alg":"x"}"#,
        "[]",
        "{",
        r#"{"a":1,"a":2}"#,
    ] {
        assert!(Builder::from_json(claims).is_err(), "{claims}");
    }
}

#[test]
fn attack_57_debug_shows_no_claim_and_no_nonce() {
    let mut scene = Scene::all().next().unwrap().bound().0;
    scene.rules.policy = Policy::default();
    let text = scene.issue(CLAIMS);
    let token = Unverified::parse(&text, &Limits::default()).unwrap();
    assert!(!format!("{:?}", token.unverified_disclosures()).contains("ada"));
    assert!(!format!("{:?} {CHALLENGE:?}", scene.rules.key_binding).contains("n1"));
    assert_eq!(
        scene.rules.key_binding.unwrap().max_age,
        Duration::from_mins(5)
    );
}
