//! Intune's profiles.

use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::Lost;
use devicecert::mobileconfig::{self, Profile};
use devicecert::pki::{GeneralName, Secret};
use devicecert::product::RsaKeySize;
use devicecert::product::intune::{
    CertificateType, DestinationStore, ImportedPfx, KeyStorageProvider, ScepCertificate,
    TrustedCertificate, strong_mapping,
};
use devicecert::syncml::{Hash, Write};

use crate::support::{
    ISSUER, ISSUER_SHA1, NOTHING, ROOT, ROOT_SHA1, ROOT_SHA256, apple, apple_errors, boolean, data,
    file, node, nodes, number, payload, scep, subject, text, types, windows, windows_errors,
};

fn form() -> ScepCertificate {
    let subject = "CN={{DeviceName}},O=Example";
    let mut form =
        ScepCertificate::new("com.example.wifi", "https://ca.example/scep", subject, file(ROOT));
    form.challenge = Some("c2lnbmVkIGJsb2I=".into());
    form
}

/// The values of a trace in which a device was given a certificate.
#[test]
fn the_form_as_it_is_shown_on_windows() {
    let document = windows(&form().identity().unwrap());
    for (leaf, value) in [
        ("KeyProtection", "2"),
        ("KeyUsage", "160"),
        ("ValidPeriod", "Years"),
        ("ValidPeriodUnits", "1"),
        ("KeyLength", "2048"),
        ("HashAlgorithm", "SHA-2"),
        ("EKUMapping", "1.3.6.1.5.5.7.3.2"),
        ("CAThumbprint", ROOT_SHA1),
        ("Challenge", "c2lnbmVkIGJsb2I="),
        // A variable between quotation marks cannot add to the subject.
        ("SubjectName", "CN=\"{{DeviceName}}\",O=Example"),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    let (first, _) = nodes(&document).swap_remove(0);
    assert!(first.starts_with("./User/Vendor/MSFT/ClientCertificateInstall/SCEP/"));
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn every_field_has_its_node() {
    let mut form = form();
    form.certificate_type = CertificateType::Device;
    form.alternative_names = vec![
        GeneralName::Uri("IntuneDeviceId://{{DeviceId}}".into()),
        GeneralName::Upn("{{UserPrincipalName}}".into()),
        GeneralName::Dns("{{FullyQualifiedDomainName}}".into()),
        GeneralName::Email("{{EmailAddress}}".into()),
        strong_mapping("{{OnPremisesSecurityIdentifier}}"),
    ];
    form.hash_algorithm = Hash::Sha1OrSha2;
    form.key_size = RsaKeySize::Bits4096;
    form.server_urls.push("https://ca2.example/scep".into());
    form.extended_key_usage.push("1.3.6.1.4.1.311.20.2.2".parse().unwrap());
    let document = windows(&form.identity().unwrap());
    for (leaf, value) in [
        ("ServerURL", "https://ca.example/scep;https://ca2.example/scep"),
        ("HashAlgorithm", "SHA-1+SHA-2"),
        ("KeyLength", "4096"),
        ("EKUMapping", "1.3.6.1.5.5.7.3.2+1.3.6.1.4.1.311.20.2.2"),
        (
            "SubjectAlternativeNames",
            "7+IntuneDeviceId://{{DeviceId}};11+{{UserPrincipalName}};\
             3+{{FullyQualifiedDomainName}};2+{{EmailAddress}};\
             7+tag:microsoft.com,2022-09-14:sid:{{OnPremisesSecurityIdentifier}}",
        ),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    let (first, _) = nodes(&document).swap_remove(0);
    assert!(first.starts_with("./Device/"));
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn the_four_key_storage_providers() {
    let hello = KeyStorageProvider::WindowsHello { container: "wifi".into() };
    for (provider, value) in [
        (KeyStorageProvider::TpmIfPresent, "2"),
        (KeyStorageProvider::Tpm, "1"),
        (hello, "4"),
        (KeyStorageProvider::Software, "3"),
    ] {
        let mut form = form();
        // SHA256 alone is what Windows Hello takes.
        form.hash_algorithm = Hash::Sha256;
        form.key_storage = provider;
        let document = windows(&form.identity().unwrap());
        assert_eq!(node(&document, "KeyProtection").as_deref(), Some(value));
        assert_eq!(windows_errors(&document), NOTHING);
    }
}

#[test]
fn the_same_form_on_macos() {
    let mut form = form();
    form.allow_all_apps_access = true;
    let identity = form.identity().unwrap();
    let profile = apple(&identity);
    let scep = scep(&profile);
    assert_eq!(text(profile.root().unwrap(), "PayloadScope"), Some("User"));
    assert_eq!(subject(&scep), ["O=Example", "CN={{DeviceName}}"]);
    assert_eq!(number(&scep, "Key Usage"), Some(5));
    assert_eq!(number(&scep, "Keysize"), Some(2048));
    assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(ROOT_SHA256));
    assert_eq!(boolean(&scep, "AllowAllAppsAccess"), Some(true));
    assert_eq!(apple_errors(&profile), NOTHING);
    let lost: Vec<Lost> = identity
        .to_mobileconfig(&RustCrypto)
        .unwrap()
        .lost
        .into_iter()
        .map(|loss| loss.what)
        .collect();
    assert_eq!(lost, [Lost::KeyStorage, Lost::Purposes, Lost::Hash, Lost::Validity, Lost::Renewal]);
}

#[test]
fn a_trusted_certificate_goes_to_its_store() {
    for (name, store, uri) in [
        (ROOT, DestinationStore::ComputerRoot, format!("./Device/…/Root/{ROOT_SHA1}/…")),
        (ISSUER, DestinationStore::ComputerIntermediate, format!("./Device/…/CA/{ISSUER_SHA1}/…")),
        (ISSUER, DestinationStore::UserIntermediate, format!("./User/…/CA/{ISSUER_SHA1}/…")),
    ] {
        let mut form = TrustedCertificate::new("com.example.root", file(name));
        form.destination_store = store;
        let document = form.to_syncml(Write::Add, &RustCrypto).unwrap();
        let found = nodes(&document).swap_remove(0).0;
        let found = found.replace("Vendor/MSFT/RootCATrustedCertificates", "…");
        assert_eq!(found.replace("EncodedCertificate", "…"), uri);
        assert_eq!(windows_errors(&document), NOTHING);
    }
    let profile =
        TrustedCertificate::new("com.example.root", file(ROOT)).to_mobileconfig().unwrap();
    let text = profile.to_xml().unwrap();
    let profile = Profile::read(text.as_bytes(), &mobileconfig::Limits::default()).unwrap();
    assert_eq!(types(&profile), ["com.apple.security.root"]);
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn an_imported_pfx_is_for_one_user_of_either() {
    let pfx = Secret::new(file("rfc7292/openssl-3des.p12"));
    let form = ImportedPfx::new("mail-1", pfx, "secret");
    let document = windows(&form.identity());
    let parent = "./User/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/mail-1";
    assert_eq!(nodes(&document)[0].0, parent);
    assert_eq!(node(&document, "KeyLocation").as_deref(), Some("2"));
    assert_eq!(windows_errors(&document), NOTHING);
    let profile = apple(&form.identity());
    let pkcs12 = payload(&profile, "com.apple.security.pkcs12");
    assert_eq!(text(&pkcs12, "Password"), Some("secret"));
    assert_eq!(apple_errors(&profile), NOTHING);
}
