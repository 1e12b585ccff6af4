//! `inventory.yaml` as it is written: its keys, its leaves, and the JSON Schema of both.

use spanned_yaml::diag::{Span, shown};
use spanned_yaml::{
    Decode, DecodeContext, Entries, Field, IntLit, List, Node, NodeKind, StrLit, Version, inline_schema,
    leaf_schema, record,
};

use super::rules::{NESTED_GROUP, PRIORITY_RANGE};
use crate::model::Priority;

record! {
    /// Which sources serve which stocks, in which order.
    pub struct InventoryFile<'t>: "an inventory" {
        /// The version of this format: 1.
        required version: Version,
        /// The closed list of the sources that links may name. Without it, a link may name any source of the shop.
        optional sources: List<'t, SourceEntry<'t>>,
        /// Lists of source codes by name. An ordered list of a stock uses one as `{ group: NAME }`, in any file of the run.
        optional groups: Groups<'t>,
        /// The stocks that this inventory owns: the links of each are exactly those listed. Stocks that are not listed
        /// are left alone.
        optional stocks: List<'t, StockEntry<'t>>,
    }
    free keys begin with "x-";
}

record! {
    /// A source that links may name.
    pub struct SourceEntry<'t>: "a source" {
        /// The source's code, its key in the shop. It is compared without regard to case and accents.
        required code: Code<'t>,
        /// The source's name, for people who read this file.
        optional name: Label<'t>,
    }
}

record! {
    /// A stock that this inventory owns.
    pub struct StockEntry<'t>: "a stock" {
        /// The stock's name, its key in the shop. It is compared without regard to case and accents.
        required name: Name<'t>,
        /// The sources that serve the stock: either codes and groups in the order of shipping, the first one first, or a
        /// code and a priority each. An empty list empties the stock.
        required sources: Links<'t>,
    }
}

record! {
    /// A source with the priority that its link shall have.
    pub struct NumberedLink<'t>: "a link" {
        /// The source's code.
        required code: Code<'t>,
        /// The link's priority; the lower number is served first.
        required priority: PriorityNumber,
    }
}

record! {
    /// A group in an ordered list: its sources stand here, in its order.
    pub struct GroupUse<'t>: "a group in a list" {
        /// The group's name under `groups`.
        required group: GroupName<'t>,
    }
}

/// A source's code, not yet checked.
#[derive(Debug, Clone, Copy)]
pub struct Code<'t>(pub StrLit<'t>);

/// A stock's name, not yet checked.
#[derive(Debug, Clone, Copy)]
pub struct Name<'t>(pub StrLit<'t>);

/// A group's name, not yet checked.
#[derive(Debug, Clone, Copy)]
pub struct GroupName<'t>(pub StrLit<'t>);

/// The groups of a file by name.
#[derive(Debug)]
pub struct Groups<'t>(pub Entries<'t, List<'t, Member<'t>>>);

/// A source of a group.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t>(pub Code<'t>);

/// A name that only people read.
#[derive(Debug, Clone, Copy)]
pub struct Label<'t>(pub StrLit<'t>);

/// A priority in its range.
#[derive(Debug, Clone, Copy)]
pub struct PriorityNumber(pub Priority);

/// A stock's list of links in either form.
#[derive(Debug)]
pub struct Links<'t>(pub List<'t, LinkEntry<'t>>);

/// An item of a stock's list.
#[derive(Debug)]
pub enum LinkEntry<'t> {
    /// A mere code: the order counts.
    Bare(Code<'t>),
    /// A code with a number of its own.
    Numbered(NumberedLink<'t>),
    /// The sources of a group.
    Group(GroupUse<'t>),
    /// Neither, which has been reported.
    Bad,
}

impl LinkEntry<'_> {
    /// True with a priority of its own; `None` for a group or a bad entry.
    pub fn is_numbered(&self) -> Option<(bool, Span)> {
        match self {
            Self::Bare(code) => Some((false, code.0.span)),
            Self::Numbered(link) => Some((true, link.head)),
            Self::Group(_) | Self::Bad => None,
        }
    }
}

impl<'t> Decode<'t> for Code<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        StrLit::read(node, "a source code", context).map(Self)
    }
}

impl<'t> Decode<'t> for Name<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        StrLit::read(node, "a stock's name", context).map(Self)
    }
}

impl<'t> Decode<'t> for GroupName<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        StrLit::read(node, "a group's name", context).map(Self)
    }
}

impl<'t> Decode<'t> for Groups<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        Entries::decode(node, context).map(Self)
    }
}

impl<'t> Decode<'t> for Member<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        if is_group(node) {
            let found = NESTED_GROUP.at(node.head(), "a group cannot hold another group");
            context.report(found.help("list the sources of that group here"));
            return None;
        }
        Code::decode(node, context).map(Self)
    }
}

impl<'t> Decode<'t> for Label<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        StrLit::read(node, "a source's name", context).map(Self)
    }
}

impl Decode<'_> for PriorityNumber {
    fn decode(node: Node<'_>, context: &mut DecodeContext) -> Option<Self> {
        let number = IntLit::read(node, "a priority", context)?;
        if let Ok(priority) = Priority::try_from(number.value) {
            return Some(Self(priority));
        }
        let written = match node.kind() {
            NodeKind::Plain(text) => shown(text),
            _ => number.value.to_string(),
        };
        let most = Priority::MAX;
        let message = format!("a priority is a whole number from 1 to {most}, not {written}");
        context.report(PRIORITY_RANGE.at(number.span, message));
        None
    }
}

impl<'t> Decode<'t> for Links<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        List::decode(node, context).map(Self)
    }
}

impl<'t> Decode<'t> for LinkEntry<'t> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        let entry = match node.kind() {
            NodeKind::Mapping if is_group(node) => GroupUse::decode(node, context).map(Self::Group),
            NodeKind::Mapping => NumberedLink::decode(node, context).map(Self::Numbered),
            NodeKind::Sequence => {
                let expected = "a source code, `{ code: …, priority: … }` or `{ group: … }`";
                context.wrong_type(node, expected, None);
                None
            }
            _ => Code::decode(node, context).map(Self::Bare),
        };
        Some(entry.unwrap_or(Self::Bad))
    }
}

/// True for `{ group: … }`.
fn is_group(node: Node<'_>) -> bool {
    let Some((key, _)) = node.pairs().next() else {
        return false;
    };
    matches!(key.kind(), NodeKind::Plain("group") | NodeKind::Text("group"))
}

leaf_schema!(Code<'_>, { "type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^\S+$" });

leaf_schema!(Name<'_>, { "type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^\S(.*\S)?$" });

leaf_schema!(GroupName<'_>, { "type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^\S(.*\S)?$" });

inline_schema!([] Member<'_>, "Member", |generator| generator.subschema_for::<Code<'_>>());

inline_schema!([] Groups<'_>, "Groups", |generator| {
    let name = generator.subschema_for::<GroupName<'_>>();
    let code = generator.subschema_for::<Code<'_>>();
    schemars::json_schema!({
        "type": "object",
        "propertyNames": name,
        "additionalProperties": { "type": "array", "items": code, "minItems": 1, "uniqueItems": true },
    })
});

leaf_schema!(Label<'_>, { "type": "string" });

leaf_schema!(PriorityNumber, { "type": "integer", "minimum": 1, "maximum": Priority::MAX });

inline_schema!([] Links<'_>, "Links", |generator| {
    let code = generator.subschema_for::<Code<'_>>();
    let group = generator.subschema_for::<GroupUse<'_>>();
    let link = generator.subschema_for::<NumberedLink<'_>>();
    schemars::json_schema!({
        "type": "array",
        "maxItems": Priority::MAX,
        "uniqueItems": true,
        "anyOf": [{ "items": { "anyOf": [code, group] } }, { "items": link }],
    })
});

/// True if a file lists something besides its version.
pub fn says_something(file: &InventoryFile<'_>) -> bool {
    let lists = [
        file.sources.is_present(),
        file.groups.is_present(),
        file.stocks.is_present(),
    ];
    matches!(file.version, Field::Bad) || lists.contains(&true)
}
