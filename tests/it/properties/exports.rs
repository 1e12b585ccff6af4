//! An export says what the shop has: its plan is empty, and no link is missing, whatever the shop is called and numbered.

use proptest::prelude::*;
use spanned_yaml::diag::InputFiles;
use stocktake::export::{ExportOptions, Exported, Form, SourcesForm, export};
use stocktake::model::{DEFAULT_STOCK, Link, LiveState, Source, SourceCode, Stock, StockId, StockName};
use stocktake::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
use stocktake::spec::load;

use super::world::{NO_LIMITS, world};

/// The plan of an inventory's text.
pub fn plan_of(texts: &[&str], live: &LiveState) -> Result<Plan, String> {
    let mut files = InputFiles::default();
    for text in texts {
        files.add("inventory.yaml", *text);
    }
    let loaded = load(&files);
    let Some(spec) = loaded.spec else {
        return Err(format!("{:?}", loaded.diagnostics));
    };
    let target = TargetLabel {
        name: "production".to_owned(),
        url: "https://shop.example.com/".to_owned(),
    };
    let inputs = PlanInputs {
        spec: &spec,
        scope: &StockScope::default(),
        files: &files,
        warnings: &[],
        target: &target,
        limits: NO_LIMITS,
        allow: &GuardOverrides::default(),
        protect: &[],
        created_at: "2026-01-01T00:00:00Z",
        expires_at: "2026-01-02T00:00:00Z",
    };
    build(inputs, live).map_err(|error| format!("{error:?}"))
}

pub fn options() -> impl Strategy<Value = ExportOptions> {
    let form = prop_oneof![Just(Form::Ordered), Just(Form::Explicit)];
    let sources = prop_oneof![
        Just(SourcesForm::Comments),
        Just(SourcesForm::Entries),
        Just(SourcesForm::Nothing)
    ];
    (form, sources).prop_map(|(form, sources)| ExportOptions {
        stocks: None,
        form,
        sources,
    })
}

/// Asserts that the plan is empty and that each custom stock is owned with all its links, or told to be left out.
fn says_it_all(exported: &Exported, live: &LiveState) -> Result<(), TestCaseError> {
    let text = exported.document.text();
    let plan = plan_of(&[&text], live).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    prop_assert!(plan.in_sync(), "{}\n{:?}", text, plan);
    let mut output: Vec<StockId> = exported.left_out.iter().map(|stock| stock.id).collect();
    for stock in &plan.stocks {
        let blocked = u32::try_from(stock.blocked.len()).unwrap();
        prop_assert_eq!(stock.wanted_links, stock.live_links - blocked, "{}", text);
        output.push(stock.stock_id);
    }
    output.sort_unstable();
    let custom: Vec<_> = live
        .stocks
        .iter()
        .map(|stock| stock.id)
        .filter(|id| *id != DEFAULT_STOCK)
        .collect();
    prop_assert_eq!(output, custom);
    Ok(())
}

/// Whether a file can own a stock with that link, besides the link that the server keeps.
fn can_be_owned(link: &Link) -> bool {
    let code = link.source.as_str();
    code == "default" || (link.priority > 0 && !code.eq_ignore_ascii_case("default"))
}

/// A shop in which every text is as bad as it can be.
fn hostile() -> impl Strategy<Value = LiveState> {
    let text = prop_oneof![
        "[a-c]{1,2}",
        "[ABC]{1,2} ?",
        "\\PC{0,6}",
        "(?s).{0,6}",
        prop::sample::select(vec![
            "no",
            "~",
            "12",
            "- a",
            "a: b",
            "# a",
            "Default Stock",
            "default",
            "Default",
            "a\u{301}"
        ])
        .prop_map(str::to_owned),
    ];
    let texts = |least| prop::collection::vec(text.clone(), least..7);
    let links = prop::collection::vec((0..6_usize, 0..6_usize, 0..5_u16), 0..20);
    (texts(1), texts(1), texts(1), links).prop_map(|(names, codes, labels, links)| {
        let codes: Vec<_> = codes.iter().map(|code| SourceCode::from_server(code)).collect();
        let stocks = names.iter().zip(1..).map(|(name, id)| Stock {
            id: StockId(id),
            name: StockName::from_server(name),
            channels: Vec::new(),
        });
        let mut sources: Vec<Source> = Vec::new();
        for (code, at) in codes.iter().zip(0..) {
            // One in three is not there, which no shop should have.
            if at % 3 != 2 && !sources.iter().any(|source| source.code == *code) {
                let name = labels[at % labels.len()].clone();
                sources.push(Source {
                    code: code.clone(),
                    name,
                    enabled: true,
                });
            }
        }
        let mut taken: Vec<Link> = Vec::new();
        for (stock, source, priority) in links {
            let stock = StockId(u32::try_from(stock % names.len()).unwrap() + 1);
            let source = codes[source % codes.len()].clone();
            if !taken
                .iter()
                .any(|link| (link.stock, &link.source) == (stock, &source))
            {
                taken.push(Link {
                    stock,
                    source,
                    priority,
                });
            }
        }
        LiveState {
            stocks: stocks.collect(),
            sources,
            links: taken,
            only: None,
            issues: Vec::new(),
        }
        .sorted()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn the_plan_of_an_export_is_empty(world in world(), options in options()) {
        let live = world.live();
        let exported = export(&live, &options).map_err(|error| TestCaseError::fail(error.to_string()))?;
        says_it_all(&exported, &live)?;
        for stock in live.stocks.iter().filter(|stock| stock.id != DEFAULT_STOCK) {
            let is_left_out = exported.left_out.iter().any(|left| left.id == stock.id);
            prop_assert_eq!(is_left_out, !live.links_of(stock.id).iter().all(can_be_owned));
        }
    }

    #[test]
    fn nothing_that_a_shop_says_breaks_an_export(live in hostile(), options in options()) {
        let exported = export(&live, &options).map_err(|error| TestCaseError::fail(error.to_string()))?;
        says_it_all(&exported, &live)?;
    }
}
