//! A terminal of so many columns, at which a test sits: what is typed is read by a program, what it shows is kept.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A terminal.
pub struct Terminal {
    /// Our side of it.
    side: File,
    /// The programs' side.
    theirs: File,
}

impl Terminal {
    /// A terminal of that width.
    pub fn new(columns: u16) -> Self {
        let side = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
        grantpt(&side).expect("it is ours");
        unlockpt(&side).expect("it can be opened");
        let name = ptsname(&side, Vec::new()).expect("it has a name");
        let name = std::ffi::OsStr::from_bytes(name.as_bytes());
        let theirs = OpenOptions::new().read(true).write(true).open(name);
        let terminal = Self {
            side: File::from(side),
            theirs: theirs.expect("it can be opened"),
        };
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal.theirs, size).expect("it can be resized");
        terminal
    }

    /// What a program takes for its input or output.
    pub fn end(&self) -> File {
        self.theirs.try_clone().expect("a terminal may be shared")
    }

    /// Types a text.
    pub fn types(&mut self, text: &str) {
        self.side.write_all(text.as_bytes()).expect("it can be typed");
    }

    /// Reads all that is shown until the last program has let go of the terminal.
    pub fn shown(self) -> String {
        let Self { mut side, theirs } = self;
        drop(theirs);
        let (mut shown, mut part) = (Vec::new(), [0; 4096]);
        // Linux tells the end by an error.
        while let Ok(length @ 1..) = side.read(&mut part) {
            shown.extend_from_slice(&part[..length]);
        }
        let shown = String::from_utf8(shown).expect("output is UTF-8");
        shown.replace("\r\n", "\n")
    }
}
