//! The schemas of the inventory's service contracts.

use super::coercion::Scalar::{Bool, Float, Int, Text};
use super::schema::Kind::{Is, Object, Objects};
use super::schema::Schema;

/// Extension attributes of objects that have none.
static NO_EXTENSION: Schema = Schema {
    name: r"\Magento\Framework\Api\ExtensionAttributesInterface",
    properties: &[],
};

/// A stock-source link.
pub static LINK: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\StockSourceLinkInterface",
    properties: &[
        ("stock_id", Is(Int)),
        ("source_code", Is(Text)),
        ("priority", Is(Int)),
        ("extension_attributes", Object(&NO_EXTENSION)),
    ],
};

/// A source item.
pub static SOURCE_ITEM: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\SourceItemInterface",
    properties: &[
        ("sku", Is(Text)),
        ("source_code", Is(Text)),
        ("quantity", Is(Float)),
        ("status", Is(Int)),
        ("extension_attributes", Object(&NO_EXTENSION)),
    ],
};

/// A stock.
pub static STOCK: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\StockInterface",
    properties: &[
        ("stock_id", Is(Int)),
        ("name", Is(Text)),
        ("extension_attributes", Object(&STOCK_EXTENSION)),
    ],
};

static STOCK_EXTENSION: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\StockExtensionInterface",
    properties: &[("sales_channels", Objects(&SALES_CHANNEL))],
};

static SALES_CHANNEL: Schema = Schema {
    name: r"\Magento\InventorySalesApi\Api\Data\SalesChannelInterface",
    properties: &[
        ("type", Is(Text)),
        ("code", Is(Text)),
        ("extension_attributes", Object(&NO_EXTENSION)),
    ],
};

/// A source.
pub static SOURCE: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\SourceInterface",
    properties: &[
        ("source_code", Is(Text)),
        ("name", Is(Text)),
        ("email", Is(Text)),
        ("contact_name", Is(Text)),
        ("enabled", Is(Bool)),
        ("description", Is(Text)),
        ("latitude", Is(Float)),
        ("longitude", Is(Float)),
        ("country_id", Is(Text)),
        ("region_id", Is(Int)),
        ("region", Is(Text)),
        ("city", Is(Text)),
        ("street", Is(Text)),
        ("postcode", Is(Text)),
        ("phone", Is(Text)),
        ("fax", Is(Text)),
        ("use_default_carrier_config", Is(Bool)),
        ("carrier_links", Objects(&CARRIER_LINK)),
        ("extension_attributes", Object(&SOURCE_EXTENSION)),
    ],
};

static CARRIER_LINK: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\SourceCarrierLinkInterface",
    properties: &[
        ("carrier_code", Is(Text)),
        ("position", Is(Int)),
        ("extension_attributes", Object(&NO_EXTENSION)),
    ],
};

static SOURCE_EXTENSION: Schema = Schema {
    name: r"\Magento\InventoryApi\Api\Data\SourceExtensionInterface",
    properties: &[
        ("is_pickup_location_active", Is(Bool)),
        ("frontend_name", Is(Text)),
        ("frontend_description", Is(Text)),
    ],
};

/// Search criteria, from the query.
pub static SEARCH_CRITERIA: Schema = Schema {
    name: r"\Magento\Framework\Api\SearchCriteriaInterface",
    properties: &[
        ("filter_groups", Objects(&FILTER_GROUP)),
        ("sort_orders", Objects(&SORT_ORDER)),
        ("page_size", Is(Int)),
        ("current_page", Is(Int)),
    ],
};

static FILTER_GROUP: Schema = Schema {
    name: r"\Magento\Framework\Api\Search\FilterGroup",
    properties: &[("filters", Objects(&FILTER))],
};

static FILTER: Schema = Schema {
    name: r"\Magento\Framework\Api\Filter",
    properties: &[
        ("field", Is(Text)),
        ("value", Is(Text)),
        ("condition_type", Is(Text)),
    ],
};

static SORT_ORDER: Schema = Schema {
    name: r"\Magento\Framework\Api\SortOrder",
    properties: &[("field", Is(Text)), ("direction", Is(Text))],
};

/// An order for source selection.
pub static ORDER: Schema = Schema {
    name: r"\Magento\InventorySourceSelectionApi\Api\Data\InventoryRequestInterface",
    properties: &[
        ("stock_id", Is(Int)),
        ("items", Objects(&ORDER_ITEM)),
        ("extension_attributes", Object(&ORDER_EXTENSION)),
    ],
};

static ORDER_ITEM: Schema = Schema {
    name: r"\Magento\InventorySourceSelectionApi\Api\Data\ItemRequestInterface",
    properties: &[("sku", Is(Text)), ("qty", Is(Float))],
};

static ORDER_EXTENSION: Schema = Schema {
    name: r"\Magento\InventorySourceSelectionApi\Api\Data\InventoryRequestExtensionInterface",
    properties: &[("destination_address", Object(&ADDRESS))],
};

static ADDRESS: Schema = Schema {
    name: r"\Magento\InventorySourceSelectionApi\Api\Data\AddressInterface",
    properties: &[
        ("country", Is(Text)),
        ("postcode", Is(Text)),
        ("street", Is(Text)),
        ("region", Is(Text)),
        ("city", Is(Text)),
    ],
};
