//! What is read from XML, and what is refused where.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::error::Found;
use devicecert_mobileconfig::plist::{
    Array, Dictionary, Document, OddityKind, Position, Scalar, Span, Text, Value,
};
use devicecert_mobileconfig::{Error, Limits};
use devicecert_pki::Time;

fn read(text: &str) -> Result<Document, Error> {
    Document::read(text.as_bytes(), &Limits::default())
}

/// The only value of an array around `inner`.
fn one(inner: &str) -> Value {
    let document = read(&format!("<plist version=\"1.0\"><array>{inner}</array></plist>"));
    let document = document.unwrap_or_else(|error| panic!("{inner}: {error}"));
    let items: Vec<Value> = document.root().as_array().expect("an array").iter().cloned().collect();
    assert_eq!(items.len(), 1, "{inner}");
    items[0].clone()
}

fn refusal(text: &str) -> (usize, Option<Position>, String, &'static str, Found) {
    match read(text) {
        Err(Error::Malformed(m)) => {
            (m.offset, m.position, m.key_path.to_string(), m.expected, m.found)
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn template(text: &str) -> Text {
    Text::from(text)
}

#[test]
fn scalars_mean_what_apple_says() {
    let cases = [
        ("<string/>", Value::from("")),
        ("<string></string>", Value::from("")),
        ("<string> a  b\n</string>", Value::from(" a  b\n")),
        ("<string>a\r\nb\rc&#13;d</string>", Value::from("a\nb\nc\rd")),
        ("<string>&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;</string>", Value::from("&<>\"'A😀")),
        ("<string><![CDATA[a&b]]></string>", Value::from("a&b")),
        ("<string>a<![CDATA[<b>]]>c<!-- x -->d</string>", Value::from("a<b>cd")),
        ("<string>%DeviceName%</string>", Value::from("%DeviceName%")),
        ("<integer>0x10</integer>", Value::from(16)),
        ("<integer> -7\n</integer>", Value::from(-7)),
        ("<integer>+7</integer>", Value::from(7)),
        ("<integer>18446744073709551615</integer>", Value::from(u64::MAX)),
        ("<integer>-9223372036854775808</integer>", Value::from(i64::MIN)),
        ("<real>1.50</real>", Value::from(1.5)),
        ("<real>-1e3</real>", Value::from(-1000.0)),
        ("<real>nan</real>", Value::from(f64::NAN)),
        ("<real>+infinity</real>", Value::from(f64::INFINITY)),
        ("<true/>", Value::from(true)),
        ("<false></false>", Value::from(false)),
        ("<false> <!-- no --> </false>", Value::from(false)),
        ("<date>2027-01-31T12:00:00Z</date>", Value::from(Time::from_unix(1_801_396_800))),
        ("<date>2024-02-29T23:59:59Z</date>", Value::from(Time::from_unix(1_709_251_199))),
        ("<date>1904-01-01T00:00:00Z</date>", Value::from(Time::from_unix(-2_082_844_800))),
        ("<data/>", Value::from(vec![])),
        ("<data>\n\tQUJD\n\tREU=\n</data>", Value::from(b"ABCDE".to_vec())),
        ("<data>QUJD<!-- c -->REU</data>", Value::from(b"ABCDE".to_vec())),
        ("<data>\n $FLEET_VAR_X </data>", Value::Data(Scalar::Template(template("$FLEET_VAR_X")))),
        ("<integer>{{bits}}</integer>", Value::Integer(Scalar::Template(template("{{bits}}")))),
        ("<real>$TIMEOUT</real>", Value::Real(Scalar::Template(template("$TIMEOUT")))),
        ("<date>%Until%</date>", Value::Date(Scalar::Template(template("%Until%")))),
        (" $FLEET_SECRET_FLAG ", Value::Placeholder(template("$FLEET_SECRET_FLAG"))),
        ("<dict/>", Value::from(Dictionary::new())),
        ("<array></array>", Value::from(Array::new())),
    ];
    for (inner, expected) in cases {
        assert_eq!(one(inner), expected, "{inner}");
    }
}

#[test]
fn a_template_may_stand_wherever_a_value_may() {
    let document = read(
        "<dict><key>Flag</key>$FLEET_SECRET_FLAG<key>Next</key><true/>\
         <key>List</key><array>%One%<string/>{{Two}}<!-- --> \r\n$FLEET_VAR_THREE {{ 4 }}</array></dict>",
    )
    .expect("a template");
    let templates: Vec<(String, String)> = document
        .node()
        .walk()
        .filter_map(|node| {
            Some((node.key_path().to_string(), node.value().as_template()?.to_string()))
        })
        .collect();
    let expected = [
        ("Flag", "$FLEET_SECRET_FLAG"),
        ("List[0]", "%One%"),
        ("List[2]", "{{Two}}"),
        ("List[3]", "$FLEET_VAR_THREE"),
        ("List[4]", "{{ 4 }}"),
    ];
    for node in document.node().walk().filter(|node| matches!(node.value(), Value::Placeholder(_)))
    {
        let piece = document.source().and_then(|text| text.get(node.span().range()));
        assert_eq!(piece, node.value().as_template().map(Text::as_str));
    }
    assert_eq!(templates, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
}

#[test]
fn spans_and_positions_are_exact() {
    let text = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- é -->\n<plist version=\"1.0\">\n\
                <dict>\n\t<!-- é --><key>é</key> <integer>1</integer>\n\t<key>b.c</key>\n\t<array>\n\
                \t\t<string>&amp;</string><data>\nAAAA</data> $UDID \n</array></dict></plist>";
    let document = read(text).expect("a property list");
    let found: Vec<(String, &str, Option<Position>)> = document
        .node()
        .walk()
        .map(|node| {
            let piece = text.get(node.span().range()).expect("a span");
            (node.key_path().to_string(), piece, document.place(&node).position)
        })
        .collect();
    let at = |line, column| Some(Position { line, column });
    assert_eq!(found[1], ("é".to_owned(), "<integer>1</integer>", at(5, 25)));
    assert_eq!(found[3], ("[\"b.c\"][0]".to_owned(), "<string>&amp;</string>", at(8, 3)));
    assert_eq!(found[4], ("[\"b.c\"][1]".to_owned(), "<data>\nAAAA</data>", at(8, 25)));
    assert_eq!(found[5], ("[\"b.c\"][2]".to_owned(), "$UDID", at(9, 13)));
    let dictionary = document.root().as_dictionary().expect("a dictionary");
    let key = dictionary.entries()[0].key.span;
    assert_eq!(text.get(key.range()), Some("<key>é</key>"));
    assert_eq!(document.position(3), at(1, 1));
    // Every position, however it is found, is the same.
    for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
        assert_eq!(document.position(offset), Some(Position::of(text, offset)), "{offset}");
    }
}

#[test]
fn a_long_line_has_the_same_positions_from_the_index() {
    let text = format!("<array>{}</array>", "<string>é</string>\r".repeat(500));
    let document = read(&text).expect("a property list");
    for offset in [
        0,
        1,
        255,
        256,
        257,
        1023,
        1024,
        1025,
        2047,
        2048,
        text.len() - 1,
        text.len(),
        text.len() + 9,
    ] {
        let expected = Position::of(&text, offset.min(text.len()));
        assert_eq!(document.position(offset), Some(expected), "{offset}");
    }
}

#[test]
fn duplicate_keys_are_told_with_both_places() {
    let few = "<dict><key>a</key><true/><key>b</key><dict><key>x</key><true/></dict><key>a</key><true/></dict>";
    let (_, _, path, _, found) = refusal(few);
    assert_eq!(path, "a");
    let Found::DuplicateKey { first, second } = found else { panic!("{found:?}") };
    assert_eq!(
        (few.get(first.range()), few.get(second.range())),
        (Some("<key>a</key>"), Some("<key>a</key>"))
    );
    assert_eq!((first.start, second.start), (6, few.rfind("<key>a").unwrap()));

    let many: String = (0..100).map(|n| format!("<key>{n}</key><true/>")).collect();
    let (.., found) = refusal(&format!("<dict>{many}<key>0</key><true/></dict>"));
    assert!(matches!(found, Found::DuplicateKey { first: Span { start: 6, .. }, .. }), "{found:?}");
    // CDATA and references spell the same key.
    let (.., found) = refusal("<dict><key>a</key><true/><key><![CDATA[a]]></key><true/></dict>");
    assert!(matches!(found, Found::DuplicateKey { .. }));
}

#[test]
fn refusals_say_where_and_what() {
    let text = |text: &str| Found::Text(text.to_owned());
    let element = |name: &str| Found::Element(name.to_owned());
    let end = |name: &str| Found::EndTag(name.to_owned());
    let entity = |name: &str| Found::Entity(name.to_owned());
    let (other, reference) = ("other text", "a reference that stands for nothing");
    let (start, ending) = ("the start of an unknown element", "the end of an unknown element");
    let unended = |name: &str| Found::Named { what: "no end of", name: name.to_owned() };
    let second = |name: &str| Found::Named { what: "a second", name: name.to_owned() };
    // what · bytes before the fault · key path · found
    let cases = [
        ("", 0, "the root", Found::End),
        ("\u{FEFF}<b/>", 3, "the root", element("b")),
        ("not a plist", 0, "the root", text("not a plist")),
        ("<html/>", 0, "the root", element("html")),
        ("<plist></plist>", 7, "the root", end("plist")),
        ("<plist/>", 0, "the root", end("plist")),
        ("<plist><dict/><dict/></plist>", 14, "the root", element("dict")),
        ("<dict/><dict/>", 7, "the root", element("dict")),
        ("<dict/>x", 7, "the root", text("x")),
        ("<plist><dict/></plist>$UDID", 22, "the root", text("$UDID")),
        ("<plist><true/>$UDID</plist>", 14, "the root", text("$UDID")),
        ("<key>a</key>", 0, "the root", element("key")),
        ("<dict><key>a</key></dict>", 18, "a", end("dict")),
        ("<dict><key>a</key><key>b</key></dict>", 18, "a", element("key")),
        ("<dict><string/></dict>", 6, "the root", element("string")),
        ("<dict>a</dict>", 6, "the root", Found::Value(other)),
        ("<dict>$UDID</dict>", 6, "the root", text("$UDID")),
        ("<dict><key>a</key>b $UDID</dict>", 18, "a", Found::Value(other)),
        ("<dict><key>a</key>$UDID $UDID</dict>", 18, "the root", text("$UDID $UDID")),
        ("<array>$UDID%Xy%</array>", 7, "[1]", text("$UDID%Xy%")),
        ("<dict><key>a</key>&x;</dict>", 18, "a", Found::Value(reference)),
        ("<dict><key>a</key>b</x></dict>", 19, "a", Found::Value(ending)),
        ("<dict><key><b></key></dict>", 11, "the root", element("b")),
        ("<dict><key>&x;</key></dict>", 11, "the root", entity("x")),
        ("<array><key>a</key></array>", 7, "[0]", element("key")),
        ("<array><true/><b/></array>", 14, "[1]", element("b")),
        ("<string><team-slug></string>", 8, "the root", Found::Value(start)),
        ("<string>a</strin>", 9, "the root", Found::Value(ending)),
        ("<array></dict>", 7, "[0]", end("dict")),
        ("</dict>", 0, "the root", end("dict")),
        ("<dict>", 0, "the root", unended("dict")),
        ("<array><string>a", 7, "[0]", unended("string")),
        ("<string", 0, "the root", Found::End),
        ("<array><string>a</string><!-- ", 25, "[1]", Found::End),
        ("<string><![CDATA[a</string>", 8, "the root", Found::End),
        ("<string>&x;</string>", 8, "the root", Found::Value(reference)),
        ("<string>&#0;</string>", 8, "the root", Found::Value(reference)),
        ("<string>&#xD800;</string>", 8, "the root", Found::Value(reference)),
        ("<string>&#xFFFE;</string>", 8, "the root", Found::Value(reference)),
        ("<string>&#+65;</string>", 8, "the root", Found::Value("a bare &")),
        ("<string>a & b</string>", 10, "the root", Found::Value("a bare &")),
        ("<string>]]></string>", 8, "the root", Found::Value("]]> outside of a CDATA section")),
        ("<dict><![CDATA[x]]></dict>", 6, "the root", Found::Value("a CDATA section")),
        ("<array><!-- a -- b --></array>", 14, "[0]", Found::Value("-- inside a comment")),
        ("<array><string>\u{1}</string></array>", 15, "[0]", Found::Character('\u{1}')),
        (
            "<dict><key>a</key><string>\u{FFFF}</string></dict>",
            26,
            "a",
            Found::Character('\u{FFFF}'),
        ),
        ("<array><!-- \u{7} --></array>", 12, "[0]", Found::Character('\u{7}')),
        ("<integer>1.5</integer>", 0, "the root", Found::Value(other)),
        ("<integer></integer>", 0, "the root", Found::Value("nothing")),
        ("<integer>--1</integer>", 0, "the root", Found::Value(other)),
        ("<integer>0x-1</integer>", 0, "the root", Found::Value(other)),
        ("<integer>18446744073709551616</integer>", 0, "the root", Found::Value(other)),
        ("<real>1,5</real>", 0, "the root", Found::Value(other)),
        ("<date>2026-02-30T00:00:00Z</date>", 0, "the root", Found::Value(other)),
        ("<date>2026-02-03</date>", 0, "the root", Found::Value(other)),
        ("<data>a secret*</data>", 0, "the root", Found::Value(other)),
        ("<data>A</data>", 0, "the root", Found::Value(other)),
        ("<true>yes</true>", 0, "the root", Found::Value(other)),
        ("<string a=\"1\" a=\"2\"/>", 14, "the root", second("a")),
        ("<string a=\"<\"/>", 11, "the root", Found::Character('<')),
        ("<string a=\"&x;\"/>", 11, "the root", entity("x")),
        ("<string 1a=\"\"/>", 8, "the root", Found::Character('1')),
    ];
    for (input, offset, path, expected) in cases {
        let (at, position, key_path, _, found) = refusal(input);
        assert_eq!((at, key_path.as_str(), &found), (offset, path, &expected), "{input}");
        assert_eq!(position, Some(Position::of(input, offset)), "{input}");
    }
}

#[test]
fn a_dtd_cannot_declare_anything() {
    let declared = "<!DOCTYPE plist [<!ENTITY x \"boo\">]><plist><string>&x;</string></plist>";
    let (.., found) = refusal(declared);
    assert_eq!(found, Found::Value("declarations in the DOCTYPE"));
    for (input, found) in [
        ("<!DOCTYPE html><plist><true/></plist>", "another DOCTYPE"),
        ("<plist><!DOCTYPE plist><true/></plist>", "a DOCTYPE in another place"),
        ("<!DOCTYPE plist><!DOCTYPE plist><plist><true/></plist>", "a DOCTYPE in another place"),
        ("<a/>", ""),
    ] {
        if !found.is_empty() {
            assert_eq!(refusal(input).4, Found::Value(found), "{input}");
        }
    }
    let apples = "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
                  \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist version='1.0'><true/></plist>";
    assert_eq!(read(apples).expect("Apple's").root(), &Value::from(true));
}

#[test]
fn only_utf_8_is_read() {
    let limits = Limits::default();
    let utf16: Vec<u8> = "<plist/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xFF, 0xFE], utf16.as_slice()].concat();
    for bytes in [utf16, with_mark] {
        let error = Document::read(&bytes, &limits).expect_err("UTF-16").to_string();
        assert!(error.contains("UTF-16"), "{error}");
    }
    let error =
        Document::read(b"<array>\n<string>\xE9</string></array>", &limits).expect_err("Latin-1");
    assert_eq!(
        error.to_string(),
        "line 2, column 9: expected a property list in UTF-8, found the byte 0xe9"
    );

    let declared = |encoding: &str, text: &str| {
        read(&format!("<?xml version='1.0' encoding='{encoding}'?><string>{text}</string>"))
    };
    for encoding in ["utf-8", "UTF-8", "us-ascii", "ISO-8859-1"] {
        assert!(declared(encoding, "a").is_ok(), "{encoding}");
    }
    assert!(declared("utf-8", "é").is_ok());
    assert!(declared("ISO-8859-1", "é").is_err());
    assert!(declared("UTF-16", "a").is_err());
    assert!(read("<?xml version='1.1'?><true/>").is_err());
    assert!(read("<true/><?xml version='1.0'?>").is_err());
}

#[test]
fn oddities_are_told() {
    let text = "\n<?xml version=\"1.0\"?><?x y?><plist><array><string a='b'><![CDATA[x]]></string>\
                <data><!-- c -->AAAA</data></array></plist>";
    let document = read(text).expect("odd but legal");
    let kinds: Vec<OddityKind> = document.oddities().iter().map(|oddity| oddity.kind).collect();
    use OddityKind::{
        Attribute, CData, CommentInValue, NoDoctype, ProcessingInstruction, SpaceBeforeDeclaration,
    };
    let expected = [
        SpaceBeforeDeclaration,
        ProcessingInstruction,
        NoDoctype,
        Attribute,
        CData,
        CommentInValue,
    ];
    assert_eq!(kinds, expected);
    let mut pieces = document.oddities().iter().map(|oddity| text.get(oddity.span.range()));
    assert_eq!(pieces.next_back(), Some(Some("<!-- c -->")));
}
