use http::Method;

use crate::administration::{Column, Fields, Target, path, print_done, print_list, print_record};
use crate::failure::Failure;
use crate::session::{Answer, Session};

/// Roles: permissions under a name
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the roles
    List(All),
    /// Show a role
    Show(One),
    /// Make a role, or replace it
    #[command(visible_alias = "create", after_long_help = SAVE)]
    Save(Save),
    /// Delete a role; whoever had it has it no more
    Delete(One),
}

const SAVE: &str = "\
Examples:
  jeton role save clerk --permission orders:read --permission orders:write";

#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its name
    #[arg(value_name = "ROLE")]
    name: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Save {
    /// Its name
    #[arg(value_name = "ROLE")]
    name: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What it permits; several when repeated
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: &[Column] = &[
    ("ROLE", "name"),
    ("PERMISSIONS", "permissions"),
    ("DESCRIPTION", "description"),
];

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => {
            let roles = all.target.open()?.read("/admin/roles")?;
            print_list(session, &roles, COLUMNS)?;
        }
        Command::Show(one) => {
            let role = one.target.open()?.read(&path("roles", &one.name))?;
            print_record(session, &role)?;
        }
        Command::Save(save) => {
            let body = Fields::default()
                .text("description", save.description.as_deref())
                .list("permissions", &save.permissions)
                .finish();
            let service = save.target.open()?;
            let saved = service.change(Method::PUT, &path("roles", &save.name), body)?;
            print_record(session, &saved)?;
        }
        Command::Delete(one) => {
            one.target.open()?.delete(&path("roles", &one.name))?;
            print_done(session, "deleted", &one.name)?;
        }
    }
    Ok(Answer::Yes)
}
