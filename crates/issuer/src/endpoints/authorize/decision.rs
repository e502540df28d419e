//! What comes next for an authorization request: pure, from what is known at one moment.

use jeton_jose::UnixTime;
use jeton_oauth::ErrorCode;
use jeton_oauth::authorize::{Prompt, Request};
use jeton_store::session::Session;

use crate::interaction::Interaction;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Somebody has to sign in, or once more, or as somebody else.
    SignIn,
    /// An account has to be chosen.
    SelectAccount,
    /// Consent has to be asked for.
    Consent,
    /// The code.
    Issue,
    /// The client gets an error.
    Refuse(ErrorCode),
}

/// What is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation<'a> {
    pub(super) request: &'a Request,
    pub(super) session: Option<&'a Session>,
    pub(super) interaction: Option<&'a Interaction>,
    /// Whom the request expects, if anybody in particular.
    pub(super) expected: Option<&'a str>,
    pub(super) now: UnixTime,
}

/// Consent to all that would be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consented {
    /// Nobody is asked: the client belongs to the house.
    NotNeeded,
    /// It was given at that time.
    At(UnixTime),
    /// It is missing, in whole or in part.
    No,
}

impl Situation<'_> {
    /// What has to happen before consent matters; `None`: nothing.
    pub(super) fn before_consent(&self) -> Option<Step> {
        let Some(session) = self.session else {
            return Some(self.asking(Step::SignIn));
        };
        let is_expected = self
            .expected
            .is_none_or(|expected| expected == session.account.as_str());
        let age = self
            .now
            .seconds()
            .saturating_sub(session.auth_time.seconds());
        let is_old = self
            .request
            .needs_login(u64::try_from(age).unwrap_or_default());
        if !is_expected || (is_old && !self.since_begun(session.auth_time)) {
            return Some(self.asking(Step::SignIn));
        }
        let is_chosen = self
            .interaction
            .is_some_and(|interaction| interaction.chosen.as_ref() == Some(&session.id));
        if self.request.prompt.contains(&Prompt::SelectAccount)
            && !is_chosen
            && !self.since_begun(session.auth_time)
        {
            return Some(self.asking(Step::SelectAccount));
        }
        None
    }

    /// What happens with this consent.
    pub(super) fn after(&self, consented: Consented) -> Step {
        let forced = self.request.prompt.contains(&Prompt::Consent);
        let suffices = match consented {
            Consented::NotNeeded => true,
            Consented::At(at) => !forced || self.since_begun(at),
            Consented::No => false,
        };
        if suffices {
            return Step::Issue;
        }
        self.asking(Step::Consent)
    }

    /// Whether something happened since this request came first: what it asks to be done anew is
    /// done then.
    fn since_begun(&self, at: UnixTime) -> bool {
        self.interaction
            .is_some_and(|interaction| at >= interaction.begun)
    }

    /// The step, or the error where nobody may be asked.
    fn asking(&self, step: Step) -> Step {
        if self.request.may_interact() {
            return step;
        }
        Step::Refuse(match step {
            Step::SelectAccount => ErrorCode::AccountSelectionRequired,
            Step::Consent => ErrorCode::ConsentRequired,
            _ => ErrorCode::LoginRequired,
        })
    }
}
