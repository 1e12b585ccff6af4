//! A headless Chromium, driven through ChromeDriver; both end with the test.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::process::{Child, Command, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The driver; it ends with the test.
struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// Starts a driver on a port of its own choice and waits until it says which.
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver can be started: install chromium-driver");
        let output = process.stdout.take().expect("its output is piped");
        let port = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let port = line.split_once("successfully on port ")?.1;
                port.trim_end_matches('.').parse::<u16>().ok()
            })
            .expect("the driver says its port");
        Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that has ended by itself needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser with an empty profile that nothing but the page speaks in.
pub struct Browser {
    /// Its one window.
    pub client: Client,
    /// Its profile, kept as long as it runs.
    _profile: TempDir,
}

/// Runs a test in a browser of its own; closes it also when the test fails.
pub fn with_browser<F: Future<Output = ()>>(test: impl FnOnce(Browser) -> F) {
    let driver = Driver::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let profile = tempfile::tempdir().expect("a folder can be made");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile).as_object().expect("an object").clone())
            .connect(&driver.url)
            .await
            .expect("a browser can be started: install chromium");
        let closing = client.clone();
        let browser = Browser {
            client,
            _profile: profile,
        };
        let ended = AssertUnwindSafe(test(browser)).catch_unwind().await;
        // The driver's end alone would leave the browser behind.
        closing.close().await.expect("the browser closes");
        ended.unwrap_or_else(|panic| resume_unwind(panic));
    });
}

fn capabilities(profile: &TempDir) -> Value {
    let profile = format!("--user-data-dir={}", profile.path().display());
    json!({
        "goog:chromeOptions": { "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--window-size=1200,900", profile,
        ]},
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    })
}

/// A command of ChromeDriver beyond the standard.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// Runs a script in the page; its value must be JSON.
    pub async fn run(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// What was logged since it was last asked for: `browser` for the console, `performance` for the network.
    async fn log(&self, kind: &str) -> Vec<Value> {
        let command = Vendor {
            path: "se/log",
            body: json!({ "type": kind }),
        };
        let entries = self.client.issue_cmd(command).await.expect("the log can be read");
        entries.as_array().expect("a list").clone()
    }

    /// What the console said.
    pub async fn console(&self) -> Vec<Value> {
        self.log("browser").await
    }

    /// The addresses that were asked for.
    pub async fn requests(&self) -> Vec<String> {
        let entries = self.log("performance").await;
        let messages = entries.iter().map(|entry| {
            let text = entry["message"].as_str().expect("a text");
            serde_json::from_str::<Value>(text).expect("JSON")["message"].take()
        });
        messages
            .filter(|message| message["method"] == "Network.requestWillBeSent")
            .map(|message| {
                message["params"]["request"]["url"]
                    .as_str()
                    .expect("an address")
                    .to_owned()
            })
            .collect()
    }

    /// A command of the browser itself.
    async fn command(&self, command: &str, params: Value) {
        let command = Vendor {
            path: "goog/cdp/execute",
            body: json!({ "cmd": command, "params": params }),
        };
        self.client
            .issue_cmd(command)
            .await
            .expect("the browser takes the command");
    }

    /// Has the person's system prefer a theme.
    pub async fn prefer(&self, theme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        self.command("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await;
    }

    /// Lays the page out as for paper.
    pub async fn print_view(&self) {
        self.command("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await;
    }

    /// Gives the window a size. A window of the browser's own has a least width.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Has pages that are opened from here on run no script of theirs.
    pub async fn without_scripts(&self) {
        self.command("Emulation.setScriptExecutionDisabled", json!({ "value": true }))
            .await;
    }
}
