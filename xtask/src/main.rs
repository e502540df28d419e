//! The developer commands: `cargo xtask help` lists them.
//!
//! One file per command, each with its help and a `main` that takes the words after its name. A
//! command is a row of steps ([`steps`]): every one is shown with its time, and the first that
//! fails ends the command. To add a command, write its file and add it to `COMMANDS`.

mod bench;
mod check;
mod codes;
mod fuzz;
mod generate;
mod interop;
mod metadata;
mod page;
mod picture;
mod process;
mod run;
mod server;
mod steps;
mod test;
mod tidy;
mod traps;
mod web;

use std::process::ExitCode;

/// A developer command.
struct Command {
    name: &'static str,
    summary: &'static str,
    help: &'static str,
    main: fn(&[&str]) -> anyhow::Result<()>,
}

const COMMANDS: &[Command] = &[
    run::COMMAND,
    web::COMMAND,
    test::COMMAND,
    check::COMMAND,
    tidy::COMMAND,
    generate::COMMAND,
    bench::COMMAND,
    fuzz::COMMAND,
];

/// What the person typed cannot be understood: exit code 2 instead of 1.
#[derive(Debug)]
struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn dispatch(words: &[&str]) -> anyhow::Result<()> {
    let asks_help = |word: &&&str| matches!(**word, "-h" | "--help");
    match words {
        [] | ["help" | "-h" | "--help"] => {
            print!("{}", overview());
            Ok(())
        }
        ["help", name, ..] => {
            print!("{}", command(name)?.help);
            Ok(())
        }
        [name, rest @ ..] => {
            let command = command(name)?;
            if rest.iter().find(asks_help).is_some() {
                print!("{}", command.help);
                return Ok(());
            }
            (command.main)(rest)
        }
    }
}

fn command(name: &str) -> anyhow::Result<&'static Command> {
    let found = COMMANDS.iter().find(|command| command.name == name);
    found.ok_or_else(|| {
        let message = format!("there is no command `{name}`\nhint: `cargo xtask help` lists them");
        Usage(message).into()
    })
}

fn unexpected(command: &str, word: &str) -> anyhow::Error {
    let message =
        format!("`{word}` means nothing to `{command}`\nhint: see `cargo xtask {command} --help`");
    Usage(message).into()
}

fn overview() -> String {
    let line = |command: &Command| format!("  {:8}{}", command.name, command.summary);
    let lines: Vec<String> = COMMANDS.iter().map(line).collect();
    format!(
        "The developer commands of jeton.\n\nusage: cargo xtask COMMAND\n\n{}\n\n\
         `cargo xtask COMMAND --help` says more about one.\n",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_help_starts_with_its_usage() {
        for command in COMMANDS {
            let usage = format!("usage: cargo xtask {}", command.name);
            assert!(command.help.starts_with(&usage), "{}", command.name);
        }
    }

    #[test]
    fn an_unknown_command_is_a_usage_error() {
        assert!(dispatch(&["tset"]).unwrap_err().is::<Usage>());
        assert!(dispatch(&["test", "--fast"]).unwrap_err().is::<Usage>());
    }
}
