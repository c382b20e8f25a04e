//! RFC 5652 §3, ContentInfo.

use crate::support::{hex, limits, malformed, oid_value, sequence, testdata, tlv};
use devicecert_pki::cms::{self, Bundle, EnvelopedData, SignedData};
use devicecert_pki::error::Found;
use devicecert_pki::oid;

#[test]
fn the_content_type_says_what_kind_of_message_it_is() {
    let signed = testdata("rfc5652/signed-sha256.der");
    let enveloped = testdata("rfc5652/enveloped-aes-128-cbc.der");
    assert_eq!(cms::content_type(&signed, &limits()), Ok(oid::SIGNED_DATA));
    assert_eq!(cms::content_type(&enveloped, &limits()), Ok(oid::ENVELOPED_DATA));
    let streamed = testdata("x690/enveloped.ber");
    assert_eq!(cms::content_type(&streamed, &limits()), Ok(oid::ENVELOPED_DATA));
}

#[test]
fn another_kind_of_message_is_not_mistaken() {
    let signed = testdata("rfc5652/signed-sha256.der");
    let found = Found::Oid(oid::SIGNED_DATA);
    let opened = EnvelopedData::parse(&signed, &limits());
    assert_eq!(malformed(opened), (4, "EnvelopedData", found));
    let enveloped = testdata("rfc5652/enveloped-aes-128-cbc.der");
    let found = Found::Oid(oid::ENVELOPED_DATA);
    assert_eq!(malformed(SignedData::parse(&enveloped, &limits())), (4, "SignedData", found));
    let found = Found::Oid(oid::ENVELOPED_DATA);
    assert_eq!(malformed(Bundle::parse(&enveloped, &limits())), (4, "SignedData", found));
}

#[test]
fn framing_errors_say_where() {
    let read = |der: &[u8]| malformed(SignedData::parse(der, &limits()));
    assert_eq!(read(&hex("")), (0, "the header of a value", Found::End));
    assert_eq!(read(&hex("3100")), (0, "ContentInfo", Found::Tag(0x31)));
    assert_eq!(read(&hex("3000")), (2, "contentType", Found::End));
    let id = oid_value(oid::SIGNED_DATA);
    let content = "the content of ContentInfo";
    assert_eq!(read(&sequence(&[&id])), (13, content, Found::End));
    // Without the [0].
    assert_eq!(read(&sequence(&[&id, &[0x30, 0]])), (13, content, Found::Tag(0x30)));
    let empty = tlv(0xa0, &[]);
    assert_eq!(read(&sequence(&[&id, &empty])), (15, "SignedData", Found::End));
    let twice = sequence(&[&id, &tlv(0xa0, &hex("30003000"))]);
    let end = "the end of the content of ContentInfo";
    assert_eq!(read(&twice), (17, end, Found::Trailing(2)));
    let trailing = sequence(&[&id, &tlv(0xa0, &hex("3000")), &hex("0500")]);
    assert_eq!(read(&trailing), (17, "the end of ContentInfo", Found::Trailing(2)));
    let behind = [testdata("rfc5652/signed-sha256.der"), vec![0]].concat();
    assert_eq!(read(&behind), (1499, "the end of the message", Found::Trailing(1)));
}
