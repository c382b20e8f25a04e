//! GetCACert and GetCACaps, as micromdm's scepserver and others answered them.

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm};
use devicecert::pki::cms::Bundle;
use devicecert::scep::{CaCertificates, Capabilities, Tolerance, Trust};

use crate::Case;
use crate::captures::{Captures, bytes, limits};
use crate::peers::{CLIENTS, Servers, files, folders};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("peers::every_get_ca_cert_names_its_ca_and_ra", ca_certificates),
        Case::new("peers::every_get_ca_caps_is_read", capabilities),
    ]
}

/// The bodies of an operation, with the folder that they are in.
fn bodies(captures: &Captures, operation: &str) -> Vec<(String, Vec<u8>)> {
    let folders =
        CLIENTS.iter().flat_map(|client| folders(&captures.path(&format!("peers/{client}"))));
    folders
        .flat_map(|folder| {
            let scenario = folder.file_name().unwrap().to_str().unwrap().to_owned();
            files(&folder, &format!("{operation}.resp.body"))
                .into_iter()
                .map(move |path| (scenario.clone(), bytes(&path)))
        })
        .collect()
}

fn ca_certificates(captures: &Captures) {
    let servers = Servers::new(captures);
    let mut with_ra = 0;
    let all = bodies(captures, "GetCACert");
    assert!(all.len() > 100, "{}", all.len());
    for (scenario, body) in all {
        let tolerance = Tolerance::default();
        let found =
            CaCertificates::parse(&body, &Trust::OnFirstUse, &RustCrypto, &tolerance, &limits())
                .unwrap_or_else(|error| panic!("{scenario}: {error}"));
        captures.count_read(&body);
        assert!([&servers.ca1, &servers.ca2].contains(&found.ca()), "{scenario}");
        let has_ra = Bundle::parse(&body, &limits())
            .is_ok_and(|bundle| bundle.certificates().any(|der| der == servers.ra.as_der()));
        with_ra += usize::from(has_ra);
        match has_ra {
            true => assert_eq!(found.encryption(), &servers.ra, "{scenario}"),
            false => assert_eq!(found.encryption(), found.ca(), "{scenario}"),
        }
        // Whoever pinned it finds it.
        let pinned = Trust::Certificates(vec![found.ca().clone()]);
        CaCertificates::parse(&body, &pinned, &RustCrypto, &tolerance, &limits()).unwrap();
        // And a stranger's is refused.
        let other = if *found.ca() == servers.ca1 { &servers.ca2 } else { &servers.ca1 };
        let pinned = Trust::Certificates(vec![other.clone()]);
        assert!(CaCertificates::parse(&body, &pinned, &RustCrypto, &tolerance, &limits()).is_err());
    }
    assert!(with_ra >= 4, "{with_ra}");
}

fn capabilities(captures: &Captures) {
    let all = bodies(captures, "GetCACaps");
    assert!(all.len() > 100, "{}", all.len());
    for (scenario, body) in all {
        let read = Capabilities::parse(&String::from_utf8(body).unwrap());
        let announced: Vec<&str> = read.iter().collect();
        if let Some(keywords) = scenario.strip_prefix("caps-") {
            let expected: Vec<&str> = keywords.split('_').filter(|word| !word.is_empty()).collect();
            assert_eq!(announced, expected, "{scenario}");
            let standard = read.contains("SCEPStandard");
            let aes = standard || read.contains("AES");
            let cipher = if aes { ContentCipher::Aes128Cbc } else { ContentCipher::DesEde3Cbc };
            assert_eq!((read.cipher(), read.post()), (cipher, standard), "{scenario}");
            let digest = match keywords {
                "SHA-256_AES" | "SCEPStandard" => DigestAlgorithm::Sha256,
                "SHA-512_AES" => DigestAlgorithm::Sha512,
                _ => DigestAlgorithm::Sha1,
            };
            assert_eq!(read.digest(), digest, "{scenario}");
        } else {
            assert!(read.post() && read.renewal(), "{scenario}: {announced:?}");
            assert_eq!(read.cipher(), ContentCipher::Aes128Cbc, "{scenario}");
            assert_eq!(read.digest(), DigestAlgorithm::Sha256, "{scenario}");
        }
    }
}
