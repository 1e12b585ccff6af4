//! The HTML page in a real browser: it works, stays quiet, is accessible, and no name acts in it. Needs Chromium,
//! ChromeDriver and axe-core, see `.ci/run`.

mod accessible;
mod browser;
mod filters;
mod folds;
mod hostile;
mod jump;
mod keyboard;
mod layout;
mod page;
