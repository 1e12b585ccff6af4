//! Plans that change the order of sources.

use stocktake::model::{Link, LiveState, Source, SourceCode, Stock, StockId, StockName};
use stocktake::reconcile::Plan;

use crate::plan_fixtures::{STRICT, live, plan_of};

/// A plan of so many stocks of 200 sources, in each of which the source at the place `from` goes to the place `to`.
pub fn reordered(stocks: u32, from: usize, to: usize) -> Plan {
    let codes: Vec<String> = (1..=200).map(|number| format!("source_{number:03}")).collect();
    let mut wanted = codes.clone();
    let moved = wanted.remove(from - 1);
    wanted.insert(to - 1, moved);
    let ids = (2..).take(usize::try_from(stocks).expect("few stocks"));
    let ids: Vec<u32> = ids.collect();
    let names = |id: &u32| format!("  - name: Stock {id:03}\n    sources: [{}]\n", wanted.join(", "));
    let file: String = ids.iter().map(names).collect();
    let link = |id: u32, code: &String, priority: u16| Link {
        stock: StockId(id),
        source: SourceCode::from_server(code),
        priority,
    };
    let links = ids
        .iter()
        .flat_map(|id| codes.iter().zip(1..).map(move |(code, at)| link(*id, code, at)));
    let live = LiveState {
        stocks: ids
            .iter()
            .map(|id| Stock {
                id: StockId(*id),
                name: StockName::from_server(&format!("Stock {id:03}")),
                channels: Vec::new(),
            })
            .collect(),
        sources: codes
            .iter()
            .map(|code| Source {
                code: SourceCode::from_server(code),
                name: String::new(),
                enabled: true,
            })
            .collect(),
        links: links.collect(),
        only: None,
        issues: Vec::new(),
    };
    plan_of(&format!("version: 1\nstocks:\n{file}"), &live.sorted(), STRICT)
}

/// A plan of one stock in which `hq` and `leipzig` share the priority 3.
pub fn tied() -> Plan {
    let mut live = live(&[]);
    live.links.retain(|link| link.stock != StockId(4));
    let tied = ["hq", "leipzig"].map(|code| Link {
        stock: StockId(4),
        source: SourceCode::from_server(code),
        priority: 3,
    });
    live.links.extend(tied);
    let wanted = "version: 1\nstocks: [{ name: Outlet Stock, sources: [leipzig, hq] }]\n";
    plan_of(wanted, &live.sorted(), STRICT)
}
