//! The cause that a doctor found, of a signature's mismatch or of a failed decryption.

use crate::terminal::{Page, Text, style};

pub(super) struct Found<'c> {
    pub(super) explanation: &'c str,
    pub(super) detail: Option<&'c str>,
    pub(super) code: &'c str,
    pub(super) fix: &'c str,
    /// What else to put right.
    pub(super) also: &'c [&'c str],
    pub(super) certainty: &'c str,
}

/// Where a doctor begins to speak; `which` says of what.
pub(super) fn heading(which: &str) -> Text {
    Text::new(style::GOOD.bold(), &format!("  doctor{which}:")).with(style::PLAIN, " ")
}

impl Found<'_> {
    pub(super) fn show(&self, page: &mut Page, heading: Text) {
        let detail = self.detail;
        let detail = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
        let line = heading
            .with(style::BOLD, self.explanation)
            .with(style::PLAIN, &detail)
            .with(style::DIM, &format!("  {}", self.code));
        page.line(&line, 10);
        let also = self.also.iter().map(|fix| ("    also:", *fix));
        for (label, fix) in core::iter::once(("     fix:", self.fix)).chain(also) {
            let line = Text::new(style::GOOD.bold(), label).with(style::PLAIN, " ");
            page.line(&line.with(style::PLAIN, fix), 10);
        }
        let line = Text::new(style::DIM, &format!("          {}", self.certainty));
        page.line(&line, 10);
    }
}
