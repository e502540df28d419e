//! HTTP/1.1 over one connection that stays open: as much of it as the service speaks.

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use jeton_jose::json::{Document, Options};

pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    authority: String,
}

/// An answer that came whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) text: String,
}

impl Connection {
    pub(crate) fn open(authority: &str) -> Result<Self> {
        let stream = TcpStream::connect(authority)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self {
            stream: BufReader::new(stream),
            authority: authority.to_owned(),
        })
    }

    pub(crate) fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        self.ask("GET", path, headers, "")
    }

    /// Posts a form.
    pub(crate) fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        self.ask("POST", path, kind, &body.finish())
    }

    /// Asks with headers, which are lines with their ends.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Result<Answer> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            self.authority,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
        let mut answer = Answer {
            status: status.ok_or_else(strange)?,
            head,
            text: String::new(),
        };
        let body = if answer.header("transfer-encoding") == Some("chunked") {
            self.chunks()?
        } else {
            let length = answer.header("content-length").unwrap_or("0");
            self.exactly(length.parse().map_err(|_| strange())?)?
        };
        answer.text = String::from_utf8(body).map_err(|_| strange())?;
        Ok(answer)
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim_end(), 16).map_err(|_| strange())?;
            all.extend(self.exactly(length)?);
            self.exactly(2)?;
            if length == 0 {
                return Ok(all);
            }
        }
    }
}

fn strange() -> Error {
    Error::new(ErrorKind::InvalidData, "this is no answer in HTTP/1.1")
}

impl Answer {
    pub(crate) fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers(name).next()
    }

    /// The values of a header that may be there more than once.
    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let named = lines.filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value)
    }

    /// A member of the JSON object that came back: strings as what they say, all else as its text.
    pub(crate) fn member(&self, name: &str) -> Option<String> {
        let document = Document::parse(self.text.as_bytes(), &Options::strict()).ok()?;
        let value = document.root().as_object()?.get(name)?;
        Some(value.as_str().unwrap_or(value.source()).to_owned())
    }

    pub(crate) fn string(&self, name: &str) -> String {
        let member = self.member(name);
        member.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}
