//! A server that grants whatever it can open, and a device whose messages can be made by hand.

use core::time::Duration;

use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::cms::{Seal, SignedData, SignedDataParams};
use devicecert_pki::{
    Attribute, Certificate, CertificateParams, Csr, CsrParams, Limits, Secret, Signer, Time,
    Validity, WithPasswords,
};
use devicecert_scep::{
    AttributeName, Authorisation, Authority, Content, Decision, FailInfo, Message, PkiStatus,
    Refusal, Reply,
};

use crate::backends::{Backend, DEVICE, Key};

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
pub(crate) const CHALLENGE: &str = "Xyzzy-challenge";
/// What a reply carries where nobody checks its signature: making one costs a private key.
const NO_SIGNATURE: [u8; 256] = [0; 256];

pub(crate) struct Server {
    pub(crate) backend: &'static Backend,
    pub(crate) authority: Authority,
    pub(crate) key: Box<dyn Key>,
    /// The device's request, the certificate it signs with, and the one it is to get.
    pub(crate) csr: Csr,
    pub(crate) signer: Certificate,
    pub(crate) issued: Certificate,
}

/// What a server does with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// HTTP status 400.
    BadRequest,
    /// SUCCESS, for the very request that the device made.
    Granted,
    /// FAILURE. `octets` is the whole reply with zeros for senderNonce and signature.
    Refused { fail_info: FailInfo, octets: Vec<u8> },
}

impl Server {
    pub(crate) fn new(backend: &'static Backend) -> Self {
        Self::with_key(backend, backend.ca_key())
    }

    /// A CA with this key.
    pub(crate) fn with_key(backend: &'static Backend, key: Box<dyn Key>) -> Self {
        let provider = backend.provider;
        let validity = Validity::lasting(NOW, Duration::from_secs(86_400 * 365));
        let ca = CertificateParams::ca(
            "CN=Test CA".parse().unwrap(),
            key.public_key().clone(),
            validity,
            provider,
        )
        .unwrap();
        let ca = ca.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
        let csr = CsrParams::new("CN=device-1".parse().unwrap())
            .challenge(CHALLENGE)
            .unsigned(DEVICE.public_key())
            .unwrap()
            .sign(&*DEVICE)
            .unwrap();
        let signer = CertificateParams::self_signed(
            csr.subject().clone(),
            DEVICE.public_key().clone(),
            validity,
            provider,
        )
        .unwrap();
        let signer = signer.unsigned(DEVICE.public_key()).unwrap().sign(&*DEVICE).unwrap();
        let issued = CertificateParams::end_entity(
            &ca,
            csr.subject().clone(),
            DEVICE.public_key().clone(),
            validity,
            provider,
        )
        .unwrap();
        let issued = issued.unsigned(ca.public_key()).unwrap().sign(&*key).unwrap();
        Self { backend, authority: Authority::new(ca).unwrap(), key, csr, signer, issued }
    }

    /// The envelope of an honest PKCSReq.
    pub(crate) fn envelope(&self) -> Vec<u8> {
        let recipient = self.authority.recipient();
        Seal::default().envelope(self.csr.as_der(), recipient, self.backend.provider).unwrap()
    }

    /// `content` as a PKCSReq, signed properly.
    pub(crate) fn signed(&self, content: Vec<u8>) -> Vec<u8> {
        self.signed_as("19", content)
    }

    /// `content` as a message of this type, signed properly.
    pub(crate) fn signed_as(&self, message_type: &str, content: Vec<u8>) -> Vec<u8> {
        let printable = |name: AttributeName, text: &str| {
            let value = Writer::build(|w| w.value(tag::PRINTABLE_STRING, text.as_bytes()));
            Attribute::new(name.oid(), value)
        };
        let nonce = Writer::build(|w| w.value(tag::OCTET_STRING, &[7; 16]));
        let mut params = SignedDataParams::new(self.signer.clone(), content);
        params.certificates = vec![self.signer.clone()];
        params.attributes = vec![
            printable(AttributeName::TransactionId, "0123456789ABCDEF"),
            printable(AttributeName::MessageType, message_type),
            Attribute::new(AttributeName::SenderNonce.oid(), nonce),
        ];
        params.unsigned(self.backend.provider).unwrap().sign(&*DEVICE).unwrap()
    }

    /// What a server does with `body`; `sign` makes or forgoes the signature of the reply.
    pub(crate) fn reply(&self, body: &[u8]) -> Option<devicecert_pki::Unsigned<Reply>> {
        let Self { authority, backend, .. } = self;
        let message = Message::parse(body, &authority.limits).ok()?;
        match message.verify(authority, backend.provider) {
            Ok(locked) => {
                let challenges = [Secret::from(CHALLENGE)];
                let opener = WithPasswords::new(&*self.key, &challenges, backend.provider);
                let request = locked.unlock(&opener).unwrap();
                let decision = match request.content() {
                    Content::Enrol(enrol) => {
                        // Damage may make a request unreadable, never into another one.
                        assert_eq!(enrol.csr(), &self.csr);
                        let authorisation = Authorisation::by_administrator();
                        request.grant(authorisation, self.issued.clone()).unwrap()
                    }
                    Content::GetCert(_) | Content::GetCrl(_) | Content::Poll => {
                        Decision::Refuse(Refusal::new(FailInfo::BadCertId))
                    }
                    // Whatever is decided here must not matter.
                    Content::Unreadable(_) => Decision::Defer,
                };
                Some(request.reply(decision, authority, backend.provider).unwrap())
            }
            Err(error) => message.refuse(&error, authority, backend.provider).unwrap(),
        }
    }

    pub(crate) fn answer(&self, body: &[u8]) -> Answer {
        let Some(reply) = self.reply(body) else { return Answer::BadRequest };
        let reply = reply.attach(&NO_SIGNATURE).unwrap();
        match reply.status() {
            PkiStatus::Success => Answer::Granted,
            PkiStatus::Failure => refused(&reply),
            other => panic!("a damaged message is answered with {other}"),
        }
    }
}

fn refused(reply: &Reply) -> Answer {
    let signed = SignedData::parse(reply.as_der(), &Limits::default()).unwrap();
    let value = |name: AttributeName| {
        let attributes = signed.signer().unwrap().unverified_attributes();
        let attribute = attributes.iter().find(|attribute| attribute.oid == name.oid()).unwrap();
        Tlv::parse(&attribute.values[0], "a value").unwrap().value.to_vec()
    };
    let fail_info = match value(AttributeName::FailInfo).as_slice() {
        b"0" => FailInfo::BadAlg,
        b"1" => FailInfo::BadMessageCheck,
        b"2" => FailInfo::BadRequest,
        b"4" => FailInfo::BadCertId,
        other => panic!("failInfo {other:?}"),
    };
    let nonce = value(AttributeName::SenderNonce);
    let mut octets = reply.as_der().to_vec();
    let at = octets.windows(nonce.len()).position(|window| window == nonce).unwrap();
    octets[at..at + nonce.len()].fill(0);
    Answer::Refused { fail_info, octets }
}
