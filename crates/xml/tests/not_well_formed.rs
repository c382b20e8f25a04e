//! What is said of a text that is not well-formed, and of which bytes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_xml::{Fault, Reader};

fn fault(text: &str) -> Fault {
    let mut reader = Reader::new(text);
    loop {
        match reader.read() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("{text:?} is well-formed"),
            Err(fault) => return fault,
        }
    }
}

#[test]
fn the_fault_names_the_bytes_and_what_stands_there() {
    let long = "x".repeat(100);
    let cut = format!("expected an element, found the text \"{}…\"", "x".repeat(32));
    for (text, bytes, said) in [
        // §2.1: elements nest, and there is nothing beside them.
        ("<a><b></a>", "<", "expected the end of the element that was opened last, found </a>"),
        ("</a>", "<", "expected a start tag before its end tag, found </a>"),
        ("<a><b>", "<b", "expected an end tag for every element, found no end of \"b\""),
        ("<a/> b ", "b ", "expected an element, found the text \"b\""),
        (&long, &long, &cut),
        // §2.2, §2.3
        (
            "<a>\u{7}</a>",
            "\u{7}",
            "expected characters that XML 1.0 allows, found the character U+0007",
        ),
        ("<1/>", "1", "expected the name of an element, found the character U+0031"),
        ("<a:b:c/>", "a:b:c", "expected the name of an element, found the character U+003A"),
        // §2.4, §2.5, §2.7
        (
            "<a>x]]></a>",
            "]]>",
            "expected text, with > written as &gt;, found ]]> outside of a CDATA section",
        ),
        ("<a>AT&T</a>", "&", "expected &amp; or a reference that ends with ;, found a bare &"),
        ("<!-- a -- b -->", "--", "expected a comment without --, found -- inside a comment"),
        (
            "<a><![CDATA[b</a>",
            "<",
            "expected the end of a CDATA section, found the end of the text",
        ),
        (
            "<a><!WHAT></a>",
            "<",
            "expected a comment, a CDATA section or a DOCTYPE, found something else",
        ),
        // §3.1
        ("<a b/>", "b", "expected an attribute and its value, found the character U+0062"),
        ("<a b=c/>", "c", "expected a value between quotation marks, found the character U+0063"),
        (
            "<a b=''c=''/>",
            "c",
            "expected white space before an attribute, found the character U+0063",
        ),
        ("<a b='' b=''/>", "b", "expected every attribute once, found a second \"b\""),
        (
            "<a b='<'/>",
            "<",
            "expected &lt; in the value of an attribute, found the character U+003C",
        ),
        ("<a b='", "<", "expected the end of a tag, found the end of the text"),
        // §4.1
        (
            "<a>&nbsp;</a>",
            "&nbsp;",
            "expected &lt; &gt; &amp; &quot; &apos; or the number of a character, found &nbsp;",
        ),
        (
            "<a b='&#xD800;'/>",
            "&#xD800;",
            "expected &lt; &gt; &amp; &quot; &apos; or the number of a character, found &#xD800;",
        ),
    ] {
        let fault = fault(text);
        assert_eq!(fault.to_string(), said, "{text:?}");
        assert_eq!(&text[fault.span.clone()], bytes, "{text:?}: {fault:?}");
    }
}

/// Of a value with a bare `<` or `&` in it nothing is shown that is not a name.
#[test]
fn what_is_no_name_is_not_shown() {
    for (text, found) in [
        ("<a>hun<ter2</a>", "the character U+003C"),
        ("<a>hun<ter2</a >", "the character U+003C"),
        ("<a>hun<é2&ter</a>", "the character U+0026"),
        ("<a>hun<:ter2></a>", "the character U+003A"),
        ("<a>hun<ter:></a>", "none"),
        ("<a>hun< ter></a>", "none"),
        ("<a>hun</ter2</a>", "an end tag without a name"),
        ("<a>hun</ter 2></a>", "an end tag without a name"),
        ("<a>hun&ter 2;</a>", "a bare &"),
        ("<a>hun&#ter/2;</a>", "a bare &"),
        ("<a b='hun&ter 2;'/>", "a bare &"),
    ] {
        assert_eq!(fault(text).found.to_string(), found, "{text:?}");
    }
}

#[test]
fn a_fault_behind_a_byte_order_mark_is_told_where_it_stands() {
    assert_eq!(fault("\u{FEFF}<a>&b;</a>").span, 6..9);
}

#[test]
fn a_second_byte_order_mark_is_none() {
    assert_eq!(fault("\u{FEFF}\u{FEFF}<a/>").span, 3..6);
}

#[test]
fn the_first_fault_is_told_whatever_comes_behind() {
    assert_eq!(fault("<a>&b; \u{7}</a>").span, 3..6);
    assert_eq!(fault("<a \u{7}>&b;</a>").span, 3..4);
    assert_eq!(fault("<a>\u{7}<!-- ").span, 3..4);
}

/// A hundred thousand attributes of a tag, and as many open elements, cost what they are long.
#[test]
fn no_limit_is_needed_for_what_is_wide_or_deep() {
    let wide: String = (0..100_000).map(|number| format!(" a{number}=''")).collect();
    let text = format!("<a{wide}/>");
    let token = Reader::new(&text).read().unwrap().unwrap();
    assert_eq!(token.span, 0..text.len());
    let deep = "<a>".repeat(100_000);
    assert_eq!(fault(&deep).span, deep.len() - 3..deep.len() - 1);
}
