//! A shop and a file: their sources, stocks and links, and the live state and plan made of them.

use spanned_yaml::diag::{FileId, InputFiles, Span};
use stocktake::model::{
    DEFAULT_STOCK, GuardLimits, Link, LiveState, Priority, ReadIssue, SalesChannel, Source, SourceCode,
    Stock, StockId, StockName,
};
use stocktake::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
use stocktake::spec::{Spec, WantedLinks, WantedSource, WantedStock};

/// The sources of every shop besides `default`.
pub const CODES: [&str; 8] = [
    "ne_wh", "west_wh", "brooklyn", "hq", "leipzig", "berlin", "zürich", "école",
];

/// The custom stocks of every shop, from id 2 on.
pub const NAMES: [&str; 4] = ["North America Stock", "Europe Stock", "Été = été", "outlet"];

/// Limits that stop nothing; what they cannot lift has an allowance.
pub const NO_LIMITS: GuardLimits = GuardLimits {
    max_deletes: u32::MAX,
    max_delete_percent: 100,
};

/// One custom stock: its live links, and what the file wants of it.
#[derive(Debug, Clone)]
pub struct StockShape {
    /// Index of the source, live priority, way of spelling.
    pub live: Vec<(usize, u16, u8)>,
    /// A live link of the default source: its spelling and priority.
    pub default_link: Option<(&'static str, u16)>,
    /// What the file wants, with the spelling of the stock's name; `None` leaves the stock unmanaged.
    pub wanted: Option<(WantedShape, u8)>,
}

/// The wanted links of a stock: index of the source, number in the explicit form, way of spelling.
#[derive(Debug, Clone)]
pub enum WantedShape {
    Ordered(Vec<(usize, u8)>),
    Explicit(Vec<(usize, u16, u8)>),
}

impl WantedShape {
    /// The indexes of the wanted sources, in the order of the file.
    pub fn sources(&self) -> Vec<usize> {
        match self {
            Self::Ordered(links) => links.iter().map(|link| link.0).collect(),
            Self::Explicit(links) => links.iter().map(|link| link.0).collect(),
        }
    }

    /// The same without one source.
    pub fn without(&self, source: usize) -> Self {
        match self.clone() {
            Self::Ordered(mut links) => {
                links.retain(|link| link.0 != source);
                Self::Ordered(links)
            }
            Self::Explicit(mut links) => {
                links.retain(|link| link.0 != source);
                Self::Explicit(links)
            }
        }
    }
}

/// A shop and a file.
#[derive(Debug, Clone)]
pub struct World {
    /// Of each source whether it is enabled, and how the shop spells it.
    pub sources: Vec<(bool, u8)>,
    /// The custom stocks.
    pub stocks: Vec<StockShape>,
    /// True if the read of the shop may be incomplete.
    pub may_be_incomplete: bool,
    /// The places of the stocks that targets.yaml protects, with the spelling of their names there.
    pub protected: Vec<(usize, u8)>,
}

/// The same text in another spelling that the server takes for the same.
pub fn spell(text: &str, way: u8) -> String {
    match way {
        0 => text.to_owned(),
        1 => text.to_uppercase(),
        2 => text
            .replace('ü', "u")
            .replace('é', "e")
            .replace('É', "E")
            .replace('ê', "e"),
        _ => text
            .chars()
            .enumerate()
            .flat_map(|(at, c)| {
                if at % 2 == 0 {
                    c.to_uppercase().collect::<Vec<_>>()
                } else {
                    c.to_lowercase().collect()
                }
            })
            .collect(),
    }
}

impl World {
    /// The id of the stock at that place in the list.
    pub fn id(at: usize) -> StockId {
        StockId(u32::try_from(at).unwrap() + 2)
    }

    /// Whether the source of that code serves anything.
    pub fn is_enabled(&self, code: &str) -> bool {
        let at = CODES
            .iter()
            .position(|known| crate::properties::server::key(known) == crate::properties::server::key(code));
        at.is_none_or(|at| self.sources[at].0)
    }

    /// What a complete read of the shop answers.
    pub fn live(&self) -> LiveState {
        LiveState {
            stocks: self.live_stocks(),
            sources: self.live_sources(),
            links: self.live_links(),
            only: None,
            issues: if self.may_be_incomplete {
                vec![ReadIssue {
                    reason: "the pages overlap".to_owned(),
                }]
            } else {
                Vec::new()
            },
        }
        .sorted()
    }

    fn live_stocks(&self) -> Vec<Stock> {
        let custom = NAMES
            .iter()
            .take(self.stocks.len())
            .zip(0..)
            .map(|(name, at)| Stock {
                id: Self::id(at),
                name: StockName::from_server(name),
                channels: vec![SalesChannel {
                    kind: "website".to_owned(),
                    code: format!("site_{at}"),
                }],
            });
        let default = Stock {
            id: DEFAULT_STOCK,
            name: StockName::from_server("Default Stock"),
            channels: Vec::new(),
        };
        custom.chain([default]).collect()
    }

    fn live_sources(&self) -> Vec<Source> {
        let custom = CODES
            .iter()
            .zip(&self.sources)
            .map(|(code, (enabled, way))| Source {
                code: SourceCode::from_server(&spell(code, *way)),
                name: (*code).to_owned(),
                enabled: *enabled,
            });
        let default = Source {
            code: SourceCode::from_server("default"),
            name: "Default Source".to_owned(),
            enabled: true,
        };
        custom.chain([default]).collect()
    }

    fn live_links(&self) -> Vec<Link> {
        let mut links = vec![link(DEFAULT_STOCK, "default", 1)];
        for (shape, at) in self.stocks.iter().zip(0..) {
            for (source, priority, way) in &shape.live {
                links.push(link(Self::id(at), &spell(CODES[*source], *way), *priority));
            }
            if let Some((spelling, priority)) = &shape.default_link {
                links.push(link(Self::id(at), spelling, *priority));
            }
        }
        links
    }

    /// What the file wants.
    pub fn spec(&self) -> Spec {
        let owned = self.stocks.iter().zip(0_u32..).filter_map(|(shape, at)| {
            let (wanted, way) = shape.wanted.as_ref()?;
            let name = NAMES[at as usize];
            Some(WantedStock {
                name: StockName::parse(&spell(name, *way)).unwrap(),
                span: span(at * 10),
                links: wanted_links(wanted, at * 10),
            })
        });
        Spec {
            sources: None,
            stocks: owned.collect(),
        }
    }

    /// The plan for a live state, with guards that stop nothing that has no allowance.
    pub fn plan(&self, live: &LiveState) -> Plan {
        self.guarded_plan(live, NO_LIMITS, &GuardOverrides::default())
    }

    /// The plan for a live state under guards.
    pub fn guarded_plan(&self, live: &LiveState, limits: GuardLimits, allow: &GuardOverrides) -> Plan {
        self.scoped_plan(live, &StockScope::default(), limits, allow)
    }

    /// The same for some stocks.
    pub fn scoped_plan(
        &self,
        live: &LiveState,
        scope: &StockScope,
        limits: GuardLimits,
        allow: &GuardOverrides,
    ) -> Plan {
        let files = InputFiles::one("inventory.yaml", "a line\n".repeat(20));
        let target = TargetLabel {
            name: "production".to_owned(),
            url: "https://shop.example.com/".to_owned(),
        };
        let spec = self.spec();
        let protect = self.protected.iter();
        let protect: Vec<StockName> = protect
            .map(|(at, way)| StockName::parse(&spell(NAMES[*at], *way)).unwrap())
            .collect();
        let inputs = PlanInputs {
            spec: &spec,
            scope,
            files: &files,
            warnings: &[],
            target: &target,
            limits,
            allow,
            protect: &protect,
            created_at: "2026-01-01T00:00:00Z",
            expires_at: "2026-01-02T00:00:00Z",
        };
        build(inputs, live).unwrap()
    }
}

fn link(stock: StockId, code: &str, priority: u16) -> Link {
    Link {
        stock,
        source: SourceCode::from_server(code),
        priority,
    }
}

fn wanted_links(wanted: &WantedShape, start: u32) -> WantedLinks {
    let source = |source: usize, way: u8, at: u32| WantedSource {
        code: SourceCode::parse(&spell(CODES[source], way)).unwrap(),
        span: span(start + at),
    };
    match wanted {
        WantedShape::Ordered(links) => {
            let links = links.iter().zip(1..);
            WantedLinks::Ordered(links.map(|((code, way), at)| source(*code, *way, at)).collect())
        }
        WantedShape::Explicit(links) => {
            let links = links.iter().zip(1..).map(|((code, number, way), at)| {
                let priority = Priority::try_from(i64::from(*number)).unwrap();
                (source(*code, *way, at), priority)
            });
            WantedLinks::Explicit(links.collect())
        }
    }
}

fn span(start: u32) -> Span {
    Span {
        file: FileId(0),
        start,
        end: start + 1,
    }
}
