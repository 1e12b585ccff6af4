//! The steps, each with what it works on.

use std::fmt;

use spanned_yaml::diag::InputFiles;
use stocktake::commerce::{Pages, Response};
use stocktake::model::{GuardLimits, LiveState};
use stocktake::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
use stocktake::report::{PlanView, html, markdown, plan_text};
use stocktake::spec::{Spec, load};

use testkit::world::{Form, List, Shape, World};

/// Items in a page.
const PAGE_SIZE: usize = 10_000;

/// A step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// The file as a list whose order counts, read and checked.
    LoadOrder,
    /// The file with numbers, read and checked.
    LoadExplicit,
    /// The server's pages, decoded into the live state.
    Decode,
    /// Looking up, comparing, judging: order form.
    PlanOrder,
    /// The same, explicit form.
    PlanExplicit,
    /// The plan for a terminal.
    Text,
    /// The plan for a pull request.
    Markdown,
    /// The plan for a browser.
    Html,
    /// The plan for programs.
    Json,
}

impl Case {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::LoadOrder,
        Self::LoadExplicit,
        Self::Decode,
        Self::PlanOrder,
        Self::PlanExplicit,
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Json,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::LoadOrder => "load_order",
            Self::LoadExplicit => "load_explicit",
            Self::Decode => "decode",
            Self::PlanOrder => "plan_order",
            Self::PlanExplicit => "plan_explicit",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Json => "json",
        }
    }

    /// The step of that name.
    pub fn named(name: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|case| case.name() == name)
            .ok_or_else(|| format!("there is no step {name}"))
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// A step, ready to be run again and again.
pub enum Input {
    Load(InputFiles),
    Decode(Box<[Vec<Response>; 3]>),
    Plan(Box<Planned>),
    Render(Case, Box<Plan>),
}

/// What a plan is made of.
pub struct Planned {
    spec: Spec,
    files: InputFiles,
    live: LiveState,
}

impl Input {
    /// Draws a world of that many links and prepares a step in it.
    pub fn new(links: usize, case: Case) -> Self {
        let world = World::new(1, Shape::of(links));
        match case {
            Case::LoadOrder => Self::Load(files(&world, Form::Order)),
            Case::LoadExplicit => Self::Load(files(&world, Form::Explicit)),
            Case::Decode => Self::Decode(Box::new(pages(&world))),
            Case::PlanOrder => Self::Plan(Box::new(Planned::new(&world, Form::Order))),
            Case::PlanExplicit => Self::Plan(Box::new(Planned::new(&world, Form::Explicit))),
            Case::Text | Case::Markdown | Case::Html | Case::Json => {
                Self::Render(case, Box::new(Planned::new(&world, Form::Order).plan()))
            }
        }
    }

    /// Runs the step; the answer only says how much came of it.
    pub fn run(&self) -> usize {
        match self {
            Self::Load(files) => loaded(files).stocks.len(),
            Self::Decode(pages) => live(pages).links.len(),
            Self::Plan(planned) => planned.plan().stocks.len(),
            Self::Render(Case::Markdown, plan) => markdown(&PlanView::from(&**plan)).len(),
            Self::Render(Case::Html, plan) => html(&PlanView::from(&**plan))
                .expect("the page can be made")
                .len(),
            Self::Render(Case::Json, plan) => {
                serde_json::to_string_pretty(plan).expect("a plan is JSON").len()
            }
            Self::Render(_, plan) => plan_text(plan).len(),
        }
    }
}

impl Planned {
    fn new(world: &World, form: Form) -> Self {
        let files = files(world, form);
        Self {
            spec: loaded(&files),
            live: live(&pages(world)),
            files,
        }
    }

    fn plan(&self) -> Plan {
        let target = TargetLabel {
            name: "shop".to_owned(),
            url: "https://shop.example/".to_owned(),
        };
        let inputs = PlanInputs {
            spec: &self.spec,
            scope: &StockScope::default(),
            files: &self.files,
            warnings: &[],
            target: &target,
            limits: GuardLimits::default(),
            allow: &GuardOverrides::default(),
            protect: &[],
            created_at: "2026-01-01T00:00:00Z",
            expires_at: "2026-01-02T00:00:00Z",
        };
        build(inputs, &self.live).expect("the file fits the shop")
    }
}

fn files(world: &World, form: Form) -> InputFiles {
    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml".to_owned(), world.file(form).into_bytes());
    files
}

fn loaded(files: &InputFiles) -> Spec {
    load(files).spec.expect("the file is valid")
}

fn pages(world: &World) -> [Vec<Response>; 3] {
    List::ALL.map(|list| {
        let starts = (0..world.total(list)).step_by(PAGE_SIZE);
        let bodies = starts.map(|start| world.page(list, start..start + PAGE_SIZE).into_bytes());
        bodies
            .map(|body| Response::new(200, "application/json", body))
            .collect()
    })
}

fn live([stocks, sources, links]: &[Vec<Response>; 3]) -> LiveState {
    let pages = Pages {
        stocks,
        sources,
        links,
    };
    pages.decode().expect("they are pages")
}
