//! PKCS #12 files that one backend writes, the other reads.

use core::time::Duration;

use devicecert_pki::pkcs12::{Pkcs12, Pkcs12Params, Profile};
use devicecert_pki::{CertificateParams, Limits, Secret, Time, Validity};

use crate::backends::PAIRS;

#[test]
fn what_one_backend_writes_the_other_reads() {
    for (from, to) in PAIRS {
        for (name, profile) in [("rsa2048", Profile::Compat3Des), ("p256", Profile::Aes256)] {
            let key = from.key(name);
            let validity =
                Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
            let public = key.public().clone();
            let subject = "CN=device".parse().unwrap();
            let certificate =
                CertificateParams::self_signed(subject, public, validity, from.provider)
                    .unwrap()
                    .unsigned(key.public())
                    .unwrap()
                    .sign(&*key)
                    .unwrap();
            let password = Secret::from("secret");
            let file = Pkcs12Params::new(key.der(), [certificate.clone()])
                .profile(profile)
                .to_der(&password, from.provider)
                .unwrap();
            let limits = Limits::default();
            let read = Pkcs12::open(&file, &password, to.provider, &limits).unwrap();
            assert_eq!(read.leaf(), Some(&certificate), "{} to {}", from.name, to.name);
            let found = (to.from_pkcs8_der)(read.key().unwrap().expose()).unwrap();
            assert_eq!(found.public(), key.public(), "{} to {}", from.name, to.name);
        }
    }
}
