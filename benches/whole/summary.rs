//! The figures: a table as they come, and a document.

use std::time::Duration;

use serde::Serialize;

use super::Outcome;
use super::child::{Taken, median};
use testkit::world::Form;

/// What has been measured so far; every figure is a median.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    start: Option<Figures>,
    plans: Vec<Compared>,
    slopes: Vec<Slope>,
}

/// What a process took.
#[derive(Debug, Clone, Copy, Serialize)]
struct Figures {
    runs: usize,
    wall_ms: f64,
    cpu_ms: f64,
    peak_mib: f64,
    requests: u64,
    bytes: u64,
}

/// A plan beside the fetcher of the same pages.
#[derive(Debug, Serialize)]
struct Compared {
    links: usize,
    form: &'static str,
    plan: Figures,
    floor: Figures,
    /// The plan's wall time against the floor's.
    ratio: f64,
    /// What the plan takes beyond the floor, in ms.
    own_ms: f64,
}

/// How the wall time grows with the links: 1 is in proportion.
#[derive(Debug, Serialize)]
struct Slope {
    form: &'static str,
    from: usize,
    to: usize,
    log_log: f64,
}

impl Summary {
    /// Takes in what the bare start of the program takes.
    pub fn start(&mut self, all: &[Taken]) {
        let start = figures(all);
        println!("start: {:.1} ms wall, {:.1} MiB\n", start.wall_ms, start.peak_mib);
        println!(
            "| links | form | plan ms | CPU ms | peak MiB | requests | MB | floor ms | floor CPU ms | ratio | plan - floor ms |"
        );
        println!("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        self.start = Some(start);
    }

    /// Takes in the plans of one world, with the floor under them.
    pub fn plan(&mut self, links: usize, form: Form, plans: &[Taken], floors: &[Taken]) {
        let (plan, floor) = (figures(plans), figures(floors));
        let one = Compared {
            links,
            form: name(form),
            ratio: plan.wall_ms / floor.wall_ms,
            own_ms: plan.wall_ms - floor.wall_ms,
            plan,
            floor,
        };
        println!(
            "| {links} | {} | {:.1} | {:.1} | {:.1} | {} | {:.2} | {:.1} | {:.1} | {:.2} | {:.1} |",
            one.form,
            plan.wall_ms,
            plan.cpu_ms,
            plan.peak_mib,
            plan.requests,
            megabytes(plan.bytes),
            floor.wall_ms,
            floor.cpu_ms,
            one.ratio,
            one.own_ms,
        );
        self.plans.push(one);
    }

    /// Tells how the time grows from each size to the next, and from the smallest to the largest.
    pub fn slopes(&mut self) {
        println!();
        for form in [name(Form::Order), name(Form::Explicit)] {
            let plans: Vec<&Compared> = self.plans.iter().filter(|plan| plan.form == form).collect();
            let ends = plans.first().zip(plans.last()).into_iter();
            let pairs = plans.windows(2).map(|pair| (&pair[0], &pair[1])).chain(ends);
            for (a, b) in pairs.filter(|(a, b)| a.links < b.links) {
                let log_log = slope(a, b);
                println!("{form}: slope {log_log:.3} from {} to {} links", a.links, b.links);
                self.slopes.push(Slope {
                    form,
                    from: a.links,
                    to: b.links,
                    log_log,
                });
            }
        }
    }

    /// The figures as a document.
    pub fn json(&self) -> Outcome<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn slope(a: &Compared, b: &Compared) -> f64 {
    let links = (b.links as f64 / a.links as f64).ln();
    (b.plan.wall_ms / a.plan.wall_ms).ln() / links
}

fn figures(all: &[Taken]) -> Figures {
    let taken = median(all);
    Figures {
        runs: all.len(),
        wall_ms: milliseconds(taken.wall),
        cpu_ms: milliseconds(taken.cpu),
        peak_mib: mebibytes(taken.peak),
        requests: taken.requests,
        bytes: taken.bytes,
    }
}

fn name(form: Form) -> &'static str {
    match form {
        Form::Order => "order",
        Form::Explicit => "explicit",
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
