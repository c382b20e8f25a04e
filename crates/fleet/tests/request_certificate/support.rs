//! A Fleet server whose database, identity provider and CA are the test's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_fleet::message_signature::{
    HostIdentity, KeyId, SignedDevice, SignedRequest, Window,
};
use devicecert_fleet::request_certificate::{
    Authority, CaId, Caller, EnrolledHost, Introspection, Issued, Reply, Role, Service, Step,
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
pub(crate) const ADMIN: Caller = Caller::User(Role::GlobalAdmin);

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

pub(crate) fn device(host: Option<EnrolledHost>) -> Caller {
    Caller::Device(signed_device(), host)
}

pub(crate) fn host(username: Option<&str>) -> Option<EnrolledHost> {
    Some(EnrolledHost { idp_username: username.map(str::to_owned) })
}

fn signed_device() -> SignedDevice {
    let identity = HostIdentity::new(KeyId::from(1), KEY.public_key().clone()).unwrap();
    let now = Time::from_unix(1_800_000_000);
    let request = Request::post("https://fleet.example/x").body(Vec::new()).unwrap();
    let request = identity.unsigned(request, now, &[0; 32], &RustCrypto).unwrap();
    let request = request.sign(&*KEY).unwrap();
    let signed = SignedRequest::required(&request, &Limits::default()).unwrap();
    signed.verify(&identity, now, Window::default(), &RustCrypto).unwrap()
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

    pub(crate) fn call(&mut self, caller: &Caller, body: &serde_json::Value) -> Response<Vec<u8>> {
        self.call_with(caller, body.to_string().as_bytes())
    }

    pub(crate) fn call_with(&mut self, caller: &Caller, body: &[u8]) -> Response<Vec<u8>> {
        let mut handling = match self.service.handle(caller, CaId::from(3), body) {
            Ok(handling) => handling,
            Err(refusal) => return refusal.to_http(),
        };
        loop {
            handling = match handling.step() {
                Step::LookUp(asked) => {
                    assert_eq!(asked.id(), CaId::from(3));
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
                Step::Done(Reply::Issued(text)) => return text.to_http(),
                Step::Done(Reply::Refused(refusal)) => return refusal.to_http(),
            };
        }
    }

    /// Status and reason of a call that gets nothing.
    pub(crate) fn refuses(&mut self, caller: &Caller, body: &serde_json::Value) -> (u16, String) {
        reason(&self.call(caller, body))
    }

    pub(crate) fn issues(&mut self, caller: &Caller, body: &serde_json::Value) -> String {
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
