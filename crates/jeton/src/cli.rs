//! The command line: one subcommand per file in `commands`.

use clap::{ColorChoice, Parser, Subcommand};

use crate::commands::{
    api, audit, client, completions, debugger, decode, decrypt, diff, encrypt, group, init, jwks,
    key, keys, man, policy, revoke, role, sd, serve, sign, user, verify,
};
use crate::failure::Failure;
use crate::session::{Answer, Session};

/// The workshop for JSON Web Tokens: decode, verify, sign, encrypt, and keys for it
#[derive(Debug, Parser)]
#[command(name = "jeton", version, propagate_version = true, max_term_width = 100, after_long_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Answer with one JSON object on the standard output, errors included
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
    /// When to use colours; `NO_COLOR` is respected
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub(crate) color: ColorChoice,
}

const AFTER: &str = "\
Exit codes:
  0  yes: decoded, valid, decrypted, done
  1  no: the token is malformed, not valid, or does not decrypt
  2  no answer: usage, configuration, or a file that cannot be read

Data goes to the standard output, everything else to the standard error. Where
a token, claims or a payload are expected, - is the standard input and @file a
file. No secret is ever an argument.";

#[derive(Debug, Subcommand)]
enum Command {
    Decode(decode::Args),
    Verify(Box<verify::Args>),
    Diff(diff::Args),
    Sign(Box<sign::Args>),
    Encrypt(Box<encrypt::Args>),
    Decrypt(Box<decrypt::Args>),
    #[command(subcommand)]
    Sd(sd::Command),
    #[command(subcommand)]
    Key(key::Command),
    #[command(subcommand)]
    Jwks(jwks::Command),
    #[command(subcommand)]
    Policy(policy::Command),
    Serve(serve::Args),
    Init(init::Args),
    #[command(subcommand)]
    User(user::Command),
    #[command(subcommand)]
    Client(Box<client::Command>),
    #[command(subcommand)]
    Role(role::Command),
    #[command(subcommand)]
    Group(group::Command),
    #[command(subcommand)]
    Api(api::Command),
    #[command(subcommand)]
    Keys(keys::Command),
    #[command(subcommand)]
    Revoke(revoke::Command),
    #[command(subcommand)]
    Audit(audit::Command),
    Debugger(debugger::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Cli {
    pub(crate) fn run(self, session: &Session) -> Result<Answer, Failure> {
        match self.command {
            Command::Decode(args) => decode::run(&args, session),
            Command::Verify(args) => verify::run(&args, session),
            Command::Diff(args) => diff::run(&args, session),
            Command::Sign(args) => sign::run(&args, session),
            Command::Encrypt(args) => encrypt::run(&args, session),
            Command::Decrypt(args) => decrypt::run(&args, session),
            Command::Sd(command) => sd::run(&command, session),
            Command::Key(command) => key::run(&command, session),
            Command::Jwks(command) => jwks::run(&command, session),
            Command::Policy(command) => policy::run(&command, session),
            Command::Serve(args) => serve::run(&args, session),
            Command::Init(args) => init::run(&args, session),
            Command::User(command) => user::run(&command, session),
            Command::Client(command) => client::run(&command, session),
            Command::Role(command) => role::run(&command, session),
            Command::Group(command) => group::run(&command, session),
            Command::Api(command) => api::run(&command, session),
            Command::Keys(command) => keys::run(&command, session),
            Command::Revoke(command) => revoke::run(&command, session),
            Command::Audit(command) => audit::run(&command, session),
            Command::Debugger(args) => debugger::run(&args),
            Command::Completions(args) => completions::run(&args),
            Command::Man(args) => man::run(&args),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_example_is_a_command_line() {
        let mut examples = Vec::new();
        collect(&Cli::command(), &mut examples);
        let of_help = examples.len();
        examples.extend(runs(include_str!("../../../docs/guides/command-line.md")));
        assert!(
            of_help > 30 && examples.len() > of_help + 20,
            "{examples:?}"
        );
        for example in examples {
            if let Err(error) = Cli::try_parse_from(words(&example)) {
                panic!("{example}\n{error}");
            }
        }
    }

    fn collect(command: &clap::Command, examples: &mut Vec<String>) {
        let help = command.get_after_long_help().map(ToString::to_string);
        examples.extend(runs(&help.unwrap_or_default()));
        for subcommand in command.get_subcommands() {
            collect(subcommand, examples);
        }
    }

    /// The runs of this command in a text, without what they are piped from or to.
    fn runs(text: &str) -> Vec<String> {
        text.lines()
            .flat_map(|line| line.split(" | "))
            .map(|run| run.split(" > ").next().unwrap_or_default().trim())
            .filter(|run| run.starts_with("jeton "))
            .map(str::to_owned)
            .collect()
    }

    fn words(line: &str) -> Vec<String> {
        let quoted = line.split('\'').enumerate();
        let mut words = vec![String::new()];
        for (position, part) in quoted {
            for (index, word) in part.split(' ').enumerate() {
                match (position % 2, index) {
                    (1, 1..) => words.last_mut().unwrap().push(' '),
                    (0, 1..) => words.push(String::new()),
                    _ => {}
                }
                words.last_mut().unwrap().push_str(word);
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }
}
