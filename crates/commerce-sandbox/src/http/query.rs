//! The query string as PHP parses it: `a[b][0]=c` makes a tree.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A tree that keeps the order of the query.
#[derive(Debug)]
enum Node {
    Leaf(String),
    Branch(Vec<(String, Node)>),
}

/// The deepest argument that PHP takes by default, in steps; deeper ones are passed over (`max_input_nesting_level`, read).
const DEEPEST: usize = 64;

/// Parses a query into named arguments. A branch whose names are all numbers becomes a list.
pub fn parse(query: &str) -> Map<String, Value> {
    let mut root = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name);
        let steps = steps(&name);
        if steps.len() <= DEEPEST && steps.first().is_some_and(|first| !first.is_empty()) {
            put(&mut root, &steps, decode(value));
        }
    }
    root.into_iter().map(|(name, node)| (name, value(node))).collect()
}

/// Decodes one part of a query. Invalid UTF-8 is replaced.
pub fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Splits `a[b][0]` into its steps. A bracket that is not closed belongs to the name.
fn steps(name: &str) -> Vec<String> {
    let Some((first, mut rest)) = name.split_once('[') else {
        return vec![name.to_owned()];
    };
    let mut steps = vec![first.replace(['.', ' '], "_")];
    while let Some((step, after)) = rest.split_once(']') {
        steps.push(step.to_owned());
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    steps
}

/// Puts a value at the end of a path. A later value replaces an earlier one.
fn put(branch: &mut Vec<(String, Node)>, steps: &[String], text: String) {
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    let name = if first.is_empty() {
        branch.len().to_string()
    } else {
        first.clone()
    };
    let place = branch
        .iter()
        .position(|(known, _)| *known == name)
        .unwrap_or_else(|| {
            branch.push((name, Node::Branch(Vec::new())));
            branch.len() - 1
        });
    let node = &mut branch[place].1;
    if rest.is_empty() {
        *node = Node::Leaf(text);
        return;
    }
    if let Node::Leaf(_) = node {
        *node = Node::Branch(Vec::new());
    }
    if let Node::Branch(inner) = node {
        put(inner, rest, text);
    }
}

fn value(node: Node) -> Value {
    match node {
        Node::Leaf(text) => Value::String(text),
        Node::Branch(named)
            if named
                .iter()
                .all(|(name, _)| name.bytes().all(|b| b.is_ascii_digit())) =>
        {
            named.into_iter().map(|(_, node)| value(node)).collect()
        }
        Node::Branch(named) => Value::Object(
            named
                .into_iter()
                .map(|(name, node)| (name, value(node)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_make_a_tree() {
        let read =
            parse("searchCriteria[filter_groups][0][filters][1][field]=a%20b&skus[]=x&skus[]=y&fields=c");
        let filters = json!({ "filter_groups": [{ "filters": [{ "field": "a b" }] }] });
        assert_eq!(
            Value::Object(read),
            json!({ "searchCriteria": filters, "skus": ["x", "y"], "fields": "c" })
        );
    }

    #[test]
    fn encoded_brackets_count_too_and_the_last_value_wins() {
        let read = parse("a%5Bb%5D=1&a[b]=2&empty&&=lost");
        assert_eq!(Value::Object(read), json!({ "a": { "b": "2" }, "empty": "" }));
    }

    #[test]
    fn an_argument_that_is_too_deep_is_passed_over() {
        let deep = format!("a{}=1&b=2", "[]".repeat(4000));
        assert_eq!(Value::Object(parse(&deep)), json!({ "b": "2" }));
    }
}
