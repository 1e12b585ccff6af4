//! Worlds by seed: an inventory file of any size, and the shop that has drifted from it, as the shop would list it.

use std::fmt::Write as _;
use std::ops::Range;

use fastrand::Rng;

/// How the file gives the priorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A list whose order counts.
    Order,
    /// A number for each source.
    Explicit,
}

/// A list of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// The stocks.
    Stocks,
    /// The sources.
    Sources,
    /// The links.
    Links,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 3] = [Self::Stocks, Self::Sources, Self::Links];
}

/// What a world is made of.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Custom stocks.
    pub stocks: usize,
    /// Sources that serve each of them.
    pub links_per_stock: usize,
    /// Sources of the shop.
    pub sources: usize,
    /// The number of links in a thousand are not as the file wants them: half of them lack, a quarter has another priority, and
    /// as many again as that quarter stand that the file does not want.
    pub drift: usize,
}

impl Shape {
    /// The shape of a shop with that many links and 1 % drift: thousands of stores on dozens of stocks.
    pub fn of(links: usize) -> Self {
        let links_per_stock = match links {
            0..=1_000 => 100,
            1_001..=10_000 => 200,
            _ => 2_000,
        };
        Self {
            stocks: (links / links_per_stock).max(1),
            links_per_stock,
            sources: links_per_stock * 5 / 4,
            drift: 10,
        }
    }
}

/// A link: its source's number, and its priority.
type Link = (u32, u16);

/// One stock.
struct Stock {
    wanted: Vec<Link>,
    live: Vec<Link>,
}

/// A file and a shop.
pub struct World {
    shape: Shape,
    stocks: Vec<Stock>,
}

impl World {
    /// Draws a world.
    pub fn new(seed: u64, shape: Shape) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut sources: Vec<u32> = (0..).take(shape.sources).collect();
        let stocks = (0..shape.stocks).map(|_| {
            rng.shuffle(&mut sources);
            stock(&mut rng, &sources, shape)
        });
        Self {
            shape,
            stocks: stocks.collect(),
        }
    }

    /// The inventory file.
    pub fn file(&self, form: Form) -> String {
        let mut text = String::from("version: 1\nstocks:\n");
        // Writing to a String cannot fail.
        for (number, stock) in self.stocks.iter().enumerate() {
            let _ = writeln!(text, "  - name: Stock {number:04}\n    sources:");
            for (source, priority) in &stock.wanted {
                let _ = match form {
                    Form::Order => writeln!(text, "      - store_{source:05}"),
                    Form::Explicit => {
                        writeln!(
                            text,
                            "      - {{ code: store_{source:05}, priority: {priority} }}"
                        )
                    }
                };
            }
        }
        text
    }

    /// The number of items a list of the shop has, with that of every shop.
    pub fn total(&self, list: List) -> usize {
        1 + match list {
            List::Stocks => self.shape.stocks,
            List::Sources => self.shape.sources,
            List::Links => self.stocks.iter().map(|stock| stock.live.len()).sum(),
        }
    }

    /// A page of a list, as the recorded shop writes it (recording 08).
    pub fn page(&self, list: List, range: Range<usize>) -> String {
        match list {
            List::Stocks => self.stocks_page(range),
            List::Sources => self.sources_page(range),
            List::Links => self.links_page(range),
        }
    }

    fn links_page(&self, range: Range<usize>) -> String {
        let all = self.stocks.iter().enumerate();
        let all = all.flat_map(|(number, stock)| stock.live.iter().map(move |link| (number + 2, link)));
        let custom = all.map(|(stock, (source, priority))| (stock, format!("store_{source:05}"), *priority));
        let links = std::iter::once((1, "default".to_owned(), 1)).chain(custom);
        let items = links.skip(range.start).take(range.len());
        page(
            items.map(|(stock, source, priority)| {
                format!(r#"{{"source_code":"{source}","stock_id":{stock},"priority":{priority}}}"#)
            }),
            self.total(List::Links),
        )
    }

    fn stocks_page(&self, range: Range<usize>) -> String {
        let custom = (0..self.shape.stocks).map(|number| (number + 2, format!("Stock {number:04}")));
        let stocks = std::iter::once((1, "Default Stock".to_owned())).chain(custom);
        let items = stocks.skip(range.start).take(range.len());
        page(
            items.map(|(id, name)| {
                format!(
                    r#"{{"stock_id":{id},"name":"{name}","extension_attributes":{{"sales_channels":[]}}}}"#
                )
            }),
            self.total(List::Stocks),
        )
    }

    fn sources_page(&self, range: Range<usize>) -> String {
        let default = ("default".to_owned(), "Default Source".to_owned());
        let stores =
            (0..self.shape.sources).map(|number| (format!("store_{number:05}"), format!("Store {number}")));
        let items = std::iter::once(default)
            .chain(stores)
            .skip(range.start)
            .take(range.len());
        page(
            items.map(|(code, name)| format!(r#"{{"source_code":"{code}","name":"{name}","enabled":true}}"#)),
            self.total(List::Sources),
        )
    }
}

fn stock(rng: &mut Rng, sources: &[u32], shape: Shape) -> Stock {
    let (chosen, spare) = sources.split_at(shape.links_per_stock);
    let wanted: Vec<Link> = chosen.iter().copied().zip(1..).collect();
    let mut spare = spare.iter();
    let mut live = Vec::with_capacity(wanted.len());
    for (source, priority) in &wanted {
        match rng.usize(0..4_000) {
            draw if draw < 2 * shape.drift => {}
            draw if draw < 3 * shape.drift => live.push((*source, rng.u16(1..=u16::MAX))),
            draw if draw < 4 * shape.drift => {
                live.push((*source, *priority));
                live.extend(spare.next().map(|source| (*source, rng.u16(1..=u16::MAX))));
            }
            _ => live.push((*source, *priority)),
        }
    }
    // The shop lists the links of a stock by code.
    live.sort_unstable();
    Stock { wanted, live }
}

fn page(items: impl Iterator<Item = String>, total: usize) -> String {
    let items: Vec<String> = items.collect();
    format!(r#"{{"items":[{}],"total_count":{total}}}"#, items.join(","))
}
