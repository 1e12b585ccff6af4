//! Values with two forms, and lists that must not be empty.

use schemars::JsonSchema;
use spanned_yaml::{Decode, DecodeContext, List, Node, inline_schema};

/// Declares a value with a simple form, and a second form for nodes of the given kind.
macro_rules! either {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident<$life:lifetime>: $schema:literal {
            $(#[doc = $simple_doc:literal])+
            $simple:ident($simple_type:ty),
            $(#[doc = $second_doc:literal])+
            $second:ident($second_type:ty) if $kind:pat,
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name<$life> {
            $(#[doc = $simple_doc])+
            $simple($simple_type),
            $(#[doc = $second_doc])+
            $second($second_type),
        }

        impl<$life> spanned_yaml::Decode<$life> for $name<$life> {
            fn decode(
                node: spanned_yaml::Node<$life>,
                context: &mut spanned_yaml::DecodeContext,
            ) -> Option<Self> {
                if matches!(node.kind(), $kind) {
                    <$second_type>::decode(node, context).map(Self::$second)
                } else {
                    <$simple_type>::decode(node, context).map(Self::$simple)
                }
            }
        }

        spanned_yaml::inline_schema!([$life] $name<$life>, $schema, |generator| {
            let simple = generator.subschema_for::<$simple_type>();
            let second = generator.subschema_for::<$second_type>();
            schemars::json_schema!({ "anyOf": [simple, second] })
        });
    };
}

pub(super) use either;

/// A list that must have an item. The schema says so; the lowering reports an empty one.
#[derive(Debug)]
pub struct NonEmpty<'t, T>(pub List<'t, T>);

impl<'t, T: Decode<'t>> Decode<'t> for NonEmpty<'t, T> {
    fn decode(node: Node<'t>, context: &mut DecodeContext) -> Option<Self> {
        List::decode(node, context).map(Self)
    }
}

inline_schema!(
    ['t, T: Decode<'t> + JsonSchema] NonEmpty<'t, T>,
    List::<'t, T>::schema_name(),
    |generator| {
        let mut list = generator.subschema_for::<List<'t, T>>();
        list.insert("minItems".to_owned(), 1.into());
        list
    }
);
