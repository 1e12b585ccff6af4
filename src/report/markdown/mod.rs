//! Plans as Markdown for a pull request: verdicts first, deletes first, never longer than a comment may be.

mod escape;
mod page;
mod plan;
mod several;
mod stock;

use super::view::PlanView;
use escape::code;
use page::Page;
use plan::{footer, heading, others, verdict, write_plan};
use several::write_several;

/// The most UTF-16 units of a comment. GitHub refuses more than 65,536 characters; no way of counting them gives more
/// than the number of UTF-16 units.
pub const MARKDOWN_LIMIT: usize = 65_000;

/// The comment. Its first line is hidden and names the targets, so that a bot finds its own comment again.
pub fn markdown(view: &PlanView<'_>) -> String {
    let mut page = Page::new(MARKDOWN_LIMIT);
    match view {
        PlanView::One(planned) => {
            let name = &planned.plan.target.name;
            page.must(&heading(&[name], &code(name)));
            page.must(&verdict(planned));
            write_plan(&mut page, planned);
            page.may("note", &(others(planned) + &footer(planned.plan)));
        }
        PlanView::Several(targets) => write_several(&mut page, targets),
    }
    page.end()
}
