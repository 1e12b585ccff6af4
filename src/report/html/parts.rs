//! The parts of a plan on the page, as texts that the template escapes.

use spanned_yaml::diag::visible;

use crate::reconcile::{Enforcement, GuardVerdict, Plan, RankedLink};
use crate::report::view::{ChangeKind, Planned, Row, StockView, guard_advice, guard_words};
use crate::report::words::count;

/// A number and its meaning.
pub(super) struct Tile {
    pub(super) class: &'static str,
    pub(super) number: u32,
    pub(super) what: &'static str,
    pub(super) means: &'static str,
}

/// A guard, a sign of an incomplete read, or a warning.
pub(super) struct Notice {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) aside: String,
}

/// A stock that no file owns.
pub(super) struct Unmanaged {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) links: String,
}

/// One owned stock.
pub(super) struct StockPart {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) channels: Vec<String>,
    pub(super) place: String,
    pub(super) changed: bool,
    pub(super) protected: bool,
    pub(super) chips: Vec<Chip>,
    pub(super) rows: Vec<RowPart>,
}

/// A short coloured label.
pub(super) struct Chip {
    pub(super) class: &'static str,
    pub(super) text: String,
}

/// One link, before and after the plan.
pub(super) struct RowPart {
    pub(super) class: &'static str,
    pub(super) rune: &'static str,
    pub(super) word: &'static str,
    pub(super) code: String,
    pub(super) name: Option<String>,
    pub(super) disabled: bool,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) priority: String,
    pub(super) place: String,
}

/// A text from outside with its hidden characters spelt out.
pub(super) fn text(text: &str) -> String {
    visible(text).into_owned()
}

pub(super) fn tiles(plan: &Plan) -> Vec<Tile> {
    let summary = plan.summary;
    [
        (
            "delete",
            summary.deletes,
            "to delete",
            "sources stop serving a stock",
        ),
        (
            "create",
            summary.creates,
            "to create",
            "sources start serving a stock",
        ),
        ("move", summary.moves, "to move", "sources get another priority"),
        (
            "in-sync",
            summary.in_sync_stocks,
            "in sync",
            "stocks are as wanted",
        ),
    ]
    .into_iter()
    .map(|(class, number, what, means)| Tile {
        class,
        number,
        what,
        means,
    })
    .collect()
}

pub(super) fn notices(planned: &Planned<'_>) -> Vec<Notice> {
    let guards = planned.plan.guards.iter().map(guard);
    let issues = planned.plan.doubts.iter().map(|reason| Notice {
        class: "doubt",
        title: "The read may be incomplete".to_owned(),
        text: text(reason),
        aside: String::new(),
    });
    let warnings = planned.warnings.iter().map(|warning| Notice {
        class: "warning",
        title: format!("Warning: {}", visible(&warning.rule)),
        text: text(&warning.message),
        aside: warning
            .place
            .as_ref()
            .map_or_else(String::new, |place| text(&place.to_string())),
    });
    guards.chain(issues).chain(warnings).collect()
}

fn guard(verdict: &GuardVerdict) -> Notice {
    Notice {
        class: match verdict.effect {
            Enforcement::Refused => "refused",
            Enforcement::Withheld => "withheld",
            Enforcement::Lifted => "lifted",
        },
        title: guard_words(verdict.effect).sentence.to_owned(),
        text: text(&verdict.guard.to_string()),
        aside: text(
            &guard_advice(verdict, str::to_owned).unwrap_or_else(|| verdict.flag().unwrap_or_default()),
        ),
    }
}

pub(super) fn unmanaged(plan: &Plan) -> Vec<Unmanaged> {
    let of = plan.unmanaged.iter().map(|stock| Unmanaged {
        id: stock.stock_id.0,
        name: text(stock.name.as_str()),
        links: count(stock.links, "link"),
    });
    of.collect()
}

/// The stocks, those with a change or a blocked link first.
pub(super) fn stocks(planned: &Planned<'_>) -> Vec<StockPart> {
    let of = |notable: bool| {
        let stocks = planned.stocks.iter();
        stocks.filter(move |stock| stock.notable == notable)
    };
    of(true)
        .chain(of(false))
        .map(|stock| stock_part(stock, planned.plan))
        .collect()
}

fn stock_part(stock: &StockView<'_>, plan: &Plan) -> StockPart {
    let rows = stock.rows();
    let StockView {
        plan: stock, notable, ..
    } = stock;
    StockPart {
        id: stock.stock_id.0,
        name: text(stock.name.as_str()),
        channels: plan
            .labels
            .sales_channels(stock.stock_id)
            .iter()
            .map(|code| text(code))
            .collect(),
        place: text(&stock.place.to_string()),
        changed: *notable,
        protected: stock.protected,
        chips: chips(&rows),
        rows: rows.iter().map(|row| row_part(row, plan)).collect(),
    }
}

fn chips(rows: &[Row<'_>]) -> Vec<Chip> {
    let mut chips: Vec<Chip> = [
        ChangeKind::Delete,
        ChangeKind::Create,
        ChangeKind::Move,
        ChangeKind::Blocked,
    ]
    .into_iter()
    .filter_map(|kind| {
        let number = rows.iter().filter(|row| row.kind == kind).count();
        let to = if kind == ChangeKind::Blocked { "" } else { "to " };
        (number > 0).then(|| Chip {
            class: kind.word(),
            text: format!("{} {number} {to}{}", kind.rune(), kind.word()),
        })
    })
    .collect();
    if chips.is_empty() {
        chips.push(Chip {
            class: "in-sync",
            text: "✓ in sync".to_owned(),
        });
    }
    chips
}

fn row_part(row: &Row<'_>, plan: &Plan) -> RowPart {
    let rank = |link: Option<&RankedLink>| link.map_or_else(|| "–".to_owned(), |link| link.rank.to_string());
    let priority = match (
        row.before.map(|link| link.priority),
        row.after.map(|link| link.priority),
    ) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (_, Some(number)) | (Some(number), None) => number.to_string(),
        (None, None) => String::new(),
    };
    RowPart {
        class: row.kind.word(),
        rune: row.kind.rune(),
        word: row.kind.word(),
        code: text(row.code.as_str()),
        name: plan.labels.source(row.code).map(text),
        disabled: !row.enabled(),
        before: rank(row.before),
        after: rank(row.after),
        priority,
        place: row
            .place
            .map_or_else(String::new, |place| format!("{}:{}", place.line, place.column)),
    }
}
