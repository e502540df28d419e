//! The mails of a house: without an SMTP server they land in a folder.

use std::fs;
use std::time::Duration;

use crate::house::{House, URL};

/// A mail in plain text.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    text: String,
}

impl Mail {
    /// The path of the link in it.
    pub(crate) fn link(&self) -> String {
        let start = self.text.find(&format!("{URL}/")).unwrap() + URL.len();
        let link = &self.text[start..];
        link[..link.find(char::is_whitespace).unwrap()].to_owned()
    }

    fn read(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let header = |name: &str| {
            let mut lines = raw.lines().skip_while(|line| !line.starts_with(name));
            lines.next().unwrap()[name.len()..].to_owned()
        };
        let text = raw.replace("=\n", "").replace("=3D", "=");
        Self {
            to: header("To: "),
            subject: header("Subject: "),
            text,
        }
    }
}

impl House {
    /// All mails to somebody so far.
    pub(crate) fn mails_to(&self, to: &str) -> Vec<Mail> {
        let Ok(files) = fs::read_dir(self.mail_folder()) else {
            return Vec::new();
        };
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        let whole = texts.filter(|text| text.trim_end().ends_with("--"));
        let mails = whole.map(|text| Mail::read(&text));
        mails.filter(|mail| mail.to == to).collect()
    }

    /// The mail to somebody that a link to this page is in, as soon as it is there.
    pub(crate) async fn mail(&self, to: &str, page: &str) -> Mail {
        for _ in 0..2000 {
            let mut mails = self.mails_to(to).into_iter();
            if let Some(mail) = mails.find(|mail| mail.text.contains(&format!("{URL}/{page}"))) {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("no mail to {to} with a link to {page}");
    }

    /// Takes the mails away.
    pub(crate) fn empty_mailbox(&self) {
        fs::remove_dir_all(self.mail_folder()).unwrap();
    }
}
