//! Writes to the standard streams, each text in one piece. Nothing else writes to them. A closed or full stream does not end
//! the program.

use std::borrow::Cow;
use std::io::{self, Write};

use anstream::adapter::strip_str;
use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};

/// Standard error. Writes to it never fail: if it is closed, nobody reads it.
pub(crate) struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().lock().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a text to standard error, if it is open.
pub(crate) fn message(text: &str, color: ColorChoice) {
    let _ = write(io::stderr(), text, color);
}

/// Prints a text on standard output, to its last byte. A reader that has gone, such as `head`, has seen enough.
pub(crate) fn print(text: &str, color: ColorChoice) -> io::Result<()> {
    match write(io::stdout(), text, color) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Writes a text in one piece: a stream that takes colours out by itself writes each stretch between two of them alone.
fn write(stream: impl RawStream + AsLockedWrite, text: &str, color: ColorChoice) -> io::Result<()> {
    let color = match color {
        ColorChoice::Auto => AutoStream::choice(&stream),
        said => said,
    };
    let (text, color) = match color {
        // No colours are left to strip.
        ColorChoice::Never => (Cow::Owned(strip_str(text).to_string()), ColorChoice::AlwaysAnsi),
        color => (Cow::Borrowed(text), color),
    };
    let mut stream = AutoStream::new(stream, color);
    stream.write_all(text.as_bytes())?;
    stream.flush()
}
