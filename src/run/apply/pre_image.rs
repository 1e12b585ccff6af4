//! The pre-image of a run: the stocks that a plan changes, as an inventory that restores them when it is applied.

use std::collections::BTreeSet;

use spanned_yaml::diag::shown;

use crate::export::{ExportError, ExportOptions, Exported, Form, LEFT_OUT, LeftOut, SourcesForm, export};
use crate::model::LiveState;
use crate::reconcile::Plan;
use crate::spec::emit::Document;

/// The stocks that a pre-image leaves out, each with the reason, from its comments.
pub fn left_out(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map_while(|line| line.strip_prefix("# "))
        .filter_map(|comment| comment.strip_prefix(LEFT_OUT))
}

/// The links of the stocks that a plan changes, with their priorities. A stock that no file can express is left out: a
/// rollback would change it. After an incomplete read all of them are left out: a rollback would delete the links that were
/// not listed.
pub(super) fn pre_image(plan: &Plan, live: &LiveState) -> Result<Exported, ExportError> {
    let changed: BTreeSet<_> = plan
        .stocks
        .iter()
        .filter(|stock| !stock.in_sync())
        .map(|stock| stock.stock_id)
        .collect();
    if let Some(issue) = live.issues.first() {
        let stocks = live.stocks.iter().filter(|stock| changed.contains(&stock.id));
        let left_out: Vec<LeftOut> = stocks
            .map(|stock| LeftOut {
                id: stock.id,
                name: stock.name.clone(),
                reason: format!("the read may be incomplete: {}", shown(&issue.reason)),
            })
            .collect();
        let header = left_out
            .iter()
            .map(|stock| format!("{LEFT_OUT}{stock}"))
            .collect();
        return Ok(Exported {
            document: Document {
                header,
                ..Document::default()
            },
            left_out,
        });
    }
    let options = ExportOptions {
        stocks: Some(changed),
        form: Form::Explicit,
        sources: SourcesForm::Comments,
    };
    export(live, &options)
}

#[cfg(test)]
mod tests {
    use super::pre_image;
    use crate::model::{
        GuardLimits, Link, LiveState, ReadIssue, Source, SourceCode, Stock, StockId, StockName,
    };
    use crate::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
    use crate::spec::load;
    use spanned_yaml::diag::InputFiles;

    fn link(stock: u32, code: &str, priority: u16) -> Link {
        Link {
            stock: StockId(stock),
            source: SourceCode::from_server(code),
            priority,
        }
    }

    fn live() -> LiveState {
        let stock = |id, name| Stock {
            id: StockId(id),
            name: StockName::from_server(name),
            channels: Vec::new(),
        };
        let source = |code: &str| Source {
            code: SourceCode::from_server(code),
            name: String::new(),
            enabled: true,
        };
        LiveState {
            stocks: vec![
                stock(1, "Default Stock"),
                stock(2, "old"),
                stock(3, "plain"),
                stock(4, "same"),
            ],
            sources: ["default", "a", "b", "a b"].map(source).to_vec(),
            links: vec![
                link(1, "default", 1),
                link(2, "a", 0),
                link(2, "a b", 3),
                link(3, "b", 5),
                link(3, "a", 5),
                link(4, "a", 1),
            ],
            only: None,
            issues: Vec::new(),
        }
        .sorted()
    }

    fn plan(inventory: &str, live: &LiveState) -> Plan {
        let mut files = InputFiles::default();
        files.add_bytes(String::new(), inventory.as_bytes().to_vec());
        let spec = load(&files).spec.unwrap();
        let target = TargetLabel {
            name: String::new(),
            url: String::new(),
        };
        let inputs = PlanInputs {
            spec: &spec,
            scope: &StockScope::default(),
            files: &files,
            warnings: &[],
            target: &target,
            limits: GuardLimits::default(),
            allow: &GuardOverrides::default(),
            created_at: "",
            expires_at: "",
            protect: &[],
        };
        build(inputs, live).unwrap()
    }

    const WANTED: &str = "version: 1\nstocks:\n  - { name: old, sources: [b] }\n  - { name: plain, sources: [a] }\n  \
         - { name: same, sources: [a] }\n";

    #[test]
    fn it_holds_the_stocks_that_change_and_tells_which_it_cannot() {
        let live = live();
        let image = pre_image(&plan(WANTED, &live), &live).unwrap();
        let names: Vec<&str> = image
            .document
            .stocks
            .iter()
            .map(|stock| stock.name.as_str())
            .collect();
        assert_eq!(names, ["plain"]);
        assert_eq!(image.left_out.len(), 1);
        let text = image.document.text();
        assert!(text.starts_with("# Left out: `old` (stock 2): "), "{text}");
        let mut without = live.clone();
        without.links.retain(|link| link.stock != StockId(3));
        let back = plan(&text, &without);
        assert_eq!(back.summary.creates, 2, "the tie with it");
        assert!(plan(&text, &live).in_sync());
    }

    #[test]
    fn after_an_incomplete_read_it_holds_nothing_that_could_delete() {
        let mut live = live();
        let wanted = plan(WANTED, &live);
        live.issues.push(ReadIssue {
            reason: "a page came twice".to_owned(),
        });
        let image = pre_image(&wanted, &live).unwrap();
        assert_eq!(image.left_out.len(), 2);
        let text = image.document.text();
        assert!(
            text.contains("the read may be incomplete: a page came twice"),
            "{text}"
        );
        assert!(plan(&text, &live).in_sync());
    }
}
