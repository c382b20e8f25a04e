//! RootCATrustedCertificates: roots, intermediates and publishers that a device trusts, or not.

use super::{Csp, Family, Scopes, node};
use crate::csp::CspNode;
use crate::csp::Occurrence::{One, ZeroOrMore};
use crate::verb::Format::{B64, Chr, Node};

const fn store(prefix: &'static str, scopes: Scopes) -> Family {
    Family { prefix, scopes, nodes: STORE }
}

pub(super) static CSP: Csp = Csp {
    name: "RootCATrustedCertificates",
    families: &[
        Family { prefix: "", scopes: Scopes::Both, nodes: &[node("", "G", Node, One)] },
        store("Root", Scopes::DeviceOnly),
        store("CA", Scopes::Both),
        store("TrustedPublisher", Scopes::Both),
        store("TrustedPeople", Scopes::Both),
        store("UntrustedCertificates", Scopes::Both),
        store("OemEsim", Scopes::Both),
    ],
};

/// The shape of every store.
pub(super) static STORE: &[CspNode] = &[
    node("", "G", Node, One),
    node("{CertHash}", "DG", Node, ZeroOrMore),
    node("{CertHash}/EncodedCertificate", "AGR", B64, One),
    node("{CertHash}/IssuedBy", "G", Chr, One),
    node("{CertHash}/IssuedTo", "G", Chr, One),
    node("{CertHash}/ValidFrom", "G", Chr, One),
    node("{CertHash}/ValidTo", "G", Chr, One),
    node("{CertHash}/TemplateName", "G", Chr, One),
];
