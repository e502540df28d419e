//! Steps that are shown as they run, each with its time.

use std::time::{Duration, Instant};

use anyhow::Context as _;

/// The steps of one command.
pub(crate) struct Steps {
    began: Instant,
    done: Vec<(String, Outcome)>,
}

enum Outcome {
    Took(Duration),
    Skipped(String),
}

impl Steps {
    pub(crate) fn new() -> Self {
        Self {
            began: now(),
            done: Vec::new(),
        }
    }

    /// Runs one step; the error names it.
    pub(crate) fn run(
        &mut self,
        name: &str,
        work: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        eprintln!("\n==> {name}");
        let began = now();
        work().with_context(|| format!("step `{name}` failed after {}", shown(began.elapsed())))?;
        let took = began.elapsed();
        eprintln!("    {name}: ok, {}", shown(took));
        self.done.push((name.to_owned(), Outcome::Took(took)));
        Ok(())
    }

    /// Says why a step does not run here.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        eprintln!("\n==> {name}: SKIPPED, {why}");
        self.done
            .push((name.to_owned(), Outcome::Skipped(why.to_owned())));
    }

    /// Prints what was done.
    pub(crate) fn finish(self) {
        eprintln!("\n==> all steps passed in {}", shown(self.began.elapsed()));
        for (name, outcome) in &self.done {
            match outcome {
                Outcome::Took(time) => eprintln!("    {:>9}  {name}", shown(*time)),
                Outcome::Skipped(why) => eprintln!("    {:>9}  {name} ({why})", "skipped"),
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a developer command times its steps"
)]
fn now() -> Instant {
    Instant::now()
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_ends_with_its_name() {
        let mut steps = Steps::new();
        let error = steps.run("boil", || anyhow::bail!("no water")).unwrap_err();
        assert!(error.to_string().starts_with("step `boil` failed"));
        assert_eq!(error.root_cause().to_string(), "no water");
        assert!(steps.done.is_empty());
    }

    #[test]
    fn times_read_well() {
        assert_eq!(shown(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(shown(Duration::from_secs(127)), "2 min 07 s");
    }
}
