//! Reading and writing each kind of message, without the cryptography, beside the `cms` and
//! `x509-cert` crates reading the same bytes.
//!
//! `cargo bench -p devicecert-benches --bench messages`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::asn1::{Reader, Writer, tag};
use devicecert::pki::cms::{Bundle, EnvelopedData, Seal, SignedData, SignedDataParams};
use devicecert::pki::{
    Certificate, CertificateParams, Csr, CsrParams, KeyKind, Limits, Signer, Time, Validity, ber,
};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// The messages of one enrolment with RSA-2048 keys.
struct Messages {
    key: PrivateKey,
    params: CsrParams,
    csr: Csr,
    certificate: Certificate,
    envelope: Vec<u8>,
    signed: Vec<u8>,
    /// `signed` as a streaming library writes it.
    indefinite: Vec<u8>,
}

static MESSAGES: LazyLock<Messages> = LazyLock::new(|| {
    let key = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
    let name = "CN=laptop-7,O=Example";
    let params = CsrParams::new(name.parse().unwrap()).challenge("one-time password");
    let csr = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    let year = Duration::from_secs(365 * 86_400);
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), year);
    let certificate = CertificateParams::ca(
        name.parse().unwrap(),
        key.public_key().clone(),
        validity,
        &RustCrypto,
    )
    .unwrap();
    let certificate = certificate.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    let envelope = Seal::default().envelope(csr.as_der(), &certificate, &RustCrypto).unwrap();
    let signed = signed(&certificate, &envelope).unsigned(&RustCrypto).unwrap().sign(&key).unwrap();
    let indefinite = indefinite(&signed);
    Messages { key, params, csr, certificate, envelope, signed, indefinite }
});

fn signed(certificate: &Certificate, content: &[u8]) -> SignedDataParams {
    let mut params = SignedDataParams::new(certificate.clone(), content.to_vec());
    params.certificates = vec![certificate.clone()];
    params
}

/// Every value down to the content with an indefinite length, and the content in chunks of 1000
/// octets.
fn indefinite(der: &[u8]) -> Vec<u8> {
    fn write(mut values: Reader<'_>, depth: usize, out: &mut Vec<u8>) {
        while !values.is_empty() {
            let value = values.any("a value").unwrap();
            let is_content = value.tag == tag::OCTET_STRING && value.value.len() > 1000;
            if is_content {
                out.extend([0x24, 0x80]);
                for chunk in value.value.chunks(1000) {
                    out.extend(Writer::build(|w| w.value(tag::OCTET_STRING, chunk)));
                }
                out.extend([0, 0]);
            } else if value.tag & 0x20 != 0 && depth < 4 {
                out.extend([value.tag, 0x80]);
                write(value.reader(), depth.saturating_add(1), out);
                out.extend([0, 0]);
            } else {
                out.extend(value.raw);
            }
        }
    }
    let mut out = Vec::new();
    write(Reader::new(der), 0, &mut out);
    out
}

/// Runs `read` on `bytes`, counted.
fn reading<T>(bencher: Bencher<'_, '_>, bytes: &[u8], read: impl Fn(&[u8]) -> T + Sync) {
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| read(black_box(bytes)));
}

mod ber_to_der {
    use super::{Bencher, Limits, MESSAGES, ber, reading};

    #[divan::bench]
    fn der(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, &MESSAGES.signed, |bytes| ber::normalise(bytes, &limits).unwrap().len());
    }

    #[divan::bench]
    fn indefinite(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, &MESSAGES.indefinite, |bytes| {
            ber::normalise(bytes, &limits).unwrap().len()
        });
    }
}

mod signed_data {
    use super::{Bencher, Limits, MESSAGES, RustCrypto, SignedData, black_box, reading, signed};
    use der::Decode;

    #[divan::bench]
    fn parse(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, &MESSAGES.signed, |bytes| SignedData::parse(bytes, &limits).unwrap());
    }

    #[divan::bench]
    fn parse_indefinite(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, &MESSAGES.indefinite, |bytes| SignedData::parse(bytes, &limits).unwrap());
    }

    #[divan::bench]
    fn parse_by_cms_crate(bencher: Bencher<'_, '_>) {
        reading(bencher, &MESSAGES.signed, |bytes| {
            let outer = cms::content_info::ContentInfo::from_der(bytes).unwrap();
            outer.content.decode_as::<cms::signed_data::SignedData>().unwrap()
        });
    }

    /// Includes the SHA-256 of the content.
    #[divan::bench]
    fn write(bencher: Bencher<'_, '_>) {
        let params = signed(&MESSAGES.certificate, &MESSAGES.envelope);
        bencher
            .bench(|| black_box(&params).unsigned(&RustCrypto).unwrap().attach(&[1; 256]).unwrap());
    }
}

mod enveloped_data {
    use super::{Bencher, EnvelopedData, Limits, MESSAGES, reading};
    use der::Decode;

    #[divan::bench]
    fn parse(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, &MESSAGES.envelope, |bytes| EnvelopedData::parse(bytes, &limits).unwrap());
    }

    #[divan::bench]
    fn parse_by_cms_crate(bencher: Bencher<'_, '_>) {
        reading(bencher, &MESSAGES.envelope, |bytes| {
            let outer = cms::content_info::ContentInfo::from_der(bytes).unwrap();
            outer.content.decode_as::<cms::enveloped_data::EnvelopedData>().unwrap()
        });
    }
}

mod request {
    use super::{Bencher, Csr, Limits, MESSAGES, Messages, Signer, black_box, reading};
    use der::Decode;

    #[divan::bench]
    fn parse(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, MESSAGES.csr.as_der(), |bytes| Csr::parse(bytes, &limits).unwrap());
    }

    #[divan::bench]
    fn parse_by_x509_cert_crate(bencher: Bencher<'_, '_>) {
        reading(bencher, MESSAGES.csr.as_der(), |bytes| {
            x509_cert::request::CertReq::from_der(bytes).unwrap()
        });
    }

    /// Includes reading what was written.
    #[divan::bench]
    fn write(bencher: Bencher<'_, '_>) {
        let Messages { params, key, .. } = &*MESSAGES;
        bencher.bench(|| {
            black_box(params).unsigned(key.public_key()).unwrap().attach(&[1; 256]).unwrap()
        });
    }
}

mod certificate {
    use super::{Bencher, Certificate, Limits, MESSAGES, reading};
    use der::Decode;

    #[divan::bench]
    fn parse(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        reading(bencher, MESSAGES.certificate.as_der(), |bytes| {
            Certificate::parse(bytes, &limits).unwrap()
        });
    }

    #[divan::bench]
    fn parse_by_x509_cert_crate(bencher: Bencher<'_, '_>) {
        reading(bencher, MESSAGES.certificate.as_der(), |bytes| {
            x509_cert::Certificate::from_der(bytes).unwrap()
        });
    }
}

mod bundle {
    use super::{Bencher, Bundle, Limits, MESSAGES, black_box, reading};

    #[divan::bench]
    fn parse(bencher: Bencher<'_, '_>) {
        let limits = Limits::default();
        let bundle = Bundle::new([&MESSAGES.certificate]).to_der();
        reading(bencher, &bundle, |bytes| Bundle::parse(bytes, &limits).unwrap());
    }

    #[divan::bench]
    fn write(bencher: Bencher<'_, '_>) {
        bencher.bench(|| Bundle::new([black_box(&MESSAGES.certificate)]).to_der());
    }
}
