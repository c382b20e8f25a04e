//! GetNextCACert as a client reads it, where every signature is right.
//!
//! The first octet says where the rest is placed: as the whole reply, or as what the current CA has
//! signed, as id-data or as id-signedData.

use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::{Limits, oid};
use devicecert_scep::{CaCertificates, Fingerprint, Tolerance, Trust};

use crate::world;

pub fn run(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let world = world::transparent();
    let body = match how % 3 {
        0 => rest.to_vec(),
        how => signed(how, rest),
    };
    let (tolerance, limits) = (Tolerance::default(), Limits::default());
    let fingerprint = Fingerprint::of(world.authority.ca(), world.provider).unwrap();
    let trust = Trust::Fingerprint(fingerprint);
    let current = world.authority.ca_cert().into_body();
    let current =
        CaCertificates::parse(&current, &trust, world.provider, &tolerance, &limits).unwrap();
    let read = |body: &[u8]| {
        CaCertificates::parse_next(body, &current, world.provider, &tolerance, &limits)
    };
    let Ok(found) = read(&body) else { return };
    assert!(found.ca().is_ca());
    assert!(found.all().contains(found.ca()) && found.all().contains(found.encryption()));
    assert!(!found.all().iter().any(|one| current.all().contains(one)));

    // What counts, signed again, is read as the same.
    let bundle = devicecert_pki::cms::Bundle::new(found.all()).to_der();
    assert_eq!(read(&signed(1, &bundle)).unwrap(), found);
}

/// `content` as the current CA signs it: as id-data (1) or id-signedData (2).
pub fn signed(how: u8, content: &[u8]) -> Vec<u8> {
    let world = world::transparent();
    let mut params = SignedDataParams::new(world.authority.ca().clone(), content.to_vec());
    params.content_type = if how == 1 { oid::DATA } else { oid::SIGNED_DATA };
    params.unsigned(world.provider).unwrap().sign(&*world.ca_key).unwrap()
}
