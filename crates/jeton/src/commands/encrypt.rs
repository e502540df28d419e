use clap::ArgGroup;
use jeton_inspect::workbench::tokens::encrypt::{self, Recipient, Request, Signer};
use jeton_inspect::workbench::{KeyInput, Setting};
use jeton_jose::Secret;
use jeton_jose::backend::AwsLc;

use super::sign::claims::{CLAIM_OPTIONS, ClaimOptions};
use super::sign::header::{Form, HeaderOptions};
use crate::failure::Failure;
use crate::input::{
    self, LARGE, PassphraseOptions, PasswordOptions, Place, SMALL, SecretOptions, Source,
    read_keys, text,
};
use crate::json_text::Object;
use crate::moment::AtOption;
use crate::session::{Answer, Session, print_data, print_json};

/// Encrypt claims, a signed token, or any payload
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("key_source").required(true))]
pub(crate) struct Args {
    /// Public key file of the recipient in any form; once for each of several; - for the standard
    /// input
    #[arg(long, value_name = "FILE", help_heading = "Key", group = "key_source")]
    key: Vec<Place>,
    #[command(flatten)]
    secret: SecretOptions,
    #[command(flatten)]
    password: PasswordOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// Key management algorithm; by default the key's own, RSA-OAEP-256 for RSA, ECDH-ES+A256KW for
    /// EC and X25519, PBES2-HS512+A256KW for a password
    #[arg(long, value_name = "ALG", help_heading = "Key")]
    alg: Option<String>,
    /// Content encryption; by default A256GCM, or what a shared key is for
    #[arg(long, value_name = "ENC", help_heading = "Key")]
    enc: Option<String>,
    /// Iterations of PBES2; by default 600000
    #[arg(long, value_name = "NUMBER", help_heading = "Key")]
    iterations: Option<u32>,
    #[command(flatten)]
    claims: ClaimOptions,
    /// Encrypt these bytes as they are instead of claims: @file, - or the text itself
    #[arg(long, value_name = "SOURCE", help_heading = "Payload", conflicts_with_all = CLAIM_OPTIONS)]
    payload: Option<Source>,
    /// Encrypt this signed token (`cty` becomes JWT): itself, @file or -
    #[arg(long, value_name = "SOURCE", help_heading = "Payload", conflicts_with_all = CLAIM_OPTIONS, conflicts_with = "payload")]
    token: Option<Source>,
    /// Sign with this private key first, and encrypt the signed token
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Payload",
        conflicts_with = "token"
    )]
    sign_key: Option<Place>,
    /// Signature algorithm; needed where the key does not say
    #[arg(
        long,
        value_name = "ALG",
        help_heading = "Payload",
        requires = "sign_key"
    )]
    sign_alg: Option<String>,
    /// Data sent in the open and authenticated with the content (JSON forms): @file, - or text
    #[arg(long, value_name = "SOURCE", help_heading = "Payload")]
    aad: Option<Source>,
    /// `typ` of what is encrypted; by default JWT for claims, and none for a payload; empty for none
    #[arg(long, value_name = "TYPE", help_heading = "Header")]
    typ: Option<String>,
    /// `cty`: what the content is
    #[arg(
        long,
        value_name = "TYPE",
        help_heading = "Header",
        conflicts_with_all = ["token", "sign_key"]
    )]
    cty: Option<String>,
    #[command(flatten)]
    header: HeaderOptions,
    /// Serialization; by default compact for one recipient, general for several
    #[arg(long)]
    form: Option<Form>,
    #[command(flatten)]
    at: AtOption,
}

const EXAMPLES: &str = "\
Examples:
  jeton encrypt --key recipient.pem --payload @document.pdf > document.jwe
  jeton encrypt --key recipient.pem --token @token.jwt
  jeton encrypt --key recipient.pem --sign-key private.pem --sub joe --exp 15m
  jeton encrypt --key a.jwk --key b.jwk --payload 'for both of you'
  jeton encrypt --secret-env SHARED_KEY --alg dir --enc A256GCM --sub joe
  jeton encrypt --password --payload @notes.txt

The token goes to the standard output. Encryption hides a token and proves
nothing about who wrote it: sign first, with --sign-key, or --token for one that
is signed already. RSA1_5 is left out on purpose, and nothing is compressed.

Exit codes: 0 encrypted, 2 usage, configuration or I/O.";

/// Header parameters that have an option of their own.
const OWN_OPTIONS: [(&str, &str); 5] = [
    ("alg", "--alg"),
    ("enc", "--enc"),
    ("typ", "--typ"),
    ("cty", "--cty"),
    ("kid", "--kid"),
];

const PASSWORD_ALGORITHM: &str = "PBES2-HS512+A256KW";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    args.check_stdin()?;
    let setting = Setting {
        backend: &AwsLc,
        now: args.at.resolve(session.now),
    };
    let answer = encrypt::answer(&args.request(&setting)?, &setting)?;
    if session.json {
        let mut object = Object::new();
        object.raw("token", answer.token.text());
        print_json(&object.finish())?;
    } else {
        print_data(&format!("{}\n", answer.text))?;
    }
    Ok(Answer::Yes)
}

impl Args {
    fn request(&self, setting: &Setting<'_>) -> Result<Request, Failure> {
        let (mut plaintext, mut payload_base64url, mut token) = (None, None, None);
        match (&self.token, &self.payload) {
            (Some(source), _) => token = Some(Secret::new(source.read("token", LARGE)?)),
            (None, Some(source)) => {
                let bytes = Secret::new(source.read("payload", LARGE)?);
                let encoded = jeton_jose::base64url::encode(bytes.expose());
                payload_base64url = Some(Secret::new(encoded.into_bytes()));
            }
            (None, None) => {
                plaintext = Some(Secret::new(self.claims.compose(setting.now)?.into_bytes()));
            }
        }
        let aad = self.aad.as_ref().map(|source| {
            let bytes = source.read("additional data", SMALL)?;
            text(bytes, "additional data", "--aad")
        });
        Ok(Request {
            plaintext,
            payload_base64url,
            token,
            sign: self.signer()?,
            recipients: self.recipients()?,
            enc: self.enc.clone(),
            header: Some(self.header()?),
            kid: self.header.kid.clone(),
            form: self.form.map(Into::into),
            aad: aad.transpose()?,
        })
    }

    fn signer(&self) -> Result<Option<Signer>, Failure> {
        let Some(place) = &self.sign_key else {
            return Ok(None);
        };
        let mut key = read_keys(place, &self.passphrase)?.into_input(None);
        key.alg.clone_from(&self.sign_alg);
        Ok(Some(Signer {
            key,
            typ: self.typ.clone(),
        }))
    }

    fn recipients(&self) -> Result<Vec<Recipient>, Failure> {
        let recipient = |mut key: KeyInput, alg: Option<&str>| {
            key.alg = alg.map(str::to_owned);
            Recipient {
                key,
                iterations: self.iterations,
            }
        };
        let alg = self.alg.as_deref();
        if let Some(secret) = self.secret.read()? {
            return Ok(vec![recipient(
                KeyInput::from_secret(secret.secret).named("the secret"),
                alg,
            )]);
        }
        if let Some(password) = self.password.read(true)? {
            let alg = alg.or(Some(PASSWORD_ALGORITHM));
            return Ok(vec![recipient(
                KeyInput::from_secret(password).named("the password"),
                alg,
            )]);
        }
        self.key
            .iter()
            .map(|place| {
                let file = read_keys(place, &self.passphrase)?;
                Ok(recipient(file.into_input(self.header.kid.clone()), alg))
            })
            .collect()
    }

    /// As the text of a JSON object.
    fn header(&self) -> Result<String, Failure> {
        let claims = self.payload.is_none() && self.token.is_none() && self.sign_key.is_none();
        let typ = match &self.typ {
            // It is that of the signed token.
            Some(_) if self.sign_key.is_some() => None,
            Some(typ) => Some(typ.as_str()).filter(|typ| !typ.is_empty()),
            None => claims.then_some("JWT"),
        };
        let first = [("typ", typ), ("cty", self.cty.as_deref())];
        self.header.compose(first, &OWN_OPTIONS)
    }

    fn check_stdin(&self) -> Result<(), Failure> {
        let keys = self.key.iter().chain(&self.sign_key);
        let mut users: Vec<bool> = keys.map(|place| *place == Place::Stdin).collect();
        let sources = [&self.claims.claims, &self.payload, &self.token, &self.aad];
        users.extend(sources.into_iter().flatten().map(Source::is_stdin));
        users.push(self.secret.is_stdin());
        users.push(self.password.is_stdin());
        users.push(self.passphrase.is_stdin());
        input::one_stdin(&users)
    }
}
