//! What an inventory wants of a stock, and whether a table is so.

use fastrand::Rng;
use serde_json::Value;

use crate::campaign::sandbox_state::{Key, Table, fold};

/// A stock as the inventory wants it.
#[derive(Debug, Clone)]
pub struct Owned {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its sources.
    pub wanted: Wanted,
}

/// What is wanted of a stock.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// These sources in this order.
    Ordered(Vec<String>),
    /// These sources with these numbers.
    Explicit(Vec<(String, i64)>),
}

impl Owned {
    /// The stocks that a file of ours wants with numbers, such as a pre-image; none when it is no such file.
    pub fn of_file(text: &str, id: impl Fn(&str) -> Option<i64>) -> Vec<Self> {
        let file: Value = serde_saphyr::from_str(text).unwrap_or_default();
        let stocks = file["stocks"].as_array().into_iter().flatten();
        let link = |link: &Value| {
            let code = link["code"].as_str()?;
            Some((code.to_owned(), link["priority"].as_i64()?))
        };
        let owned = stocks.filter_map(|stock| {
            let name = stock["name"].as_str()?;
            let links = stock["sources"].as_array().into_iter().flatten();
            Some(Self {
                id: id(name)?,
                name: name.to_owned(),
                wanted: Wanted::Explicit(links.filter_map(link).collect()),
            })
        });
        owned.collect()
    }

    /// True if the stock is as wanted: the same sources, in that order or with those numbers.
    pub fn is_converged(&self, table: &Table) -> bool {
        let live: Vec<(&Key, &i64)> = table.iter().filter(|((id, _), _)| *id == self.id).collect();
        let priority = |code: &String| table.get(&(self.id, fold(code))).copied();
        match &self.wanted {
            Wanted::Ordered(codes) => {
                let priorities: Option<Vec<i64>> = codes.iter().map(priority).collect();
                live.len() == codes.len()
                    && priorities.is_some_and(|priorities| priorities.windows(2).all(|two| two[0] < two[1]))
            }
            Wanted::Explicit(links) => {
                live.len() == links.len()
                    && links.iter().all(|(code, wanted)| priority(code) == Some(*wanted))
            }
        }
    }

    /// True if a source is wanted in the stock.
    pub fn wants(&self, code: &str) -> bool {
        match &self.wanted {
            Wanted::Ordered(codes) => codes.iter().any(|wanted| fold(wanted) == fold(code)),
            Wanted::Explicit(links) => links.iter().any(|(wanted, _)| fold(wanted) == fold(code)),
        }
    }
}

impl Wanted {
    /// Draws what is wanted of a stock in a shop of these sources.
    pub fn new(rng: &mut Rng, sources: &[String]) -> Self {
        let mut codes = sources.to_vec();
        rng.shuffle(&mut codes);
        let most = if rng.u8(0..30) == 0 {
            0
        } else {
            rng.usize(1..=codes.len())
        };
        codes.truncate(most);
        if rng.bool() {
            return Self::Ordered(codes);
        }
        let number = |(code, place): (String, i64)| {
            let free = if rng.u8(0..8) == 0 {
                1
            } else {
                place * 10 + rng.i64(0..10)
            };
            (code, free)
        };
        Self::Explicit(codes.into_iter().zip(1..).map(number).collect())
    }

    /// Gives links that are as wanted.
    pub fn links(&self, rng: &mut Rng) -> Vec<(String, i64)> {
        match self {
            Self::Explicit(links) => links.clone(),
            Self::Ordered(codes) => {
                let mut last = 0;
                let mut next = |code: &String| {
                    last += rng.i64(1..=3);
                    (code.clone(), last)
                };
                codes.iter().map(&mut next).collect()
            }
        }
    }
}
