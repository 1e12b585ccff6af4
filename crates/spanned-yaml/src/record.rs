//! Macros: `record!` declares a struct, its decoding and its JSON Schema at once; `leaf_schema!` and `inline_schema!` give a type its schema.

/// Declares a mapping with known keys.
///
/// Every field becomes a `Field`, so that one wrong value does not hide the others. What stands behind `=` is what
/// holds when nothing is said, for the schema; the lowering sees to it. Keys behind `exactly one of` exclude each other.
/// Keys that begin with the text behind `free keys begin with` may hold anything and are not decoded.
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $doc:expr])+
        pub struct $name:ident<$life:lifetime>: $noun:literal {
            $(
                $(#[doc = $field_doc:expr])+
                $presence:ident $field:ident: $type:ty $(= $default:expr)?,
            )+
        }
        $(exactly one of $($exclusive:ident),+;)?
        $(free keys begin with $free:literal;)?
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name<$life> {
            /// The place that speaks for the whole.
            pub head: $crate::diag::Span,
            $( $(#[doc = $field_doc])+ pub $field: $crate::Field<$type>, )+
            /// The text that the places point into.
            pub text: std::marker::PhantomData<&$life str>,
        }

        impl<$life> $crate::Decode<$life> for $name<$life> {
            fn decode(node: $crate::Node<$life>, context: &mut $crate::DecodeContext) -> Option<Self> {
                let keys = [$($crate::Key {
                    name: stringify!($field),
                    required: $crate::record!(@required $presence),
                },)+];
                let [$($field),+] = $crate::fields_beside(
                    node,
                    $noun,
                    &keys,
                    $crate::record!(@free $($free)?),
                    context,
                )?;
                let head = node.head();
                $(
                    let exclusive = [$((stringify!($exclusive), $exclusive.is_some())),+];
                    $crate::exactly_one(&exclusive, $noun, head, context);
                )?
                Some(Self {
                    head,
                    $($field: $crate::Field::read($field, context),)+
                    text: std::marker::PhantomData,
                })
            }
        }

        impl<$life> schemars::JsonSchema for $name<$life> {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let properties = vec![$($crate::Property {
                    name: stringify!($field),
                    description: concat!($($field_doc),+),
                    required: $crate::record!(@required $presence),
                    default: $crate::record!(@default $($default)?),
                    schema: generator.subschema_for::<$type>(),
                },)+];
                $crate::object_schema(
                    concat!($($doc),+),
                    properties,
                    &[$($(stringify!($exclusive)),+)?],
                    $crate::record!(@free $($free)?),
                )
            }
        }
    };
    (@required required) => { true };
    (@required optional) => { false };
    (@free) => { None };
    (@free $prefix:literal) => { Some($prefix) };
    (@default) => { None };
    (@default $value:expr) => { Some(serde_json::Value::from($value)) };
}

/// Gives a leaf its JSON Schema, which stands where the leaf is used.
#[macro_export]
macro_rules! leaf_schema {
    ($type:ty, $schema:tt) => {
        $crate::inline_schema!([] $type, stringify!($type), |_generator| schemars::json_schema!($schema));
    };
}

/// Gives a type a JSON Schema that stands where the type is used; the generics of the type stand in brackets before it.
#[macro_export]
macro_rules! inline_schema {
    ([$($generics:tt)*] $type:ty, $name:expr, |$generator:ident| $schema:expr) => {
        impl<$($generics)*> schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema($generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
