use core::fmt;
use std::net::IpAddr;

use askama::Template;
use jeton_jose::UnixTime;

/// What a person is told.
#[derive(Clone)]
pub enum Letter {
    /// To prove that mail is read here. The link is a secret.
    VerifyEmail {
        /// Where to click.
        link: String,
        /// For how many minutes it works.
        minutes: u64,
    },
    /// To choose a new password. The link is a secret.
    ResetPassword {
        /// Where to click.
        link: String,
        /// For how many minutes it works.
        minutes: u64,
    },
    /// The password is another one now.
    PasswordChanged {
        /// When.
        at: UnixTime,
        /// From where.
        address: Option<IpAddr>,
        /// Where a person gets the account back.
        link: String,
    },
    /// Many wrong passwords were tried.
    SignInSlowedDown {
        /// When.
        at: UnixTime,
        /// Where a person chooses another password.
        link: String,
    },
    /// Somebody wants this address for another account.
    AddressTaken {
        /// Where a person chooses another password.
        link: String,
    },
    /// Somebody approved the registration.
    RegistrationApproved {
        /// Where to sign in.
        link: String,
    },
}

/// A letter in words.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) plain: String,
    pub(super) html: String,
}

struct Draft {
    subject: &'static str,
    before: Vec<String>,
    link: String,
    after: Vec<String>,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Plain<'a> {
    before: &'a [String],
    link: Option<&'a str>,
    after: &'a [String],
    service: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    subject: &'a str,
    before: &'a [String],
    link: Option<&'a str>,
    after: &'a [String],
    service: &'a str,
}

impl Letter {
    /// The letter from this service, which is called by its host.
    pub(super) fn words(&self, service: &str) -> Result<Words, askama::Error> {
        let draft = self.draft(service);
        let link = Some(draft.link.as_str()).filter(|link| is_link(link));
        let subject = format!("{} – {service}", draft.subject);
        let plain = Plain {
            before: &draft.before,
            link,
            after: &draft.after,
            service,
        };
        let html = Html {
            subject: &subject,
            before: &draft.before,
            link,
            after: &draft.after,
            service,
        };
        Ok(Words {
            plain: plain.render()?,
            html: html.render()?,
            subject,
        })
    }

    fn draft(&self, service: &str) -> Draft {
        let ignore = "If you did not ask for this, you need not do anything.".to_owned();
        match self {
            Self::VerifyEmail { link, minutes } => Draft {
                subject: "Confirm your e-mail address",
                before: vec![format!("To confirm that this address is yours, open this link within {minutes} minutes:")],
                link: link.clone(),
                after: vec![ignore],
            },
            Self::ResetPassword { link, minutes } => Draft {
                subject: "Choose a new password",
                before: vec![format!("To choose a new password for {service}, open this link within {minutes} minutes. It works once:")],
                link: link.clone(),
                after: vec![format!("{ignore} Your password stays as it is. Do not pass the link on: whoever has it can take the account over.")],
            },
            Self::PasswordChanged { at, address, link } => Draft {
                subject: "Your password was changed",
                before: vec![
                    match address {
                        Some(address) => format!("Your password was changed on {} from the address {address}.", when(*at)),
                        None => format!("Your password was changed on {}.", when(*at)),
                    },
                    "If that was not you, choose a new password at once:".to_owned(),
                ],
                link: link.clone(),
                after: vec![],
            },
            Self::SignInSlowedDown { at, link } => Draft {
                subject: "Somebody tried to sign in",
                before: vec![
                    format!("On {} somebody tried many wrong passwords for your account. Further attempts have to wait for a while now. Where you signed in before, you can go on as always.", when(*at)),
                    "If it was you, you can choose a new password:".to_owned(),
                ],
                link: link.clone(),
                after: vec!["If it was not, nothing was lost. A password that you use nowhere else is the best protection.".to_owned()],
            },
            Self::AddressTaken { link } => Draft {
                subject: "You have an account already",
                before: vec![
                    format!("Somebody gave this address for another account at {service}. It belongs to your account already, so nothing was changed."),
                    "If it was you, sign in to that account. If you forgot its password, choose a new one:".to_owned(),
                ],
                link: link.clone(),
                after: vec!["If it was not you, you need not do anything.".to_owned()],
            },
            Self::RegistrationApproved { link } => Draft {
                subject: "Your account is ready",
                before: vec!["Your registration was approved. You can sign in now:".to_owned()],
                link: link.clone(),
                after: vec![],
            },
        }
    }
}

/// Only what a browser opens, and nothing that would end its line.
fn is_link(link: &str) -> bool {
    (link.starts_with("https://") || link.starts_with("http://"))
        && link.bytes().all(|byte| byte.is_ascii_graphic())
}

fn when(at: UnixTime) -> String {
    match jiff::Timestamp::from_second(at.seconds()) {
        Ok(at) => at.strftime("%-d %B %Y at %H:%M UTC").to_string(),
        Err(_) => "an unknown day".to_owned(),
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VerifyEmail { .. } => "VerifyEmail",
            Self::ResetPassword { .. } => "ResetPassword",
            Self::PasswordChanged { .. } => "PasswordChanged",
            Self::SignInSlowedDown { .. } => "SignInSlowedDown",
            Self::AddressTaken { .. } => "AddressTaken",
            Self::RegistrationApproved { .. } => "RegistrationApproved",
        })
    }
}
