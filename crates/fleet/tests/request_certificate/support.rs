//! A Fleet server whose database, identity provider and CA are the test's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_fleet::message_signature::{
    HostIdentity, KeyId, SignedDevice, SignedRequest, Window,
};
use devicecert_fleet::request_certificate::{
    Authority, AuthorityId, Caller, EnrolledHost, Introspection, Issued, Refusal, Reply, Role,
    Service, Step,
};
use devicecert_fleet::{Limits, Rules};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::Bundle;
use devicecert_pki::{
    Certificate, CertificateParams, Csr, CsrParams, Extension, GeneralName, KeyKind, Secret,
    Signer, Time, Validity, oid, to_pem,
};
use http::{Request, Response};
use std::sync::LazyLock;
use std::time::Duration;

pub(crate) const EMAIL: &str = "fleetie@example.com";
pub(crate) const IDP: &str = "https://idp.example/oauth2/v1/introspect";
pub(crate) const ADMIN: Caller<'static> = Caller::User(Role::GlobalAdmin);

pub(crate) static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());

pub(crate) fn csr(names: Vec<GeneralName>) -> Csr {
    let mut params = CsrParams::new("CN=Test".parse().unwrap());
    params.subject_alt_name = names;
    params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap()
}

/// The names of Fleet's own test request.
pub(crate) fn good() -> Csr {
    names(EMAIL, EMAIL)
}

pub(crate) fn names(email: &str, upn: &str) -> Csr {
    csr(vec![
        GeneralName::Dns("example.com".into()),
        GeneralName::Email(email.into()),
        GeneralName::Uri("ID:FleetDM:GUID:85700036-11ef-11e1-bbda-389239cc2c41".into()),
        match upn {
            "" => raw_upn(tag::UTF8_STRING, ""),
            upn => GeneralName::Upn(upn.into()),
        },
    ])
}

/// A user principal name as a library would not write it.
pub(crate) fn raw_upn(string: u8, text: &str) -> GeneralName {
    GeneralName::Other(Writer::build(|w| {
        w.nested(tag::constructed(0), |w| {
            w.oid(&oid::NT_PRINCIPAL_NAME);
            w.nested(tag::constructed(0), |w| w.value(string, text.as_bytes()));
        });
    }))
}

pub(crate) fn pem(csr: &Csr) -> String {
    to_pem("CERTIFICATE REQUEST", csr.as_der())
}

pub(crate) fn body(csr: &Csr) -> serde_json::Value {
    serde_json::json!({ "csr": pem(csr) })
}

pub(crate) fn idp_body(csr: &Csr) -> serde_json::Value {
    serde_json::json!({
        "csr": pem(csr),
        "idp_oauth_url": IDP,
        "idp_token": "a token",
        "idp_client_id": "client",
    })
}

pub(crate) fn hydrant() -> Authority {
    Authority::Hydrant {
        url: "https://hydrant.example".into(),
        client_id: Some("id".into()),
        client_secret: Some(Secret::from("secret")),
    }
}

pub(crate) fn ndes() -> Authority {
    Authority::Ndes {
        scep_url: Some("https://ndes.example/certsrv/mscep/mscep.dll".into()),
        admin_url: Some("https://ndes.example/certsrv/mscep_admin/".into()),
    }
}

/// A certificate for the key of [`csr`].
pub(crate) fn certificate() -> Certificate {
    CERTIFICATE.clone()
}

static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| {
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let name = "CN=Test".parse().unwrap();
    let public = KEY.public_key().clone();
    let mut params = CertificateParams::ca(name, public, validity, &RustCrypto).unwrap();
    params.extensions = vec![Extension::extended_key_usage(&[oid::CLIENT_AUTH])];
    params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap()
});

pub(crate) fn other_certificate() -> Certificate {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let name = "CN=CA".parse().unwrap();
    let params = CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto);
    params.unwrap().unsigned(key.public_key()).unwrap().sign(&key).unwrap()
}

/// What an EST server sends: base64 in one line.
pub(crate) fn est_body(certificates: &[Certificate]) -> String {
    STANDARD.encode(Bundle::new(certificates).to_der())
}

/// Somebody who can call.
pub(crate) trait Calls {
    /// Calls with this body, signed by whoever signs.
    fn with<T>(&self, path: &str, body: &[u8], act: impl FnOnce(&Caller<'_>) -> T) -> T;
}

impl Calls for Caller<'_> {
    fn with<T>(&self, _: &str, _: &[u8], act: impl FnOnce(&Caller<'_>) -> T) -> T {
        act(self)
    }
}

/// A device, and the host that it belongs to.
pub(crate) struct Device(Option<EnrolledHost>);

pub(crate) const fn device(host: Option<EnrolledHost>) -> Device {
    Device(host)
}

impl Calls for Device {
    fn with<T>(&self, path: &str, body: &[u8], act: impl FnOnce(&Caller<'_>) -> T) -> T {
        let request = Request::post(format!("https://fleet.example{path}"));
        let request = request.body(body.to_vec()).unwrap();
        act(&Caller::Device(signed(&sign(request)), self.0.clone()))
    }
}

pub(crate) fn host(username: Option<&str>) -> Option<EnrolledHost> {
    Some(EnrolledHost { idp_username: username.map(str::to_owned) })
}

static IDENTITY: LazyLock<HostIdentity> = LazyLock::new(|| {
    let validity = Validity::lasting(NOW, Duration::from_secs(86_400));
    HostIdentity::new(KeyId::from(1), KEY.public_key().clone(), validity).unwrap()
});

const NOW: Time = Time::from_unix(1_800_000_000);

pub(crate) fn sign(request: Request<Vec<u8>>) -> Request<Vec<u8>> {
    IDENTITY.unsigned(request, NOW, &[0; 32], &RustCrypto).unwrap().sign(&*KEY).unwrap()
}

pub(crate) fn signed(request: &Request<Vec<u8>>) -> SignedDevice<'_> {
    let signed = SignedRequest::required(request, &Limits::default()).unwrap();
    signed.verify(&IDENTITY, &["fleet.example"], NOW, Window::default(), &RustCrypto).unwrap()
}

/// Everything that a call meets, and what was asked of it.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) authority: Option<Authority>,
    pub(crate) introspection: Introspection,
    pub(crate) issued: Issued,
    /// What was done, in order.
    pub(crate) done: Vec<&'static str>,
    pub(crate) asked: Option<Request<Vec<u8>>>,
    pub(crate) est_body: String,
}

impl World {
    pub(crate) fn new(rules: Rules) -> Self {
        let mut service = Service::new(rules);
        service.policy.introspection_urls = vec![IDP.into()];
        Self {
            service,
            authority: Some(hydrant()),
            introspection: says(r#"{"active":true,"username":"fleetie@example.com"}"#),
            issued: Issued::Est(est_body(&[certificate()]).into_bytes()),
            done: Vec::new(),
            asked: None,
            est_body: String::new(),
        }
    }

    /// Without identity providers.
    pub(crate) fn closed() -> Self {
        let mut world = Self::new(Rules::Current);
        world.service.policy.introspection_urls.clear();
        world
    }

    pub(crate) fn call(
        &mut self,
        caller: &impl Calls,
        body: &serde_json::Value,
    ) -> Response<Vec<u8>> {
        self.call_with(caller, body.to_string().as_bytes())
    }

    pub(crate) fn call_with(&mut self, caller: &impl Calls, body: &[u8]) -> Response<Vec<u8>> {
        self.outcome(caller, body).unwrap_or_else(|refusal| refusal.to_http())
    }

    /// What an administrator finds in the log about a request that is refused.
    pub(crate) fn logged(&mut self, caller: &impl Calls, body: &serde_json::Value) -> String {
        match self.outcome(caller, body.to_string().as_bytes()) {
            Err(Refusal::InvalidCsr(fault)) => fault.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn outcome(&mut self, caller: &impl Calls, body: &[u8]) -> Result<Response<Vec<u8>>, Refusal> {
        let ca = AuthorityId::from(3);
        let handling =
            caller.with(&ca.path(), body, |caller| self.service.handle(caller, ca, body));
        let mut handling = handling?;
        loop {
            handling = match handling.step() {
                Step::LookUp(asked) => {
                    assert_eq!(asked.id(), AuthorityId::from(3));
                    self.done.push("look up");
                    asked.found(self.authority.clone())
                }
                Step::Introspect(asked) => {
                    self.done.push("introspect");
                    self.asked = Some(asked.request());
                    asked.answered(&self.introspection)
                }
                Step::Issue(asked) => {
                    self.done.push("issue");
                    self.est_body = asked.issue().est_body().to_owned();
                    asked.issued(self.issued.clone())
                }
                Step::Done(Reply::Issued(text)) => return Ok(text.to_http()),
                Step::Done(Reply::Refused(refusal)) => return Err(refusal),
            };
        }
    }

    /// Status and reason of a call that gets nothing.
    pub(crate) fn refuses(
        &mut self,
        caller: &impl Calls,
        body: &serde_json::Value,
    ) -> (u16, String) {
        reason(&self.call(caller, body))
    }

    pub(crate) fn issues(&mut self, caller: &impl Calls, body: &serde_json::Value) -> String {
        let response = self.call(caller, body);
        let text = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), 200, "{text}");
        assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json.as_object().unwrap().len(), 1);
        json["certificate"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn reason(response: &Response<Vec<u8>>) -> (u16, String) {
    let json: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    let reason = json["errors"][0]["reason"].as_str().expect("errors[].reason").to_owned();
    (response.status().as_u16(), reason)
}

pub(crate) fn says(body: &str) -> Introspection {
    Introspection::Response(Response::new(body.as_bytes().to_vec()))
}

pub(crate) const fn refused(status: u16, text: &str) -> (u16, &str) {
    (status, text)
}

/// For `assert_eq!` with [`refused`].
pub(crate) fn told(refusal: &(u16, String)) -> (u16, &str) {
    (refusal.0, &refusal.1)
}
