//! CMS: signed, enveloped and certs-only messages.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::cms::{Bundle, EnvelopedData, SignedData};
use devicecert_pki::{Limits, Tolerance, ber};

use crate::world;

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    signed(data, &limits);
    enveloped(data, &limits);
}

fn signed(data: &[u8], limits: &Limits) {
    let Ok(signed) = SignedData::parse(data, limits) else { return };
    let der = ber::normalise(data, limits).unwrap();
    assert_eq!(SignedData::parse(&der, limits).unwrap(), signed);

    let bundle = Bundle::parse(data, limits).unwrap();
    assert!(bundle.certificates().eq(signed.certificates()));
    assert!(bundle.crls().eq(signed.crls()));
    let written = bundle.to_der();
    // What is written is a whole message: nothing in a certificate can spoil its frame.
    assert_eq!(Bundle::parse(&written, limits).unwrap(), bundle);
    assert_eq!(Bundle::parse(&written, limits).unwrap().to_der(), written);
    bundle.decoded(limits).for_each(drop);

    for tolerance in [Tolerance::default(), Tolerance::STRICT] {
        if let Ok(signer) = signed.signer_certificate(limits, &tolerance) {
            let _ = signed.verify(&signer, &RustCrypto, &tolerance);
        }
    }
    let _ = format!("{signed:?}");
}

fn enveloped(data: &[u8], limits: &Limits) {
    let Ok(enveloped) = EnvelopedData::parse(data, limits) else { return };
    let der = ber::normalise(data, limits).unwrap();
    assert_eq!(EnvelopedData::parse(&der, limits).unwrap(), enveloped);
    let world = world::transparent();
    if let Ok(locked) = enveloped.lock(world.authority.ca(), world.provider, &Tolerance::default())
    {
        let _ = locked.unlock(&*world.ca_key);
    }
}
