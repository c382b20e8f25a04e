//! What can be chosen about an enrolment.

use core::time::Duration;

use devicecert_pki::Certificate;

use crate::authentication::Credentials;
use crate::linking::LinkingAttribute;
use crate::trust::ExplicitTrustAnchors;

/// What can be chosen about an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnrolmentOptions {
    /// User and password for when the server asks. Default none.
    pub credentials: Option<Credentials>,
    /// Whether user and password are sent with Basic before the server asks, as clients of
    /// vendors do whose servers never ask. Default `false` (RFC 7030 §3.2.3).
    pub preemptive_basic: bool,
    /// Where the issued certificate has to lead. Default none: the certificate is taken because
    /// the server was authorised and it has the key of the request.
    pub anchors: Option<ExplicitTrustAnchors>,
    /// CA certificates that may stand between the issued certificate and an anchor, such as
    /// [`CaCertificates::intermediates`](crate::CaCertificates::intermediates): a server need not
    /// send them along (RFC 7030 §4.2.3). None is believed for being here. Default none.
    pub intermediates: Vec<Certificate>,
    /// Where the link to TLS goes. Default challengePassword.
    pub linking_attribute: LinkingAttribute,
    /// The pause after a 202 that does not say how long. Default ten minutes.
    pub default_pause: Duration,
    /// The least pause after a 202, also where Retry-After says less, or names a date that has
    /// passed. Default five seconds.
    pub least_pause: Duration,
    /// How often the server may say 202. Default without end.
    pub max_waits: Option<u32>,
}

impl Default for EnrolmentOptions {
    fn default() -> Self {
        Self {
            credentials: None,
            preemptive_basic: false,
            anchors: None,
            intermediates: Vec::new(),
            linking_attribute: LinkingAttribute::default(),
            default_pause: Duration::from_secs(600),
            least_pause: Duration::from_secs(5),
            max_waits: None,
        }
    }
}
