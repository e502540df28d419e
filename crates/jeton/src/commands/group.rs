use http::Method;

use crate::administration::{Column, Fields, Target, path, print_done, print_list, print_record};
use crate::failure::Failure;
use crate::session::{Answer, Session};

/// Groups: accounts that share roles
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the groups
    List(All),
    /// Show a group
    Show(One),
    /// Make a group, or replace it
    #[command(visible_alias = "create", after_long_help = SAVE)]
    Save(Save),
    /// Delete a group; its members keep only roles of their own
    Delete(One),
}

const SAVE: &str = "\
Examples:
  jeton group save staff --role clerk";

#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its name
    #[arg(value_name = "GROUP")]
    name: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Save {
    /// Its name
    #[arg(value_name = "GROUP")]
    name: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Role that its members have; several when repeated
    #[arg(long = "role", value_name = "NAME")]
    roles: Vec<String>,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: &[Column] = &[
    ("GROUP", "name"),
    ("ROLES", "roles"),
    ("DESCRIPTION", "description"),
];

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => {
            let groups = all.target.open()?.read("/admin/groups")?;
            print_list(session, &groups, COLUMNS)?;
        }
        Command::Show(one) => {
            let group = one.target.open()?.read(&path("groups", &one.name))?;
            print_record(session, &group)?;
        }
        Command::Save(save) => {
            let body = Fields::default()
                .text("description", save.description.as_deref())
                .list("roles", &save.roles)
                .finish();
            let service = save.target.open()?;
            let saved = service.change(Method::PUT, &path("groups", &save.name), body)?;
            print_record(session, &saved)?;
        }
        Command::Delete(one) => {
            one.target.open()?.delete(&path("groups", &one.name))?;
            print_done(session, "deleted", &one.name)?;
        }
    }
    Ok(Answer::Yes)
}
