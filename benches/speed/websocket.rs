//! The lightest websocket client that does: what it costs, the load costs, and not the server.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// The sending half. Its mask is zero, which leaves the payload as it is (RFC 6455, section 5.3).
pub(crate) struct Writer(OwnedWriteHalf);

/// The receiving half.
pub(crate) struct Reader {
    half: OwnedReadHalf,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

/// Opens a websocket at `ws://address/path`.
pub(crate) async fn connect(address: &str, path: &str, more: &str) -> io::Result<(Writer, Reader)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n",
    );
    stream.write_all(request.as_bytes()).await?;
    let (half, writer) = stream.into_split();
    let mut reader = Reader { half, buffer: vec![0; 2048], start: 0, end: 0 };
    loop {
        reader.fill().await?;
        let head = &reader.buffer[..reader.end];
        if let Some(at) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            let status = String::from_utf8_lossy(&head[..at.min(40)]).into_owned();
            assert!(status.starts_with("HTTP/1.1 101"), "{path}: {status}");
            reader.start = at + 4;
            return Ok((Writer(writer), reader));
        }
    }
}

impl Writer {
    pub(crate) async fn text(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(&frame(text)).await
    }
}

/// A masked frame of text.
fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u16::try_from(text.len()).expect("short texts") {
        short @ 0..126 => frame.push(0x80 | short as u8),
        long => {
            frame.push(0x80 | 126);
            frame.extend(long.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

impl Reader {
    async fn fill(&mut self) -> io::Result<()> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        } else if self.end == self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            if self.end == self.buffer.len() {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        match self.half.read(&mut self.buffer[self.end..]).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.end += read;
                Ok(())
            }
        }
    }

    /// Waits for bytes, and hands over every text that is complete then.
    pub(crate) async fn texts(&mut self, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        loop {
            let mut any = false;
            while let Some((header, length, opcode)) = header(&self.buffer[self.start..self.end]) {
                let from = self.start + header;
                if from + length > self.end {
                    break;
                }
                self.start = from + length;
                match opcode {
                    1 => take(&self.buffer[from..from + length]),
                    8 => {
                        let code = self.buffer.get(from..from + 2).map(|code| u16::from_be_bytes([code[0], code[1]]));
                        return Err(io::Error::other(format!("closed with {code:?}")));
                    }
                    _ => {}
                }
                any = true;
            }
            if any {
                return Ok(());
            }
            self.fill().await?;
        }
    }

    /// Waits for a text that fits.
    pub(crate) async fn wait_for(&mut self, fits: impl Fn(&[u8]) -> bool) -> io::Result<()> {
        let mut found = false;
        while !found {
            self.texts(|text| found |= fits(text)).await?;
        }
        Ok(())
    }
}

/// Length of the header, length of the payload, opcode.
fn header(bytes: &[u8]) -> Option<(usize, usize, u8)> {
    let opcode = bytes.first()? & 0x0f;
    match bytes.get(1)? & 0x7f {
        126 => Some((4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), opcode)),
        127 => Some((10, bytes.get(2..10)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), opcode)),
        short => Some((2, usize::from(short), opcode)),
    }
}
