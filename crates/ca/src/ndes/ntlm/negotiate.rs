//! NEGOTIATE_MESSAGE (MS-NLMP §2.2.1.1).

use super::{OFFERED, SIGNATURE, VERSION};

/// The first message, which is always the same: neither domain nor workstation are told before the
/// server said who it is.
pub const NEGOTIATE: [u8; 40] = {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = SIGNATURE;
    let [f0, f1, f2, f3] = OFFERED.to_le_bytes();
    let [v0, v1, v2, v3, v4, v5, v6, v7] = VERSION;
    [
        s0, s1, s2, s3, s4, s5, s6, s7, // Signature
        1, 0, 0, 0, // MessageType
        f0, f1, f2, f3, // NegotiateFlags
        0, 0, 0, 0, 40, 0, 0, 0, // DomainNameFields: nothing, at the end
        0, 0, 0, 0, 40, 0, 0, 0, // WorkstationFields: the same
        v0, v1, v2, v3, v4, v5, v6, v7, // Version
    ]
};
