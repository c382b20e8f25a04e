//! A server with every kind of CA, and CAs that answer.

use std::sync::LazyLock;
use std::time::Duration;

use devicecert::ca::{Credentials, digicert, ndes, smallstep};
use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::delivery::{Authorities, CaId, CustomScep, Fetch, Ndes, Step};
use devicecert::fleet::proxy::Record;
use devicecert::fleet::{Destination, Host, Template, User};
use devicecert::pki::{
    Certificate, CertificateParams, Csr, KeyKind, Limits, Secret, Signer, Time, Validity, from_pem,
    to_pem,
};
use devicecert::{Delivery, Error};
use http::{Request, Response};

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
pub(crate) const HOST: &str = "6C3E1A22-0C5B-4D0F-8F5B-2F9E1C0A7D11";
pub(crate) const PROFILE: &str = "a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC";
pub(crate) const PROXY: &str = "https://mdm.example.com/mdm/scep/proxy/";

pub(crate) const API_TOKEN: &str = "01_digicert-api-token";
pub(crate) const NDES_PASSWORD: &str = "ndes-password";
pub(crate) const NDES_CHALLENGE: &str = "8CE317021F690069";
pub(crate) const SMALLSTEP_PASSWORD: &str = "smallstep-password";
pub(crate) const SMALLSTEP_CHALLENGE: &str = "smallstep-one-time";
pub(crate) const CUSTOM_CHALLENGE: &str = "correct horse";

/// The key that a caller makes for DigiCert.
pub(crate) static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());
static CA_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());

pub(crate) fn digicert_settings() -> digicert::Settings {
    let mut settings = digicert::Settings::new("CORP", "https://one.digicert.com/");
    settings.api_token = Secret::from(API_TOKEN);
    settings.profile_id = "cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40".into();
    settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
    settings.certificate_seat_id = "${FLEET_VAR_HOST_END_USER_EMAIL_IDP}".into();
    settings.certificate_user_principal_names = vec!["$FLEET_VAR_HOST_END_USER_EMAIL_IDP".into()];
    settings
}

pub(crate) fn smallstep(name: &str) -> smallstep::Account {
    let settings = smallstep::Settings::new(
        name,
        "https://example.scep.smallstep.com/p/agents/integration-fleet",
        "https://example.ca.smallstep.com/webhook/challenge",
        Credentials::new("fleet", SMALLSTEP_PASSWORD),
    );
    settings.account().unwrap()
}

pub(crate) fn ndes() -> Ndes {
    let settings = ndes::Settings::new(
        "https://ndes.example.com/certsrv/mscep/mscep.dll",
        "https://ndes.example.com/certsrv/mscep_admin/",
        Credentials::new(r"EXAMPLE\svc-ndes", NDES_PASSWORD),
    );
    Ndes::Microsoft(settings.account().unwrap())
}

pub(crate) fn custom_scep(name: &str, challenge: &str) -> CustomScep {
    let url = "https://ca.example.com/scep".parse().unwrap();
    CustomScep::new(name.parse().unwrap(), url, challenge)
}

/// Every kind of CA, each by a name of its own.
pub(crate) fn authorities() -> Authorities {
    let mut all = Authorities::new("https://mdm.example.com".parse().unwrap());
    all.digicert(digicert_settings().account().unwrap()).unwrap();
    all.smallstep(smallstep("STEP")).unwrap();
    all.custom_scep(custom_scep("WIFI", CUSTOM_CHALLENGE)).unwrap();
    all.ndes(ndes()).unwrap();
    all
}

pub(crate) fn nothing() -> Authorities {
    Authorities::new("https://mdm.example.com".parse().unwrap())
}

pub(crate) fn host() -> Host {
    let user = User {
        username: "o'brien@example.com".into(),
        email: "o'brien@example.com".into(),
        ..User::default()
    };
    Host::new(HOST, PROFILE).serial("C02XK1").platform("darwin").user(user)
}

/// A property list with each text as the value of a key of its own.
pub(crate) fn apple(texts: &[&str]) -> Template {
    let mut profile = String::from("<plist version=\"1.0\"><dict>\n");
    for (at, text) in texts.iter().enumerate() {
        let element = if text.contains("_DATA_") { "data" } else { "string" };
        profile.push_str(&format!("<key>K{at}</key><{element}>{text}</{element}>\n"));
    }
    profile.push_str("</dict></plist>\n");
    Template::compile(&profile, Destination::AppleProfile).unwrap()
}

pub(crate) fn windows(texts: &[&str]) -> Template {
    let items = texts.iter().map(|text| {
        format!(
            "<Add><Item><Target><LocURI>./Device/A</LocURI></Target><Data>{text}</Data></Item></Add>"
        )
    });
    Template::compile(&items.collect::<String>(), Destination::WindowsProfile).unwrap()
}

/// The texts of a profile of [`apple`] or [`windows`], in their order.
pub(crate) fn texts(profile: &str) -> Vec<String> {
    let values = profile.split(['\n', '\r']).flat_map(|line| line.split("<Data>"));
    values
        .filter_map(|line| {
            let (_, rest) = match line.split_once("</key><") {
                Some((_, rest)) => rest.split_once('>')?,
                None if line.contains("</Data>") => ("", line),
                None => return None,
            };
            rest.split_once("</").map(|(text, _)| text.to_owned())
        })
        .collect()
}

/// What came of a delivery, and what was asked on the way.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) profile: Result<String, Error>,
    pub(crate) records: Vec<Record>,
    pub(crate) asked: Vec<Fetch>,
}

/// Runs a delivery to its end.
pub(crate) fn run(
    mut delivery: Delivery<'_>,
    mut answer: impl FnMut(&Fetch) -> Response<Vec<u8>>,
) -> Outcome {
    let (mut records, mut asked) = (Vec::new(), Vec::new());
    let profile = loop {
        match delivery.step(NOW) {
            Ok(Step::Fetch(fetch)) => {
                let response = answer(&fetch);
                asked.push(*fetch);
                // What is wrong with it is said again by the next step.
                let _ = delivery.received(&response);
            }
            Ok(Step::GenerateKey(kind)) => {
                assert_eq!(kind, KeyKind::Rsa { bits: 2048 });
                delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
            }
            Ok(Step::Store(all)) => {
                records.extend(all);
                delivery.stored().unwrap();
            }
            Ok(Step::Done(profile)) => break Ok(profile.into_string()),
            Err(error) => break Err(error),
        }
    };
    Outcome { profile, records, asked }
}

/// Delivers a template to [`host`] from [`authorities`] that answer as they should.
pub(crate) fn deliver(template: &Template) -> Outcome {
    let (host, authorities) = (host(), authorities());
    run(Delivery::new(template, &host, &authorities, &RustCrypto), answer)
}

/// What a delivery is refused for, with a CA that answers so.
pub(crate) fn refused(
    template: &Template,
    authorities: &Authorities,
    answer: impl FnMut(&Fetch) -> Response<Vec<u8>>,
) -> devicecert::delivery::Undelivered {
    let host = host();
    let outcome = run(Delivery::new(template, &host, authorities, &RustCrypto), answer);
    match outcome.profile {
        Err(Error::Undelivered(why)) => {
            assert_eq!(outcome.records, [], "what is not delivered leaves nothing behind");
            why
        }
        other => panic!("{other:?}"),
    }
}

/// A CA that does what it is asked.
pub(crate) fn answer(fetch: &Fetch) -> Response<Vec<u8>> {
    match fetch.ca {
        CaId::DigiCert(_) => issued(&fetch.request),
        CaId::Ndes => ndes_page(fetch),
        CaId::Smallstep(_) => response(200, SMALLSTEP_CHALLENGE),
        _ => panic!("{fetch:?}"),
    }
}

pub(crate) fn response(status: u16, body: &str) -> Response<Vec<u8>> {
    Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
}

/// The admin page behind Basic authentication.
pub(crate) fn ndes_page(fetch: &Fetch) -> Response<Vec<u8>> {
    match fetch.request.headers().contains_key("authorization") {
        false => {
            let mut offer = response(401, "");
            offer.headers_mut().insert("WWW-Authenticate", "Basic realm=\"x\"".parse().unwrap());
            offer
        }
        true => {
            let page =
                format!("<P> The enrollment challenge password is: <B> {NDES_CHALLENGE} </B>");
            response(200, &page)
        }
    }
}

/// What DigiCert was asked for.
pub(crate) fn order_of(request: &Request<Vec<u8>>) -> (serde_json::Value, Csr) {
    let order: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    let pem = from_pem("CERTIFICATE REQUEST", order["csr"].as_str().unwrap()).unwrap();
    let csr = Csr::parse(&pem[0], &Limits::default()).unwrap();
    (order, csr)
}

/// A certificate for it.
pub(crate) fn certificate_for(csr: &Csr) -> Certificate {
    let validity = Validity::lasting(NOW, Duration::from_secs(365 * 86_400));
    let mut params = CertificateParams::new(
        "CN=Example CA".parse().unwrap(),
        csr.subject().clone(),
        csr.public_key().clone(),
        validity,
        &RustCrypto,
    )
    .unwrap();
    params.serial = vec![0x0a, 0xbc];
    params.unsigned(CA_KEY.public_key()).unwrap().sign(&*CA_KEY).unwrap()
}

fn issued(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let (_, csr) = order_of(request);
    let body = serde_json::json!({
        "serial_number": "0abc",
        "delivery_format": "x509",
        "certificate": to_pem("CERTIFICATE", certificate_for(&csr).as_der()),
    });
    response(201, &body.to_string())
}
