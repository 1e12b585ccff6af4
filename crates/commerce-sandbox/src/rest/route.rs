//! The table of REST routes, and the search for the route of a path.

use serde_json::{Map, Value};

use crate::auth::sign_in;
use crate::database::store::Store;
use crate::generation::{Generation, Hosting, Permissions};
use crate::http::query;
use crate::services::{links, products, sales, shipping, source_items, sources, stocks, websites};
use crate::state::State;
use crate::webapi::api_error::ApiError;
use crate::webapi::arguments::Arguments;
use crate::webapi::coercion::Scalar::{Float, Int, Text};
use crate::webapi::contract::{LINK, ORDER, SEARCH_CRITERIA, SOURCE, SOURCE_ITEM, STOCK};
use crate::webapi::schema::Kind::{self, Anything, Is, ListOf, Object, Objects};
use crate::webapi::schema::{Parameter, snake};

/// A service behind a route.
pub type Service = fn(&mut State, &mut Arguments) -> Result<Value, ApiError>;

/// One route.
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path; a part that starts with a colon is an argument.
    path: &'static str,
    /// ACL resource that the caller needs; `anonymous` for none.
    resource: &'static str,
    /// Arguments of the service.
    pub parameters: &'static [Parameter],
    /// The service.
    pub service: Service,
}

/// The resource of routes that need no sign-in.
pub const ANONYMOUS: &str = "anonymous";

const SOURCES: &str = "Magento_InventoryApi::source";
const ITEMS_EDIT: &str = "Magento_InventoryApi::stock_source_item_assign";
const ALGORITHMS: &str = "Magento_InventorySourceSelectionApi::source_selection_algorithm";
const SELECTION: &str = "Magento_InventorySourceSelectionApi::source_selection_algorithm_post";
const SOURCES_EDIT: &str = "Magento_InventoryApi::source_edit";
const STOCKS: &str = "Magento_InventoryApi::stock";
const STOCKS_EDIT: &str = "Magento_InventoryApi::stock_edit";
const STOCKS_DELETE: &str = "Magento_InventoryApi::stock_delete";
const LINKS: &str = "Magento_InventoryApi::stock_source_link";
const SALES: &str = "Magento_InventorySalesApi::stock";
const STORES: &str = "Magento_Backend::store";
const PRODUCTS: &str = "Magento_Catalog::products";

const fn required(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        required: true,
    }
}

const CRITERIA: Parameter = required("searchCriteria", Object(&SEARCH_CRITERIA));
const NO_CRITERIA: Parameter = Parameter {
    required: false,
    ..CRITERIA
};
const STOCK_ID: Parameter = required("stockId", Is(Int));
const SKU: Parameter = required("sku", Is(Text));
const CHANNEL_TYPE: Parameter = required("salesChannelType", Is(Text));
const CHANNEL_CODE: Parameter = required("salesChannelCode", Is(Text));
const CREDENTIALS: &[Parameter] = &[required("username", Is(Text)), required("password", Is(Text))];
const CODE: &[Parameter] = &[
    required("username", Is(Text)),
    required("password", Is(Text)),
    required("otp", Is(Text)),
];

const fn route(
    method: &'static str,
    path: &'static str,
    resource: &'static str,
    parameters: &'static [Parameter],
    service: Service,
) -> Route {
    Route {
        method,
        path,
        resource,
        parameters,
        service,
    }
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route("POST", "V1/integration/admin/token", ANONYMOUS, CREDENTIALS, sign_in::admin),
    route("POST", "V1/integration/customer/token", ANONYMOUS, CREDENTIALS, sign_in::customer),
    route("POST", "V1/tfa/provider/google/authenticate", ANONYMOUS, CODE, sign_in::google),
    route("GET", "V1/inventory/stock-source-links", LINKS, &[CRITERIA], links::list),
    route("POST", "V1/inventory/stock-source-links", LINKS, &[required("links", Objects(&LINK))], links::save),
    route("POST", "V1/inventory/stock-source-links-delete", LINKS, &[required("links", Objects(&LINK))], links::delete),
    route("GET", "V1/inventory/sources", SOURCES, &[NO_CRITERIA], sources::list),
    route("GET", "V1/inventory/sources/:sourceCode", SOURCES, &[required("sourceCode", Is(Text))], sources::read),
    route("POST", "V1/inventory/sources", SOURCES_EDIT, &[required("source", Object(&SOURCE))], sources::save),
    route("PUT", "V1/inventory/sources/:sourceCode", SOURCES_EDIT, &[required("source", Object(&SOURCE))], sources::save),
    route("GET", "V1/inventory/get-sources-assigned-to-stock-ordered-by-priority/:stockId", SOURCES, &[STOCK_ID], sources::of_stock),
    route("GET", "V1/inventory/stocks", STOCKS, &[NO_CRITERIA], stocks::list),
    route("GET", "V1/inventory/stocks/:stockId", STOCKS, &[STOCK_ID], stocks::read),
    route("POST", "V1/inventory/stocks", STOCKS_EDIT, &[required("stock", Object(&STOCK))], stocks::save),
    route("PUT", "V1/inventory/stocks/:stockId", STOCKS_EDIT, &[required("stock", Object(&STOCK))], stocks::save),
    route("DELETE", "V1/inventory/stocks/:stockId", STOCKS_DELETE, &[STOCK_ID], stocks::delete),
    route("GET", "V1/inventory/stock-resolver/:type/:code", SALES, &[required("type", Is(Text)), required("code", Is(Text))], stocks::resolve),
    route("GET", "V1/inventory/get-product-salable-quantity/:sku/:stockId", SALES, &[SKU, STOCK_ID], sales::quantity),
    route("GET", "V1/inventory/is-product-salable/:sku/:stockId", SALES, &[SKU, STOCK_ID], sales::is_salable),
    route("GET", "V1/inventory/are-products-salable", SALES, &[required("skus", ListOf(Text)), STOCK_ID], sales::are_salable),
    route("GET", "V1/inventory/is-product-salable-for-requested-qty/:sku/:stockId/:requestedQty", SALES, &[SKU, STOCK_ID, required("requestedQty", Is(Float))], sales::is_salable_for),
    route("GET", "V1/inventory/dump-stock-index-data/:salesChannelType/:salesChannelCode", STOCKS, &[CHANNEL_TYPE, CHANNEL_CODE], sales::dump),
    route("GET", "V1/inventory/export-stock-salable-qty/:salesChannelType/:salesChannelCode", STOCKS, &[CHANNEL_TYPE, CHANNEL_CODE, CRITERIA], sales::export),
    route("GET", "V1/inventory/source-selection-algorithm-list", ALGORITHMS, &[], shipping::algorithms),
    route("POST", "V1/inventory/source-selection-algorithm-result", SELECTION, &[required("inventoryRequest", Object(&ORDER)), required("algorithmCode", Is(Text))], shipping::select),
    route("GET", "V1/inventory/source-items", SOURCES, &[CRITERIA], source_items::list),
    route("POST", "V1/inventory/source-items", ITEMS_EDIT, &[required("sourceItems", Objects(&SOURCE_ITEM))], source_items::save),
    route("POST", "V1/inventory/source-items-delete", ITEMS_EDIT, &[required("sourceItems", Objects(&SOURCE_ITEM))], source_items::delete),
    route("GET", "V1/store/websites", STORES, &[], websites::list),
    route("GET", "V1/store/storeViews", STORES, &[], websites::views),
    route("POST", "V1/products", PRODUCTS, &[required("product", Anything)], products::save),
];

/// Finds the route of a method and a path, with the arguments in the path.
pub fn find(store: &Store, method: &str, path: &str) -> Option<(&'static Route, Map<String, Value>)> {
    ROUTES
        .iter()
        .filter(|route| route.method == method && route.is_in(store))
        .find_map(|route| Some((route, route.matches(path)?)))
}

impl Route {
    /// Gives the ACL resource that the caller needs. Some did not exist from the start: reading sources was enough.
    pub fn resource(&self, generation: &Generation) -> &'static str {
        match self.resource {
            ITEMS_EDIT | ALGORITHMS | SELECTION if generation.permissions == Permissions::Few => SOURCES,
            resource => resource,
        }
    }

    /// Tells whether a shop has this route. In the cloud nobody signs in at the shop (read). Without the
    /// two-factor module there is no second factor.
    fn is_in(&self, store: &Store) -> bool {
        let own = store.generation.hosting == Hosting::Own;
        if self.path.starts_with("V1/tfa/") {
            own && store.two_factor.enabled
        } else {
            own || !self.path.starts_with("V1/integration/")
        }
    }

    /// Gives the arguments in a path; `None` if the path is not this route's.
    fn matches(&self, path: &str) -> Option<Map<String, Value>> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let wanted: Vec<&str> = self.path.split('/').collect();
        if parts.len() != wanted.len() {
            return None;
        }
        let mut arguments = Map::new();
        for (part, wanted) in parts.into_iter().zip(wanted) {
            match wanted.strip_prefix(':') {
                Some(name) => {
                    arguments.insert(name.to_owned(), query::decode(part).into());
                }
                None if part == wanted => {}
                None => return None,
            }
        }
        Some(arguments)
    }
}

/// Replaces the id in the body of a PUT by the one in the path.
///
/// The id goes into the body's only object. In a body with more members it stays outside, as in the shop.
pub fn override_id(body: &mut Map<String, Value>, path: &Map<String, Value>) {
    let Some((name, id)) = path.iter().next_back() else {
        return;
    };
    let only = body.len() == 1;
    let target = match body.values_mut().next() {
        Some(Value::Object(inner)) if only => inner,
        Some(list @ Value::Array(_)) if only && list.as_array().is_some_and(Vec::is_empty) => {
            *list = Value::Object(Map::new());
            let Value::Object(inner) = list else { return };
            inner
        }
        _ => body,
    };
    let camel = target.get(name).is_some_and(|value| !value.is_null());
    let name = if camel { name.clone() } else { snake(name) };
    target.insert(name, id.clone());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn overridden(body: Value) -> Value {
        let Value::Object(mut body) = body else {
            panic!("a body is an object")
        };
        let (_, path) = find(&Store::default(), "PUT", "V1/inventory/stocks/3").unwrap();
        override_id(&mut body, &path);
        Value::Object(body)
    }

    #[test]
    fn the_path_wins_over_the_id_in_the_only_object() {
        assert_eq!(
            overridden(json!({ "stock": { "stock_id": 4 } })),
            json!({ "stock": { "stock_id": "3" } })
        );
        assert_eq!(
            overridden(json!({ "stock": { "stockId": 4 } })),
            json!({ "stock": { "stockId": "3" } })
        );
        assert_eq!(
            overridden(json!({ "stock": {} })),
            json!({ "stock": { "stock_id": "3" } })
        );
    }

    #[test]
    fn beside_something_else_the_id_stays_outside() {
        let body = json!({ "extra": 1, "stock": {} });
        assert_eq!(
            overridden(body),
            json!({ "extra": 1, "stock": {}, "stock_id": "3" })
        );
    }

    #[test]
    fn parts_are_compared_exactly_and_arguments_decoded() {
        let (_, path) = find(&Store::default(), "GET", "V1/inventory/sources/a%2Fb/").unwrap();
        assert_eq!(path["sourceCode"], "a/b");
        assert!(find(&Store::default(), "GET", "V1/inventory/Sources").is_none());
        assert!(find(&Store::default(), "GET", "V1//inventory/sources").is_none());
    }
}
