//! The bare primitives, in a process of their own on the processor of whoever is measured.

use std::process::Command;

use anyhow::{Context as _, bail};
use argon2::Argon2;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};

use crate::process::on_one_processor;

/// How long what is signed is: about a small access token.
const MESSAGE: [u8; 420] = [b'a'; 420];
/// For how long the work is repeated, at least.
const NANOSECONDS: u64 = 400_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Primitive {
    Es256,
    Rs256,
    Ed25519,
    Argon2,
}

impl Primitive {
    pub const ALL: [Self; 4] = [Self::Es256, Self::Rs256, Self::Ed25519, Self::Argon2];

    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ed25519 => "Ed25519",
            Self::Argon2 => "argon2id",
        }
    }

    /// Processor time in microseconds.
    pub fn measure(self) -> anyhow::Result<f64> {
        let mut own = Command::new(std::env::current_exe()?);
        own.args(["bare", self.name()]);
        let output = on_one_processor(&own).output()?;
        if !output.status.success() {
            bail!("bare: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?.trim().parse()?)
    }
}

/// What the process of its own does: prints the processor time in microseconds.
pub fn print(name: &str) -> anyhow::Result<()> {
    let known = Primitive::ALL
        .into_iter()
        .find(|known| known.name() == name);
    let known = known.context("no such primitive")?;
    let mut work = work(known)?;
    work()?;
    // Reading the time costs as much as a quick signature.
    let batch = if known == Primitive::Argon2 { 1 } else { 32 };
    let began = processor_time()?;
    let mut count = 0_u32;
    let spent = loop {
        for _ in 0..batch {
            work()?;
        }
        count += batch;
        let spent = processor_time()? - began;
        if spent > NANOSECONDS {
            break spent;
        }
    };
    println!("{}", spent as f64 / f64::from(count) / 1e3);
    Ok(())
}

fn work(primitive: Primitive) -> anyhow::Result<Box<dyn FnMut() -> anyhow::Result<()>>> {
    let random = SystemRandom::new();
    Ok(match primitive {
        Primitive::Es256 => {
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let key = EcdsaKeyPair::generate(algorithm)?;
            Box::new(move || {
                key.sign(&random, &MESSAGE)?;
                Ok(())
            })
        }
        Primitive::Ed25519 => {
            let key = Ed25519KeyPair::generate()?;
            Box::new(move || {
                std::hint::black_box(key.sign(&MESSAGE));
                Ok(())
            })
        }
        Primitive::Rs256 => {
            let key = RsaKeyPair::generate(KeySize::Rsa2048)?;
            let mut signature = vec![0; key.public_modulus_len()];
            Box::new(move || Ok(key.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)?))
        }
        Primitive::Argon2 => {
            let parameters = argon2::Params::new(19 * 1024, 2, 1, Some(32));
            let parameters = parameters.map_err(|error| anyhow::anyhow!("{error}"))?;
            let argon2 = Argon2::new(
                argon2::Algorithm::Argon2id,
                argon2::Version::V0x13,
                parameters,
            );
            let mut hash = [0; 32];
            Box::new(move || {
                let made = argon2.hash_password_into(b"a password", b"sixteen bytes ok", &mut hash);
                made.map_err(|error| anyhow::anyhow!("{error}"))
            })
        }
    })
}

/// Nanoseconds that this thread ran.
fn processor_time() -> anyhow::Result<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let spent = text.split(' ').next().context("schedstat is empty")?;
    Ok(spent.parse()?)
}
