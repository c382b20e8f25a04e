//! Requests of every kind, most of them nearly right.

use core::time::Duration;
use std::sync::LazyLock;

use devicecert::identity::{
    Acme, Attribute, Ca, Consumer, EapTls, IdentityRequest, Key, KeyStorage, KeyType, KeyUsage,
    ObjectIdentifier, Pkcs12, RenewBefore, Renewal, Scep, Scope, Source, Subject, Wifi,
};
use devicecert::mobileconfig::payload::{Attestation, Curve};
use devicecert::mobileconfig::plist::Text;
use devicecert::pki::{Certificate, GeneralName, Secret};
use devicecert::scep::Fingerprint;
use devicecert::syncml::{Hash, ValidFor};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::support::{ISSUER, OTHER_RADIUS, RADIUS, ROOT, certificate};

static CERTIFICATES: LazyLock<Vec<Certificate>> =
    LazyLock::new(|| [ROOT, ISSUER, RADIUS, OTHER_RADIUS].map(certificate).to_vec());

/// Text as people write it, text as attackers do, and text with variables.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => "[A-Za-z0-9 .-]{1,12}",
        3 => r##"[,+;="#<>\\/ '&%$_@{}a-c]{0,10}"##,
        1 => any::<String>(),
        1 => r"(\$FLEET_VAR_[A-Z]{1,4}|%[A-Z][a-z]{2,6}%|\{\{[A-Z][a-z]{1,5}\}\}|\$[A-Z]{2,6})[ a-z,]{0,3}",
    ]
}

fn secret() -> impl Strategy<Value = Secret> {
    prop_oneof![
        4 => text().prop_map(Secret::from),
        1 => vec(any::<u8>(), 0..8).prop_map(Secret::new),
    ]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let kinds = prop_oneof![
        30 => prop::sample::select(vec!["CN", "OU", "o", "serialNumber", "2.5.4.5", "1.2.5.3"]),
        1 => prop::sample::select(vec!["C", "DC", "E", "nonsense", "3.1", ""]),
    ];
    (kinds, text(), any::<bool>()).prop_map(|(kind, value, raw)| {
        let mut attribute = Attribute::new(kind, value);
        if raw {
            attribute.kind = kind.into();
        }
        attribute
    })
}

fn subject() -> impl Strategy<Value = Subject> {
    let rdn = prop_oneof![20 => vec(attribute(), 1..3), 1 => Just(Vec::new())];
    vec(rdn, 0..4).prop_map(|rdns| rdns.into_iter().fold(Subject::new(), Subject::with_rdn))
}

fn alternative_name() -> impl Strategy<Value = GeneralName> {
    prop_oneof![
        text().prop_map(GeneralName::Email),
        text().prop_map(GeneralName::Dns),
        text().prop_map(GeneralName::Uri),
        text().prop_map(GeneralName::Upn),
        any::<[u8; 4]>().prop_map(|octets| GeneralName::Ip(octets.into())),
    ]
}

fn ca() -> impl Strategy<Value = Ca> {
    prop_oneof![
        any::<[u8; 20]>().prop_map(|octets| Ca::Fingerprint(Fingerprint::sha1(octets))),
        any::<[u8; 32]>().prop_map(|octets| Ca::Fingerprint(Fingerprint::sha256(octets))),
        (0..4_usize).prop_map(|at| Ca::from(CERTIFICATES[at].clone())),
        text().prop_map(|text| Ca::Placeholder(Text::from(text))),
    ]
}

fn scep() -> impl Strategy<Value = Source> {
    let retry = (0..50_u32, prop_oneof![0..200_000_u64, any::<u64>()]);
    let options = (of(text()), of(text()), of(secret()), of(ca()), of(retry));
    let urls = prop_oneof![3 => vec("https://[a-z]{1,8}/[a-z]{0,4}", 1..3), 1 => vec(text(), 0..3)];
    (urls, options).prop_map(|(urls, (identifier, template, challenge, ca, retry))| {
        let mut scep = Scep::new("");
        scep.server_urls = urls;
        scep.ca_identifier = identifier;
        scep.template = template;
        scep.challenge = challenge;
        scep.ca = ca;
        match retry {
            Some((count, millis)) => scep.retry(count, Duration::from_millis(millis)).into(),
            None => scep.into(),
        }
    })
}

fn source() -> impl Strategy<Value = Source> {
    let pkcs12 = (any::<bool>(), vec(any::<u8>(), 0..8), text(), secret());
    prop_oneof![
        6 => scep(),
        1 => (text(), text()).prop_map(|(url, client)| Acme::new(url, client).into()),
        1 => pkcs12.prop_map(|(template, bytes, text, password)| match template {
            true => Pkcs12::placeholder(text, password).into(),
            false => Pkcs12::new(Secret::new(bytes), password).into(),
        }),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    let kind = prop_oneof![
        6 => prop::sample::select(vec![1024, 2048, 4096]).prop_map(KeyType::Rsa),
        1 => any::<u32>().prop_map(KeyType::Rsa),
        1 => prop::sample::select(vec![Curve::P192, Curve::P256, Curve::P384, Curve::P521])
            .prop_map(KeyType::Ec),
    ];
    let storage = prop_oneof![
        Just(KeyStorage::Software),
        Just(KeyStorage::Tpm),
        Just(KeyStorage::TpmIfPresent),
        (text(), of(text()))
            .prop_map(|(container, prompt)| KeyStorage::WindowsHello { container, prompt }),
        Just(KeyStorage::SecureEnclave(Attestation::Required)),
    ];
    (kind, storage, any::<bool>(), any::<bool>()).prop_map(|(kind, storage, extractable, all)| {
        let mut key = Key::default();
        key.kind = kind;
        key.storage = storage;
        key.extractable = extractable;
        key.all_apps_access = all;
        key
    })
}

fn usage() -> impl Strategy<Value = KeyUsage> {
    let bits = [
        KeyUsage::DIGITAL_SIGNATURE,
        KeyUsage::KEY_ENCIPHERMENT,
        KeyUsage::KEY_CERT_SIGN,
        KeyUsage::CRL_SIGN,
    ];
    prop::sample::subsequence(bits.to_vec(), 1..=4)
        .prop_map(|some| some.into_iter().reduce(|all, bit| all | bit).unwrap())
}

fn renewal() -> impl Strategy<Value = Renewal> {
    let before = prop_oneof![
        any::<u32>().prop_map(RenewBefore::Days),
        (0..=100_u8).prop_map(RenewBefore::Percent)
    ];
    (of(before), of(attribute()), of(any::<u32>())).prop_map(|(before, marker, notice)| {
        let mut renewal = Renewal::default();
        renewal.before = before;
        renewal.marker = marker;
        renewal.notice_days = notice;
        renewal
    })
}

fn consumers() -> impl Strategy<Value = Vec<Consumer>> {
    let wifi = (text(), prop::sample::subsequence(vec![0, 1, 2, 3], 0..3), vec(text(), 0..2));
    vec(
        wifi.prop_map(|(ssid, roots, names)| {
            let roots = roots.into_iter().map(|at| CERTIFICATES[at].clone()).collect();
            Wifi::new(ssid, EapTls::new(roots, names)).into()
        }),
        0..2,
    )
}

prop_compose! {
    /// A request of all that can be asked for.
    pub(crate) fn identity()(
        identifier in prop_oneof![3 => "[a-z.]{1,12}", 1 => text()],
        (source, subject, names) in (source(), subject(), vec(alternative_name(), 0..4)),
        (key, usage, renewal) in (key(), usage(), renewal()),
        purposes in vec((0..40_u32).prop_map(|arc| format!("1.3.6.1.{arc}")), 0..3),
        hash in of(prop::sample::select(vec![
            Hash::Sha1, Hash::Sha2, Hash::Sha1OrSha2, Hash::Sha256,
        ])),
        validity in of(any::<u32>().prop_map(ValidFor::Months)),
        trust in prop::sample::subsequence(vec![0, 1, 2, 3], 0..3),
        consumers in consumers(),
        (user, name) in (any::<bool>(), of(text())),
    ) -> IdentityRequest {
        let mut identity = IdentityRequest::new(identifier, source).subject(subject);
        identity.alternative_names = names;
        identity.key = key;
        identity.usage = usage;
        identity.renewal = renewal;
        identity.purposes =
            purposes.iter().map(|oid| ObjectIdentifier::new(oid).unwrap()).collect();
        identity.hash = hash;
        identity.validity = validity;
        identity.trust = trust.into_iter().map(|at| CERTIFICATES[at].clone()).collect();
        identity.consumers = consumers;
        identity.scope = if user { Scope::User } else { Scope::Device };
        identity.display_name = name;
        identity
    }
}
