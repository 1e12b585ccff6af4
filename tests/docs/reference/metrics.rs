//! `metrics.md`: what `drift --metrics` writes, from the table of metrics.

use stocktake::report::METRICS;

use super::super::page::pages;
use super::markdown::{code, table};

pub fn page() -> String {
    let rows: Vec<Vec<String>> = METRICS
        .iter()
        .map(|metric| {
            let labels: Vec<String> = metric.labels.iter().map(|label| code(label)).collect();
            vec![
                code(metric.name),
                metric.kind.to_owned(),
                labels.join(", "),
                metric.help.to_owned(),
            ]
        })
        .collect();
    format!(
        "# Metrics\n\n\
         `stocktake drift --metrics FILE` writes these in the text format of Prometheus, for the textfile collector of its \
         node_exporter: [how to](../how-to/schedule.md#measure).\n\n{}",
        table(&["metric", "type", "labels", "says"], &rows)
    )
}

/// A metric that a page names is one that there is.
#[test]
fn pages_name_no_other_metrics() {
    let mut found = 0;
    for page in pages() {
        let blocks = page.blocks.iter().map(|block| (block.line, block.text.clone()));
        for (line, text) in blocks.chain(page.spans.clone()) {
            let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
            for word in words.filter(|word| word.starts_with("stocktake_")) {
                found += 1;
                let known = METRICS.iter().any(|metric| metric.name == word);
                assert!(known, "{}:{line}: there is no metric {word}", page.name);
            }
        }
    }
    assert!(found > METRICS.len(), "the metrics were not found");
}
