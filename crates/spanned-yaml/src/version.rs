//! The version of a file's format, the first thing to look at.

use super::context::Reading;
use super::decode::Decode;
use super::leaf::Whole;
use super::node::Node;
use super::rules::UNKNOWN_VERSION;
use crate::leaf_schema;

/// The version 1, of which all our formats are.
#[derive(Debug, Clone, Copy)]
pub struct Version;

impl Decode<'_> for Version {
    fn decode(node: Node<'_>, reading: &mut Reading) -> Option<Self> {
        let number = Whole::read(node, "a version", reading)?;
        if number.value == 1 {
            return Some(Self);
        }
        let message = format!("the file is of version {}, which is not known here", number.value);
        let found = UNKNOWN_VERSION.at(number.span, message);
        reading.findings.push(found.help("the known version is 1"));
        None
    }
}

leaf_schema!(Version, { "type": "integer", "const": 1 });
