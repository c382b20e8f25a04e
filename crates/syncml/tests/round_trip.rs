//! Reading, writing, reading again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use devicecert_syncml::{CmdIds, Content, Document, Error, Header, Limits, Operation};
use proptest::prelude::*;

fn read(text: &str) -> Result<Document, Error> {
    Document::read(text, &Limits::default())
}

#[test]
fn unknown_elements_comments_and_layout_stay() {
    let text = "<!-- made by hand -->\n<Add extra='1'>\n\t<CmdID>x</CmdID><Cred><Data>k</Data></Cred>\
        <Item><Target><LocURI>./Vendor/MSFT/WiFi</LocURI><LocName>n</LocName></Target></Item>\
        <Vendor:New xmlns:Vendor='urn:x'>1 &lt; 2</Vendor:New></Add>\n";
    let document = read(text).unwrap();
    let written = document.to_xml();
    assert_eq!(written, text.replace('\'', "\""));
    assert_eq!(read(&written).unwrap(), document);
}

#[test]
fn cdata_and_references_become_one_text() {
    let text = "<Add><Item><Data>a<![CDATA[<b & c>]]>&#x64;&amp;\r\ne</Data></Item></Add>";
    let document = read(text).unwrap();
    let item = document.commands().next().unwrap().items().next().unwrap();
    let data = item.data().unwrap();
    assert_eq!(data.text, "a<b & c>d&\ne");
    assert_eq!(&text[data.span.clone()], "a<![CDATA[<b & c>]]>&#x64;&amp;\r\ne");
    // Parts are found through every spelling.
    for (part, spelt) in
        [("<b", "<b"), ("& c", "& c"), ("d", "&#x64;"), ("&\n", "&amp;\r\n"), ("e", "e")]
    {
        let at = data.text.rfind(part).unwrap();
        let span = document.part(&data, at..at + part.len());
        assert!(text[span.clone()].starts_with(spelt), "{part:?}: {:?}", &text[span]);
    }
    assert!(document.to_xml().contains("a&lt;b &amp; c&gt;d&amp;\ne"));
    assert_eq!(read(&document.to_xml()).unwrap(), document);
}

#[test]
fn a_declaration_and_a_byte_order_mark_are_read() {
    let text =
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<SyncML xmlns=\"SYNCML:SYNCML1.2\"/>";
    let document = read(text).unwrap();
    assert_eq!(
        &text[document.declaration().unwrap()],
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
    );
    assert_eq!(read(&document.to_xml()).unwrap(), document);
    assert_eq!(Document::read_bytes(text.as_bytes(), &Limits::default()).unwrap(), document);
}

#[test]
fn a_fragment_becomes_a_message_with_cmd_ids() {
    let fragment =
        read("<Add><Item/></Add>\n<!-- c --><Exec><CmdID>9</CmdID><Item/></Exec>").unwrap();
    let header = Header {
        session_id: "3".into(),
        msg_id: 1,
        target: "urn:uuid:1".into(),
        source: "https://mdm.example/?a=1&b=2".into(),
    };
    let message = fragment.clone().into_message(&header).unwrap();
    let atomic = message.commands().next().unwrap();
    assert_eq!(atomic.cmd_id().unwrap().text, "1");
    let ids: Vec<_> =
        atomic.commands().map(|inside| inside.cmd_id().unwrap().text.into_owned()).collect();
    assert_eq!(ids, ["2", "3"]);
    assert!(message.header().is_some());
    assert!(message.to_xml().contains("?a=1&amp;b=2"));
    assert!(message.into_message(&header).is_err());

    let numbered = fragment.with_cmd_ids(CmdIds::Missing);
    let ids: Vec<_> = numbered.commands().map(|c| c.cmd_id().unwrap().text.into_owned()).collect();
    assert_eq!(ids, ["1", "9"]);
}

#[test]
fn what_xml_cannot_carry_is_not_written() {
    let node = "./Vendor/MSFT/WiFi".parse().unwrap();
    for text in ["a\0", "\u{1}", "\u{fffe}"] {
        assert!(Document::fragment(&[Operation::add(node_of(&node), Content::chr(text))]).is_err());
    }
    let odd = "]]> <![CDATA[ & \" ' \t\r\n é 🙂";
    let document = Document::fragment(&[Operation::add(node, Content::chr(odd))]).unwrap();
    let item = document.commands().next().unwrap().items().next().unwrap();
    assert_eq!(item.data().unwrap().text, odd);
}

fn node_of(node: &devicecert_syncml::LocUri) -> devicecert_syncml::LocUri {
    node.clone()
}

proptest! {
    #[test]
    fn any_value_comes_back(text in "[\t\n\r -\u{d7ff}\u{e000}-\u{fffd}]{1,40}") {
        let node = "./Vendor/MSFT/WiFi".parse().unwrap();
        let document = Document::fragment(&[Operation::add(node, Content::chr(text.as_str()))]).unwrap();
        let item = document.commands().next().unwrap().items().next().unwrap();
        prop_assert_eq!(item.data().unwrap().text, text);
        prop_assert_eq!(&read(&document.to_xml()).unwrap(), &document);
    }

    #[test]
    fn what_reads_is_written_and_reads_the_same(
        text in "(<Add>|</Add>|<Item>|</Item>|<Data>|</Data>|<a:b xmlns:a='x'>|</a:b>|<c/>|&lt;|&#13;|<!--x-->|<!\\[CDATA\\[|\\]\\]>|[a&<> \r\n]){0,12}"
    ) {
        if let Ok(document) = read(&text) {
            prop_assert_eq!(&read(&document.to_xml()).unwrap(), &document);
            let _ = devicecert_syncml::check(&document);
        }
    }

    #[test]
    fn any_subject_comes_back(values in proptest::collection::vec("[ -~éß]{1,20}", 1..4)) {
        let mut name = devicecert_syncml::SubjectName::new();
        for value in &values {
            name = name.with("CN", value.as_str()).unwrap();
        }
        let again: devicecert_syncml::SubjectName = name.to_string().parse().unwrap();
        prop_assert_eq!(again, name);
    }
}
