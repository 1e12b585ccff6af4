//! Filters of a list by the values of one column, split so that no query is too long for a server.

use crate::commerce::http::percent::encode;

/// Most bytes of the values in one query: servers refuse request lines above 8 KiB (05-050).
const LONGEST: usize = 4_000;

/// Most bytes of the values in a query for a part of a list; with the rest of the query they stay below 2,000, which every
/// proxy passes on.
const SHORT: usize = 1_400;

/// Filters, as parts of queries, for the rows whose `field` is one of the values. Every one asks for `anchor` too, a value of
/// which the list has a row. `None` if such a filter cannot carry a value.
pub(super) fn lists_of<'a>(
    field: &str,
    anchor: &str,
    values: impl IntoIterator<Item = &'a str>,
) -> Option<Vec<String>> {
    let mut queries = Vec::new();
    let start = encode(anchor);
    let mut list = start.clone();
    for value in values.into_iter().filter(|value| *value != anchor) {
        if value.is_empty() || value.contains([' ', '+', '=', ',']) {
            return None;
        }
        let encoded = encode(value);
        if list.len() > start.len() && list.len() + encoded.len() > SHORT {
            queries.push(query(field, "in", &std::mem::replace(&mut list, start.clone())));
        }
        list.push_str("%2C");
        list.push_str(&encoded);
    }
    queries.push(query(field, "in", &list));
    Some(queries)
}

/// Filters, as parts of queries, for the rows whose `field` is one of the values; each value is in one filter. `None` if a
/// signed query cannot carry a value: 2.4.6 refuses blanks.
pub(super) fn any_of<'a>(
    field: &str,
    values: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<Vec<String>> {
    if values
        .clone()
        .into_iter()
        .any(|value| value.contains([' ', '+', '=']))
    {
        return None;
    }
    let mut queries = Vec::new();
    let mut list = String::new();
    for value in values {
        let encoded = encode(value);
        // Commas separate the values of `in` (04-055): a value with a comma needs a filter of its own.
        if value.contains(',') {
            queries.push(query(field, "eq", &encoded));
            continue;
        }
        if !list.is_empty() && list.len() + encoded.len() > LONGEST {
            queries.push(query(field, "in", &std::mem::take(&mut list)));
        }
        if !list.is_empty() {
            list.push_str("%2C");
        }
        list.push_str(&encoded);
    }
    if !list.is_empty() {
        queries.push(query(field, "in", &list));
    }
    Some(queries)
}

/// Filters for the rows whose `field` is one of the values, or looks like one: a value that a signed query cannot carry is
/// sent as a pattern, with a wildcard for each character that some versions refuse.
pub(super) fn like_any_of<'a>(field: &str, values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let (patterns, plain): (Vec<_>, Vec<_>) = values
        .into_iter()
        .partition(|value| any_of(field, [*value]).is_none());
    let mut queries = any_of(field, plain).unwrap_or_default();
    queries.extend(patterns.iter().map(|value| {
        let pattern = value.replace([' ', '+', '='], "_");
        query(field, "like", &encode(&pattern))
    }));
    queries
}

fn query(field: &str, condition: &str, value: &str) -> String {
    let filter = "searchCriteria[filter_groups][0][filters][0]";
    format!("{filter}[field]={field}&{filter}[condition_type]={condition}&{filter}[value]={value}")
}

#[cfg(test)]
mod tests {
    use super::{any_of, like_any_of, lists_of};
    use crate::commerce::http::auth::oauth::refused_query;

    #[test]
    fn values_are_joined_except_those_with_commas() {
        let queries = any_of("sku", ["P-00", "a,b", "x/y&z"]).expect("each can be asked for");
        let prefix = "searchCriteria[filter_groups][0][filters][0]";
        assert_eq!(
            queries,
            [
                format!("{prefix}[field]=sku&{prefix}[condition_type]=eq&{prefix}[value]=a%2Cb"),
                format!("{prefix}[field]=sku&{prefix}[condition_type]=in&{prefix}[value]=P-00%2Cx%2Fy%26z"),
            ]
        );
        assert!(queries.iter().all(|query| refused_query(query).is_none()));
        assert_eq!(any_of("sku", []), Some(Vec::new()));
        assert_eq!(any_of("sku", ["P-00", "x y"]), None);
    }

    #[test]
    fn every_list_has_the_anchor_and_a_bounded_length() {
        let codes: Vec<String> = (0..500).map(|number| format!("source_{number:04}")).collect();
        let values = codes.iter().map(String::as_str).chain(["default"]);
        let queries = lists_of("source_code", "default", values).expect("each can be asked for");
        assert_eq!(queries.len(), 6);
        for query in &queries {
            assert_eq!(query.matches("default").count(), 1, "{query}");
            assert!(query.len() < 1_650 && refused_query(query).is_none(), "{query}");
        }
        let asked: usize = queries
            .iter()
            .map(|query| query.matches("source_0").count())
            .sum();
        assert_eq!(asked, 500);
        let anchor = lists_of("stock_id", "1", ["1"]).expect("it can be asked for");
        assert!(
            anchor.len() == 1 && anchor[0].ends_with("[value]=1"),
            "{anchor:?}"
        );
    }

    #[test]
    fn a_list_carries_no_value_that_could_be_read_otherwise() {
        for value in ["a b", "a+b", "a=b", "a,b", ""] {
            assert_eq!(lists_of("source_code", "default", ["hq", value]), None, "{value}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_signed_is_a_pattern() {
        let prefix = "searchCriteria[filter_groups][0][filters][0]";
        assert_eq!(
            like_any_of("sku", ["P-00", "x y+1"]),
            [
                format!("{prefix}[field]=sku&{prefix}[condition_type]=in&{prefix}[value]=P-00"),
                format!("{prefix}[field]=sku&{prefix}[condition_type]=like&{prefix}[value]=x_y_1"),
            ]
        );
    }

    #[test]
    fn many_values_take_several_queries_of_bounded_length() {
        let codes: Vec<String> = (0..2_000).map(|number| format!("source_{number:04}")).collect();
        let queries = any_of("source_code", codes.iter().map(String::as_str)).expect("each can be asked for");
        assert!(queries.iter().all(|query| query.len() < 4_400));
        let asked: usize = queries
            .iter()
            .map(|query| query.matches("source_0").count() + query.matches("source_1").count())
            .sum();
        assert_eq!(asked, 2_000);
    }
}
