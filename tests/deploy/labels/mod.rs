//! `action/labels.sh`: labels of a request lift guards for what our comment shows, at the commit that they were set at.

mod lifting;
mod records;

use super::checkout::{Checkout, Ended, of_project};
use super::forge::{BOT, FORGE_TOKEN, Forge};
use testkit::sandbox_process::SandboxProcess;

/// The Europe Stock has four sources live.
const EMPTIED: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";

const PERCENT: &str = "stocktake: allow delete-percent";

const EMPTY: &str = "stocktake: allow empty-stock";

/// A request of which a guard does not approve, on a forge.
struct Request {
    shop: SandboxProcess,
    checkout: Checkout,
    base: String,
    forge: Forge,
}

impl Request {
    fn new() -> Self {
        let shop = SandboxProcess::demo();
        let checkout = Checkout::of(&shop);
        let base = checkout.head();
        checkout.write("inventory.yaml", EMPTIED);
        checkout.commit("nobody serves Europe any more");
        Self {
            shop,
            checkout,
            base,
            forge: Forge::with(Vec::new()),
        }
    }

    fn platform(&self) -> Vec<(&'static str, String)> {
        vec![
            ("GITHUB_API_URL", format!("http://{}", self.forge.address)),
            ("GITHUB_TOKEN", FORGE_TOKEN.to_owned()),
            ("INPUT_GITHUB_TOKEN", FORGE_TOKEN.to_owned()),
            ("COMMENT_AUTHOR", BOT.to_owned()),
        ]
    }

    /// The plan of an event, whose comment is written. The event's head is the checkout's commit.
    fn plan(&self, action: &str, label: Option<&str>) -> Ended {
        self.forge.head(&self.checkout.head());
        self.plan_of_an_older_event(action, label)
    }

    fn plan_of_an_older_event(&self, action: &str, label: Option<&str>) -> Ended {
        let mut variables = self.checkout.acted("shop/inventory", &self.base, action, label);
        variables.extend(self.platform());
        variables.push(("INPUT_COMMAND", "plan".to_owned()));
        let ended = self.checkout.bash(&of_project("action/run.sh"), &variables);
        variables.push(("COMMENT_FILE", ended.output("comment").to_owned()));
        self.checkout
            .bash(&of_project("action/comment.sh"), &variables)
            .exits(0);
        ended
    }

    /// Sets a label, and has the plan of that event.
    fn label(&self, name: &'static str) -> Ended {
        self.forge.label(name);
        self.plan("labeled", Some(name))
    }

    fn push_again(&self) {
        self.checkout
            .write("inventory.yaml", &format!("{EMPTIED}# again\n"));
        self.checkout.commit("again");
    }

    fn comment(&self) -> String {
        let comments = self.forge.comments();
        let ours = comments.iter().find(|comment| comment.author == BOT);
        ours.expect("there is a comment").body.clone()
    }

    fn merge(&self) {
        self.forge.merge(&self.checkout.head());
    }

    fn apply(&self) -> Ended {
        let mut variables = self.checkout.push();
        variables.extend(self.platform());
        variables.push(("INPUT_COMMAND", "apply".to_owned()));
        self.checkout.bash(&of_project("action/run.sh"), &variables)
    }

    fn links_of_europe(&self) -> usize {
        let links = self
            .shop
            .get("/rest/all/V1/inventory/stock-source-links?searchCriteria[page_size]=1000");
        let links = links["items"].as_array().expect("there are links");
        links.iter().filter(|link| link["stock_id"] == 3).count()
    }
}
