//! How much is said beside the verdict.

use jeton_inspect::workbench::tokens::verify::Detail;

/// What is said beside the verdict.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Show every check, not only those that failed
    #[arg(long, help_heading = "Explanation")]
    pub(super) checks: bool,
    /// Look for what would make a signature match in a batch too
    #[arg(long, help_heading = "Explanation", conflicts_with = "no_doctor")]
    doctor: bool,
    /// Do not look for what would make the signature match
    #[arg(long, help_heading = "Explanation")]
    no_doctor: bool,
}

impl Options {
    pub(super) fn of_one(&self) -> Detail {
        Detail {
            checks: true,
            doctor: !self.no_doctor,
            with_fix: false,
        }
    }

    /// A line of a batch has what was asked for by name.
    pub(super) fn of_batch(&self) -> Detail {
        Detail {
            checks: self.checks,
            doctor: self.doctor,
            with_fix: false,
        }
    }
}
