//! A connection that is kept alive: one request after the other, as little work as possible.

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// More than any answer here has.
const MOST: usize = 1 << 20;

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let buffer = Vec::with_capacity(16 * 1024);
        Ok(Self { stream, buffer })
    }

    /// Sends a whole request and returns the status and the body of its answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(head) = Head::read(&self.buffer)? {
                break head;
            }
            self.more().await?;
        };
        while self.buffer.len() < head.end + head.length {
            self.more().await?;
        }
        Ok((head.status, &self.buffer[head.end..head.end + head.length]))
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        if self.buffer.len() > MOST {
            bail!("the answer does not end");
        }
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server hung up");
        }
        Ok(())
    }
}

struct Head {
    status: u16,
    end: usize,
    length: usize,
}

impl Head {
    fn read(bytes: &[u8]) -> anyhow::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes[..end])?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status = status.context("no status line")?.parse()?;
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let (_, length) = length.with_context(|| format!("an answer without a length: {text}"))?;
        Ok(Some(Self {
            status,
            end: end + 4,
            length: length.trim().parse()?,
        }))
    }
}
