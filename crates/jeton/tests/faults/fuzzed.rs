//! Schemathesis asks each endpoint of the `OpenAPI` document for what nobody thought of, and holds
//! the answers against the document and `interop/schema`.
//!
//! `cargo xtask test` installs it and says where by `JETON_INTEROP_DIR`; without it, this prints
//! that it was skipped. `JETON_FAULTS_EXAMPLES` has it ask more often.

use std::process::{Command, Stdio};

use base64ct::{Base64, Encoding as _};
use jeton_jose::json::{Document, Options};

use crate::killed::number;
use crate::served::{Place, Served};

/// Questions for each endpoint beside those that the document leads to.
const EXAMPLES: u64 = 40;
/// Checks of schemathesis that need resources of its own making, or that the hooks get in the way
/// of by saying who asks.
const WITHOUT: &str = "ignored_auth,missing_required_header,positive_data_acceptance,\
                       negative_data_rejection,use_after_free,ensure_resource_availability,\
                       object_level_authorization";

#[test]
fn no_question_gets_an_answer_that_is_not_described() {
    let Some(folder) = folder() else { return };
    let python = folder.join("venv").join("bin").join("python");
    if !python.exists() {
        println!("skipped: there is no Python environment in the folder");
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let place = Place::new(data.path(), &["ada"]);
    let served = place.start();
    let (basic, bearer) = administrator(&place, &served);
    let examples = number("JETON_FAULTS_EXAMPLES").unwrap_or(EXAMPLES);
    let output = Command::new(python)
        .args(["-m", "schemathesis.cli", "run"])
        .arg(format!("http://{}/openapi.json", served.authority))
        .args(["--phases", "examples,coverage,fuzzing", "--checks", "all"])
        .args(["--exclude-checks", WITHOUT, "--max-redirects", "0"])
        .args(["--suppress-health-check", "all", "--warnings", "off"])
        .args(["--generation-database", "none", "--continue-on-failure"])
        .args(["--no-color", "--request-timeout", "60"])
        .args(["--max-examples", &examples.to_string()])
        .env("SCHEMATHESIS_HOOKS", "schema_hooks")
        .env("PYTHONPATH", folder.join("schema"))
        .env("SCHEMA_BASIC", basic)
        .env("SCHEMA_BEARER", bearer)
        .current_dir(data.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}{}", place.log());
    let count = said.lines().find(|line| line.contains(" generated"));
    println!("schemathesis: {}", count.unwrap_or("").trim());
    assert!(count.is_some(), "{said}");
    // It is still there, and its audit chain holds.
    served.kill();
    jeton_store::conformance::check_chain(&place.store());
}

/// Registers a client that may administer, and gets a token for it; answers how it says who it is,
/// and the token.
fn administrator(place: &Place, served: &Served) -> (String, String) {
    let port = served.authority.split(':').next_back().unwrap();
    let resource = format!("http://localhost:{port}/admin");
    let created = Command::new(env!("CARGO_BIN_EXE_jeton"))
        .args(["client", "create", "administrator", "--json"])
        .args(["--grant", "client_credentials"])
        .args(["--scope", "admin:read admin:write", "--resource", &resource])
        .arg("--data")
        .arg(place.path("data"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&created.stderr);
    assert!(created.status.success(), "{errors}");
    let document = Document::parse(&created.stdout, &Options::strict()).unwrap();
    let created = document.root().as_object().unwrap();
    let secret = created.get("client_secret").unwrap().as_str().unwrap();
    let basic = Base64::encode_string(format!("administrator:{secret}").as_bytes());
    let headers = format!(
        "Authorization: Basic {basic}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    let form = "grant_type=client_credentials";
    let answer = served.connect().ask("POST", "/token", &headers, form);
    let token = answer.unwrap().string("access_token");
    (basic, token)
}

#[expect(
    clippy::disallowed_methods,
    reason = "only the command that installs it knows where it is"
)]
fn folder() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("JETON_INTEROP_DIR").map(std::path::PathBuf::from);
    if folder.is_none() {
        println!("skipped: `cargo xtask test` installs schemathesis");
    }
    folder
}
