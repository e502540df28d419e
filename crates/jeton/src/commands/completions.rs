use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::failure::Failure;
use crate::session::{Answer, print_data};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  jeton completions bash > ~/.local/share/bash-completion/completions/jeton
  jeton completions zsh > ~/.zfunc/_jeton
  jeton completions fish > ~/.config/fish/completions/jeton.fish";

pub(crate) fn run(args: &Args) -> Result<Answer, Failure> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "jeton", &mut script);
    print_data(&String::from_utf8_lossy(&script))?;
    Ok(Answer::Yes)
}
