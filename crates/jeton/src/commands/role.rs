use crate::administration::{Definition, Fields, Target};
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

const ROLES: Definition = Definition {
    noun: "roles",
    columns: &[
        ("ROLE", "name"),
        ("PERMISSIONS", "permissions"),
        ("DESCRIPTION", "description"),
    ],
};

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => ROLES.list(&all.target, session),
        Command::Show(one) => ROLES.show(&one.target, &one.name, session),
        Command::Save(save) => {
            let body = Fields::default()
                .text("description", save.description.as_deref())
                .list("permissions", &save.permissions)
                .finish();
            ROLES.save(&save.target, (&save.name, body), session)
        }
        Command::Delete(one) => ROLES.delete(&one.target, &one.name, session),
    }
}
