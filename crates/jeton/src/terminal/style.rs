//! The colours, by meaning. Each comes with a label or a sign, so that none carries it alone.

use anstyle::{AnsiColor, Style};

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

pub(crate) const HEADER: Style = AnsiColor::Magenta.on_default();
pub(crate) const CLAIMS: Style = AnsiColor::Cyan.on_default();
pub(crate) const SIGNATURE: Style = AnsiColor::Blue.on_default();
pub(crate) const KEY: Style = AnsiColor::Blue.on_default();

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();

/// A word on a ground of the colour, for verdicts.
pub(crate) fn badge(style: Style) -> Style {
    style.bold().invert()
}
