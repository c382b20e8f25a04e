//! Section 4.1: BER in every layer, which is what Bouncy Castle and NSS write.

use devicecert_pki::asn1::{Reader, Writer, tag};

use super::support::{certificate, file, open, without_mac};

const CHUNKED: u8 = tag::OCTET_STRING | 0x20;

/// The same value with indefinite lengths, and its long strings in chunks. What is inside an
/// OCTET STRING is respelt as many layers deep as `layers` says.
fn ber(der: &[u8], layers: usize) -> Vec<u8> {
    fn chunks(tag: u8, octets: &[u8], out: &mut Vec<u8>) {
        out.extend([tag, 0x80]);
        for chunk in octets.chunks(100) {
            out.extend(Writer::build(|w| w.value(tag::OCTET_STRING, chunk)));
        }
        out.extend([0, 0]);
    }
    fn write(mut values: Reader<'_>, layers: usize, out: &mut Vec<u8>) {
        while !values.is_empty() {
            let value = values.any("a value").unwrap();
            match value.tag {
                tag::OCTET_STRING if value.value.starts_with(&[tag::SEQUENCE, 0x82]) => {
                    let content = match layers {
                        0 => value.value.to_vec(),
                        _ => ber(value.value, layers - 1),
                    };
                    chunks(CHUNKED, &content, out);
                }
                // The encryptedContent of the certificates.
                0x80 if value.value.len() > 100 => chunks(tag::constructed(0), value.value, out),
                tag if tag & 0x20 != 0 => {
                    out.extend([tag, 0x80]);
                    write(value.reader(), layers, out);
                    out.extend([0, 0]);
                }
                _ => out.extend(value.raw),
            }
        }
    }
    let mut out = Vec::new();
    write(Reader::new(der), layers, &mut out);
    out
}

#[test]
fn outside_the_mac_lengths_and_chunks_do_not_matter() {
    for name in ["openssl-modern.p12", "openssl-3des.p12", "openssl-plain.p12"] {
        let respelt = ber(&file(name), 0);
        assert_eq!(open(&respelt, "secret"), open(&file(name), "secret"), "{name}");
        assert_eq!(open(&respelt, "secret").unwrap().leaf(), Some(&certificate("device")));
    }
}

#[test]
fn without_a_mac_they_do_not_matter_in_any_layer() {
    for name in ["openssl-modern.p12", "openssl-3des.p12", "openssl-plain.p12"] {
        let octets = without_mac(&file(name));
        // The content of authSafe, and the SafeContents in it. Certificates are DER for good.
        let layers = 2;
        let respelt = ber(&octets, layers);
        assert!(respelt.len() > octets.len() + 50);
        assert_eq!(open(&respelt, "secret"), open(&octets, "secret"), "{name}");
        assert_eq!(open(&respelt, "secret").unwrap().leaf(), Some(&certificate("device")));
    }
}
