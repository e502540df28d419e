//! The rules of a verification: a policy, and what the command line adds to it.

use core::time::Duration;

use jeton_inspect::workbench::tokens::verify::plain_policy;
use jeton_jose::jwt::policy::TypeRule;
use jeton_jose::{Algorithm, AlgorithmSet, Policy};

use crate::commands::policy::read_policy;
use crate::failure::Failure;
use crate::input::algorithm_name;
use crate::moment::duration_of;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct RuleOptions {
    /// Algorithms to accept, separated by commas; by default those of the key
    #[arg(long, value_name = "ALG", value_delimiter = ',', value_parser = algorithm_name, help_heading = "Rules")]
    alg: Vec<Algorithm>,
    /// Policy file (TOML or JSON) or preset: id-token, access-token, dpop-proof, client-assertion,
    /// logout-token, security-event
    #[arg(long, value_name = "FILE|PRESET", help_heading = "Rules")]
    policy: Option<String>,
    /// Expected issuer; one of several if given again
    #[arg(long, value_name = "ISSUER", help_heading = "Rules")]
    iss: Vec<String>,
    /// Expected audience; one of several if given again
    #[arg(long, value_name = "AUDIENCE", help_heading = "Rules")]
    aud: Vec<String>,
    /// Expected subject
    #[arg(long, value_name = "SUBJECT", help_heading = "Rules")]
    sub: Option<String>,
    /// Expected `typ`, with or without application/; one of several if given again
    #[arg(long, value_name = "TYPE", help_heading = "Rules")]
    typ: Vec<String>,
    /// Claims that must be there, separated by commas
    #[arg(
        long,
        value_name = "CLAIM",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    require: Vec<String>,
    /// How far clocks may differ: 30s
    #[arg(long, value_name = "DURATION", value_parser = duration_of, help_heading = "Rules")]
    leeway: Option<Duration>,
    /// Longest time since `iat`: 1h
    #[arg(long, value_name = "DURATION", value_parser = duration_of, help_heading = "Rules")]
    max_age: Option<Duration>,
}

/// The options that only make sense for claims.
pub(super) const CLAIM_OPTIONS: [&str; 7] =
    ["iss", "aud", "sub", "typ", "require", "leeway", "max_age"];

impl RuleOptions {
    pub(in crate::commands) fn policy(&self) -> Result<Policy, Failure> {
        let mut policy = if let Some(name) = &self.policy {
            read_policy(name)?
        } else {
            plain_policy()
        };
        if let Some(algorithms) = self.named_algorithms() {
            policy.signature.algorithms = algorithms;
        }
        replace(&mut policy.issuers, &self.iss);
        replace(&mut policy.audiences, &self.aud);
        if self.sub.is_some() {
            policy.subject.clone_from(&self.sub);
        }
        if !self.typ.is_empty() {
            policy.typ = Some(TypeRule {
                any_of: self.typ.clone(),
                optional: false,
            });
        }
        for claim in &self.require {
            if !policy.required.contains(claim) {
                policy.required.push(claim.clone());
            }
        }
        policy.leeway = self.leeway.unwrap_or(policy.leeway);
        policy.max_age = self.max_age.or(policy.max_age);
        Ok(policy)
    }

    pub(in crate::commands) fn is_stdin(&self) -> bool {
        self.policy.as_deref() == Some("-")
    }

    /// What --alg says.
    pub(super) fn named_algorithms(&self) -> Option<AlgorithmSet> {
        (!self.alg.is_empty()).then(|| self.alg.iter().copied().collect())
    }
}

fn replace(list: &mut Vec<String>, given: &[String]) {
    if !given.is_empty() {
        given.clone_into(list);
    }
}
