//! What a client sent, read and checked (RFC 7030 §4).

use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::{Certificate, Csr, Provider, Time, oid as pki_oid};
use http::Request as HttpRequest;

use crate::body;
use crate::change_subject_name::ChangeSubjectName;
use crate::cmc::FullRequest;
use crate::error::{Error, InvalidRequest};
use crate::grant::{NoRenewal, RenewalEvidence};
use crate::key_generation::WantedProtection;
use crate::linking::{self, ChannelBinding, Linking};
use crate::media_type::{CMC_REQUEST, MediaType, PKCS7_MIME, PKCS10};
use crate::operation::Operation;
use crate::service::{Call, Service};

/// Who asks, as far as TLS and HTTP have told the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Client {
    /// The certificate with which it authenticated in TLS, if that led to a CA that this server
    /// believes. With the purpose id-kp-cmcRA it counts as a registration authority (§3.7), so do
    /// not hand in certificates of other people's CAs.
    pub certificate: Option<Certificate>,
    /// The user whose password was right.
    pub user: Option<String>,
    /// What tells this TLS connection from every other.
    pub binding: Option<ChannelBinding>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// The CA certificates: answer with [`Call::ca_certs`].
    CaCerts,
    /// The CSR attributes: answer with [`Call::csr_attrs`].
    CsrAttrs,
    /// A certificate.
    Enrol(Box<Enrol>),
    /// A certificate and its key.
    GenerateKey(Box<GenerateKey>),
    /// Whatever a Full PKI Request asks.
    FullCmc(Box<FullRequest>),
}

/// A request for a certificate, signed with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrol {
    csr: Csr,
    operation: Operation,
    linking: Linking,
    changes: Option<ChangeSubjectName>,
    client: Client,
}

/// A request for a certificate and its key. The key and the signature of the request mean nothing
/// and were not looked at (§4.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerateKey {
    csr: Csr,
    pub(crate) wanted: WantedProtection,
    pub(crate) cipher: ContentCipher,
    changes: Option<ChangeSubjectName>,
    client: Client,
}

impl Call<'_> {
    /// Reads the request.
    ///
    /// A certification request is checked with its own key (but for key generation), and its link
    /// to TLS, where it has one, with [`Client::binding`].
    ///
    /// # Errors
    /// Whatever is wrong with it; answer with [`Call::refuse_error`].
    pub fn read<B: AsRef<[u8]>>(
        &self,
        request: &HttpRequest<B>,
        client: &Client,
        provider: &dyn Provider,
    ) -> Result<Request, Error> {
        let Service { tolerance, limits, .. } = self.service;
        match self.operation() {
            Operation::CaCerts => Ok(Request::CaCerts),
            Operation::CsrAttrs => Ok(Request::CsrAttrs),
            Operation::FullCmc => {
                self.expect(request, PKCS7_MIME, CMC_REQUEST)?;
                let der = body::decode_cms(request.body().as_ref(), tolerance, limits)?;
                let full = FullRequest::parse(&der, provider, tolerance, limits)?;
                for (_, csr) in full.data().csrs() {
                    self.check_linking(csr, client)?;
                }
                Ok(Request::FullCmc(Box::new(full)))
            }
            Operation::ServerKeyGen => {
                let csr = self.read_csr(request)?;
                let (wanted, cipher) = WantedProtection::of(&csr, limits)?;
                let client = client.clone();
                self.check_linking(&csr, &client)?;
                let changes = ChangeSubjectName::of(&csr)?;
                let generate = GenerateKey { csr, wanted, cipher, changes, client };
                Ok(Request::GenerateKey(Box::new(generate)))
            }
            operation @ (Operation::SimpleEnroll | Operation::SimpleReenroll) => {
                let csr = self.read_csr(request)?;
                csr.verify(provider, &tolerance.cms)?;
                let linking = self.check_linking(&csr, client)?;
                let changes = ChangeSubjectName::of(&csr)?;
                let client = client.clone();
                Ok(Request::Enrol(Box::new(Enrol { csr, operation, linking, changes, client })))
            }
        }
    }

    fn read_csr<B: AsRef<[u8]>>(&self, request: &HttpRequest<B>) -> Result<Csr, Error> {
        let Service { tolerance, limits, .. } = self.service;
        self.expect(request, PKCS10, PKCS10)?;
        let octets = body::decode_cms(request.body().as_ref(), tolerance, limits)?;
        Ok(Csr::parse(&octets, &limits.pki)?)
    }

    fn expect<B>(
        &self,
        request: &HttpRequest<B>,
        essence: &str,
        expected: &'static str,
    ) -> Result<(), Error> {
        let Service { tolerance, limits, .. } = self.service;
        let is_due = MediaType::of(request.headers(), limits).is_some_and(|one| one.is(essence));
        match is_due || tolerance.other_content_type {
            true => Ok(()),
            false => Err(InvalidRequest::ContentType { expected }.into()),
        }
    }

    fn check_linking(&self, csr: &Csr, client: &Client) -> Result<Linking, Error> {
        match client.is_registration_authority() {
            true => Ok(Linking::Vouched),
            false => linking::check(csr, client.binding.as_ref(), self.service.linking),
        }
    }
}

impl Client {
    /// Whether the client's certificate has the purpose id-kp-cmcRA: it hands on requests of
    /// others (§3.7).
    #[must_use]
    pub fn is_registration_authority(&self) -> bool {
        self.certificate
            .as_ref()
            .and_then(|certificate| certificate.extensions().extended_key_usage())
            .is_some_and(|purposes| purposes.contains(&pki_oid::CMC_RA))
    }
}

impl Enrol {
    /// The request exactly as it was received.
    #[must_use]
    pub const fn csr(&self) -> &Csr {
        &self.csr
    }

    /// `/simpleenroll` or `/simplereenroll`. It decides nothing: what makes a renewal is
    /// [`renewal`](Self::renewal).
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// What was found out about its link to TLS.
    #[must_use]
    pub const fn linking(&self) -> Linking {
        self.linking
    }

    /// The names that are wanted instead of those of the old certificate.
    #[must_use]
    pub const fn changes(&self) -> Option<&ChangeSubjectName> {
        self.changes.as_ref()
    }

    /// Who asks.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Whether this comes from the holder of a valid certificate that one of `cas` issued, and has
    /// its names (§4.2.2).
    ///
    /// # Errors
    /// [`NoRenewal`] says what is missing.
    pub fn renewal(
        &self,
        cas: &[Certificate],
        now: Time,
        provider: &dyn Provider,
        service: &Service,
    ) -> Result<RenewalEvidence, NoRenewal> {
        let asked = (&self.csr, self.changes());
        RenewalEvidence::find(asked, &self.client, cas, now, provider, &service.tolerance.cms)
    }
}

impl GenerateKey {
    /// The request exactly as it was received.
    #[must_use]
    pub const fn csr(&self) -> &Csr {
        &self.csr
    }

    /// How the key is to be protected.
    #[must_use]
    pub const fn wanted(&self) -> &WantedProtection {
        &self.wanted
    }

    /// The names that are wanted instead of those of the client's certificate.
    #[must_use]
    pub const fn changes(&self) -> Option<&ChangeSubjectName> {
        self.changes.as_ref()
    }

    /// Who asks.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Whether this comes from the holder of a valid certificate that one of `cas` issued, and has
    /// its names: as [`Enrol::renewal`], but that the key of the request proves nothing.
    ///
    /// # Errors
    /// [`NoRenewal`] says what is missing.
    pub fn renewal(
        &self,
        cas: &[Certificate],
        now: Time,
        provider: &dyn Provider,
        service: &Service,
    ) -> Result<RenewalEvidence, NoRenewal> {
        let asked = (&self.csr, self.changes());
        RenewalEvidence::find(asked, &self.client, cas, now, provider, &service.tolerance.cms)
    }
}
