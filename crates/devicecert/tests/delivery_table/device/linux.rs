//! A workstation with Linux: it makes key and request itself, and has Fleet ask the CA.

use devicecert::crypto_rust::PrivateKey;
use devicecert::fleet::Limits;
use devicecert::fleet::request_certificate::{Api, Ask, AuthorityId, Form, Output};
use devicecert::pki::{Certificate, CsrParams, GeneralName, Secret, Signer};

use super::Trouble;
use crate::mdm::api::CA_ID;
use crate::mdm::{EMAIL, SERIAL};
use crate::world::{MDM, World};
use crate::{keys, watch};

/// What came of a request.
pub(crate) struct Answered {
    pub(crate) certificate: Certificate,
    pub(crate) key: PrivateKey,
    /// The body of the answer.
    pub(crate) text: String,
}

/// A certificate for a new key, for a user with this token.
pub(crate) fn enrol(world: &World, token: &str) -> Result<Answered, Trouble> {
    let key = keys::p256();
    let mut params = CsrParams::new(format!("CN={SERIAL},O=Example").parse().unwrap());
    params.subject_alt_name =
        vec![GeneralName::Email(EMAIL.into()), GeneralName::Upn(EMAIL.into())];
    let csr = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    let ask = Ask::new(csr).output(Output::Certificate);
    watch::debug(&ask);
    let api = Api::new(MDM).unwrap();
    let request = api.with_token(AuthorityId::from(CA_ID), &ask, &Secret::from(token)).unwrap();
    watch::debug(&request);
    let response = world.answer(&request);
    let text = String::from_utf8(response.body().clone()).unwrap();
    match ask.read(&response, &Limits::default()) {
        Ok(answer) => {
            assert_eq!(answer.form, Form::Certificate);
            assert_eq!(answer.others, []);
            assert_eq!(answer.certificate.public_key(), key.public_key());
            Ok(Answered { certificate: answer.certificate, key, text })
        }
        Err(error) => {
            watch::error(&error);
            Err(Trouble::Http(response.status().as_u16(), text))
        }
    }
}
