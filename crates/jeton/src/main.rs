//! The `jeton` command: reads the arguments, runs one command, answers with an exit code.

mod administration;
mod cli;
mod clock;
mod commands;
mod failure;
mod input;
mod json_text;
mod moment;
mod render;
mod report;
mod serve;
mod session;
mod telemetry;
mod terminal;

use std::process::ExitCode;

use clap::{ColorChoice, Parser as _};

use cli::Cli;
use failure::Failure;
use session::{Answer, Session};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    anstream::ColorChoice::write_global(match cli.color {
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
        ColorChoice::Auto => anstream::ColorChoice::Auto,
    });
    let json = cli.json;
    let session = Session {
        now: clock::now(),
        zone: jiff::tz::TimeZone::system(),
        width: terminal::width(),
        json,
    };
    match cli.run(&session) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(failure) => {
            failure::report(&failure, json);
            ExitCode::from(2)
        }
    }
}

/// Help and versions as they are; errors as JSON too, where that was asked for.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args().any(|argument| input::holds_key(&argument)) {
        // The usual message would repeat it.
        let json = std::env::args_os().any(|argument| argument == "--json");
        let failure = Failure::usage("an argument looks like a key; it is not shown")
            .hint("give the name of its file: --key FILE, or --key - for the standard input");
        failure::report(&failure, json);
        return ExitCode::from(2);
    }
    let text = error.render().to_string();
    let json = error.use_stderr() && std::env::args_os().any(|argument| argument == "--json");
    if json {
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .take_while(|line| !line.is_empty())
            .collect();
        let message = lines.join(" ");
        let message = message.strip_prefix("error: ").unwrap_or(&message);
        failure::report(&Failure::usage(message).hint("see --help"), true);
    } else if error.use_stderr() && std::env::args_os().any(|argument| steers(&argument)) {
        // It may quote an argument that would steer the terminal.
        let lines: Vec<_> = text
            .lines()
            .map(|line| terminal::visible(line).into_owned())
            .collect();
        terminal::print_error(&format!("{}\n", lines.join("\n")));
    } else {
        // There is nobody left to tell if that fails.
        error.print().ok();
    }
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

fn steers(argument: &std::ffi::OsStr) -> bool {
    argument
        .to_string_lossy()
        .contains(|c: char| c.is_control() && c != '\n')
}
