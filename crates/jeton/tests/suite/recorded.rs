//! Recorded runs of the command: each `tests/cmd/*.md` holds commands with their output and exit
//! code. After a wanted change, `TRYCMD=overwrite cargo test -p jeton --test suite` records them
//! anew; read the difference before committing it.

#[test]
fn recorded_runs() {
    trycmd::TestCases::new()
        .env("TZ", "Europe/Berlin")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "80")
        .env("FAMOUS_SECRET", "your-256-bit-secret")
        .env("FAMOUS_HEX", "hex:796f75722d3235362d6269742d736563726574")
        .env("FAMOUS_B64", "b64:eW91ci0yNTYtYml0LXNlY3JldA==")
        .env("FAMOUS_B64URL", "b64url:eW91ci0yNTYtYml0LXNlY3JldA")
        .env(
            "SOUND_SECRET",
            "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        )
        .env("PASSPHRASE", "correct-horse")
        .env("TOKEN_PASSWORD", "correct horse battery staple")
        .env("COMPRESSED_KEY", "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD")
        .env(
            "SOUND_SECRET_TEXT",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        )
        .case("tests/cmd/*.md");
}
