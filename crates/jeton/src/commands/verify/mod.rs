mod explain;
mod rules;

use clap::ArgGroup;
use jeton_inspect::token::{self, Inspection};
use jeton_jose::jws::SignatureRules;
use jeton_jose::key::KeyForm;
use jeton_jose::{Algorithm, AlgorithmSet, Code, Policy};

use super::batch;
use crate::check::{Check, Checked, KeyRing, Scope};
use crate::failure::{Failure, remedy};
use crate::findings;
use crate::input::{self, LARGE, Place, SecretOptions, Source, read_keys, read_token};
use crate::moment::Moment;
use crate::render;
use crate::report::{Examination, Purpose, Report, Verdict};
use crate::session::{Answer, Session, print_json, print_page};
use crate::token::{Form, Token};
use explain::GivenKey;

/// Check a token's signature and claims
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("key_source").required(true))]
pub(crate) struct Args {
    /// The token: itself, - for the standard input, or @file
    ///
    /// `Bearer` and white space around it are dropped.
    token: Option<Source>,
    /// Key file in any form: JWK, JWK Set, PEM or DER; - for the standard input
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    key: Option<Place>,
    /// JWK Set; the token's `kid` chooses among its keys
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    jwks: Option<Place>,
    #[command(flatten)]
    secret: SecretOptions,
    /// Refuse weak keys instead of warning about them
    #[arg(long, help_heading = "Key")]
    strict: bool,
    #[command(flatten)]
    rules: rules::RuleOptions,
    /// Check the signature alone, over any payload, of any JWS (compact or JSON)
    #[arg(long, help_heading = "Signature only", conflicts_with_all = rules::CLAIM_OPTIONS)]
    jws: bool,
    /// One good signature of several is enough (the default)
    #[arg(
        long,
        help_heading = "Signature only",
        requires = "jws",
        conflicts_with = "all"
    )]
    any: bool,
    /// Each of several signatures must be good
    #[arg(long, help_heading = "Signature only", requires = "jws")]
    all: bool,
    /// The payload of a detached signature: @file, - or the text itself
    #[arg(
        long,
        value_name = "SOURCE",
        help_heading = "Signature only",
        requires = "jws"
    )]
    payload: Option<Source>,
    /// Take this as the present time: RFC 3339, seconds since 1970, +1h, -2d
    #[arg(
        long,
        value_name = "TIME",
        default_value = "now",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    at: Moment,
    /// Read many tokens, one a line, and answer each with one line of JSON
    ///
    /// A line is a token, a JSON string, or a JSON object with the member `token`.
    #[arg(long)]
    batch: bool,
    #[command(flatten)]
    explaining: explain::Options,
}

const EXAMPLES: &str = "\
Examples:
  jeton verify eyJhbGciOi... --key issuer.pem --iss https://id.example --aud api
  jeton verify @token.txt --jwks keys.json --policy access-token --aud api
  jeton verify @token.txt --secret-env TOKEN_SECRET --require sub,exp
  jeton verify @token.txt --key key.pem --at 2026-01-31T12:00:00Z
  jeton verify @document.jws --jws --key key.pem --payload @document.pdf
  jeton verify --batch @tokens.txt --jwks keys.json --json > verdicts.ndjson

What is checked: the form, the signature under the key you give, `exp` and
`nbf` where present, the types of registered claims, and every rule you name.
What is not: issuer and audience unless you name them, whether the token was
revoked, and whether the key is the issuer's.

A key serves the algorithms of its kind, or its own `alg`; the token's header
never decides. Under a weak key a token is verified, and the verdict says so;
--strict refuses it.

The checks that failed are listed with the value wanted and the value seen,
--checks lists all. Where the signature does not match, the doctor tries what
would make it match and says so; the verdict stays what it is.

With --json: {verdict, code, message, hint, header, claims, key, findings,
provenance, checks, doctor}; the last three where they apply.
Header and claims are what the token says, whatever the verdict. Errors are
{error: {code, message, causes, hint}}.

Exit codes: 0 valid, 1 not valid, 2 usage, configuration or I/O.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    args.check_stdin()?;
    let now = args.at.resolve(session.now);
    let session = &session.at(now);
    let mut policy = args.rules.policy()?;
    if args.jws && judges_claims(&policy) {
        return Err(Failure::usage(
            "--jws checks the signature alone, but the policy has rules for claims",
        )
        .hint("leave one of them out; --alg names algorithms without a policy"));
    }
    if policy.signature.algorithms.is_empty() {
        policy.signature.algorithms = Algorithm::ALL.iter().copied().collect();
    }
    let (keys, given) = args.keys(args.rules.named_algorithms())?;
    let scope = if args.jws {
        let detached = args
            .payload
            .as_ref()
            .map(|source| source.read("payload", LARGE))
            .transpose()?;
        Scope::Signature {
            all: args.all,
            detached,
        }
    } else {
        Scope::Claims
    };
    let check = Check {
        keys,
        policy,
        scope,
        strict: args.strict,
        now,
    };
    let options = token::Options {
        now,
        leeway: check.policy.leeway,
    };
    if args.batch {
        return batch::run(args.token.as_ref(), |token, line| {
            let checked = check.run(token);
            let inspections = [token.inspect(&options)];
            let examination = args.explaining.of_batch(&check, &checked, token, &given);
            report(&check, &checked, (token, &inspections), examination, &given).to_batch(line)
        });
    }
    let token = Token::read(read_token(args.token.as_ref())?);
    let checked = check.run(&token);
    let inspections = [token.inspect(&options)];
    let examination = args.explaining.of_one(&check, &checked, &token, &given);
    let subject = (&token, &inspections[..]);
    let report = report(&check, &checked, subject, examination, &given);
    if session.json {
        print_json(&report.to_json(None))?;
    } else {
        print_page(render::report(&report, session))?;
    }
    Ok(if report.verdict == Verdict::Valid {
        Answer::Yes
    } else {
        Answer::No
    })
}

/// Whether a policy asks for more than its signature.
fn judges_claims(policy: &Policy) -> bool {
    let rest = Policy {
        signature: SignatureRules::default(),
        ..policy.clone()
    };
    rest != Policy::default()
}

impl Args {
    /// The keys, and what they were read from.
    fn keys(&self, named: Option<AlgorithmSet>) -> Result<(KeyRing, GivenKey), Failure> {
        let allowed = named.unwrap_or_else(|| Algorithm::ALL.iter().copied().collect());
        if let Some(secret) = self.secret.read()? {
            let given = GivenKey::Secret {
                ends_in_newline: secret.ends_in_newline,
            };
            let keys = KeyRing::of_one(secret.jwk, allowed)
                .map_err(|error| Failure::key("the secret", &error))?;
            return Ok((keys, given));
        }
        let place = self.key.as_ref().or(self.jwks.as_ref());
        let place = place.ok_or_else(|| Failure::usage("no key was given"))?;
        let mut file = read_keys(place)?;
        let given = match file.form {
            KeyForm::JwkSet => GivenKey::Set,
            _ => GivenKey::File(file.bytes.clone()),
        };
        let failure = |error: &_| Failure::key(&format!("the key from {place}"), error);
        let keys = match (file.form, file.keys.pop()) {
            (KeyForm::JwkSet, last) => {
                file.keys.extend(last);
                if file.keys.is_empty() {
                    return Err(file
                        .into_one(None)
                        .err()
                        .unwrap_or_else(|| Failure::content("the set is empty")));
                }
                KeyRing::of_set(file.keys, file.skipped, allowed)
            }
            (form, Some(_)) if self.jwks.is_some() => {
                return Err(Failure::usage(format!("{place} is no JWK Set ({form})"))
                    .hint("give a single key with --key"));
            }
            (_, Some(key)) => KeyRing::of_one(key, allowed),
            (_, None) => return Err(Failure::content(format!("{place} holds no key"))),
        };
        Ok((keys.map_err(|error| failure(&error))?, given))
    }

    fn check_stdin(&self) -> Result<(), Failure> {
        let token = self.token.as_ref().is_none_or(Source::is_stdin);
        let users = [
            token,
            self.key == Some(Place::Stdin),
            self.jwks == Some(Place::Stdin),
            self.secret.is_stdin(),
            self.rules.is_stdin(),
            self.payload.as_ref().is_some_and(Source::is_stdin),
        ];
        input::one_stdin(&users)
    }
}

fn report<'r>(
    check: &'r Check,
    checked: &'r Checked,
    (token, inspections): (&'r Token, &'r [Inspection]),
    examination: Examination,
    given: &GivenKey,
) -> Report<'r> {
    let detached = match &check.scope {
        Scope::Signature { detached, .. } => detached.as_deref(),
        Scope::Claims => None,
    };
    let findings = findings::of_checked(checked, check, token, inspections.first());
    let (verdict, code, message, hint) = match &checked.refusal {
        None => (Verdict::Valid, None, praise(check, checked, token), None),
        Some(refusal) => {
            let message = findings
                .first()
                .map_or_else(|| refusal.to_string(), |finding| finding.message.clone());
            let mismatch = refusal.code() == Code::SignatureMismatch;
            let hint = match (mismatch, &token.payload) {
                _ if token.form != Form::Compact
                    && token.malformed.is_none()
                    && matches!(check.scope, Scope::Claims) =>
                {
                    Some(ONLY_COMPACT.to_owned())
                }
                (true, None) if detached.is_none() => Some(NO_PAYLOAD.to_owned()),
                // The doctor's fix says more.
                _ if examination.found_cause() => None,
                (true, _) if given.ends_in_newline() => Some(NEWLINE.to_owned()),
                _ => Some(remedy(refusal.code())),
            };
            (
                Verdict::Invalid,
                Some(refusal.code().as_str()),
                message,
                hint,
            )
        }
    };
    Report {
        verdict,
        code,
        message,
        hint,
        token: Some(token),
        detached,
        signed: &checked.signed,
        findings,
        inspections,
        purpose: Purpose::Verifying(Box::new(examination)),
    }
}

const NEWLINE: &str =
    "the secret ends in a line break, which counts as part of it; remove it if it should not";

const ONLY_COMPACT: &str = "--jws checks the signature alone, in this form too";

const NO_PAYLOAD: &str =
    "the token has no payload; if it travels apart, give it with --jws --payload @file";

/// What was found good, and no more than that.
fn praise(check: &Check, checked: &Checked, token: &Token) -> String {
    let algorithm = checked
        .signed
        .first()
        .map_or("", |signed| signed.algorithm.name());
    let signature = match (checked.signed.len(), token.signatures.len()) {
        (_, 1) => format!("the {algorithm} signature is good"),
        (good, all) => format!("{good} of {all} signatures checked and good"),
    };
    match check.scope {
        Scope::Signature { .. } => format!("{signature}; the payload's meaning was not checked"),
        Scope::Claims => {
            let rules = rules::named(&check.policy, token);
            if rules.is_empty() {
                format!("{signature}; no rule was given for the claims")
            } else {
                format!("{signature}, and so are the claims ({})", rules.join(", "))
            }
        }
    }
}
