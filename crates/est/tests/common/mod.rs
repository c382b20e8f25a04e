//! A device and a server for tests, in memory.
#![allow(dead_code)]

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_est::{
    Authorisation, Call, ChannelBinding, Client, CsrAttrs, Decision, Endpoint, Enrol, Enrolment,
    EnvelopeKey, Error, GenerateKey, Issued, Refusal, Request, Service, Step, WantedProtection,
};
use devicecert_pki::{
    Certificate, CertificateParams, Csr, CsrParams, Decryptor, Extension, GeneralName, KeyKind,
    Secret, Signer, Time, ToBeSigned, Validity,
};
use http::Response;

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
pub(crate) const URL: &str = "https://est.test";
pub(crate) const DAY: Duration = Duration::from_secs(86_400);
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 86_400);

pub(crate) static CA: LazyLock<PrivateKey> = LazyLock::new(p256);
pub(crate) static OLD_CA: LazyLock<PrivateKey> = LazyLock::new(p256);
pub(crate) static DEVICE: LazyLock<PrivateKey> = LazyLock::new(p256);
/// What the device makes for its renewal.
pub(crate) static NEW: LazyLock<PrivateKey> = LazyLock::new(p256);
pub(crate) static STRANGER: LazyLock<PrivateKey> = LazyLock::new(p256);
pub(crate) static RSA: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap());

pub(crate) fn p256() -> PrivateKey {
    PrivateKey::generate(KeyKind::P256).unwrap()
}

pub(crate) fn endpoint() -> Endpoint {
    Endpoint::new(URL).unwrap()
}

pub(crate) fn csr(name: &str, key: &PrivateKey) -> Csr {
    signed(&CsrParams::new(name.parse().unwrap()), key)
}

pub(crate) fn signed(params: &CsrParams, key: &PrivateKey) -> Csr {
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

/// A self-signed CA certificate that is valid for `years` from a year ago.
pub(crate) fn root(name: &str, key: &PrivateKey, years: u32) -> Certificate {
    let name: devicecert_pki::Name = name.parse().unwrap();
    let validity = Validity::lasting(NOW.before(YEAR), YEAR * years);
    let params = CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto);
    params.unwrap().unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

/// A CA certificate for `key` that `issuer_key` signed.
pub(crate) fn ca_below(
    name: &str,
    key: &PrivateKey,
    issuer: &str,
    issuer_key: &PrivateKey,
) -> Certificate {
    let validity = Validity::lasting(NOW.before(YEAR), YEAR * 3);
    let name = name.parse().unwrap();
    let mut params =
        CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto).unwrap();
    params.issuer = issuer.parse().unwrap();
    params.unsigned(issuer_key.public_key()).unwrap().sign(issuer_key).unwrap()
}

pub(crate) fn issue(
    ca: &Certificate,
    ca_key: &PrivateKey,
    csr: &Csr,
    further: Vec<Extension>,
) -> Certificate {
    let validity = Validity::lasting(NOW.before(DAY), YEAR);
    let key = csr.public_key().clone();
    let subject = csr.subject().clone();
    let mut params =
        CertificateParams::end_entity(ca, subject, key, validity, &RustCrypto).unwrap();
    params.extensions.extend(further);
    params.unsigned(ca_key.public_key()).unwrap().sign(ca_key).unwrap()
}

pub(crate) fn base64(octets: &[u8]) -> Vec<u8> {
    STANDARD.encode(octets).into_bytes()
}

pub(crate) fn unbase64(text: &str) -> Vec<u8> {
    let dense: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(dense).unwrap()
}

/// A response as a server writes it.
pub(crate) fn response(
    status: u16,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Response<Vec<u8>> {
    let builder = headers
        .iter()
        .fold(Response::builder().status(status), |b, (name, value)| b.header(*name, *value));
    builder.body(body.into()).unwrap()
}

pub(crate) const CERTS_ONLY: (&str, &str) =
    ("Content-Type", "application/pkcs7-mime; smime-type=certs-only");

/// A certs-only message by hand, in the order given.
pub(crate) fn certs_only<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Vec<u8> {
    devicecert_pki::cms::Bundle::new(certificates).to_der()
}

/// A server that decides like a small CA.
pub(crate) struct Server {
    pub(crate) service: Service,
    pub(crate) ca: Certificate,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) attrs: Option<CsrAttrs>,
    pub(crate) client: Client,
    /// How often it says "later" before it issues.
    pub(crate) patience: RefCell<u32>,
    /// What it calls its symmetric keys.
    pub(crate) kek: Secret,
    /// Certificates it can encrypt to, found by subjectKeyIdentifier.
    pub(crate) known: Vec<Certificate>,
}

pub(crate) const KEK_NAME: &[u8] = b"kek-1";

impl Server {
    pub(crate) fn new() -> Self {
        let ca = root("CN=EST CA,O=Test", &CA, 10);
        let mut client = Client::default();
        client.user = Some("device".to_owned());
        Self {
            service: Service::default(),
            certificates: vec![ca.clone()],
            ca,
            attrs: None,
            client,
            patience: RefCell::new(0),
            kek: Secret::new(vec![7; 32]),
            known: Vec::new(),
        }
    }

    pub(crate) fn issue(&self, csr: &Csr) -> Certificate {
        let names = csr.extensions().get(devicecert_pki::oid::SUBJECT_ALT_NAME).cloned();
        issue(&self.ca, &CA, csr, names.into_iter().collect())
    }

    pub(crate) fn handle(&self, request: &http::Request<Vec<u8>>) -> Response<Vec<u8>> {
        let call = match self.service.route(request) {
            Ok(call) => call,
            Err(error) => return self.service.refuse(&error),
        };
        self.answer(&call, request).unwrap_or_else(|error| call.refuse_error(&error))
    }

    fn answer(
        &self,
        call: &Call<'_>,
        request: &http::Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Error> {
        match call.read(request, &self.client, &RustCrypto)? {
            Request::CaCerts => Ok(call.ca_certs(&self.certificates)),
            Request::CsrAttrs => Ok(call.csr_attrs(self.attrs.as_ref())),
            Request::Enrol(enrol) => call.reply(&self.decide(&enrol)?),
            Request::GenerateKey(generate) => call.reply(&self.generate(&generate)?),
            other => panic!("{other:?}"),
        }
    }

    fn decide(&self, enrol: &Enrol) -> Result<Decision, Error> {
        let mut patience = self.patience.borrow_mut();
        if *patience > 0 {
            *patience -= 1;
            return Ok(Decision::Wait { after: Duration::from_secs(30), text: None });
        }
        let renewal =
            enrol.renewal(std::slice::from_ref(&self.ca), NOW, &RustCrypto, &self.service);
        let why = match renewal {
            Ok(evidence) => evidence.accept(),
            Err(_) => enrol.client().authorised_user(),
        };
        match why {
            Some(why) => enrol.grant(why, self.issue(enrol.csr())),
            None => Ok(Decision::Refuse(Refusal::forbidden("not you"))),
        }
    }

    fn generate(&self, generate: &GenerateKey) -> Result<Decision, Error> {
        let key = p256();
        let certificate = self.issue(&csr(&generate.csr().subject().to_string(), &key));
        let pkcs8 = key.to_pkcs8_der().unwrap();
        let why = Authorisation::by_policy();
        let envelope_key = match generate.wanted() {
            WantedProtection::Tls => return generate.grant(why, certificate, pkcs8),
            WantedProtection::SymmetricKey(name) if name == KEK_NAME => {
                EnvelopeKey::Symmetric(&self.kek)
            }
            WantedProtection::AsymmetricKey(name) => {
                let known = self
                    .known
                    .iter()
                    .find(|one| one.extensions().subject_key_identifier() == Some(name.as_slice()));
                match known {
                    Some(known) => EnvelopeKey::Certificate(known),
                    None => return Ok(Decision::Refuse(Refusal::forbidden("unknown key"))),
                }
            }
            _ => return Ok(Decision::Refuse(Refusal::forbidden("unknown key"))),
        };
        let unsigned = generate.grant_enveloped(
            why,
            certificate,
            &pkcs8,
            envelope_key,
            &self.ca,
            &RustCrypto,
        )?;
        Ok(unsigned.sign(&*CA)?)
    }
}

/// Runs an enrolment to its end; a server that wants to wait is waited for.
pub(crate) fn drive(
    enrolment: &mut Enrolment,
    key: &PrivateKey,
    server: impl Fn(&http::Request<Vec<u8>>) -> Response<Vec<u8>>,
) -> Result<Issued, Error> {
    let mut now = NOW;
    for _ in 0..20 {
        match enrolment.step(now)? {
            Step::Send(request) => enrolment.received(&server(&request), now)?,
            Step::Sign(ask) => {
                enrolment.signed(&key.sign(&ask).map_err(devicecert_pki::Error::from)?)?;
            }
            Step::Decrypt(ask) => {
                enrolment.decrypted(RSA.decrypt(&ask).or_else(|_| STRANGER.decrypt(&ask)))?;
            }
            Step::Wait(pause) => now = now.after(pause),
            Step::Done(issued) => return Ok(*issued),
        }
    }
    panic!("no end in sight")
}

/// The signature that another key than the one asked would make.
pub(crate) fn forge(ask: &ToBeSigned, key: &PrivateKey) -> Vec<u8> {
    let message = ask.message.clone();
    key.sign(&ToBeSigned::new(key.public_key().clone(), ask.algorithm, message)).unwrap()
}

/// What an enrolment sends.
pub(crate) fn sent(enrolment: &mut Enrolment, key: &PrivateKey) -> http::Request<Vec<u8>> {
    for _ in 0..5 {
        match enrolment.step(NOW).unwrap() {
            Step::Send(request) => return request,
            Step::Sign(ask) => enrolment.signed(&key.sign(&ask).unwrap()).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    panic!("nothing sent")
}

/// The request inside what was sent.
pub(crate) fn csr_of(request: &http::Request<Vec<u8>>) -> Csr {
    let text = String::from_utf8(request.body().clone()).unwrap();
    Csr::parse(&unbase64(&text), &devicecert_pki::Limits::default()).unwrap()
}

pub(crate) fn exporter(fill: u8) -> ChannelBinding {
    ChannelBinding::tls_exporter([fill; 32])
}

pub(crate) fn dns(name: &str) -> GeneralName {
    GeneralName::Dns(name.to_owned())
}
