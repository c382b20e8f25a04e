//! Property lists that chance makes.

use devicecert_mobileconfig::plist::{Scalar, Text, Value};
use devicecert_pki::Time;
use proptest::prelude::*;

/// Text that XML can hold, with what is special in it more often than chance has it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,12}",
        Just("&<>\"'".to_owned()),
        Just("]]>".to_owned()),
        Just("\r\n\t\u{85}\u{2028}".to_owned()),
        Just("é😀\u{FEFF}\u{FFFD}".to_owned()),
        Just("$FLEET_VAR_X %SerialNumber% {{a}}".to_owned()),
    ];
    prop::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

/// Values that every property list can hold.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let date = -60_000_000_000_i64..250_000_000_000;
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        date.prop_map(|seconds| Value::from(Time::from_unix(seconds))),
        prop::collection::vec(any::<u8>(), 0..120).prop_map(Value::from),
    ];
    nested(leaf)
}

/// Values with templates among them.
#[allow(dead_code, reason = "not every test of this folder has templates")]
pub(crate) fn template() -> impl Strategy<Value = Value> {
    let text = || {
        prop_oneof!["\\$FLEET_VAR_[A-Z]{1,5}", "%[G-Z][a-z]{1,5}%", "\\{\\{[a-z]{1,5}\\}\\}"]
            .prop_map(Text::from)
    };
    let around =
        (text(), "[a-z<&]{0,3}").prop_map(|(text, tail)| Text::from(format!("{text}-{tail}")));
    let leaf = prop_oneof![
        value(),
        text().prop_map(Value::Placeholder),
        text().prop_map(|text| Value::Integer(Scalar::Template(text))),
        text().prop_map(|text| Value::Real(Scalar::Template(text))),
        text().prop_map(|text| Value::Date(Scalar::Template(text))),
        around.prop_map(|text| Value::Data(Scalar::Template(text))),
    ];
    nested(leaf)
}

fn nested(leaf: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|items| Value::Array(items.into_iter().collect())),
            prop::collection::vec((text(), inner), 0..20)
                .prop_map(|entries| Value::Dictionary(entries.into_iter().collect())),
        ]
    })
}
