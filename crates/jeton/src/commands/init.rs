use std::path::PathBuf;

use crate::failure::Failure;
use crate::json_text::Object;
use crate::serve::{Config, make};
use crate::session::{Answer, Session, print_json, print_page};
use crate::terminal::{Text, style};

/// Make the folder of a token service without serving it
///
/// It gets its URL, its port, a master key and signing keys, as at the first start of `jeton
/// serve`, so that applications and people can be entered before that. Where it is there already,
/// it stays, and a new link to set up the first administrator is made, as long as there is none.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder [default: jeton-data]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The URL under which everybody will know the service; by default this machine, port 7519
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  jeton init
  jeton init --data /var/lib/jeton --url https://id.example.com";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    let mut config = match &args.config {
        Some(path) => Config::read(path)?,
        None => Config::default(),
    };
    if let Some(folder) = &args.data {
        config.data.folder.clone_from(folder);
    }
    if args.url.is_some() {
        config.issuer.url.clone_from(&args.url);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io("cannot start a runtime", &error))?;
    let (url, setup) = runtime.block_on(make(&config))?;
    let mut lines = vec![("issuer", url)];
    lines.extend(setup.map(|link| ("setup", link)));
    if session.json {
        let mut object = Object::new();
        for (name, text) in &lines {
            object.string(name, text);
        }
        print_json(&object.finish())?;
        return Ok(Answer::Yes);
    }
    let mut page = session.page();
    for (name, text) in &lines {
        let line = Text::new(style::DIM, &format!("{name:9} ")).with(style::GOOD, text);
        page.line(&line, 0);
    }
    print_page(page)?;
    Ok(Answer::Yes)
}
