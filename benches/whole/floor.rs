//! The floor: the same pages with the same client and as many at once, taken in whole and thrown away.

use std::time::Duration;

use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use stocktake::commerce::{HttpClient, Limits, Tls, http_client};
use url::Url;

use super::Outcome;
use super::server::{page_size, path};
use testkit::world::List;

#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Where the shop is.
    url: Url,
    /// How many links it lists.
    links: usize,
    /// How many sources it lists.
    sources: usize,
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
    let page = |list: List, number: usize| {
        let (size, list) = (page_size(list), path(list));
        let path = format!(
            "rest/all/V1/inventory/{list}?searchCriteria[page_size]={size}&searchCriteria[current_page]={number}"
        );
        body(&client, args.url.join(&path))
    };
    let all = |list, total: usize| async move {
        page(list, 1).await?;
        stream::iter(2..=total.div_ceil(page_size(list)))
            .map(|number| page(list, number))
            .buffered(args.at_once)
            .try_collect::<()>()
            .await
    };
    page(List::Stocks, 1).await?;
    let lists = (all(List::Sources, args.sources), all(List::Links, args.links));
    futures_util::try_join!(lists.0, lists.1).map(drop)
}

async fn body(client: &HttpClient, url: Result<Url, url::ParseError>) -> Outcome<()> {
    let request = client.request(Method::GET, url?).timeout(Duration::from_mins(2));
    let mut answer = client.send(request.build()?).await?.error_for_status()?;
    while answer.chunk().await?.is_some() {}
    Ok(())
}
