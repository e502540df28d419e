//! What reaches the terminal: styled text that is escaped by construction, laid out to its width.
//!
//! Nothing a token says is written to a terminal but through [`Text`], which escapes it.

mod escape;
pub(crate) mod style;
mod text;

use std::io::{self, IsTerminal as _, Write as _};

pub(crate) use escape::{escape_json, visible};
pub(crate) use text::{Page, Text};

/// The width that text is laid out for: that of the terminal, and none for pipes and files.
pub(crate) fn width() -> usize {
    if let Some(width) = columns_variable() {
        return width.max(MINIMUM_WIDTH);
    }
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(width), _)) => usize::from(width).max(MINIMUM_WIDTH),
        None => usize::MAX,
    }
}

/// Writes styled text to the standard output, without styles where it is no terminal.
pub(crate) fn print(text: &str) -> io::Result<()> {
    quiet_when_closed(anstream::stdout().lock().write_all(text.as_bytes()))
}

/// Writes data to the standard output as it is.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    quiet_when_closed(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Writes styled text to the standard error. There is nobody left to tell if that fails.
pub(crate) fn print_error(text: &str) {
    anstream::stderr().lock().write_all(text.as_bytes()).ok();
}

/// A long value's beginning.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

/// Whether the standard output is a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

const MINIMUM_WIDTH: usize = 20;

#[expect(
    clippy::disallowed_methods,
    reason = "COLUMNS is how a person or a test sets the width"
)]
fn columns_variable() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

/// A reader that has seen enough (`jeton ... | head`) is no error.
fn quiet_when_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
