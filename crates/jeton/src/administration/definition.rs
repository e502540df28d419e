use http::Method;

use super::show::{Column, print_done, print_list, print_record};
use super::{Target, path};
use crate::failure::Failure;
use crate::session::{Answer, Session};

/// A kind of record that has a name and is saved as a whole: a role, a group, an API.
pub(crate) struct Definition {
    /// What the administration API calls it.
    pub(crate) noun: &'static str,
    /// What a list of them shows.
    pub(crate) columns: &'static [Column],
}

impl Definition {
    pub(crate) fn list(&self, target: &Target, session: &Session) -> Result<Answer, Failure> {
        let all = target.open()?.read(&format!("/admin/{}", self.noun))?;
        print_list(session, &all, self.columns)?;
        Ok(Answer::Yes)
    }

    pub(crate) fn show(
        &self,
        target: &Target,
        name: &str,
        session: &Session,
    ) -> Result<Answer, Failure> {
        print_record(session, &target.open()?.read(&path(self.noun, name))?)?;
        Ok(Answer::Yes)
    }

    pub(crate) fn save(
        &self,
        target: &Target,
        (name, body): (&str, String),
        session: &Session,
    ) -> Result<Answer, Failure> {
        let service = target.open()?;
        let saved = service.change(Method::PUT, &path(self.noun, name), body)?;
        print_record(session, &saved)?;
        Ok(Answer::Yes)
    }

    pub(crate) fn delete(
        &self,
        target: &Target,
        name: &str,
        session: &Session,
    ) -> Result<Answer, Failure> {
        target.open()?.delete(&path(self.noun, name))?;
        print_done(session, "deleted", name)?;
        Ok(Answer::Yes)
    }
}
