use crate::administration::{Definition, Fields, Target};
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

const GROUPS: Definition = Definition {
    noun: "groups",
    columns: &[
        ("GROUP", "name"),
        ("ROLES", "roles"),
        ("DESCRIPTION", "description"),
    ],
};

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => GROUPS.list(&all.target, session),
        Command::Show(one) => GROUPS.show(&one.target, &one.name, session),
        Command::Save(save) => {
            let body = Fields::default()
                .text("description", save.description.as_deref())
                .list("roles", &save.roles)
                .finish();
            GROUPS.save(&save.target, (&save.name, body), session)
        }
        Command::Delete(one) => GROUPS.delete(&one.target, &one.name, session),
    }
}
