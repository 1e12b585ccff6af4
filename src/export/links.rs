//! Writes a stock's live links: as an ordered list where they have an order, else with priorities.

use spanned_yaml::diag::shown;

use crate::model::{DEFAULT_SOURCE, Link, LiveState, Priority, SourceCode, StockId};
use crate::reconcile::assign;
use crate::spec::emit::{LinkText, LinksText};

/// The links of a stock that a file can speak of, by priority and then code.
pub(super) struct LiveLinks<'a> {
    links: Vec<&'a Link>,
    /// A link of the default source: the file may not name it, and the server does not let it go.
    blocked: Option<&'a Link>,
}

/// The reason why links cannot be written as an ordered list; it begins a sentence.
pub(super) struct NoSuchForm(pub(super) String);

/// The live links of a stock.
pub(super) fn of(stock: StockId, live: &LiveState) -> LiveLinks<'_> {
    let all = live.links_of(stock).iter();
    let (blocked, mut links): (Vec<_>, Vec<_>) = all.partition(|link| link.source.as_str() == DEFAULT_SOURCE);
    links.sort_by(|a, b| (a.priority, &a.source).cmp(&(b.priority, &b.source)));
    LiveLinks {
        links,
        blocked: blocked.first().copied(),
    }
}

impl LiveLinks<'_> {
    /// Comments on links that the file does not name.
    pub(super) fn comments(&self) -> Vec<String> {
        let blocked = self.blocked.iter().map(|link| {
            format!(
                "Not named here: the link of the source `{}`, priority {}, which the server lets nobody change or delete.",
                link.source, link.priority
            )
        });
        blocked.collect()
    }

    /// The links as a list whose order counts.
    pub(super) fn ordered(&self, live: &LiveState, names: bool) -> Result<LinksText, NoSuchForm> {
        let numbers: Vec<_> = self.links.iter().map(|link| Some(link.priority)).collect();
        let stay = assign(&numbers, Priority::MAX)
            .is_ok_and(|assigned| assigned.iter().zip(&numbers).all(|(new, old)| Some(*new) == *old));
        if !stay {
            return Err(NoSuchForm(self.no_order()));
        }
        let links = self.links.iter().map(|link| link_text(&link.source, live, names));
        Ok(LinksText::Ordered(links.collect()))
    }

    /// The links with their numbers; an error when a number cannot be written.
    pub(super) fn explicit(&self, live: &LiveState, names: bool) -> Result<LinksText, String> {
        let links = self.links.iter().map(|link| {
            let priority = priority(link)?;
            Ok((link_text(&link.source, live, names), priority))
        });
        links.collect::<Result<_, _>>().map(LinksText::Explicit)
    }

    fn no_order(&self) -> String {
        let mut pairs = self.links.windows(2);
        match pairs.find(|pair| pair[0].priority == pair[1].priority) {
            Some([first, second]) => format!(
                "`{}` and `{}` have the same priority and no order between them",
                shown(first.source.as_str()),
                shown(second.source.as_str())
            ),
            _ => "The priorities make no order that could stay".to_owned(),
        }
    }
}

/// A link's number as a file may say it.
pub(super) fn priority(link: &Link) -> Result<Priority, String> {
    Priority::try_from(i64::from(link.priority)).map_err(|_| {
        format!(
            "its link of `{}` has the priority {}, which nobody can write",
            shown(link.source.as_str()),
            link.priority
        )
    })
}

fn link_text(code: &SourceCode, live: &LiveState, names: bool) -> LinkText {
    let Some(source) = live.source(code) else {
        return code.clone().into();
    };
    let named = names && !source.name.is_empty() && source.name != source.code.as_str();
    LinkText {
        code: source.code.clone(),
        comment: named.then(|| source.name.clone()),
    }
}
