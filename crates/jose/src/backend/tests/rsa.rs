//! RSA at its edges: weak keys, odd sizes, salts, numbers beyond the modulus.

use super::{backends, private_key, verdict};
use crate::alg::Algorithm;
use crate::base64url;
use crate::key::testdata::{RSA_1024, RSA_2049, read_one};
use crate::key::{KeyError, KeyMaterial, VerifyingKey};

#[test]
fn rsa_signatures_not_below_the_modulus_are_refused() {
    for backend in backends() {
        let key = private_key(Algorithm::RS256, backend);
        let KeyMaterial::Rsa(rsa) = key.material() else {
            panic!("RSA");
        };
        let mut above = rsa.n.clone();
        *above.last_mut().unwrap() += 1;
        for algorithm in [Algorithm::RS256, Algorithm::PS256] {
            for signature in [
                vec![0; 256],
                vec![0xff; 256],
                rsa.n.clone(),
                above.clone(),
                {
                    let mut one = vec![0; 256];
                    one[255] = 1;
                    one
                },
            ] {
                assert!(!verdict(&key, algorithm, b"message", &signature));
            }
        }
    }
}

#[test]
fn weak_rsa_keys_verify_or_say_who_cannot() {
    for backend in backends() {
        let key = read_one(RSA_1024, backend).public().unwrap();
        for algorithm in Algorithm::ALL.iter().copied() {
            if !key.material().algorithms().contains(algorithm) {
                continue;
            }
            let opened = VerifyingKey::dangerous_allow_weak(&key, algorithm, backend);
            let supported = backend.name() == "rustcrypto"
                || matches!(algorithm, Algorithm::RS256 | Algorithm::RS512);
            match opened {
                Ok(_) if algorithm == Algorithm::PS512 => panic!("no room for the padding"),
                Ok(opened) => {
                    assert!(supported, "{algorithm}");
                    assert!(!opened.verify(b"message", &[7; 128]));
                }
                Err(KeyError::NotSupported { backend: named, .. }) => {
                    assert!(!supported, "{algorithm}");
                    assert_eq!(named, backend.name());
                }
                Err(KeyError::Invalid { member, .. }) => {
                    assert_eq!((algorithm, member), (Algorithm::PS512, "n"));
                }
                Err(other) => panic!("{algorithm}: {other}"),
            }
        }
        let signature = base64url::decode(RSA_1024_SIGNATURE).unwrap();
        let opened = VerifyingKey::dangerous_allow_weak(&key, Algorithm::RS256, backend).unwrap();
        assert!(opened.verify(b"message", &signature));
        assert!(!opened.verify(b"other", &signature));
    }
}

/// `openssl dgst -sha256 -sign` over `message`.
const RSA_1024_SIGNATURE: &str = "vjWXBCiEgnZEbPjHM7sa7MhqJCrpKIf2nXwFY130wPm7KYbn2236aGbGXyMnQj3nWyDX7RXyy_4TlwPByARG1eG0-09ZKQLfpv7PPuZAdfbxV5X_npKV3MGbFMC5TsjhZkdpT7Ve4Wat-AuvIq5dZD-VqR7aS9Y9wBzfh7VvgjM";

/// `openssl dgst -sha256 -sigopt rsa_padding_mode:pss` over `message`, by salt length.
const PSS_SIGNATURES: [(usize, &str); 4] = [
    (
        32,
        "lkIwWLBDO7VZyv8FGFsKb_z9qERA9pVm4ec0VurTvQop7uH5We8Fnql6krn25i1j16zZzz4U902kRsTagB0wWKzZyqtweVh9ZYjjAhsG0zjfMUsX1TXq-JUOi2LpnNysGoW09KNSp1is5WscOirkmEr_rbRD6aURDcyVU63bFf--kicguXmh5ttThU_R4McrEVWwMjevCbPrtW5aGc0jXbssDjBJonJ5MwBUhY1IkGCGI-M4-vH_RAmBdr8LGOo1fAjHSHVMw7iIbPgtlsVSRIpEhocrhxLZtaMEfUJ18JzouW9yh2emOFHaP3RHoi3G4TAAiPwQR-kQuLVAOoFY5Q",
    ),
    (
        0,
        "OoL0eixFuuJNES53aBXeS6Op9fMzgoO4mK1I1MdDNmFImOcpv1j2zTQCCfrqWOeAxQbxN6UkPEDQu07Lo91X7jxAL0wJoaS8c_jjAAUn3HM5YSOh4msaQyfSZIr4MAEMk1xACUgbx045PWyQuiB30v6L6Wh1jqkD5HLPqs9IZbpOV0m1eDZ5gMViwtL5IVnNsn2AxZMO0Yva-piuI894QfBY9cfW__rfHV6y2h97E6WLeQI1FFiizPkNyAi1tCx-Gl3OpWuxPpW95ODbEMIsuZhGLERWLfMnAQzB1_j3sg6SGWd6w9K7pK6ah5rA1zu3lqDL-Kc48XD5SWxQBcn8OA",
    ),
    (
        20,
        "XGGYMlFxfclvgSCKNUp1vZITq6_lvCRV8Hh6PwcluYMY7O1egrbg5BVLhG0hZQBna9xYGovI5c6tJLh65_euNJV-CiR05T4C8D0AAbnILVvpbqXVsODbR8IcPjoNHQS8rOgFiCyhIw4bGhTN3jf0B3N2fzk9541pbUV4z3ZgdPXAFJn__4YitWBhYcvKI-eCPRrsLSkINHNZV0SneGl28rb3yOWLcWuqPqdjZzt6n8B0-B_26SOYmZSlD7_uyXulfcfcRgFAQ26wDa2mkPZ0dCkyLE3juuiLU4uk2xxcFnBwP6xPobZs3Yk-x_-AKAnu4ksjOo6KuLcFHneoVgbZtg",
    ),
    (
        222,
        "l2eOqCO7BBRZYIodpKaCZIL4j0NELigO36Unxy0cthGCuT2bi5WSmVoFvyRZeGTd0u6546iOnDlUgkBrkDbrEIVeyRm3aCf9eIljbG5Hd8U-muhnNn-e2UGinkJDxkprDTtWpBW5rA0nFlZRh0QkqYUaABQgx_9PZ0PFKKnFtge0t6uJ9lQDQgXlvVJPj2Pb9gcc-m6KbwrMiqVuxSxdRmttVg-jjbO36homq6Kw2Ihz7vDLtSMwhygF1f60-oiLovRtD7ZVTxxcEGB1CxkkCzh78p-M8HR12Xn6gGB0-_sflLeqDNPE2t2kU3lRdnMwaA6l0hRiLJVRtASwczdADA",
    ),
];

#[test]
fn a_pss_salt_is_as_long_as_the_hash() {
    for (salt_len, signature) in PSS_SIGNATURES {
        let key = private_key(Algorithm::PS256, backends()[0]);
        let signature = base64url::decode(signature).unwrap();
        let valid = verdict(&key, Algorithm::PS256, b"message", &signature);
        assert_eq!(valid, salt_len == 32, "{salt_len}");
    }
}

#[test]
fn a_modulus_one_bit_beyond_a_byte_verifies_alike() {
    let key = read_one(RSA_2049, backends()[0]);
    assert_eq!(key.material().bits(), 2049);
    for (algorithm, signature) in [
        (Algorithm::RS256, RS256_2049),
        (Algorithm::PS512, PS512_2049),
    ] {
        let mut signature = base64url::decode(signature).unwrap();
        assert_eq!(signature.len(), 257);
        assert!(verdict(&key, algorithm, b"message", &signature));
        signature[0] ^= 2;
        assert!(!verdict(&key, algorithm, b"message", &signature));
        assert!(!verdict(&key, algorithm, b"message", &signature[1..]));
    }
}

/// `openssl dgst -sha256 -sign` over `message`.
const RS256_2049: &str = "AIsfo1tGZrQDKbGJzMbwibHJzTCTfm4IyCLkD_xSvJpHmwEujnfk_vi94ce84Gc60_aGjKsbG--QizvArgXuJ0Smso-sNAzOOPXBsqtp01Gz7zj_WezvGmNHjHrBIfqCzZMDZ4D9X8LeGqlBRJqIaJO39IOW69kUyTiSDyWUm6x6j2aGCW_4gZtHQpZgjQ-slogSMQewsfvTJHaEUC-ihkU3fMzPs6xXW2OmTgF-levYau7rh6-d2EYnibPjOMH6IKav0aYzu0gwOVHYwi7q2oSv7wtWv47dv53BgyidKm6NuEHgqkvWzFXO3Ry2W3gNsssCymAUrFydfswjHzHfEPc";
/// `openssl dgst -sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:64` over `message`.
const PS512_2049: &str = "AIuiGrUtEb7aNnnXNspPGv7E_VCCDec9UkMSJTf-cJ-KKrRFs22-IIh3vtVp_8XtwoYSSghPwrorkcoq4lrOGfeIJJFSsOYPYRRp7vM7v9GC5_5gi8MRV6eFUeGjuvcDF1dCt_mQIInpJbM_VpsRC2qKZvVfVgLrmCbiYFDdjZUdYdM9gTRsZdjhVKDnZzzBY3Chq21Vf2eMKhSx52XswEmhoy6TbkUdChT393yF5Mu0nduFSzFn26wodcTUO5J2aWtDoXTy8HIiODVx_6py70CPK0EKKE79hZr6ddBzzng44UJKU6l37590BeU4k-yGdn1wvMga1jKZjfIvXq8JJmA";
