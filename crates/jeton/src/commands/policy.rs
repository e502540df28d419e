use jeton_inspect::workbench::policies;
use jeton_jose::Policy;
use jeton_jose::jwt::policy::Preset;

use crate::failure::Failure;
use crate::input::{Place, SMALL};
use crate::json_text::Object;
use crate::report::written;
use crate::session::{Answer, Session, print_data, print_json, print_page};
use crate::terminal::{Text, style};

/// Show and check policies, the rules that tokens are held against
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Show(Show),
    Check(Check),
}

/// Print a policy with all that it says
#[derive(Debug, clap::Args)]
#[command(after_long_help = SHOW_EXAMPLES)]
pub(crate) struct Show {
    /// Preset (id-token, access-token, dpop-proof, client-assertion, logout-token, security-event),
    /// policy file, or - for the standard input
    #[arg(value_name = "PRESET|FILE")]
    policy: String,
    /// The form to print
    #[arg(long, default_value = "toml")]
    format: FileFormat,
}

/// Check a policy file
#[derive(Debug, clap::Args)]
#[command(after_long_help = CHECK_EXAMPLES)]
pub(crate) struct Check {
    /// Policy file in TOML or JSON, or - for the standard input
    file: Place,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FileFormat {
    Toml,
    Json,
}

const SHOW_EXAMPLES: &str = "\
Examples:
  jeton policy show access-token > policy.toml
  jeton policy show policy.toml --format json

A file of a preset's name is meant by ./id-token.";

const CHECK_EXAMPLES: &str = "\
Examples:
  jeton policy check policy.toml

Exit codes: 0 the policy is sound, 1 it is not, 2 it cannot be read.";

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::Show(args) => show(args, session),
        Command::Check(args) => check(args, session),
    }
}

/// A preset, or the policy in a file.
pub(crate) fn read_policy(name: &str) -> Result<Policy, Failure> {
    if let Ok(preset) = name.parse::<Preset>() {
        return Ok(preset.policy());
    }
    let place = match name {
        "-" => Place::Stdin,
        path => Place::File(path.into()),
    };
    let text = place.read_text("policy", SMALL).map_err(|failure| {
        let presets = Preset::ALL.map(Preset::name).join(", ");
        failure.hint(format!(
            "give a policy file or one of the presets {presets}"
        ))
    })?;
    parse(&text).map_err(|error| {
        Failure::coded(error.code(), format!("the policy in {place} is wrong"))
            .cause(error.to_string())
    })
}

fn show(args: &Show, session: &Session) -> Result<Answer, Failure> {
    let policy = read_policy(&args.policy)?;
    let shown = policies::show(&policy)?;
    if session.json {
        print_json(&written(&shown))?;
        return Ok(Answer::Yes);
    }
    let text = match args.format {
        FileFormat::Toml => &shown.toml,
        FileFormat::Json => shown.json.text(),
    };
    print_data(&format!("{}\n", text.trim_end()))?;
    Ok(Answer::Yes)
}

fn check(args: &Check, session: &Session) -> Result<Answer, Failure> {
    let text = args.file.read_text("policy", SMALL)?;
    let error = parse(&text).err();
    let answer = if error.is_none() {
        Answer::Yes
    } else {
        Answer::No
    };
    if session.json {
        let mut object = Object::new();
        object.string("verdict", if error.is_none() { "valid" } else { "invalid" });
        object.optional("code", error.as_ref().map(|error| error.code().as_str()));
        let message = error.map_or_else(
            || "the policy is sound".to_owned(),
            |error| error.to_string(),
        );
        object.string("message", &message);
        print_json(&object.finish())?;
        return Ok(answer);
    }
    let mut page = session.page();
    match error {
        None => page.line(
            &Text::new(style::badge(style::GOOD), " ✔ SOUND ")
                .with(style::PLAIN, &format!("  {}", args.file)),
            2,
        ),
        Some(error) => {
            let line = Text::new(style::badge(style::BAD), " ✘ WRONG ")
                .with(style::BAD.bold(), &format!("  {}: ", error.code()));
            page.line(&line.with(style::BOLD, &args.file.to_string()), 2);
            for line in error.to_string().lines() {
                page.line(&Text::new(style::PLAIN, "  ").with(style::PLAIN, line), 2);
            }
        }
    }
    print_page(page)?;
    Ok(answer)
}

fn parse(text: &str) -> Result<Policy, jeton_jose::jwt::policy::PolicyError> {
    if text.trim_ascii_start().starts_with('{') {
        Policy::from_json(text)
    } else {
        Policy::from_toml(text)
    }
}
