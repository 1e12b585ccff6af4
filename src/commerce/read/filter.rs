//! Filters of a list: one column against some values, cut so that no query is too long for a server.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a query leaves as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The most that the values of one query may take, in bytes: request lines above 8 KiB are refused (commerce.md B6).
const LONGEST: usize = 4_000;

/// Parts of a query that ask for the rows whose `field` is one of the values, each value in one of them; `None` when a value
/// cannot stand in every signed query: one with blanks was refused by some versions (commerce.md C5.3).
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
        let encoded = encoded(value);
        // A comma parts the values of a list (commerce.md B3), so that a value which has one is asked for by itself.
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

/// A value as it stands in a query or a path.
pub(super) fn encoded(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

fn query(field: &str, condition: &str, value: &str) -> String {
    let filter = "searchCriteria[filter_groups][0][filters][0]";
    format!("{filter}[field]={field}&{filter}[condition_type]={condition}&{filter}[value]={value}")
}

#[cfg(test)]
mod tests {
    use super::any_of;
    use crate::commerce::http::auth::oauth::refused_query;

    #[test]
    fn values_are_joined_and_commas_stand_alone() {
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
