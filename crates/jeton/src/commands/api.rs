use http::Method;

use crate::administration::{Column, Fields, Target, path, print_done, print_list, print_record};
use crate::failure::Failure;
use crate::json_text::Object;
use crate::session::{Answer, Session};

/// The APIs that tokens are issued for
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the APIs
    List(All),
    /// Show an API
    Show(One),
    /// Make an API, or replace it
    #[command(visible_alias = "create", after_long_help = SAVE)]
    Save(Save),
    /// Delete an API
    Delete(One),
}

const SAVE: &str = "\
Examples:
  jeton api save https://api.example.com --name Orders --scope 'orders:read=see orders'
  jeton api save https://api.example.com --name Orders --permissions --claim dept=department";

#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its resource indicator, the `aud` of its tokens
    #[arg(value_name = "URI")]
    resource: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Save {
    /// Its resource indicator, the `aud` of its tokens
    #[arg(value_name = "URI")]
    resource: String,
    /// What people know it by
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Scope with what it means; several when repeated
    #[arg(long = "scope", value_name = "SCOPE=MEANING")]
    scopes: Vec<String>,
    /// Its tokens carry the account's roles
    #[arg(long)]
    roles: bool,
    /// Its tokens carry the account's permissions
    #[arg(long)]
    permissions: bool,
    /// Claim of its tokens with the account's attribute that it is; several when repeated
    #[arg(long = "claim", value_name = "CLAIM=ATTRIBUTE")]
    claims: Vec<String>,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: &[Column] = &[("API", "resource"), ("NAME", "name"), ("SCOPES", "scopes")];

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => {
            let apis = all.target.open()?.read("/admin/apis")?;
            print_list(session, &apis, COLUMNS)?;
        }
        Command::Show(one) => {
            let api = one.target.open()?.read(&path("apis", &one.resource))?;
            print_record(session, &api)?;
        }
        Command::Save(save) => {
            let body = save.body()?;
            let service = save.target.open()?;
            let saved = service.change(Method::PUT, &path("apis", &save.resource), body)?;
            print_record(session, &saved)?;
        }
        Command::Delete(one) => {
            one.target.open()?.delete(&path("apis", &one.resource))?;
            print_done(session, "deleted", &one.resource)?;
        }
    }
    Ok(Answer::Yes)
}

impl Save {
    fn body(&self) -> Result<String, Failure> {
        let template = Fields::default()
            .raw("roles", self.roles.to_string())
            .raw("permissions", self.permissions.to_string())
            .raw("claims", pairs(&self.claims, "CLAIM=ATTRIBUTE")?)
            .finish();
        let fields = Fields::default()
            .text("name", Some(&self.name))
            .raw("scopes", pairs(&self.scopes, "SCOPE=MEANING")?)
            .raw("template", template);
        Ok(fields.finish())
    }
}

fn pairs(texts: &[String], form: &str) -> Result<String, Failure> {
    let mut object = Object::new();
    for text in texts {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("expected {form}")))?;
        object.string(name, value);
    }
    Ok(object.finish())
}
