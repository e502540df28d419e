use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_mangen::{Man, generate_to};

use crate::cli::Cli;
use crate::failure::Failure;
use crate::session::{Answer, print_data, written};
use crate::terminal::print_error;

/// Print the manual page, or write all of them to a directory
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write the page of each command to this directory
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  jeton man | man -l -
  jeton man --dir ~/.local/share/man/man1";

pub(crate) fn run(args: &Args) -> Result<Answer, Failure> {
    if let Some(dir) = &args.dir {
        std::fs::create_dir_all(dir)
            .and_then(|()| generate_to(Cli::command(), dir))
            .map_err(|error| {
                Failure::io(
                    format!("cannot write the manual to `{}`", dir.display()),
                    &error,
                )
            })?;
        print_error(&format!("the manual is in {}\n", dir.display()));
        return Ok(Answer::Yes);
    }
    let mut page = Vec::new();
    written(Man::new(Cli::command()).render(&mut page))?;
    print_data(&String::from_utf8_lossy(&page))?;
    Ok(Answer::Yes)
}
