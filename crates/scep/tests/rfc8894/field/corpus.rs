//! Every combination of what peers of SCEP do differently: the form of the encoding, parameters
//! that are NULL or absent, the name of the signature algorithm, key transport, cipher,
//! certificates, nonce and content.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{
    AlgorithmIdentifier, ContentCipher, DigestAlgorithm, KeyTransport,
};
use devicecert_pki::cms::{Bundle, RecipientInfo, Seal};
use devicecert_pki::error::{Rejected, Unsupported};
use devicecert_pki::{Certificate, Limits, oid};
use devicecert_scep::error::InvalidMessage;
use devicecert_scep::{
    AttributeName, Content, Enrolment, Error, FailInfo, PkiStatus, Refusal, Tolerance,
};

use super::ber::{definite_pieces, indefinite};
use crate::common::pki_message::{PkiMessage, Received, octets, printable};
use crate::common::surgery::{KEY_ENCRYPTION_ALGORITHM, changed, without_parameters};
use crate::common::{CHALLENGE, NOW, Server, Who, keys, legacy, receive, until_sent, waiting};

const SENDER: AttributeName = AttributeName::SenderNonce;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// As most write.
    Der,
    /// Apple since 2022: indefinite lengths in the envelope, DER around it.
    BerInDer,
    /// Go of 2016: encryptedContent is constructed, with definite lengths.
    Pieces,
    /// BouncyCastle, and so EJBCA and jscep: indefinite lengths everywhere.
    Ber,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Parameters {
    Null,
    /// Go.
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Signature {
    /// Windows, OpenSSL, cryptlib, and Apple in 2016.
    RsaEncryption,
    /// Apple since 2022, Go, BouncyCastle.
    Sha256WithRsa,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Certificates {
    Signer,
    /// NDES, Dogtag and others in replies.
    Absent,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Inside {
    Envelope,
    Absent,
    Empty,
}

const OAEP_SHA256: KeyTransport =
    KeyTransport::RsaOaep { digest: DigestAlgorithm::Sha256, mgf1: DigestAlgorithm::Sha256 };

const PARAMETERS: [Parameters; 2] = [Parameters::Null, Parameters::Absent];
const SIGNATURES: [Signature; 2] = [Signature::RsaEncryption, Signature::Sha256WithRsa];
const CERTIFICATES: [Certificates; 2] = [Certificates::Signer, Certificates::Absent];
const FORMS: [Form; 4] = [Form::Der, Form::BerInDer, Form::Pieces, Form::Ber];
const TRANSPORTS: [KeyTransport; 3] =
    [KeyTransport::RsaPkcs1, KeyTransport::RSA_OAEP_SHA1, OAEP_SHA256];
const CIPHERS: [ContentCipher; 4] = [
    ContentCipher::DesEde3Cbc,
    ContentCipher::Aes128Cbc,
    ContentCipher::Aes256Cbc,
    ContentCipher::DesCbc,
];
/// Octets of a nonce: what the RFC asks for, Apple until 2016, old devices.
const NONCES: [Option<usize>; 3] = [Some(16), Some(8), None];

#[derive(Clone, Copy, Debug)]
struct Variant {
    form: Form,
    parameters: Parameters,
    signature: Signature,
    transport: KeyTransport,
    cipher: ContentCipher,
    certificates: Certificates,
    nonce: Option<usize>,
    inside: Inside,
}

/// What this project sends.
const OURS: Variant = Variant {
    form: Form::Der,
    parameters: Parameters::Null,
    signature: Signature::RsaEncryption,
    transport: KeyTransport::RsaPkcs1,
    cipher: ContentCipher::Aes128Cbc,
    certificates: Certificates::Signer,
    nonce: Some(16),
    inside: Inside::Envelope,
};

/// Each of `variants` with each of `values`.
fn varied<T: Copy>(
    variants: &[Variant],
    values: &[T],
    set: impl Fn(&mut Variant, T),
) -> Vec<Variant> {
    let mut all = Vec::new();
    for variant in variants {
        for value in values {
            let mut variant = *variant;
            set(&mut variant, *value);
            all.push(variant);
        }
    }
    all
}

/// Every SignedData around whatever there is inside.
fn frames() -> Vec<Variant> {
    let all = varied(&[OURS], &PARAMETERS, |variant, parameters| variant.parameters = parameters);
    let all = varied(&all, &SIGNATURES, |variant, signature| variant.signature = signature);
    let all = varied(&all, &CERTIFICATES, |variant, brought| variant.certificates = brought);
    varied(&all, &NONCES, |variant, nonce| variant.nonce = nonce)
}

fn with_envelope() -> Vec<Variant> {
    let all = varied(&frames(), &FORMS, |variant, form| variant.form = form);
    let all = varied(&all, &TRANSPORTS, |variant, transport| variant.transport = transport);
    varied(&all, &CIPHERS, |variant, cipher| variant.cipher = cipher)
}

fn without_envelope() -> Vec<Variant> {
    let all = varied(&frames(), &[Form::Der, Form::Ber], |variant, form| variant.form = form);
    varied(&all, &[Inside::Absent, Inside::Empty], |variant, inside| variant.inside = inside)
}

impl Variant {
    const fn seal(&self) -> Seal {
        Seal::new(self.cipher, self.transport)
    }

    fn envelope(&self, content: &[u8], recipient: &Certificate) -> Vec<u8> {
        let der = self.seal().envelope(content, recipient, &RustCrypto).unwrap();
        let der = match self.parameters {
            Parameters::Null => der,
            Parameters::Absent => changed(&der, KEY_ENCRYPTION_ALGORITHM, |algorithm| {
                match self.transport {
                    OAEP_SHA256 => {
                        // Of the digest, and of the digest of MGF1.
                        let bare = changed(algorithm, &[1, 0, 0], without_parameters);
                        changed(&bare, &[1, 1, 0, 1], without_parameters)
                    }
                    _ => without_parameters(algorithm),
                }
            }),
        };
        match self.form {
            Form::Der => der,
            Form::Pieces => definite_pieces(&der),
            Form::BerInDer | Form::Ber => indefinite(&der, 7),
        }
    }

    /// The message that `honest` becomes, around `content` enveloped to `recipient`.
    fn written(&self, honest: &PkiMessage, content: &[u8], recipient: &Certificate) -> Vec<u8> {
        let mut message = honest.clone();
        message.content = match self.inside {
            Inside::Envelope => Some(self.envelope(content, recipient)),
            Inside::Absent => None,
            Inside::Empty => Some(Vec::new()),
        };
        let signature = match self.signature {
            Signature::RsaEncryption => oid::RSA_ENCRYPTION,
            Signature::Sha256WithRsa => oid::SHA256_WITH_RSA,
        };
        message.named = Some([oid::SHA256, signature].map(|oid| match self.parameters {
            Parameters::Null => AlgorithmIdentifier::with_null(oid),
            Parameters::Absent => AlgorithmIdentifier::without_parameters(oid),
        }));
        if self.certificates == Certificates::Absent {
            message.certificates.clear();
        }
        message = match self.nonce {
            Some(length) => message.with(SENDER, octets(&vec![7; length])),
            None => message.without(SENDER),
        };
        match self.form {
            Form::Der | Form::BerInDer | Form::Pieces => message.to_der(),
            Form::Ber => indefinite(&message.to_der(), 6),
        }
    }

    /// Why a server refuses it as a request.
    fn refusal_of_server(&self, tolerance: &Tolerance) -> Result<(), Error> {
        if self.certificates == Certificates::Absent {
            return Err(devicecert_pki::Error::from(Rejected::NoSignerCertificate).into());
        }
        if self.nonce.is_none() && !tolerance.missing_sender_nonce {
            return Err(InvalidMessage::Missing { name: SENDER.name() }.into());
        }
        if self.inside != Inside::Envelope {
            return Err(InvalidMessage::NoEnvelope.into());
        }
        self.refusal_of_cipher(tolerance)
    }

    fn refusal_of_cipher(&self, tolerance: &Tolerance) -> Result<(), Error> {
        match self.cipher == ContentCipher::DesCbc && !tolerance.cms.legacy_algorithms {
            true => Err(devicecert_pki::Error::from(Unsupported::Legacy("single DES")).into()),
            false => Ok(()),
        }
    }
}

fn device() -> Who {
    Who { name: "CN=device-1", key: &keys::SMALL }
}

#[test]
fn every_combination_as_a_request() {
    assert_eq!((with_envelope().len(), without_envelope().len()), (1152, 96));
    let csr = device().csr(Some(CHALLENGE));
    let honest = PkiMessage::request(&device(), "19", Vec::new());
    let mut server = Server::with_key(&keys::SMALL_CA);
    let recipient = server.authority.recipient().clone();
    for variant in [with_envelope(), without_envelope()].concat() {
        let message = variant.written(&honest, csr.as_der(), &recipient);
        for tolerance in [Tolerance::STRICT, Tolerance::default(), legacy()] {
            server.authority.tolerance = tolerance;
            let expected = variant.refusal_of_server(&tolerance);
            let verified = server.verify(&message).map(drop);
            assert_eq!(verified, expected, "{variant:?} {tolerance:?}");
        }
        // What an operator has who knows the devices: the default, or more where that is needed.
        let mut tolerance = Tolerance::default();
        if let Err(error) = variant.refusal_of_server(&tolerance) {
            server.authority.tolerance = tolerance;
            let outcome = server.reply(&message).outcome();
            let fail_info = FailInfo::from(&error).code().to_string();
            assert_eq!(outcome, ("2".to_owned(), Some(fail_info)), "{variant:?}");
            tolerance = legacy();
        }
        if variant.refusal_of_server(&tolerance).is_ok() {
            server.authority.tolerance = tolerance;
            is_granted(&server, &message, &variant, csr.as_der());
        }
    }
}

/// The server reads what was meant and answers in kind.
fn is_granted(server: &Server, message: &[u8], variant: &Variant, csr: &[u8]) {
    let request = server.open(message);
    let Content::Enrol(enrol) = request.content() else { panic!("{variant:?} {request:?}") };
    assert_eq!(enrol.csr().as_der(), csr, "{variant:?}");
    let transaction = request.transaction();
    assert_eq!(transaction.digest(), DigestAlgorithm::Sha256);
    assert_eq!(transaction.sender_nonce().map(|nonce| nonce.as_bytes().len()), variant.nonce);

    let reply = server.reply(message);
    assert_eq!(reply.outcome(), ("0".to_owned(), None), "{variant:?}");
    let nonce = reply.octets(AttributeName::RecipientNonce);
    assert_eq!(nonce, variant.nonce.map(|length| vec![7; length]), "{variant:?}");
    let envelope = reply.envelope();
    let (cipher, _) =
        ContentCipher::from_identifier(envelope.content_encryption_algorithm()).unwrap();
    let [RecipientInfo::KeyTransport(recipient)] = envelope.recipients() else { panic!() };
    assert_eq!(recipient.algorithm, variant.transport.identifier(), "{variant:?}");
    let answered = match variant.cipher {
        ContentCipher::DesCbc => ContentCipher::DesEde3Cbc,
        other => other,
    };
    assert_eq!(cipher, answered, "{variant:?}");
    let content = reply.open(transaction.signer(), device().key);
    let bundle = Bundle::parse(&content, &Limits::default()).unwrap();
    let issued = bundle.decoded(&Limits::default()).next().unwrap().unwrap();
    assert_eq!(issued.public_key(), enrol.csr().public_key());
}

/// A device that has sent its request, and the request.
fn asked(server: &Server, tolerance: Tolerance) -> (Enrolment, Vec<u8>) {
    let device = device();
    let mut enrolment = device.enrolment(server);
    enrolment.options().tolerance = tolerance;
    let request = until_sent(&mut enrolment, device.key, server, NOW).into_body();
    (enrolment, request)
}

#[test]
fn every_combination_as_a_reply_with_a_certificate() {
    let server = Server::with_key(&keys::SMALL_CA);
    let device = device();
    let issued = server.issue(&device.csr(None));
    let bundle = Bundle::new([&issued]).to_der();
    let chain = vec![issued, server.authority.ca().clone()];
    for variant in with_envelope() {
        for tolerance in [Tolerance::default(), legacy()] {
            let expected = variant.refusal_of_cipher(&tolerance).map(|()| chain.clone());
            let (mut enrolment, request) = asked(&server, tolerance);
            let recipient = Received::parse(&request).signer();
            let honest = PkiMessage::reply(&server, &request, PkiStatus::Success);
            let reply = variant.written(&honest, &bundle, &recipient);
            let received = receive(&mut enrolment, device.key, reply);
            assert_eq!(received, expected, "{variant:?} {tolerance:?}");
            if received.is_ok() {
                break;
            }
        }
    }
}

#[test]
fn every_combination_as_a_refusal_and_as_pending() {
    let server = Server::with_key(&keys::SMALL_CA);
    let key = device().key;
    for variant in without_envelope() {
        for (status, expected) in [
            (PkiStatus::Failure, Error::Refused(Refusal::new(FailInfo::BadRequest))),
            (PkiStatus::Pending, waiting()),
        ] {
            let (mut enrolment, request) = asked(&server, Tolerance::default());
            let mut honest = PkiMessage::reply(&server, &request, status);
            if status == PkiStatus::Failure {
                honest = honest.with(AttributeName::FailInfo, printable("2"));
            }
            let reply = variant.written(&honest, &[], server.authority.ca());
            let error = receive(&mut enrolment, key, reply).unwrap_err();
            assert_eq!(error, expected, "{variant:?}");
        }
    }
}
