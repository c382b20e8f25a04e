//! CMC messages: PKIData, PKIResponse, and both inside SignedData.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::cmc::{FullRequest, FullResponse, PkiData, PkiResponse};
use devicecert_est::{Limits, Tolerance};

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    if let Ok(read) = PkiData::parse(data, &limits) {
        let written = read.to_der();
        // The values of a control are a SET: they may come in any order, and are written in one.
        assert_eq!(PkiData::parse(&written, &limits).unwrap().to_der(), written);
        drop(PkiResponse::to(&read, &[]));
    }
    if let Ok(read) = PkiResponse::parse(data, &limits) {
        let written = read.to_der();
        assert_eq!(PkiResponse::parse(&written, &limits).unwrap().to_der(), written);
        if let Ok(statuses) = read.statuses(&limits) {
            let written = PkiResponse::new(&statuses).to_der();
            let again = PkiResponse::parse(&written, &limits).unwrap();
            // A time may come in any zone, and with a leap second.
            let again = again.statuses(&limits).unwrap();
            assert_eq!(PkiResponse::new(&again).to_der(), written);
        }
    }
    drop(FullRequest::parse(data, &RustCrypto, &Tolerance::default(), &limits));
    if let Ok(read) = FullResponse::parse(data, &limits) {
        drop(read.unverified(&limits));
    }
}
