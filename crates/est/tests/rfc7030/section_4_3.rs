//! §4.3 Full CMC, as far as it goes here (RFC 5272).

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_est::cmc::{
    BodyPartReference, Control, FailInfo, FullRequest, FullResponse, OtherInfo, PkiData,
    PkiResponse, Status, StatusInfo,
};
use devicecert_est::error::{InvalidMessage, InvalidRequest, Misuse, UnacceptableReply};
use devicecert_est::{Client, Enrolment, Error, Limits, Request, Tolerance};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Certificate, CertificateParams, CsrParams, Signer, Time, Validity};
use http::StatusCode;

use crate::common::{
    CA, DEVICE, NOW, STRANGER, Server, YEAR, base64, csr, endpoint, exporter, response, sent,
    signed,
};

fn self_signed(key: &PrivateKey) -> Certificate {
    let validity = Validity::lasting(NOW, YEAR);
    let name = "CN=device-1".parse().unwrap();
    let public = key.public_key().clone();
    let params = CertificateParams::self_signed(name, public, validity, &RustCrypto).unwrap();
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

fn full_request(key: &PrivateKey) -> (PkiData, Vec<u8>) {
    let data = PkiData::new(csr("CN=device-1", key), &RustCrypto).unwrap();
    let message = data.unsigned(&self_signed(key), &RustCrypto).unwrap().sign(key).unwrap();
    (data, message)
}

fn parse(message: &[u8]) -> Result<FullRequest, Error> {
    FullRequest::parse(message, &RustCrypto, &Tolerance::default(), &Limits::default())
}

#[test]
fn an_empty_pki_data_is_four_empty_sequences() {
    let empty = [0x30, 8, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 0];
    let data = PkiData::parse(&empty, &Limits::default()).unwrap();
    assert_eq!(data, PkiData::default());
    assert_eq!(data.to_der(), empty);
    let response = PkiResponse::parse(&empty[..], &Limits::default());
    assert!(response.is_err(), "a PKIResponse has three");
    let empty = [0x30, 6, 0x30, 0, 0x30, 0, 0x30, 0];
    assert_eq!(PkiResponse::default().to_der(), empty);
}

#[test]
fn a_request_goes_to_the_server_and_the_answer_comes_back() {
    let server = Server::new();
    let (data, message) = full_request(&DEVICE);
    let request = endpoint().full_cmc(&message).unwrap();
    let content_type = &request.headers()["content-type"];
    assert_eq!(content_type, "application/pkcs7-mime; smime-type=CMC-request");

    let call = server.service.route(&request).unwrap();
    let read = call.read(&request, &server.client, &RustCrypto).unwrap();
    let Request::FullCmc(full) = read else { panic!("{read:?}") };
    assert_eq!(full.data(), &data);
    assert!(full.is_signed_by_the_key_of_the_request());
    let (body_part, csr) = full.data().csrs().next().unwrap();
    let issued = server.issue(csr);

    let statuses = [StatusInfo::new(Status::Success, [body_part])];
    let answer = PkiResponse::to(full.data(), &statuses).unwrap();
    let answer = answer.unsigned(&server.ca, std::slice::from_ref(&issued), &RustCrypto).unwrap();
    let answer = call.full_cmc(StatusCode::OK, &answer.sign(&*CA).unwrap());
    let content_type = &answer.headers()["content-type"];
    assert_eq!(content_type, "application/pkcs7-mime; smime-type=CMC-response");

    let received = FullResponse::read(&endpoint(), &answer).unwrap();
    let content = received.verify(&data, &server.ca, &RustCrypto, &endpoint()).unwrap();
    let [status] = &content.statuses(&Limits::default()).unwrap()[..] else { panic!() };
    assert_eq!(
        (status.status, &status.body_list[..]),
        (Status::Success, &[BodyPartReference::Id(1)][..])
    );
    assert_eq!(received.certificate_for(DEVICE.public_key()).unwrap(), &issued);
    let other = received.certificate_for(STRANGER.public_key()).unwrap_err();
    assert_eq!(other, UnacceptableReply::NoCertificateForKey.into());
}

/// RFC 5272 §6.6.
#[test]
fn an_answer_to_another_request_is_not_taken() {
    let server = Server::new();
    let (mine, _) = full_request(&DEVICE);
    let (other, _) = full_request(&DEVICE);
    let answer = PkiResponse::to(&other, &[]).unwrap();
    let error = answer.answers(&mine).unwrap_err();
    assert_eq!(error, UnacceptableReply::Nonce("transactionId").into());
    let answer = answer.unsigned(&server.ca, &[], &RustCrypto).unwrap().sign(&*CA).unwrap();
    let received = FullResponse::parse(&answer, &Limits::default()).unwrap();
    assert!(received.verify(&mine, &server.ca, &RustCrypto, &endpoint()).is_err());
    assert!(received.verify(&other, &server.ca, &RustCrypto, &endpoint()).is_ok());
    assert_eq!(PkiResponse::new(&[]).answers(&PkiData::default()), Ok(()));
}

#[test]
fn an_answer_that_somebody_else_signed_is_not_taken() {
    let server = Server::new();
    let (data, _) = full_request(&DEVICE);
    let answer = PkiResponse::to(&data, &[]).unwrap();
    let forged = answer.unsigned(&server.ca, &[], &RustCrypto).unwrap();
    let signature = crate::common::forge(forged.to_be_signed(), &STRANGER);
    let forged = FullResponse::parse(&forged.attach(&signature).unwrap(), &Limits::default());
    let outcome = forged.unwrap().verify(&data, &server.ca, &RustCrypto, &endpoint());
    assert_eq!(outcome.unwrap_err(), Error::Pki(Rejected::Signature("the message").into()));
    let unsigned = FullResponse::parse(&answer.to_unsigned_cms(), &Limits::default()).unwrap();
    assert!(unsigned.verify(&data, &server.ca, &RustCrypto, &endpoint()).is_err());
    assert_eq!(unsigned.unverified(&Limits::default()).unwrap(), Some(answer));
}

/// §4.3.1: "an invalid Full PKI Request MUST be rejected".
#[test]
fn every_bit_of_a_request_is_signed_or_checked() {
    let (_, message) = full_request(&DEVICE);
    for place in 0..message.len() {
        let mut flipped = message.clone();
        flipped[place] ^= 1;
        // What is left are places that say nothing: unused bits, the order of a set.
        if let Ok(read) = parse(&flipped) {
            assert_eq!(read.data(), parse(&message).unwrap().data(), "byte {place}");
        }
    }
}

#[test]
fn a_certs_only_message_is_no_request_and_an_acceptable_answer() {
    let server = Server::new();
    let certs_only = crate::common::certs_only([&server.ca]);
    assert!(parse(&certs_only).is_err());
    let read = FullResponse::parse(&certs_only, &Limits::default()).unwrap();
    assert_eq!(read.certificates(), [server.ca]);
    assert_eq!(read.unverified(&Limits::default()).unwrap(), None);
    let (_, request) = full_request(&DEVICE);
    let error = FullResponse::parse(&request, &Limits::default()).unwrap_err();
    assert_eq!(error, InvalidMessage::Cmc("holds no PKIResponse").into());
}

/// §3.5, §4.3.2: popFailed, in a CMC response, with an HTTP status that says error.
#[test]
fn a_wrong_link_is_pop_failed() {
    let server = Server::new();
    let params = CsrParams::new("CN=device-1".parse().unwrap()).challenge("AQEB");
    let data = PkiData::new(signed(&params, &DEVICE), &RustCrypto).unwrap();
    let message = data.unsigned(&self_signed(&DEVICE), &RustCrypto).unwrap();
    let request = endpoint().full_cmc(&message.sign(&*DEVICE).unwrap()).unwrap();
    let call = server.service.route(&request).unwrap();
    let mut client = Client::default();
    client.binding = Some(exporter(1));
    let error = call.read(&request, &client, &RustCrypto).unwrap_err();
    assert_eq!(error, InvalidRequest::LinkedElsewhere.into());
    let answer = call.refuse_error(&error);
    assert_eq!(answer.status(), 400);
    let Err(Error::Refused(refusal)) = FullResponse::read(&endpoint(), &answer) else { panic!() };
    let [status] = &refusal.cmc[..] else { panic!("{refusal:?}") };
    assert_eq!((status.status, status.fail_info()), (Status::Failed, Some(FailInfo::PopFailed)));
    assert!(status.text.as_ref().unwrap().contains("proof of possession"));
}

/// §4.2.3: the answer to a simple request may tell its failure in CMC.
#[test]
fn a_cmc_response_in_an_error_is_read() {
    let failed = StatusInfo::failed(FailInfo::BadRequest, [1]).because("no such device");
    let body = base64(&PkiResponse::new(std::slice::from_ref(&failed)).to_unsigned_cms());
    let answer = response(403, &[("Content-Type", "application/pkcs7-mime")], body);
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let Err(Error::Refused(refusal)) = enrolment.received(&answer, NOW) else { panic!() };
    assert_eq!((&refusal.cmc, &refusal.text), (&vec![failed], &None));
    let shown = "the server refused with HTTP status 403, CMC status failed (2), \
                 badRequest (2), \"no such device\"";
    assert_eq!(refusal.to_string(), shown);
}

#[test]
fn every_kind_of_status_comes_back_as_it_went() {
    let mut path = StatusInfo::new(Status::Partial, []);
    path.body_list = vec![BodyPartReference::Path(vec![1, 2]), BodyPartReference::Id(u32::MAX)];
    let mut all = vec![
        StatusInfo::new(Status::Other(1), []),
        StatusInfo::failed(FailInfo::Other(1000), [1, 2]),
        path,
    ];
    // Both sides of the year 2050, where certificates change the type of their dates.
    for time in [1_800_000_000, 2_600_000_000] {
        let mut pending = StatusInfo::new(Status::Pending, [1]);
        let token = b"token".to_vec();
        pending.other = Some(OtherInfo::Pending { token, time: Time::from_unix(time) });
        all.push(pending);
    }
    let mut extended = StatusInfo::new(Status::Failed, [1]);
    let oid = devicecert_pki::oid::DATA;
    extended.other = Some(OtherInfo::Extended { oid, value: vec![5, 0] });
    all.push(extended);
    let der = PkiResponse::new(&all).to_der();
    let read = PkiResponse::parse(&der, &Limits::default()).unwrap();
    assert_eq!(read.statuses(&Limits::default()).unwrap(), all);
    assert_eq!(read.to_der(), der);
}

/// RFC 5272 has no tag before extendedFailInfo, a module of RFC 6402 has `[1]`.
#[test]
fn an_extended_fail_info_is_read_with_and_without_its_tag() {
    for outer in [0x30, 0xa1] {
        // { failed, (1), extendedFailInfo { 1.3.6, NULL } }
        let info = [outer, 6, 0x06, 2, 0x2b, 6, 5, 0];
        let value = [&[0x30, 16, 2, 1, 2, 0x30, 3, 2, 1, 1][..], &info].concat();
        let control = Control::new(1, devicecert_est::oid::CMC_STATUS_INFO_V2, value);
        let data = PkiData::default().control(control).unwrap().to_der();
        // The first three sequences of a PKIData are those of a PKIResponse.
        let body = [&[0x30, data[1] - 2][..], &data[2..data.len() - 2]].concat();
        let read = PkiResponse::parse(&body, &Limits::default()).unwrap();
        let statuses = read.statuses(&Limits::default()).unwrap();
        assert!(matches!(statuses[0].other, Some(OtherInfo::Extended { .. })), "{outer:x}");
    }
}

#[test]
fn body_part_numbers_are_unique_and_never_zero() {
    let (data, _) = full_request(&DEVICE);
    let oid = devicecert_pki::oid::DATA;
    for taken in [0, 1, 2, 3] {
        let error = data.clone().control(Control::new(taken, oid, vec![5, 0])).unwrap_err();
        assert_eq!(error, Misuse::BodyPart.into());
    }
    let data = data.control(Control::new(9, oid, vec![5, 0])).unwrap();
    let der = data.to_der();
    assert_eq!(PkiData::parse(&der, &Limits::default()).unwrap(), data);
    // The same with the number of another control.
    let control = [0x30, 18, 2, 1, 9, 6];
    let place = der.windows(6).position(|window| window == control).unwrap();
    let mut twice = der.clone();
    twice[place + 4] = 2;
    let error = PkiData::parse(&twice, &Limits::default()).unwrap_err();
    assert_eq!(error, InvalidMessage::Cmc("has a bodyPartID twice, or 0").into());
}

#[test]
fn a_server_without_cmc_says_so() {
    for status in [404, 501] {
        let answer = response(status, &[], "");
        let Err(Error::Refused(refusal)) = FullResponse::read(&endpoint(), &answer) else {
            panic!()
        };
        assert_eq!(refusal.kind(), devicecert_est::RefusalKind::NotImplemented);
    }
}

/// The numbers of RFC 5272 §6.1.3 and §6.1.4.
#[test]
fn the_code_points_of_the_rfc() {
    for (code, status) in [
        (0, Status::Success),
        (2, Status::Failed),
        (3, Status::Pending),
        (7, Status::Partial),
        (1, Status::Other(1)),
    ] {
        assert_eq!((Status::from_code(code), status.code()), (status, code));
    }
    for (code, info) in [
        (0, FailInfo::BadAlg),
        (9, FailInfo::PopFailed),
        (13, FailInfo::AuthDataFail),
        (14, FailInfo::Other(14)),
    ] {
        assert_eq!((FailInfo::from_code(code), info.code()), (info, code));
    }
    assert_eq!(FailInfo::PopFailed.to_string(), "popFailed (9)");
}
