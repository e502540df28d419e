//! What the API's description says of each question.

/// A question in words.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    /// A request that could be.
    pub(crate) example: &'static str,
}

/// The words for a question, if there are any yet.
pub(crate) fn words(name: &str) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.name == name)
}

/// The famous token; its secret is `your-256-bit-secret`.
macro_rules! token {
    () => {
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    };
}

const WORDS: &[Words] = &[
    Words {
        name: "tokens/inspect",
        summary: "Find the tokens in a text and say what is in them, unverified",
        example: concat!(r#"{"text":"Authorization: Bearer "#, token!(), r#""}"#),
    },
    Words {
        name: "tokens/verify",
        summary: "Verify a token with a key, and hold it against a policy",
        example: concat!(
            r#"{"token":""#,
            token!(),
            r#"","key":{"secret":"your-256-bit-secret"},"signature_only":true}"#
        ),
    },
    Words {
        name: "tokens/diff",
        summary: "Compare what two tokens say",
        example: concat!(
            r#"{"before":""#,
            token!(),
            r#"","after":""#,
            token!(),
            r#""}"#
        ),
    },
    Words {
        name: "tokens/sign",
        summary: "Sign a payload with one or more keys",
        example: r#"{"payload":"{\"sub\":\"ada\"}","keys":[{"secret":"0123456789abcdef0123456789abcdef","alg":"HS256"}]}"#,
    },
    Words {
        name: "tokens/encrypt",
        summary: "Encrypt a plaintext, or a signed token, for one or more recipients",
        example: r#"{"plaintext":"hello","recipients":[{"secret":"0123456789abcdef","alg":"A128KW"}]}"#,
    },
    Words {
        name: "tokens/decrypt",
        summary: "Decrypt a token, and verify the one inside",
        example: r#"{"token":"...","key":{"secret":"0123456789abcdef"}}"#,
    },
    Words {
        name: "tokens/sd-issue",
        summary: "Issue a token whose claims are disclosed by choice (SD-JWT)",
        example: r#"{"claims":"{\"iss\":\"https://issuer.example\",\"sub\":\"ada\",\"email\":\"ada@example.org\"}","disclosable":["email"],"key":{"text":"-----BEGIN PRIVATE KEY-----..."}}"#,
    },
    Words {
        name: "tokens/sd-present",
        summary: "Choose what a holder discloses of an SD-JWT",
        example: r#"{"token":"...","disclose":["email"]}"#,
    },
    Words {
        name: "tokens/sd-verify",
        summary: "Verify an SD-JWT with what it discloses",
        example: r#"{"token":"...","key":{"text":"-----BEGIN PUBLIC KEY-----..."}}"#,
    },
    Words {
        name: "keys/generate",
        summary: "Generate a key",
        example: r#"{"alg":"ES256"}"#,
    },
    Words {
        name: "keys/convert",
        summary: "Write a key in another form",
        example: r#"{"key":{"text":"-----BEGIN PUBLIC KEY-----..."},"to":"jwk"}"#,
    },
    Words {
        name: "keys/inspect",
        summary: "Say what a key is, what it is good for, and what is odd about it",
        example: r#"{"key":{"text":"-----BEGIN PUBLIC KEY-----..."}}"#,
    },
    Words {
        name: "jwks/inspect",
        summary: "Examine a key set",
        example: r#"{"text":"{\"keys\":[]}"}"#,
    },
    Words {
        name: "policies/show",
        summary: "Show a policy with all that it says, as TOML and as JSON",
        example: r#"{"policy":"access-token"}"#,
    },
    Words {
        name: "names",
        summary: "The registered header parameters and claims, the algorithms and the presets",
        example: "{}",
    },
    Words {
        name: "examples",
        summary: "An example token for each algorithm, with the key that verifies it",
        example: r#"{"alg":"ES256"}"#,
    },
];

#[cfg(test)]
mod tests {
    use jeton_inspect::workbench::{self, OPERATIONS, Setting};
    use jeton_jose::backend::AwsLc;
    use jeton_testkit::NOW;

    use super::*;

    #[test]
    fn every_question_has_words() {
        for operation in OPERATIONS {
            assert!(words(operation.name).is_some(), "{}", operation.name);
        }
    }

    #[test]
    fn every_example_can_be_read() {
        let setting = Setting {
            backend: &AwsLc,
            now: NOW,
        };
        for operation in OPERATIONS {
            let words = words(operation.name).unwrap();
            let answer = workbench::call(words.name, words.example, &setting);
            let is_read = answer.map_or_else(|failure| failure.code() != "usage", |_| true);
            assert!(is_read, "{}", words.name);
        }
    }
}
