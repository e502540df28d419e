//! A collector of traces on loopback, and the search for secrets in what leaves a server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Takes whatever is posted to it, and answers 200 or what it was told to.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    received: Receiver<Vec<u8>>,
}

impl Collector {
    /// One that takes everything.
    pub fn start() -> Self {
        Self::answering("200 OK")
    }

    /// One that answers with this status. It ends with the test's process.
    pub fn answering(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (sender, received) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&stream) else {
                    continue;
                };
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                (&stream).write_all(answer.as_bytes()).ok();
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { address, received }
    }

    /// Where traces go.
    pub fn endpoint(&self) -> String {
        format!("http://{}/v1/traces", self.address)
    }

    /// The next request, head and body; it waits for it.
    pub fn next(&self) -> Vec<u8> {
        let limit = Duration::from_secs(30);
        self.received.recv_timeout(limit).expect("traces arrive")
    }

    /// All requests that have arrived.
    pub fn all(&self) -> Vec<u8> {
        self.received.try_iter().flatten().collect()
    }
}

/// One request, head and body.
fn read(stream: &TcpStream) -> Option<Vec<u8>> {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .ok()?;
    let mut reader = BufReader::new(stream);
    let mut request = Vec::new();
    let mut length = 0;
    loop {
        let mut line = Vec::new();
        reader
            .read_until(b'\n', &mut line)
            .ok()
            .filter(|read| *read > 0)?;
        request.extend_from_slice(&line);
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.extend_from_slice(&body);
    Some(request)
}

/// The first of the secrets that is in there, in whole or by a part that says most of it: as it
/// is, percent-encoded, in hexadecimal, in base64 or base64url, or base64 undone.
pub fn leaked<'s>(text: &[u8], secrets: &[&'s str]) -> Option<&'s str> {
    // As text of a character a byte: the standard library searches that fast.
    let latin = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
    let text = latin(text);
    let holds = |part: &[u8]| part.len() >= 8 && text.contains(&latin(part));
    let found = |secret: &&&str| {
        let secret = secret.as_bytes();
        assert!(secret.len() >= 8, "too short to be told from anything else");
        // A signature or a second half is as good as the whole of it.
        let pieces = secret.split(|byte| matches!(byte, b'.' | b' ' | b':'));
        let halves = [&secret[..secret.len() / 2], &secret[secret.len() / 2..]];
        let parts = pieces.chain(halves.into_iter().filter(|half| half.len() >= 12));
        parts.chain([secret]).any(|part| {
            holds(part)
                || holds(percent(part).as_bytes())
                || holds(hexadecimal(part).as_bytes())
                || (0..3).any(|offset| holds(base64_within(part, offset).as_bytes()))
        })
    };
    secrets.iter().find(found).copied()
}

fn percent(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(*byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What of the base64 of a text, with these bytes at some offset in it, they alone decide. For bytes
/// that are letters and digits both alphabets of base64 mostly agree; where they differ the text
/// is cut.
fn base64_within(bytes: &[u8], offset: usize) -> String {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    padded.truncate(padded.len() / 3 * 3);
    let text = jeton_jose::base64url::encode(&padded);
    let text = text.get(if offset == 0 { 0 } else { 4 }..).unwrap_or("");
    let longest = text.split(['-', '_']).max_by_key(|part| part.len());
    longest.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_any_disguise() {
        let secret = "correct-horse:battery staple";
        for text in [
            "password=correct-horse:battery staple&x",
            "password=correct-horse%3Abattery%20staple",
            "Basic Y29ycmVjdC1ob3JzZTpiYXR0ZXJ5IHN0YXBsZQ==",
            // "alice:" before it
            "Basic YWxpY2U6Y29ycmVjdC1ob3JzZTpiYXR0ZXJ5IHN0YXBsZQ==",
            // "al:" and "a:" before it
            "Basic YWw6Y29ycmVjdC1ob3JzZTpiYXR0ZXJ5IHN0YXBsZQ==",
            "Basic YTpjb3JyZWN0LWhvcnNlOmJhdHRlcnkgc3RhcGxl",
            "636f72726563742d686f7273653a62617474657279207374 61706c65 636f72726563742d686f727365",
            "only its beginning: correct-horse",
        ] {
            assert_eq!(leaked(text.as_bytes(), &[secret]), Some(secret), "{text}");
        }
        for text in ["", "route=/token status=200", "horse battery"] {
            assert_eq!(
                leaked(text.as_bytes(), &["correct-horse:battery"]),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_posted_arrives() {
        let collector = Collector::answering("503 Service Unavailable");
        let mut stream = TcpStream::connect(collector.address).unwrap();
        stream
            .write_all(b"POST /v1/traces HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(collector.next().ends_with(b"\r\n\r\nabc"));
    }
}
