//! Search criteria: filters, sort orders, pages, and their echo in the answer.

mod filter;
mod row;

use std::cmp::Ordering;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api_error::ApiError;
use crate::database::sort;
use filter::{Filter, present};
pub use row::{Cell, Row};

/// The search criteria of a list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Criteria {
    filter_groups: Option<Vec<Group>>,
    sort_orders: Option<Vec<SortOrder>>,
    page_size: Option<i64>,
    current_page: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Group {
    filters: Option<Vec<Filter>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct SortOrder {
    field: Option<String>,
    direction: Option<String>,
}

/// Lists the page of matching rows, with the criteria and the count of all matching rows.
pub fn list<R: Row>(rows: &[R], criteria: Criteria) -> Result<Value, ApiError> {
    let criteria = criteria.checked()?;
    let matching = criteria.select(rows)?;
    let items: Vec<Value> = criteria.page(&matching).iter().map(Row::shown).collect();
    Ok(json!({ "items": items, "search_criteria": criteria.echo(), "total_count": matching.len() }))
}

impl Criteria {
    /// Checks the sort orders and writes their directions in capitals, as the shop does.
    pub fn checked(mut self) -> Result<Self, ApiError> {
        for order in self.sort_orders.iter_mut().flatten() {
            if let Some(field) = &order.field
                && !field
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            {
                let message = "Sort order field %1 contains restricted symbols";
                return Err(ApiError::with(400, message, json!([field])));
            }
            if let Some(direction) = &mut order.direction {
                direction.make_ascii_uppercase();
                if !matches!(direction.as_str(), "ASC" | "DESC") {
                    let message = "The sort order has to be specified as %1 for ascending order or %2 for \
                                   descending order.";
                    return Err(ApiError::with(400, message, json!(["ASC", "DESC"])));
                }
            }
        }
        Ok(self)
    }

    /// Gives the rows that match, sorted.
    pub fn select<'a, R: Row>(&self, rows: &'a [R]) -> Result<Vec<&'a R>, ApiError> {
        if !self.columns().all(|column| R::COLUMNS.contains(&column)) {
            return Err(ApiError::Internal);
        }
        let mut matching = Vec::new();
        for row in rows {
            if self.matches(row)? {
                matching.push((self.key(row), row));
            }
        }
        if self.orders().next().is_some() {
            sort::sort(&mut matching, |(a, _), (b, _)| self.order(a, b));
        }
        Ok(matching.into_iter().map(|(_, row)| row).collect())
    }

    /// Gives the rows of the page.
    pub fn page<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        let size = match self.page_size {
            None | Some(0) => return all,
            Some(size) => usize::try_from(size.max(1)).unwrap_or(usize::MAX),
        };
        let page = usize::try_from(self.current_page.unwrap_or(1).max(1)).unwrap_or(usize::MAX);
        let start = size.saturating_mul(page - 1).min(all.len());
        &all[start..start.saturating_add(size).min(all.len())]
    }

    /// Gives the criteria for the answer.
    pub fn echo(&self) -> Value {
        let mut echo = Map::new();
        let groups = self.filter_groups.iter().flatten().map(Group::echo);
        echo.insert("filter_groups".to_owned(), groups.collect());
        if let Some(orders) = &self.sort_orders {
            echo.insert(
                "sort_orders".to_owned(),
                orders.iter().map(SortOrder::echo).collect(),
            );
        }
        for (name, value) in [("page_size", self.page_size), ("current_page", self.current_page)] {
            if let Some(value) = value {
                echo.insert(name.to_owned(), value.into());
            }
        }
        Value::Object(echo)
    }

    /// Tells whether there is a filter on a column.
    pub fn filters_by(&self, column: &str) -> bool {
        self.filters()
            .any(|filter| filter.field.as_deref() == Some(column))
    }

    /// Gives every column that the criteria name; a missing name is empty.
    fn columns(&self) -> impl Iterator<Item = &str> {
        let filters = self
            .filters()
            .map(|filter| filter.field.as_deref().unwrap_or_default());
        let orders = self.sort_orders.iter().flatten();
        filters.chain(orders.map(|order| order.field.as_deref().unwrap_or_default()))
    }

    fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.filter_groups
            .iter()
            .flatten()
            .flat_map(|group| group.filters.iter().flatten())
    }

    /// Tells whether every group has a filter that matches. A group without filters matches every row.
    fn matches(&self, row: &impl Row) -> Result<bool, ApiError> {
        for group in self.filter_groups.iter().flatten() {
            let mut filters = group.filters.iter().flatten().peekable();
            if filters.peek().is_none() {
                continue;
            }
            let mut any = false;
            for filter in filters {
                any |= filter.matches(row)?;
            }
            if !any {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn orders(&self) -> impl Iterator<Item = &SortOrder> {
        self.sort_orders.iter().flatten()
    }

    /// Gives the sort key of a row. Texts are folded once, not at each comparison.
    fn key(&self, row: &impl Row) -> Vec<Cell> {
        self.orders()
            .map(|order| row.cell(order.field.as_deref().unwrap_or_default()).folded())
            .collect()
    }

    /// Compares two keys. A sort order without a direction descends.
    fn order(&self, a: &[Cell], b: &[Cell]) -> Ordering {
        let columns = self.orders().zip(a.iter().zip(b));
        let wanted = columns.map(|(order, (a, b))| match order.direction.as_deref() {
            Some("ASC") => a.order(b),
            _ => b.order(a),
        });
        wanted.fold(Ordering::Equal, Ordering::then)
    }
}

impl Group {
    fn echo(&self) -> Value {
        json!({ "filters": self.filters.iter().flatten().map(Filter::echo).collect::<Vec<_>>() })
    }
}

impl SortOrder {
    fn echo(&self) -> Value {
        present([
            ("field", self.field.as_ref()),
            ("direction", self.direction.as_ref()),
        ])
    }
}
