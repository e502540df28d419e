use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::failure::Failure;
use crate::session::Answer;
use crate::terminal::print_error;

/// Write the debugger page as one file that works without a network
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write the page to this file
    #[arg(long, value_name = "FILE.html")]
    export: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  jeton debugger --export jeton.html

Open the file in any browser, also on a machine that has no network: the page
connects nowhere. `jeton serve` serves the same page.";

pub(crate) fn run(args: &Args) -> Result<Answer, Failure> {
    let page = jeton_web_assets::one_file_page().ok_or_else(|| {
        Failure::content("this build of jeton has no page")
            .cause("it was built without the feature `embed`, which needs Node")
            .hint(jeton_web_assets::HOW_TO_EMBED)
    })?;
    let name = args.export.display();
    let mut options = OpenOptions::new();
    if args.force {
        options.write(true).create(true).truncate(true);
    } else {
        options.write(true).create_new(true);
    }
    let written = options
        .open(&args.export)
        .and_then(|mut file| file.write_all(page));
    written.map_err(|error| {
        let failure = Failure::io(format!("cannot write the page to `{name}`"), &error);
        match error.kind() {
            io::ErrorKind::AlreadyExists => failure.hint("--force overwrites it"),
            _ => failure,
        }
    })?;
    print_error(&format!("the page is in {name}\n"));
    Ok(Answer::Yes)
}
