//! BER to DER: what comes out is framed as DER, and is what comes out of itself.

use std::borrow::Cow;

use devicecert_pki::asn1::{Reader, tag};
use devicecert_pki::{Limits, ber};

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let Ok(der) = ber::normalise(data, &limits) else { return };
    walk(Reader::new(&der), 0, false);
    match ber::normalise(&der, &limits) {
        Ok(Cow::Borrowed(again)) => assert_eq!(again, &*der),
        Ok(Cow::Owned(_)) => panic!("rewritten twice"),
        Err(error) => panic!("{error}"),
    }
    let _ = devicecert_pki::cms::content_type(data, &limits);
}

/// Every value has a definite length that fits, and no string comes in pieces. Certificates are
/// copied as they are, whatever is in them.
fn walk(mut values: Reader<'_>, depth: usize, in_certificates: bool) {
    while !values.is_empty() {
        let value = values.any("a value").unwrap();
        if in_certificates {
            continue;
        }
        assert_ne!(value.tag, tag::OCTET_STRING | 0x20);
        assert_ne!(value.tag, tag::BIT_STRING | 0x20);
        if value.tag & 0x20 != 0 {
            // ContentInfo > [0] > SignedData > certificates [0]
            let certificates = depth == 3 && value.tag == tag::constructed(0);
            walk(value.reader(), depth + 1, certificates);
        }
    }
}
