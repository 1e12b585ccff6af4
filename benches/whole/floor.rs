//! The floor: the same pages with the same client and as many at once, taken in whole and thrown away.

use std::time::Duration;

use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use stocktake::commerce::{HttpClient, Limits, Tls, http_client};
use url::Url;

use super::Outcome;

/// The page that `stocktake` asks for.
const PAGE_SIZE: usize = 10_000;

#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Where the shop is.
    url: Url,
    /// How many links it lists.
    links: usize,
    /// How many pages are read at once.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
}

/// Fetches everything that a plan reads.
pub fn run(args: &FetchArgs) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(fetch(args))
}

async fn fetch(args: &FetchArgs) -> Outcome<()> {
    let client = http_client(&args.url, Limits::default(), &Tls::default())?;
    let page = |list: &str, number: usize| {
        let path = format!(
            "rest/all/V1/inventory/{list}?searchCriteria[page_size]={PAGE_SIZE}&searchCriteria[current_page]={number}"
        );
        body(&client, args.url.join(&path))
    };
    page("stocks", 1).await?;
    let links = async {
        page("stock-source-links", 1).await?;
        stream::iter(2..=args.links.div_ceil(PAGE_SIZE))
            .map(|number| page("stock-source-links", number))
            .buffered(args.at_once)
            .try_collect::<()>()
            .await
    };
    futures_util::try_join!(page("sources", 1), links).map(drop)
}

async fn body(client: &HttpClient, url: Result<Url, url::ParseError>) -> Outcome<()> {
    let request = client.request(Method::GET, url?).timeout(Duration::from_mins(2));
    let mut answer = client.send(request.build()?).await?.error_for_status()?;
    while answer.chunk().await?.is_some() {}
    Ok(())
}
