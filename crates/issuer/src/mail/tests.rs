mod server;

use std::sync::Arc;
use std::time::Duration;

use jeton_jose::UnixTime;

use self::server::{Reply, Server};
use super::*;
use crate::metrics::Metrics;

const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);
const AT_ONCE: &[Duration] = &[Duration::ZERO; 4];
const LONG: Duration = Duration::from_mins(5);

fn reset() -> Letter {
    Letter::ResetPassword {
        link: "https://id.example/reset?ticket=SECRET&x=1".to_owned(),
        minutes: 30,
    }
}

fn outbox(toml: &str, folder: &std::path::Path) -> Result<Outbox, MailError> {
    let mail: Mail = toml::from_str(toml).unwrap();
    Outbox::with_pauses(
        &mail,
        "id.example",
        (folder.join("mail"), metrics()),
        AT_ONCE,
    )
}

fn metrics() -> Arc<Metrics> {
    Arc::new(Metrics::new("0", NOW))
}

fn plain(server: &Server) -> String {
    format!(
        "from = 'Accounts <accounts@id.example>'\n\
         [smtp]\nhost = '127.0.0.1'\nport = {}\nsecurity = 'none'",
        server.port()
    )
}

/// The text of a body in quoted-printable.
fn decoded(mail: &str) -> String {
    let joined = mail.replace("=\r\n", "");
    joined.replace("=3D", "=").replace("=E2=80=93", "–")
}

#[tokio::test]
async fn a_letter_reaches_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&[Reply::Take], None).await;
    let outbox = outbox(&plain(&server), folder.path()).unwrap();
    outbox
        .send("anna@example.com", &reset(), NOW, [7; 16])
        .unwrap();
    assert!(outbox.drain(LONG).await);
    let [mail] = server.taken().try_into().unwrap();
    assert_eq!(mail.sender, "<accounts@id.example>");
    assert_eq!(mail.recipients, ["<anna@example.com>"]);
    let text = decoded(&mail.text);
    for part in [
        "From: Accounts <accounts@id.example>\r\n",
        "To: anna@example.com\r\n",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n",
        "Message-ID: <1767225600-07070707070707070707070707070707@id.example>\r\n",
        "multipart/alternative",
        "\r\nhttps://id.example/reset?ticket=SECRET&x=1\r\n",
        "within 30 minutes",
        "<a href=\"https://id.example/reset?ticket=SECRET&#38;x=1\">",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[tokio::test]
async fn what_is_refused_for_now_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let replies = [Reply::Greylist, Reply::HangUp, Reply::Greylist, Reply::Take];
    let server = Server::start(&replies, None).await;
    let outbox = outbox(&plain(&server), folder.path()).unwrap();
    outbox
        .send("anna@example.com", &reset(), NOW, [7; 16])
        .unwrap();
    assert!(outbox.drain(LONG).await);
    assert_eq!((server.taken().len(), server.conversations()), (1, 4));
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_and_all_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    for (replies, conversations) in [
        (vec![Reply::Refuse, Reply::Take], 1),
        (vec![Reply::Greylist; 9], AT_ONCE.len() + 1),
    ] {
        let server = Server::start(&replies, None).await;
        let outbox = outbox(&plain(&server), folder.path()).unwrap();
        outbox
            .send("anna@example.com", &reset(), NOW, [7; 16])
            .unwrap();
        assert!(outbox.drain(LONG).await);
        assert_eq!(server.taken().len(), 0);
        assert_eq!(server.conversations(), conversations);
    }
}

#[tokio::test]
async fn starttls_protects_password_and_mail() {
    let folder = tempfile::tempdir().unwrap();
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let authorities = folder.path().join("ca.pem");
    std::fs::write(&authorities, certified.cert.pem()).unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "hunter2\n").unwrap();
    let server = Server::start(&[Reply::Take], Some(&certified)).await;
    let toml = format!(
        "from = 'accounts@id.example'\n[smtp]\nhost = 'localhost'\nport = {}\n\
         username = 'jeton'\npassword = 'file:{}'\nauthorities = '{}'",
        server.port(),
        password.display(),
        authorities.display()
    );
    let outbox = outbox(&toml, folder.path()).unwrap();
    outbox
        .send("anna@example.com", &reset(), NOW, [7; 16])
        .unwrap();
    assert!(outbox.drain(LONG).await);
    let [mail] = server.taken().try_into().unwrap();
    assert!(mail.is_protected);
    // RFC 4616: authorization, user and password between NULs, in base64.
    assert_eq!(mail.authentication, "PLAIN AGpldG9uAGh1bnRlcjI=");
}

#[tokio::test]
async fn without_starttls_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&[Reply::Take; 5], None).await;
    let toml = plain(&server).replace("'none'", "'starttls'");
    let outbox = outbox(&toml, folder.path()).unwrap();
    outbox
        .send("anna@example.com", &reset(), NOW, [7; 16])
        .unwrap();
    assert!(outbox.drain(LONG).await);
    assert_eq!(server.taken().len(), 0);
    assert_eq!(server.conversations(), 5);
}

#[tokio::test]
async fn without_a_server_mail_lands_in_a_folder_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = outbox("from = 'accounts@id.example'", folder.path()).unwrap();
    outbox
        .send("anna@example.com", &reset(), NOW, [7; 16])
        .unwrap();
    assert!(outbox.drain(LONG).await);
    let files: Vec<_> = std::fs::read_dir(folder.path().join("mail"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let [file] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert!(file.extension().is_some_and(|extension| extension == "eml"));
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("To: anna@example.com\r\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.path().join("mail")), 0o700);
        assert_eq!(mode(file.clone()), 0o600);
    }
}

#[tokio::test]
async fn no_address_adds_a_header_or_a_recipient() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = outbox("from = 'accounts@id.example'", folder.path()).unwrap();
    for to in [
        "",
        "anna",
        "anna@example.com\r\nBcc: eve@example.com",
        "anna@example.com\nBcc: eve@example.com",
        "anna\r\n@example.com",
        "anna@example.com, eve@example.com",
        "anna@example.com>\r\nRCPT TO:<eve@example.com",
        "Anna <anna@example.com>",
        "anna@exam ple.com",
        "anna@example.com\0",
    ] {
        let sent = outbox.send(to, &reset(), NOW, [7; 16]);
        assert_eq!(sent, Err(Unsent::Address), "{to:?}");
    }
}

#[tokio::test]
async fn neither_service_nor_link_adds_a_header_or_markup() {
    let folder = tempfile::tempdir().unwrap();
    let mail: Mail = toml::from_str("from = 'accounts@id.example'").unwrap();
    let service = "id.example\r\nBcc: eve@example.com\r\n\r\n<script>";
    let path = folder.path().join("mail");
    let outbox = Outbox::with_pauses(&mail, service, (path.clone(), metrics()), AT_ONCE).unwrap();
    for (n, link) in (0..).zip([
        "https://id.example/\r\nX: y",
        "javascript:alert(1)",
        "https://id.example/\"><script>",
    ]) {
        let letter = Letter::RegistrationApproved {
            link: link.to_owned(),
        };
        outbox
            .send("anna@example.com", &letter, NOW, [n; 16])
            .unwrap();
    }
    assert!(outbox.drain(LONG).await);
    let mut count = 0;
    for file in std::fs::read_dir(path).unwrap() {
        count += 1;
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            !head
                .lines()
                .any(|line| line.starts_with("Bcc") || line.starts_with("X:"))
        );
        let (_, html) = body.split_once("text/html").unwrap();
        assert!(
            !html.contains("<script") && !html.contains("javascript:"),
            "{html}"
        );
    }
    assert_eq!(count, 3);
}

#[tokio::test]
async fn too_many_under_way_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&[], None).await;
    let outbox = outbox(&plain(&server), folder.path()).unwrap();
    let sent: Vec<_> = (0..300_u128)
        .map(|n| outbox.send("anna@example.com", &reset(), NOW, n.to_be_bytes()))
        .collect();
    assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 256);
    assert!(sent.ends_with(&[Err(Unsent::Full)]));
    assert!(!outbox.drain(Duration::ZERO).await);
}

#[test]
fn a_configuration_that_would_leak_or_cannot_work_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = |toml: &str| outbox(toml, folder.path()).map(|_| ());
    assert!(matches!(open("from = 'nobody'"), Err(MailError::From)));
    let smtp = |rest: &str| open(&format!("from = 'a@id.example'\n[smtp]\n{rest}"));
    assert!(matches!(
        smtp("host = 'mail.example'\nsecurity = 'none'"),
        Err(MailError::Insecure)
    ));
    assert!(smtp("host = '::1'\nsecurity = 'none'").is_ok());
    assert!(matches!(
        smtp("host = 'localhost'\nsecurity = 'none'\nusername = 'a'"),
        Err(MailError::Credentials)
    ));
    assert!(matches!(
        smtp("host = 'localhost'\nsecurity = 'none'\nusername = 'a'\npassword = 'file:/nowhere'"),
        Err(MailError::Password(_))
    ));
    assert!(matches!(
        smtp("host = 'mail.example'\nauthorities = '/nowhere'"),
        Err(MailError::Unreadable(..))
    ));
    for text in [
        "from = 'a@id.example'\nto = 'b'",
        "from = 'a@id.example'\n[smtp]\nhost = 'a'\nsecurity = 'ssl'",
        "from = 'a@id.example'\n[smtp]\nhost = 'a'\nusername = 'a'\npassword = 'hunter2'",
    ] {
        let error = toml::from_str::<Mail>(text).unwrap_err();
        assert!(!error.message().contains("hunter2"));
    }
}

#[test]
fn letters_say_what_happened_and_never_show_their_secret_in_debug() {
    let at = UnixTime::from_seconds(1_767_229_260);
    let link = "https://id.example/l".to_owned();
    let letters = [
        (
            Letter::VerifyEmail {
                link: link.clone(),
                minutes: 60,
            },
            "within 60 minutes",
        ),
        (reset(), "It works once"),
        (
            Letter::PasswordChanged {
                at,
                address: Some([192, 0, 2, 1].into()),
                link: link.clone(),
            },
            "on 1 January 2026 at 01:01 UTC from the address 192.0.2.1.",
        ),
        (
            Letter::SignInSlowedDown {
                at,
                link: link.clone(),
            },
            "many wrong passwords",
        ),
        (
            Letter::AddressTaken { link: link.clone() },
            "belongs to your account already",
        ),
        (Letter::RegistrationApproved { link }, "You can sign in now"),
    ];
    for (letter, says) in letters {
        let words = letter.words("id.example").unwrap();
        for text in [&words.plain, &words.html] {
            assert!(
                text.contains(says) && text.contains("https://id.example/"),
                "{text}"
            );
        }
        assert!(words.subject.ends_with(" – id.example"));
        assert!(!format!("{letter:?}").contains("http"));
    }
}
