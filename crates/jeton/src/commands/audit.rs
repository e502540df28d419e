use jeton_jose::json::{Document, Options, from_value};
use jeton_store::audit::{Entry, Head};

use crate::administration::{Administration, Target, parsed, print_record};
use crate::failure::Failure;
use crate::input::{LARGE, Place};
use crate::json_text::Object;
use crate::session::{Answer, Session, print_data, print_json, print_page};
use crate::terminal::{Text, style};

/// The audit log: who did what and when, each entry chained to the one before
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Check that nothing was changed, left out or put in
    #[command(after_long_help = CHECK)]
    Check(Check),
    /// Write the entries as lines of JSON
    Export(Export),
    /// Show the end of the log; noted elsewhere, it shows later that nothing was cut off
    Head(End),
}

const CHECK: &str = "\
Examples:
  jeton audit check
  jeton audit export > audit.ndjson
  jeton audit check --file audit.ndjson

Exit code 1 says that the chain does not hold, and from which entry on.";

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Check an exported log instead; - for the standard input
    #[arg(long, value_name = "FILE")]
    file: Option<Place>,
    /// The hash that the log has to end with, or to have gone through
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// Only entries after this place
    #[arg(long, value_name = "SEQUENCE", default_value_t = 0)]
    after: u64,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct End {
    #[command(flatten)]
    target: Target,
}

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::Check(check) => self::check(check, session),
        Command::Export(export) => {
            let service = export.target.open()?;
            each_part(&service, export.after, &mut |lines| {
                print_data(&format!("{}\n", lines.join("\n")))
            })?;
            Ok(Answer::Yes)
        }
        Command::Head(end) => {
            print_record(session, &end.target.open()?.read("/admin/audit/head")?)?;
            Ok(Answer::Yes)
        }
    }
}

/// A chain as far as it was followed.
struct Chain<'h> {
    head: Head,
    broken: Option<u64>,
    /// The hash that has to come by, and whether it did.
    wanted: Option<&'h str>,
}

impl Chain<'_> {
    fn follow(&mut self, line: &str) {
        if self.broken.is_some() {
            return;
        }
        let document = Document::parse(line.as_bytes(), &Options::strict());
        let entry = document.ok().and_then(|line| from_value(line.root()).ok());
        let next = self.head.sequence.saturating_add(1);
        let Some(entry): Option<Entry> = entry else {
            self.broken = Some(next);
            return;
        };
        if let Err(broken) = self.head.check(&entry) {
            self.broken = Some(broken.sequence);
        }
        if self.wanted.is_some_and(|wanted| wanted == hash(&self.head)) {
            self.wanted = None;
        }
    }
}

fn check(check: &Check, session: &Session) -> Result<Answer, Failure> {
    let mut chain = Chain {
        head: Head::empty(),
        broken: None,
        wanted: check.head.as_deref(),
    };
    if let Some(place) = &check.file {
        let text = place.read_text("audit log", LARGE)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.for_each(|line| chain.follow(line));
    } else {
        let service = check.target.open()?;
        each_part(&service, 0, &mut |lines| {
            for line in lines {
                chain.follow(line);
            }
            Ok(())
        })?;
    }
    report(&chain, session)
}

fn report(chain: &Chain<'_>, session: &Session) -> Result<Answer, Failure> {
    let holds = chain.broken.is_none() && chain.wanted.is_none();
    let hash = hash(&chain.head);
    if session.json {
        let mut object = Object::new();
        object.raw("holds", &holds.to_string());
        object.raw("entries", &chain.head.sequence.to_string());
        object.string("hash", &hash);
        let broken = chain.broken.map_or("null".to_owned(), |at| at.to_string());
        object.raw("broken_at", &broken);
        object.raw("head_missing", &chain.wanted.is_some().to_string());
        print_json(&object.finish())?;
    } else {
        let mut page = session.page();
        let line = match (chain.broken, chain.wanted) {
            (Some(at), _) => Text::new(style::BAD, "broken").with(
                style::PLAIN,
                &format!(" the audit log is not what was written from entry {at} on"),
            ),
            (None, Some(_)) => Text::new(style::BAD, "cut off")
                .with(style::PLAIN, " no entry has the hash that was noted"),
            (None, None) => Text::new(style::GOOD, "holds").with(
                style::PLAIN,
                &format!(
                    " {} entries, the last with hash {hash}",
                    chain.head.sequence
                ),
            ),
        };
        page.line(&line, 2);
        print_page(page)?;
    }
    Ok(if holds { Answer::Yes } else { Answer::No })
}

fn hash(head: &Head) -> String {
    jeton_jose::base64url::encode(head.hash.as_bytes())
}

/// Goes through the log, some entries at a time, each as its JSON.
fn each_part(
    service: &Administration,
    mut after: u64,
    done: &mut dyn FnMut(&[String]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    loop {
        let part = service.read(&format!("/admin/audit?limit=1000&after={after}"))?;
        let document = parsed(&part)?;
        let page = document.root().as_object();
        let items = page.and_then(|page| page.get("items")?.as_array());
        let items = items.into_iter().flat_map(jeton_jose::json::Array::iter);
        let lines: Vec<String> = items.map(|item| item.source().to_owned()).collect();
        if !lines.is_empty() {
            done(&lines)?;
        }
        let next = page.and_then(|page| page.get("next")?.as_str());
        match next.and_then(|next| next.parse().ok()) {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}
