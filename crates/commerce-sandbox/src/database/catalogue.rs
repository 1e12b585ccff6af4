//! The catalogue: products, as far as they decide what a stock can sell.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::collation::fold;

/// The products by ascending id, each found by its SKU as the database compares it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Stored>", into = "Vec<Product>")]
pub struct Catalogue {
    products: Vec<Product>,
    /// Places in the list by folded SKU.
    places: HashMap<String, usize>,
}

/// One product.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    /// Entity id; 0 lets [`Catalogue::save`] give the next one.
    pub id: i64,
    /// SKU as first saved.
    pub sku: String,
    /// Ids of the websites that sell it; `None` for all.
    pub websites: Option<BTreeSet<i64>>,
    /// True if it is switched off.
    pub is_disabled: bool,
    /// True if other products make it up, so that it has no source items (configurable, grouped, bundle).
    pub is_composite: bool,
    /// Ids of the products that make it up.
    pub children: BTreeSet<i64>,
    /// Its own stock settings.
    pub stock: StockSettings,
}

/// The stock settings of one product. What is `None` follows the shop's [`ItemOptions`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StockSettings {
    /// Threshold.
    pub min_qty: Option<f64>,
    /// True if it sells below the threshold.
    pub backorders: Option<bool>,
    /// False if it sells whatever the sources have.
    pub manage_stock: Option<bool>,
    /// "In stock" as last saved with the product; the default stock shows it. `None` follows the default source's item.
    pub is_in_stock: Option<bool>,
}

/// What holds for a product's stock: the settings `cataloginventory/item_options` of the shop, or the product's own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ItemOptions {
    /// Threshold: units that stay unsold. Negative ones bound backorders.
    pub min_qty: f64,
    /// True if a product sells below the threshold.
    pub backorders: bool,
    /// False if a product sells whatever the sources have.
    pub manage_stock: bool,
}

/// A product as a state file has it; those of earlier versions have its SKU alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Sku(String),
    Product(Product),
}

impl Default for ItemOptions {
    /// Those of a fresh shop.
    fn default() -> Self {
        Self {
            min_qty: 0.0,
            backorders: false,
            manage_stock: true,
        }
    }
}

impl Catalogue {
    /// Adds a product, or replaces the one with its SKU, which keeps id and spelling.
    pub fn save(&mut self, mut product: Product) {
        if let Some(place) = self.places.get(&fold(&product.sku)) {
            let known = &mut self.products[*place];
            product.id = known.id;
            product.sku.clone_from(&known.sku);
            *known = product;
            return;
        }
        let next = self.products.last().map_or(1, |last| last.id + 1);
        product.id = product.id.max(next);
        self.places.insert(fold(&product.sku), self.products.len());
        self.products.push(product);
    }

    /// Adds a simple product that all websites sell, unless the SKU is known.
    pub fn add(&mut self, sku: &str) {
        if !self.has(sku) {
            self.save(Product {
                sku: sku.to_owned(),
                ..Product::default()
            });
        }
    }

    /// Finds a product by its SKU.
    pub fn get(&self, sku: &str) -> Option<&Product> {
        self.places.get(&fold(sku)).map(|place| &self.products[*place])
    }

    /// Finds a product by its SKU, to change its stock settings.
    pub fn stock_mut(&mut self, sku: &str) -> Option<&mut StockSettings> {
        let place = *self.places.get(&fold(sku))?;
        Some(&mut self.products[place].stock)
    }

    /// Tells whether the catalogue knows a SKU.
    pub fn has(&self, sku: &str) -> bool {
        self.places.contains_key(&fold(sku))
    }

    /// Gives the products by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = &Product> {
        self.products.iter()
    }

    /// Gives the products that others make up.
    pub fn composites(&self) -> impl Iterator<Item = &Product> {
        self.iter().filter(|product| product.is_composite)
    }

    /// Gives the products that make one up.
    pub fn children<'a>(&'a self, composite: &'a Product) -> impl Iterator<Item = &'a Product> {
        let place = |id: &i64| self.products.binary_search_by_key(id, |product| product.id).ok();
        composite
            .children
            .iter()
            .filter_map(place)
            .map(|place| &self.products[place])
    }
}

impl Product {
    /// Tells whether a website sells it.
    pub fn is_in(&self, website: i64) -> bool {
        self.websites.as_ref().is_none_or(|ids| ids.contains(&website))
    }

    /// Gives what holds for its stock.
    pub fn options(&self, shop: ItemOptions) -> ItemOptions {
        ItemOptions {
            min_qty: self.stock.min_qty.unwrap_or(shop.min_qty),
            backorders: self.stock.backorders.unwrap_or(shop.backorders),
            manage_stock: self.stock.manage_stock.unwrap_or(shop.manage_stock),
        }
    }
}

impl From<Vec<Stored>> for Catalogue {
    fn from(stored: Vec<Stored>) -> Self {
        let products = stored.into_iter().map(|stored| match stored {
            Stored::Product(product) => product,
            Stored::Sku(sku) => Product {
                sku,
                ..Product::default()
            },
        });
        products.collect()
    }
}

impl FromIterator<Product> for Catalogue {
    fn from_iter<I: IntoIterator<Item = Product>>(products: I) -> Self {
        let mut products: Vec<Product> = products.into_iter().collect();
        // Those without an id come last, in their order.
        products.sort_by_key(|product| if product.id > 0 { product.id } else { i64::MAX });
        let mut catalogue = Self::default();
        for product in products {
            catalogue.save(product);
        }
        catalogue
    }
}

impl From<Catalogue> for Vec<Product> {
    fn from(catalogue: Catalogue) -> Self {
        catalogue.products
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skus(catalogue: &Catalogue) -> Vec<(i64, &str)> {
        catalogue
            .iter()
            .map(|product| (product.id, product.sku.as_str()))
            .collect()
    }

    #[test]
    fn products_have_ids_by_age_and_keep_their_spelling() {
        let mut catalogue = Catalogue::default();
        for sku in ["b", "A", "a", "B"] {
            catalogue.add(sku);
        }
        catalogue.save(Product {
            sku: "B".to_owned(),
            is_disabled: true,
            ..Product::default()
        });
        assert_eq!(skus(&catalogue), [(1, "b"), (2, "A")]);
        assert!(catalogue.get("b").unwrap().is_disabled);
        assert!(!catalogue.has("c"));
    }

    #[test]
    fn a_state_of_an_earlier_version_has_skus_alone() {
        let catalogue: Catalogue = serde_json::from_str(r#"["a", "b"]"#).unwrap();
        assert_eq!(skus(&catalogue), [(1, "a"), (2, "b")]);
        let text = serde_json::to_string(&catalogue).unwrap();
        let again: Catalogue = serde_json::from_str(&text).unwrap();
        assert_eq!(skus(&again), skus(&catalogue));
    }

    #[test]
    fn own_settings_win_over_those_of_the_shop() {
        let product = Product {
            stock: StockSettings {
                min_qty: Some(5.0),
                ..StockSettings::default()
            },
            ..Product::default()
        };
        let shop = ItemOptions {
            min_qty: 3.0,
            backorders: true,
            manage_stock: true,
        };
        assert_eq!(product.options(shop), ItemOptions { min_qty: 5.0, ..shop });
    }
}
