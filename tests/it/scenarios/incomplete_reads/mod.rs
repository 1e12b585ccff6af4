//! A read that may be incomplete: deletes are withheld, and a plan of nothing but deletes is refused.

mod lists;
mod pages;

use testkit::proxy::Request;

fn is_list_of_links(asked: &Request) -> bool {
    asked.method == "GET" && asked.path.ends_with("stock-source-links")
}
