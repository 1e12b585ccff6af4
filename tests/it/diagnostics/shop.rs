//! The shop that inventories are held against.

use stocktake::model::{LiveState, Source, SourceCode, Stock, StockId, StockName};

/// A shop with two stocks of one name and a disabled source.
pub fn shop() -> LiveState {
    let stock = |(id, name): (u32, &str)| Stock {
        id: StockId(id),
        name: StockName::from_server(name),
        channels: Vec::new(),
    };
    let source = |(code, enabled): (&str, bool)| Source {
        code: SourceCode::from_server(code),
        name: String::new(),
        enabled,
    };
    LiveState {
        stocks: [
            (1, "Main Stock"),
            (2, "Europe Stock"),
            (3, "Outlet"),
            (4, "OUTLET"),
        ]
        .map(stock)
        .to_vec(),
        sources: [
            ("berlin", true),
            ("default", true),
            ("hq", true),
            ("leipzig", false),
        ]
        .map(source)
        .to_vec(),
        ..LiveState::default()
    }
}
