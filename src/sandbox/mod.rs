//! The embedded Commerce: real HTTP on loopback, held to the recorded server by `tests/contract`.
