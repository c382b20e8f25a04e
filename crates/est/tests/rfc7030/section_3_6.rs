//! §3.6 Server authorisation: explicit and implicit trust anchors.

use devicecert_est::{ExplicitTrustAnchors, ImplicitTrustAnchors, NameMatch, NotAuthorised};
use devicecert_pki::{Extension, oid};

use crate::common::{CA, DEVICE, csr, issue, root};

#[test]
fn below_an_explicit_anchor_the_right_name_or_the_right_purpose_will_do() {
    let ca = root("CN=CA", &CA, 10);
    let anchors = ExplicitTrustAnchors::new(vec![ca.clone()]);
    let plain = issue(&ca, &CA, &csr("CN=est.test", &DEVICE), Vec::new());
    let purpose = Extension::extended_key_usage(&[oid::SERVER_AUTH, oid::CMC_RA]);
    let ra = issue(&ca, &CA, &csr("CN=ra.test", &DEVICE), vec![purpose]);
    assert!(anchors.authorise(&plain, NameMatch::Matches).is_ok());
    assert!(anchors.authorise(&ra, NameMatch::Differs).is_ok());
    let outcome = anchors.authorise(&plain, NameMatch::Differs);
    assert_eq!(outcome, Err(NotAuthorised::NameNorPurpose));
}

#[test]
fn below_an_implicit_anchor_only_the_right_name_will() {
    let anchors = ImplicitTrustAnchors::new(vec![root("CN=Web CA", &CA, 10)]);
    assert!(anchors.authorise(NameMatch::Matches).is_ok());
    assert_eq!(anchors.authorise(NameMatch::Differs), Err(NotAuthorised::Name));
}
