use std::net::SocketAddr;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::json_text::Object;
use crate::serve::{Config, Server, schema};
use crate::session::{Answer, Session, print_json, print_page};
use crate::telemetry;
use crate::terminal::{Text, print_error, style};

/// Serve the debugger page and the HTTP API for tokens and keys
///
/// The page verifies and signs in the browser; nothing leaves it. The API is for programs on this
/// machine. Without a configuration both are on 127.0.0.1:7519, where nobody else reaches them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Listen here instead of 127.0.0.1:7519; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the JSON Schema of the configuration file, and end
    #[arg(long)]
    schema: bool,
}

const EXAMPLES: &str = "\
Examples:
  jeton serve
  jeton serve --listen 127.0.0.1:8080
  jeton serve --config jeton.toml

A configuration, all of it optional:
  [listen]
  address = \"127.0.0.1:7519\"
  tls = { certificates = \"server.pem\", private_key = \"file:server.key\" }

  [debugger]
  hosts = [\"jeton.example\"]          # names it is reached under
  remote_secrets = false             # take secrets though it is not loopback

  [debugger.fetch]                   # key sets that a person asks for
  hosts = [\"keys.internal.example\"]  # though their addresses are not public
  ports = [443]

  [telemetry]                        # no token or secret is in any of it
  log = { format = \"json\", filter = \"info\" }

  [telemetry.otlp]                   # traces to a collector
  endpoint = \"http://localhost:4318/v1/traces\"
  sample = 0.1

When it is interrupted or terminated, it finishes the answers that it has begun,
for at most ten seconds, and ends.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    if args.schema {
        print_json(&schema()?)?;
        return Ok(Answer::Yes);
    }
    let mut config = match &args.config {
        Some(path) => Config::read(path)?,
        None => Config::default(),
    };
    if let Some(address) = args.listen {
        config.listen_on(address);
    }
    let telemetry = telemetry::start(&config.telemetry)?;
    let takes_remote_secrets = config.debugger.remote_secrets;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io("cannot start the server's threads", &error))?;
    let ended = runtime.block_on(async {
        let server = Server::start(config, &telemetry).await?;
        announce(&server, session)?;
        if !server.address.ip().is_loopback() {
            print_error(remark(takes_remote_secrets));
        }
        server.run().await
    });
    // Work that nobody waits for any more does not keep the process.
    runtime.shutdown_background();
    drop(telemetry);
    ended.map(|()| Answer::Yes)
}

/// Says what is where.
fn announce(server: &Server, session: &Session) -> Result<(), Failure> {
    let url = server.url();
    let served = [
        ("debugger", format!("{url}/debugger/")),
        ("api", format!("{url}/api/")),
    ];
    if session.json {
        let mut object = Object::new();
        for (name, url) in &served {
            object.string(name, url);
        }
        return print_json(&object.finish());
    }
    let mut page = session.page();
    for (name, url) in &served {
        let line = Text::new(style::DIM, &format!("{name:9} ")).with(style::GOOD, url);
        page.line(&line, 0);
    }
    print_page(page)
}

fn remark(takes_remote_secrets: bool) -> &'static str {
    if takes_remote_secrets {
        "note: this is no loopback address, and the configuration has calls with secrets answered\n"
    } else {
        "note: this is no loopback address, so calls that carry secrets are refused\n"
    }
}
