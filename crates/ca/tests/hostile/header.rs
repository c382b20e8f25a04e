//! Headers that should offer HTTP authentication.

use devicecert_ca::Credentials;
use devicecert_ca::ndes::{ChallengeFetch, Error, ntlm};
use http::{HeaderValue, Response};
use proptest::prelude::*;

use crate::common::{limits, response};

fn fetch() -> ChallengeFetch {
    let url = "https://ndes.example.com/".parse().unwrap();
    ChallengeFetch::new(url, Credentials::new("user", "password"), [0; 8]).unwrap()
}

fn unauthorized(offer: &[u8]) -> Response<Vec<u8>> {
    let mut response = response(401, "");
    if let Ok(value) = HeaderValue::from_bytes(offer) {
        response.headers_mut().append("www-authenticate", value);
    }
    response
}

#[test]
fn what_offers_nothing() {
    for offer in [
        "",
        ",",
        ",,,, ,\t,",
        "=",
        "\"NTLM",
        "\"NTLM, Basic\"",
        "Digest realm=\"NTLM, Basic realm=x",
        "NTLM=1",
        "X NTLM",
        "\\, \\\"",
    ] {
        let refused = fetch().received(&unauthorized(offer.as_bytes()));
        assert_eq!(refused, Err(Error::NoScheme), "{offer}");
    }
    assert_eq!(fetch().received(&unauthorized(b"NTLM\xff")), Err(Error::NoScheme));
}

#[test]
fn a_header_of_commas_and_quotes() {
    for piece in [",", "\"", "\\\"", "a ", "=,"] {
        let offer = piece.repeat(60_000);
        assert_eq!(fetch().received(&unauthorized(offer.as_bytes())), Err(Error::NoScheme));
    }
}

#[test]
fn a_message_beyond_the_limit_is_not_even_decoded() {
    let mut limits = limits();
    limits.ntlm_bytes = 8;
    let mut fetch = fetch().limits(limits);
    fetch.received(&unauthorized(b"NTLM")).unwrap();
    let refused = fetch.received(&unauthorized(b"NTLM AAAAAAAAAAAAAAAAAAAA"));
    assert!(matches!(refused, Err(Error::LimitExceeded(_))), "{refused:?}");
}

#[test]
fn a_message_that_is_not_quite_base64() {
    for message in ["NTLM TlRM=", "NTLM TlRMTVNTUA", "NTLM TlRM TVNT", "NTLM TlRM\tTVNT", "NTLM -_"]
    {
        let mut fetch = fetch();
        fetch.received(&unauthorized(b"NTLM")).unwrap();
        let refused = fetch.received(&unauthorized(message.as_bytes()));
        assert_eq!(refused, Err(Error::Ntlm(ntlm::Error::Base64)), "{message}");
    }
}

proptest! {
    #[test]
    fn anything(first in proptest::collection::vec(any::<u8>(), 0..64), second in "(NTLM|Negotiate) [A-Za-z0-9+/=]{0,200}") {
        let mut fetch = fetch();
        if fetch.received(&unauthorized(&first)).is_err() {
            fetch = self::fetch();
            fetch.received(&unauthorized(b"NTLM")).unwrap();
        }
        let _ = fetch.received(&unauthorized(second.as_bytes()));
    }

    #[test]
    fn any_challenge(message in proptest::collection::vec(any::<u8>(), 0..256)) {
        let _ = ntlm::Challenge::parse(&message, &limits());
        // The beginning is right, so that the rest is read.
        let message = [b"NTLMSSP\0\x02\0\0\0".as_slice(), &message].concat();
        let _ = ntlm::Challenge::parse(&message, &limits());
    }
}
