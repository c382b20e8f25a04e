//! A pkiMessage written by hand, so that each part can be odd or wrong by itself, and one read
//! part by part.

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::{AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::cms::{Bundle, Content, EnvelopedData, Seal, SignedData};
use devicecert_pki::{Certificate, Limits, Provider, Signer, ToBeSigned, Tolerance, oid};
use devicecert_scep::{AttributeName, PkiStatus};
use rsa::pkcs8::DecodePrivateKey;

use super::{Server, Who};

pub(crate) const TRANSACTION: &str = "0123456789ABCDEF";

pub(crate) fn printable(text: &str) -> Vec<u8> {
    string(tag::PRINTABLE_STRING, text)
}

pub(crate) fn string(tag: u8, text: &str) -> Vec<u8> {
    Writer::build(|w| w.value(tag, text.as_bytes()))
}

pub(crate) fn octets(octets: &[u8]) -> Vec<u8> {
    Writer::build(|w| w.value(tag::OCTET_STRING, octets))
}

pub(crate) fn utc_time(text: &str) -> Vec<u8> {
    string(tag::UTC_TIME, text)
}

/// How a hand-made message is signed.
#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    Pkcs1,
    /// With a salt as long as the digest.
    Pss,
}

/// How the attributes of a hand-made message stand, where they are signed and where they are sent.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Order {
    /// Sorted, as DER asks.
    Der,
    Reversed,
}

#[derive(Clone)]
pub(crate) struct PkiMessage {
    pub(crate) signer: Certificate,
    pub(crate) key: &'static PrivateKey,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) digest: DigestAlgorithm,
    pub(crate) scheme: Scheme,
    pub(crate) order: Order,
    /// How digest and signature are named, where not as this project does.
    pub(crate) named: Option<[AlgorithmIdentifier; 2]>,
    attributes: Vec<(ObjectIdentifier, Vec<u8>)>,
}

impl PkiMessage {
    /// A request of this messageType with this envelope, as a device sends it.
    pub(crate) fn request(who: &Who, message_type: &str, envelope: Vec<u8>) -> Self {
        let signer = who.self_signed();
        let empty = Self {
            certificates: vec![signer.clone()],
            signer,
            key: who.key,
            content: Some(envelope),
            digest: DigestAlgorithm::Sha256,
            scheme: Scheme::Pkcs1,
            order: Order::Der,
            named: None,
            attributes: Vec::new(),
        };
        empty
            .with(AttributeName::TransactionId, printable(TRANSACTION))
            .with(AttributeName::MessageType, printable(message_type))
            .with(AttributeName::SenderNonce, octets(&[7; 16]))
    }

    /// A PKCSReq for the device's own request.
    pub(crate) fn pkcs_req(who: &Who, server: &Server) -> Self {
        let csr = who.csr(Some(super::CHALLENGE));
        Self::request(who, "19", server.envelope(csr.as_der()))
    }

    /// A CertRep to `request`, signed by the server.
    pub(crate) fn reply(server: &Server, request: &[u8], status: PkiStatus) -> Self {
        let request = Received::parse(request);
        let signer = server.authority.signer().clone();
        let empty = Self {
            certificates: vec![signer.clone()],
            signer,
            key: server.key,
            content: Some(Vec::new()),
            digest: DigestAlgorithm::Sha256,
            scheme: Scheme::Pkcs1,
            order: Order::Der,
            named: None,
            attributes: Vec::new(),
        };
        let nonce = request.octets(AttributeName::SenderNonce).unwrap();
        empty
            .with(
                AttributeName::TransactionId,
                printable(&request.text(AttributeName::TransactionId).unwrap()),
            )
            .with(AttributeName::MessageType, printable("3"))
            .with(AttributeName::PkiStatus, printable(&status.code().to_string()))
            .with(AttributeName::RecipientNonce, octets(&nonce))
            .with(AttributeName::SenderNonce, octets(&[9; 16]))
    }

    /// A SUCCESS with these certificates, enveloped to whoever signed `request`.
    pub(crate) fn success<'a>(
        server: &Server,
        request: &[u8],
        certificates: impl IntoIterator<Item = &'a Certificate>,
    ) -> Self {
        let to = Received::parse(request).signer();
        let mut reply = Self::reply(server, request, PkiStatus::Success);
        let bundle = Bundle::new(certificates).to_der();
        reply.content = Some(Seal::default().envelope(&bundle, &to, &RustCrypto).unwrap());
        reply
    }

    /// The same with another value of this attribute.
    pub(crate) fn with(self, name: AttributeName, value: Vec<u8>) -> Self {
        self.without(name).and(name.oid(), value)
    }

    pub(crate) fn without(mut self, name: AttributeName) -> Self {
        self.attributes.retain(|(oid, _)| *oid != name.oid());
        self
    }

    /// The same with one more attribute.
    pub(crate) fn and(mut self, oid: ObjectIdentifier, value: Vec<u8>) -> Self {
        self.attributes.push((oid, value));
        self
    }

    /// The same, signed by somebody else, whose certificate comes along.
    pub(crate) fn signed_by(mut self, signer: Certificate, key: &'static PrivateKey) -> Self {
        self.certificates = vec![signer.clone()];
        (self.signer, self.key) = (signer, key);
        self
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let content = self.content.as_deref();
        let hashed = RustCrypto.digest(self.digest, content.unwrap_or_default()).unwrap();
        let required = [
            (oid::CONTENT_TYPE, Writer::build(|w| w.oid(&oid::DATA))),
            (oid::MESSAGE_DIGEST, octets(&hashed)),
        ];
        let attributes: Vec<Vec<u8>> = required
            .iter()
            .chain(&self.attributes)
            .map(|(oid, value)| {
                Writer::build(|w| {
                    w.sequence(|w| {
                        w.oid(oid);
                        w.value(tag::SET, value);
                    });
                })
            })
            .collect();
        let to_be_signed = self.order.set(tag::SET, &attributes);
        let (algorithm, signature) = sign(self.key, self.scheme, self.digest, to_be_signed);
        let own = [self.digest.identifier(), algorithm.signer_info_identifier().unwrap()];
        let [digest, algorithm] = self.named.clone().unwrap_or(own);
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&oid::SIGNED_DATA);
                w.nested(tag::constructed(0), |w| {
                    w.sequence(|w| {
                        w.unsigned(1);
                        w.nested(tag::SET, |w| digest.write(w));
                        w.sequence(|w| {
                            w.oid(&oid::DATA);
                            if let Some(content) = content {
                                w.nested(tag::constructed(0), |w| w.raw(&octets(content)));
                            }
                        });
                        if !self.certificates.is_empty() {
                            w.nested(tag::constructed(0), |w| {
                                self.certificates.iter().for_each(|one| w.raw(one.as_der()));
                            });
                        }
                        w.nested(tag::SET, |w| {
                            w.sequence(|w| {
                                w.unsigned(1);
                                w.sequence(|w| {
                                    w.raw(self.signer.issuer().as_der());
                                    w.value(tag::INTEGER, self.signer.serial());
                                });
                                digest.write(w);
                                w.raw(&self.order.set(tag::constructed(0), &attributes));
                                algorithm.write(w);
                                w.raw(&octets(&signature));
                            });
                        });
                    });
                });
            });
        })
    }
}

impl Order {
    fn set(self, tag: u8, attributes: &[Vec<u8>]) -> Vec<u8> {
        let mut sorted = attributes.to_vec();
        sorted.sort();
        if self == Self::Reversed {
            sorted.reverse();
        }
        Writer::build(|w| w.value(tag, &sorted.concat()))
    }
}

/// A signature, also one of a kind that no key of this project makes.
pub(crate) fn sign(
    key: &PrivateKey,
    scheme: Scheme,
    digest: DigestAlgorithm,
    message: Vec<u8>,
) -> (SignatureAlgorithm, Vec<u8>) {
    let hashed = RustCrypto.digest(digest, &message).unwrap();
    let foreign = || {
        let pkcs8 = key.to_pkcs8_der().unwrap();
        rsa::RsaPrivateKey::from_pkcs8_der(pkcs8.expose()).unwrap()
    };
    match (scheme, digest) {
        (Scheme::Pkcs1, DigestAlgorithm::Md5) => {
            let scheme = rsa::Pkcs1v15Sign::new::<md5::Md5>();
            let signature = foreign().sign(scheme, &hashed).unwrap();
            (SignatureAlgorithm::RsaPkcs1(digest), signature)
        }
        (Scheme::Pkcs1, _) => {
            let public = key.public_key();
            let algorithm = public.signature_algorithm(digest).unwrap();
            let ask = ToBeSigned::new(public.clone(), algorithm, message);
            (algorithm, key.sign(&ask).unwrap())
        }
        (Scheme::Pss, _) => {
            assert_eq!(digest, DigestAlgorithm::Sha256);
            let salt_len = digest.output_len();
            let scheme = rsa::Pss::<sha2::Sha256>::new_with_salt(salt_len);
            let mut chance = rsa::rand_core::UnwrapErr(getrandom::SysRng);
            let signature = foreign().sign_with_rng(&mut chance, scheme, &hashed).unwrap();
            (SignatureAlgorithm::RsaPss { digest, mgf1: digest, salt_len }, signature)
        }
    }
}

/// A pkiMessage that somebody sent.
pub(crate) struct Received(pub(crate) SignedData);

impl Received {
    pub(crate) fn parse(der: &[u8]) -> Self {
        Self(SignedData::parse(der, &Limits::default()).unwrap())
    }

    /// Tag and octets of an attribute.
    pub(crate) fn value(&self, name: AttributeName) -> Option<(u8, Vec<u8>)> {
        let attributes = self.0.signer().unwrap().unverified_attributes();
        let mut values = attributes.iter().filter(|attribute| attribute.oid == name.oid());
        let attribute = values.next()?;
        assert!(values.next().is_none() && attribute.values.len() == 1, "{name} twice");
        let tlv = Tlv::parse(&attribute.values[0], "a value").unwrap();
        Some((tlv.tag, tlv.value.to_vec()))
    }

    /// An attribute that must be a PrintableString.
    pub(crate) fn text(&self, name: AttributeName) -> Option<String> {
        let (tag, value) = self.value(name)?;
        assert_eq!(tag, tag::PRINTABLE_STRING, "{name}");
        Some(String::from_utf8(value).unwrap())
    }

    /// An attribute that must be an OCTET STRING.
    pub(crate) fn octets(&self, name: AttributeName) -> Option<Vec<u8>> {
        let (tag, value) = self.value(name)?;
        assert_eq!(tag, tag::OCTET_STRING, "{name}");
        Some(value)
    }

    /// pkiStatus and failInfo as they stand there.
    pub(crate) fn outcome(&self) -> (String, Option<String>) {
        (self.text(AttributeName::PkiStatus).unwrap(), self.text(AttributeName::FailInfo))
    }

    pub(crate) fn signer(&self) -> Certificate {
        self.0.signer_certificate(&Limits::default(), &Tolerance::STRICT).unwrap()
    }

    pub(crate) fn envelope(&self) -> EnvelopedData {
        let Content::Octets(content) = self.0.unverified_content() else { panic!("no content") };
        EnvelopedData::parse(content, &Limits::default()).unwrap()
    }

    /// What the envelope holds, opened with the key of `recipient`.
    pub(crate) fn open(&self, recipient: &Certificate, key: &PrivateKey) -> Vec<u8> {
        let locked = self.envelope().lock(recipient, &RustCrypto, &Tolerance::STRICT).unwrap();
        locked.unlock(key).unwrap().expose().to_vec()
    }
}
