//! GetCACaps as a client reads it.

use devicecert_scep::Capabilities;

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let capabilities = Capabilities::parse(&text);
    assert!(capabilities.iter().count() <= Capabilities::MAX_KEYWORDS);
    assert!(capabilities.iter().all(|keyword| capabilities.contains(keyword)));
    assert_eq!(Capabilities::parse(&capabilities.to_string()), capabilities);
    let _ = (capabilities.digest(), capabilities.cipher());
    let _ = (capabilities.post(), capabilities.renewal());
}
