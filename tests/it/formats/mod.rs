//! The forms of a plan: what each looks like, that it is what its format asks, and that no name can act in it.

mod cut;
mod github;
mod graph;
mod hostile;
mod order;
mod page;
mod question;
mod sarif;
mod scope;
mod several;
mod snapshots;
