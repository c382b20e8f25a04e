//! Where Fleet looks at signatures, and where it does not.

use devicecert_fleet::message_signature::accepts;
use devicecert_fleet::request_certificate::AuthorityId;

#[test]
fn where_signatures_count() {
    for path in [
        "/api/v1/fleet/certificate_authorities/1/request_certificate",
        "/api/latest/fleet/certificate_authorities/007/request_certificate",
        "/api/fleet/orbit/config",
        "/api/fleet/orbit/",
        "/api/fleet/orbit/ping/more",
        "/api/osquery/log",
        "/api/v1/osquery/distributed/read",
    ] {
        assert!(accepts(path), "{path}");
    }
    for path in [
        "",
        "/",
        "/api/v2/fleet/certificate_authorities/1/request_certificate",
        "/api/v1/fleet/certificate_authorities/1/request_certificate/",
        "/api/v1/fleet/certificate_authorities//request_certificate",
        "/api/v1/fleet/certificate_authorities/+1/request_certificate",
        "/api/v1/fleet/certificate_authorities/1/2/request_certificate",
        "/x/api/v1/fleet/certificate_authorities/1/request_certificate",
        "/api/v1/fleet/certificate_authorities/1",
        "/API/fleet/orbit/config",
        "/x/api/fleet/orbit/config",
        "/api/fleet/orbit",
        // It tells everybody what the server can do.
        "/api/fleet/orbit/ping",
        "/api/fleet/osquery",
    ] {
        assert!(!accepts(path), "{path}");
    }
}

#[test]
fn which_ca_a_path_names() {
    let of = |digits: &str| {
        AuthorityId::from_path(&format!(
            "/api/v1/fleet/certificate_authorities/{digits}/request_certificate"
        ))
    };
    assert_eq!(of("3"), Some(AuthorityId::from(3)));
    assert_eq!(of("18446744073709551615"), Some(AuthorityId::from(u64::MAX)));
    for other in ["", "-3", "3.0", "0x3", "\u{663}", "18446744073709551616"] {
        assert_eq!(of(other), None, "{other}");
    }
}
