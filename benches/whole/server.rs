//! A shop in a process of its own: every page is rendered before the first request.

use std::collections::HashMap;
use std::future::ready;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use clap::Args;
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use super::child::{Taken, stocktake, taken};
use super::{FormArg, Outcome};
use testkit::world::{List, Shape, World};

/// The items of a page that `stocktake` asks for; a page of another size is not served.
pub fn page_size(list: List) -> usize {
    match list {
        List::Stocks | List::Links => 10_000,
        List::Sources => 1_000,
    }
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    links: usize,
    #[arg(value_enum)]
    form: FormArg,
    seed: u64,
    /// Where the inventory file is written to.
    folder: std::path::PathBuf,
}

/// Pages by list and number, and how much has been asked.
struct Pages {
    rendered: HashMap<(&'static str, usize), Bytes>,
    requests: AtomicU64,
    bytes: AtomicU64,
}

/// The end of a list's path.
pub fn path(list: List) -> &'static str {
    match list {
        List::Stocks => "stocks",
        List::Sources => "sources",
        List::Links => "stock-source-links",
    }
}

/// Draws a world, writes its file, and serves its shop until this process is ended.
pub fn run(args: &ServeArgs) -> Outcome<()> {
    let world = World::new(args.seed, Shape::of(args.links));
    std::fs::write(args.folder.join("inventory.yaml"), world.file(args.form.into()))?;
    let pages = Arc::new(Pages::render(&world));
    let (links, sources) = (world.total(List::Links), world.total(List::Sources));
    drop(world);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}/ {links} {sources}", listener.local_addr()?);
        let router = Router::new()
            .route("/asked", get(|pages| ready(Pages::asked(&pages))))
            .fallback(|pages, uri, query| ready(Pages::page(&pages, &uri, query)))
            .with_state(pages);
        Ok(axum::serve(listener, router).await?)
    })
}

impl Pages {
    fn render(world: &World) -> Self {
        let rendered = List::ALL.into_iter().flat_map(|list| {
            let size = page_size(list);
            (0..world.total(list).div_ceil(size)).map(move |number| {
                let start = number * size;
                let page = Bytes::from(world.page(list, start..start + size));
                ((path(list), number + 1), page)
            })
        });
        Self {
            rendered: rendered.collect(),
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    fn page(State(pages): &State<Arc<Self>>, uri: &Uri, RawQuery(query): RawQuery) -> Response {
        let query = query.unwrap_or_default();
        let field = |name: &str| {
            let mut fields = form_urlencoded::parse(query.as_bytes());
            fields.find_map(|(key, value)| (key == name).then(|| value.parse::<usize>().ok())?)
        };
        let number = field("searchCriteria[current_page]").unwrap_or_default();
        let size = field("searchCriteria[page_size]");
        let asked = uri.path().rsplit('/').next();
        let list = List::ALL
            .into_iter()
            .find(|list| asked == Some(path(*list)) && size == Some(page_size(*list)));
        match list.and_then(|list| pages.rendered.get(&(path(list), number))) {
            Some(page) => {
                pages.requests.fetch_add(1, Ordering::Relaxed);
                pages.bytes.fetch_add(page.len() as u64, Ordering::Relaxed);
                (
                    [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
                    page.clone(),
                )
                    .into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    /// Tells what has been asked since the last time.
    fn asked(State(pages): &State<Arc<Self>>) -> String {
        let requests = pages.requests.swap(0, Ordering::Relaxed);
        let bytes = pages.bytes.swap(0, Ordering::Relaxed);
        format!("{requests} {bytes}")
    }
}

/// A serving child, ended when this is dropped.
pub struct Shop {
    child: Child,
    url: Url,
    /// The numbers of links and of sources.
    totals: String,
    folder: TempDir,
}

impl Shop {
    /// Starts to serve a world and waits until it can be asked.
    pub fn start(links: usize, form: FormArg, seed: u64) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let form = match form {
            FormArg::Order => "order",
            FormArg::Explicit => "explicit",
        };
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &links.to_string(), form, &seed.to_string()])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let (url, totals) = line
            .trim()
            .split_once(' ')
            .ok_or("the serving child did not start")?;
        Ok(Self {
            child,
            url: url.parse()?,
            totals: totals.to_owned(),
            folder,
        })
    }

    /// Plans, and tells what that took.
    pub fn plan(&self) -> Outcome<Taken> {
        let mut command = stocktake();
        command
            .args(["plan", "--url", self.url.as_str()])
            .env("STOCKTAKE_TOKEN", "benchmark")
            .current_dir(self.folder.path());
        self.asked(taken(&mut command)?)
    }

    /// Fetches what a plan reads, and tells what that took.
    pub fn floor(&self) -> Outcome<Taken> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["fetch", self.url.as_str()])
            .args(self.totals.split(' '));
        self.asked(taken(&mut command)?)
    }

    /// Adds what the shop was asked meanwhile.
    fn asked(&self, taken: Taken) -> Outcome<Taken> {
        let mut stream = std::net::TcpStream::connect((
            self.url.host_str().unwrap_or_default(),
            self.url.port().unwrap_or_default(),
        ))?;
        write!(
            stream,
            "GET /asked HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
        )?;
        let answer = std::io::read_to_string(stream)?;
        let counts = answer.lines().last().and_then(|line| line.split_once(' '));
        let (requests, bytes) = counts.ok_or("the shop does not tell what it was asked")?;
        Ok(Taken {
            requests: requests.parse()?,
            bytes: bytes.parse()?,
            ..taken
        })
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
