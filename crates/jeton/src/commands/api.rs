use crate::administration::{Definition, Fields, Target};
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
    /// Its scopes are for every account; otherwise one needs the permission of the same name
    #[arg(long)]
    open: bool,
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

const APIS: Definition = Definition {
    noun: "apis",
    columns: &[("API", "resource"), ("NAME", "name"), ("SCOPES", "scopes")],
};

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => APIS.list(&all.target, session),
        Command::Show(one) => APIS.show(&one.target, &one.resource, session),
        Command::Save(save) => {
            let body = save.body()?;
            APIS.save(&save.target, (&save.resource, body), session)
        }
        Command::Delete(one) => APIS.delete(&one.target, &one.resource, session),
    }
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
            .raw("open", self.open.to_string())
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
