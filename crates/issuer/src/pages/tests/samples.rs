//! One of every page, with all that can stand on it.

use core::time::Duration;

use http::{HeaderMap, StatusCode};
use jeton_jose::UnixTime;
use jeton_oauth::authorize::Display;
use jeton_oauth::{ErrorCode, OAuthError};
use jeton_store::ClientId;
use jeton_store::client::{Client, ClientMetadata};

use super::super::*;
use crate::device::Device;

/// A page as it was answered.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) html: String,
    pub(super) headers: HeaderMap,
    pub(super) status: StatusCode,
}

/// The texts that come from elsewhere.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) service: &'a str,
    pub(super) client: &'a str,
    pub(super) site: &'a str,
    pub(super) person: &'a str,
    pub(super) username: &'a str,
    pub(super) email: &'a str,
    pub(super) api: &'a str,
    pub(super) scope: &'a str,
    pub(super) meaning: &'a str,
    pub(super) place: &'a str,
    pub(super) agent: &'a str,
    pub(super) any: &'a str,
}

impl<'a> Words<'a> {
    /// The same everywhere.
    pub(super) fn all(text: &'a str) -> Self {
        Self {
            service: text,
            client: text,
            site: text,
            person: text,
            username: text,
            email: text,
            api: text,
            scope: text,
            meaning: text,
            place: text,
            agent: text,
            any: text,
        }
    }

    pub(super) fn real() -> Words<'static> {
        Words {
            service: "Example Accounts",
            client: "Warehouse Orders",
            site: "https://orders.example/",
            person: "Ada Lovelace",
            username: "ada",
            email: "ada@example.org",
            api: "Orders API",
            scope: "orders:read",
            meaning: "See your orders",
            place: "192.0.2.17",
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            any: "8f3kq2",
        }
    }
}

/// Whoever draws the samples: the texts, and what is made of them.
struct Samples<'a> {
    words: Words<'a>,
    client: Client,
    shown: Vec<Shown>,
}

pub(super) fn pages(words: Words<'_>) -> Vec<Shown> {
    let client = Client {
        id: ClientId::new(words.any),
        metadata: ClientMetadata {
            client_name: Some(words.client.to_owned()),
            client_uri: Some(words.site.to_owned()),
            ..ClientMetadata::default()
        },
        secrets: Vec::new(),
        enabled: true,
        created_at: NOW,
        revision: 0,
    };
    let mut samples = Samples {
        words,
        client,
        shown: Vec::new(),
    };
    samples.sign_in();
    samples.consent();
    samples.registration();
    samples.password();
    samples.account();
    samples.leaving();
    samples.errors();
    samples.shown
}

pub(super) const NOW: UnixTime = UnixTime::from_seconds(1_795_328_734);

const LEAST: usize = 10;

impl Samples<'_> {
    fn see<V: View>(&mut self, name: &str, view: &V) {
        let status = StatusCode::OK;
        let response = respond(status, view);
        self.shown.push(Shown {
            name: name.to_owned(),
            html: view.render().unwrap(),
            headers: response.headers().clone(),
            status: response.status(),
        });
    }

    fn sign_in(&mut self) {
        let (words, client) = (self.words, self.client.clone());
        let hidden = hidden(words);
        let form = form(words, "/sign-in", &hidden);
        let plain = Page::new(words.service, "");
        let wait = [
            Notice::WrongCredentials,
            Notice::Wait(Span::up(Duration::from_secs(45))),
        ];
        let page = Page {
            client: Some(Application::of(&client)),
            forms: FormAction::MayLeave,
            ..plain
        };
        let mut view = SignIn {
            page,
            form,
            login: "",
            forgot: Some(words.any),
            register: Some(words.any),
        };
        self.see("sign-in", &view);
        view.page = page.saying(&wait);
        view.login = words.username;
        self.see("sign-in-wrong", &view);
        view.page = Page {
            display: Display::Popup,
            ..page
        };
        self.see("sign-in-popup", &view);
        view.page = plain.saying(&[Notice::AdministratorMade]);
        view.register = None;
        self.see("sign-in-plain", &view);
        let person = person(words);
        self.see(
            "sign-in-again",
            &SignInAgain {
                page: page.saying(&[Notice::WrongPassword]),
                form,
                person,
                forgot: Some(words.any),
            },
        );
        self.see("choose-account", &ChooseAccount { page, form, person });
    }

    fn consent(&mut self) {
        let (words, client) = (self.words, self.client.clone());
        let hidden = hidden(words);
        let person = person(words);
        let known = |asked| Permission {
            asked,
            is_known: true,
        };
        let asked = |scope, meaning| Permission {
            asked: Asked::of(scope, meaning, &person),
            is_known: false,
        };
        let here = [
            known(Asked::Identity),
            known(asked("profile", None).asked),
            asked("email", None),
            asked("address", None),
            asked("phone", None),
            asked("offline_access", None),
        ];
        let there = [
            asked(words.scope, Some(words.meaning)),
            asked(words.scope, None),
        ];
        let apis = [
            ApiAsked {
                name: words.api.into(),
                permissions: &there,
            },
            ApiAsked {
                name: words.api.into(),
                permissions: &[],
            },
        ];
        let mut view = Consent {
            page: Page {
                forms: FormAction::MayLeave,
                ..Page::new(words.service, "")
            },
            form: form(words, "/consent", &hidden),
            person,
            client: Application::of(&client),
            returns_to: words.api.into(),
            permissions: &here,
            apis: &apis,
        };
        view.returns_to = "orders.example".into();
        self.see("consent", &view);
        view.page.display = Display::Popup;
        view.returns_to = words.any.into();
        view.apis = &[];
        view.permissions = &here[..3];
        self.see("consent-popup", &view);
    }

    fn registration(&mut self) {
        let (words, client) = (self.words, self.client.clone());
        let hidden = hidden(words);
        let page = Page::new(words.service, "");
        let form = form(words, "/register", &hidden);
        let typed = Typed {
            username: words.username,
            email: words.email,
        };
        let flaws = [
            Flaw::UsernameTaken,
            Flaw::EmailMalformed,
            Flaw::PasswordTooShort(LEAST),
            Flaw::PasswordsDiffer,
        ];
        let mut setup = Setup {
            page,
            form,
            typed: Typed::default(),
            flaws: Flaws::default(),
            least: LEAST,
        };
        self.see("setup", &setup);
        setup.page = page.saying(&[Notice::Flawed]);
        setup.typed = typed;
        setup.flaws = Flaws(&flaws);
        self.see("setup-flawed", &setup);
        self.see(
            "register",
            &Register {
                page: Page {
                    client: Some(Application::of(&client)),
                    ..page
                },
                form,
                typed,
                flaws: Flaws::default(),
                least: LEAST,
                by_approval: true,
                sign_in: words.any,
            },
        );
        self.see(
            "registration-pending",
            &RegistrationPending {
                page,
                email: words.email.into(),
            },
        );
        self.see(
            "verify-email",
            &VerifyEmail {
                page,
                form,
                email: words.email.into(),
                username: words.username.into(),
            },
        );
        self.see(
            "email-verified",
            &EmailVerified {
                page,
                email: words.email.into(),
                next: words.any,
            },
        );
    }

    fn password(&mut self) {
        let words = self.words;
        let hidden = hidden(words);
        let page = Page::new(words.service, "");
        let form = form(words, "/forgot", &hidden);
        let lasts = Span::down(Duration::from_hours(1));
        self.see(
            "forgot",
            &Forgot {
                page: page.saying(&[Notice::FormExpired]),
                form,
                login: words.username,
                sign_in: words.any,
            },
        );
        let mut sent = MailSent {
            page,
            purpose: MailPurpose::Reset,
            lasts,
        };
        self.see("mail-sent", &sent);
        sent.purpose = MailPurpose::Verification(words.email.into());
        self.see("mail-sent-verification", &sent);
        self.see(
            "reset",
            &Reset {
                page,
                form,
                username: words.username.into(),
                flaws: Flaws(&[Flaw::PasswordCommon]),
                least: LEAST,
            },
        );
    }

    fn account(&mut self) {
        let (words, client) = (self.words, self.client.clone());
        let ago = |seconds| Moment::from(NOW.saturating_sub(Duration::from_secs(seconds)));
        let session = |agent, used, is_this| SessionRow {
            id: words.any,
            device: Device::read(agent),
            place: Some(words.place.into()),
            signed_in: ago(used + 300_000),
            last_used: ago(used),
            is_this,
        };
        let sessions = [
            session(words.agent, 5, true),
            session("Mozilla/5.0 (Linux; Android 10) Chrome/140.0", 500, false),
            session("curl/8.5", 9000, false),
            session("", 400_000, false),
        ];
        let asked = [
            Asked::Identity,
            Asked::Email(Some(words.email.into())),
            Asked::Offline,
            Asked::Scope(words.scope.into(), Some(words.meaning.into())),
        ];
        let apis = [Foreign::from(words.api)];
        let connected = [Connected {
            client: Application::of(&client),
            asked: &asked,
            apis: &apis,
            since: ago(300_000),
        }];
        let notices = notices(words);
        let page = Page::new(words.service, "");
        let mut view = AccountPage {
            page: page.saying(&notices),
            form_token: FormToken(words.any),
            now: NOW,
            profile: Profile {
                username: words.username.into(),
                name: words.person,
                email: Some(words.email.into()),
                is_verified: false,
                pending: Some(words.email.into()),
            },
            changing: Changing::Email(words.email),
            flaws: Flaws(&[Flaw::EmailMalformed, Flaw::CurrentPasswordWrong]),
            least: LEAST,
            sessions: &sessions,
            connected: &connected,
        };
        self.see("account-busy", &view);
        view.page = page.saying(&[Notice::PasswordChanged]);
        view.profile.is_verified = true;
        view.profile.pending = None;
        view.changing = Changing::Nothing;
        view.flaws = Flaws::default();
        self.see("account", &view);
        view.sessions = &sessions[..1];
        view.connected = &[];
        view.changing = Changing::Password;
        view.flaws = Flaws(&[Flaw::CurrentPasswordWrong]);
        view.profile.email = None;
        self.see("account-new", &view);
    }

    fn leaving(&mut self) {
        let (words, client) = (self.words, self.client.clone());
        let hidden = hidden(words);
        let page = Page {
            client: Some(Application::of(&client)),
            forms: FormAction::MayLeave,
            ..Page::new(words.service, "")
        };
        self.see(
            "sign-out",
            &SignOut {
                page,
                form: form(words, "/sign-out", &hidden),
                person: person(words),
            },
        );
        let mut signed_out = SignedOut {
            page,
            everywhere: false,
            next: Site::parse("https://orders.example/")
                .map(|site| Link::Theirs(words.client.into(), site)),
        };
        self.see("signed-out", &signed_out);
        signed_out.everywhere = true;
        signed_out.next = Some(Link::Ours(words.any));
        self.see("signed-out-everywhere", &signed_out);
        let fields = [
            ("code", words.any.to_owned()),
            ("state", words.any.to_owned()),
        ];
        self.see(
            "form-post",
            &FormPost {
                page,
                action: words.any,
                fields: &fields,
            },
        );
    }

    fn errors(&mut self) {
        let (words, client) = (self.words, self.client.clone());
        let refusal = OAuthError::new(ErrorCode::InvalidRequest, words.meaning.to_owned());
        for trouble in troubles(&refusal) {
            let view = ErrorPage {
                page: Page {
                    client: Some(Application::of(&client)),
                    ..Page::new(words.service, "")
                },
                trouble,
                reference: Some(words.any.into()),
                next: Some(Link::Ours("/sign-in")),
            };
            let variant = format!("{trouble:?}");
            let name = variant.split('(').next().unwrap();
            self.see(&format!("error-{name}"), &view);
            let response = view.respond();
            let shown = self.shown.last_mut().unwrap();
            shown.status = response.status();
            shown.headers = response.headers().clone();
        }
    }
}

fn person(words: Words<'_>) -> Person<'_> {
    Person {
        username: words.username.into(),
        name: Some(words.person.into()),
        email: Some(words.email.into()),
    }
}

fn hidden(words: Words<'_>) -> [Hidden<'_>; 1] {
    [Hidden {
        name: "interaction",
        value: words.any,
    }]
}

fn form<'a>(words: Words<'a>, action: &'a str, hidden: &'a [Hidden<'a>]) -> Form<'a> {
    Form {
        action,
        token: words.any,
        hidden,
    }
}

fn notices(words: Words<'_>) -> [Notice<'_>; 9] {
    [
        Notice::Flawed,
        Notice::ChangedMeanwhile,
        Notice::ProfileSaved,
        Notice::AddressPending(words.email.into()),
        Notice::AddressConfirmed,
        Notice::SessionEnded,
        Notice::SessionsEnded(1),
        Notice::SessionsEnded(3),
        Notice::Withdrawn(words.client.into()),
    ]
}

fn troubles(refusal: &OAuthError) -> [Trouble<'_>; 17] {
    let wait = Span::up(Duration::from_secs(150));
    [
        Trouble::Application(refusal),
        Trouble::InteractionExpired,
        Trouble::LinkSpent,
        Trouble::AddressTaken,
        Trouble::CookieMissing,
        Trouble::FormExpired,
        Trouble::ForeignForm,
        Trouble::FormMalformed,
        Trouble::NotFound,
        Trouble::RegistrationClosed,
        Trouble::AccountPending,
        Trouble::AccountDisabled,
        Trouble::TooMany(wait),
        Trouble::Busy(wait),
        Trouble::Unavailable,
        Trouble::Full,
        Trouble::Unexpected,
    ]
}
