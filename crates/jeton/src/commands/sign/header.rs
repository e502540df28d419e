//! The header and the form that the command line asks for.

use jeton_inspect::sent;

use super::claims::Pair;
use crate::failure::Failure;
use crate::json_text::{Object, string};

/// What goes into the header.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct HeaderOptions {
    /// `kid`; by default that of the key
    #[arg(long, value_name = "ID", help_heading = "Header")]
    pub(in crate::commands) kid: Option<String>,
    /// A header parameter; the value is JSON if it reads as JSON, and a string otherwise
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Header")]
    header: Vec<Pair>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::commands) enum Form {
    Compact,
    Flattened,
    General,
}

impl HeaderOptions {
    /// The JSON text, without what making the token adds. `own` names the parameters that have an
    /// option of their own, and that.
    pub(in crate::commands) fn compose(
        &self,
        first: [(&str, Option<&str>); 2],
        own: &[(&str, &str)],
    ) -> Result<String, Failure> {
        let mut header = Object::new();
        for (name, value) in first {
            if let Some(value) = value {
                header.raw(name, &string(value));
            }
        }
        for (position, Pair { name, json }) in self.header.iter().enumerate() {
            if let Some((_, option)) = own.iter().find(|(owned, _)| owned == name) {
                let message = format!("the header parameter `{name}` has its own option");
                return Err(Failure::usage(message).hint(format!("use {option}")));
            }
            let mut earlier = self.header.iter().take(position);
            if earlier.any(|earlier| earlier.name == *name) {
                let message = format!("the header parameter `{name}` is given twice");
                return Err(Failure::usage(message));
            }
            header.raw(name, json);
        }
        Ok(header.finish())
    }
}

impl From<Form> for sent::Form {
    fn from(form: Form) -> Self {
        match form {
            Form::Compact => Self::Compact,
            Form::Flattened => Self::Flattened,
            Form::General => Self::General,
        }
    }
}
