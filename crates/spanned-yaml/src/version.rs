//! The version of a file's format, the first thing to look at.

use super::context::DecodeContext;
use super::decode::Decode;
use super::leaf::IntLit;
use super::node::Node;
use super::rules::UNKNOWN_VERSION;
use crate::leaf_schema;

/// The version 1, which all formats have.
#[derive(Debug, Clone, Copy)]
pub struct Version;

impl Decode<'_> for Version {
    fn decode(node: Node<'_>, context: &mut DecodeContext) -> Option<Self> {
        let number = IntLit::read(node, "a version", context)?;
        if number.value == 1 {
            return Some(Self);
        }
        let message = format!("the file has version {}, which is unknown here", number.value);
        let found = UNKNOWN_VERSION.at(number.span, message);
        context.report(found.help("the known version is 1"));
        None
    }
}

leaf_schema!(Version, { "type": "integer", "const": 1 });
