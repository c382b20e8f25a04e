//! What a server makes of a request: parse, verify, unlock, and reply in every way there is.
//!
//! A damaged message never gets past its signature, so the first octet says how far in the rest
//! is placed: as the message, as its content, or as what is enveloped in its content.

use devicecert_pki::Unsigned;
use devicecert_pki::cms::{Seal, SignedData};
use devicecert_scep::{
    AttributeName, Authorisation, Content, Decision, FailInfo, Message, PkiStatus, Refusal, Reply,
    Request,
};

use crate::world::{self, World};

const MESSAGE_TYPES: [&str; 8] = ["19", "17", "20", "21", "22", "3", "18", ""];

pub fn run(data: &[u8]) {
    run_in(world::transparent(), data);
}

/// The same with RSA, AES and SHA-256, some hundred times slower.
pub fn run_with_rsa(data: &[u8]) {
    run_in(world::real(), data);
}

fn run_in(world: &World, data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let message_type = MESSAGE_TYPES[usize::from(how / 4) % MESSAGE_TYPES.len()];
    match how % 4 {
        0 => answer(world, rest),
        1 => answer(world, &signed(world, message_type, rest)),
        2 => answer(world, &signed(world, message_type, &enveloped(world, rest))),
        _ => answer(world, &signed(world, message_type, &enveloped(world, world.csr.as_der()))),
    }
}

pub fn enveloped(world: &World, content: &[u8]) -> Vec<u8> {
    Seal::default().envelope(content, world.authority.recipient(), world.provider).unwrap()
}

pub fn signed(world: &World, message_type: &str, content: &[u8]) -> Vec<u8> {
    let attributes = vec![
        world::printable(AttributeName::TransactionId, "0123456789ABCDEF"),
        world::printable(AttributeName::MessageType, message_type),
        world::octets(AttributeName::SenderNonce, &[7; 16]),
    ];
    world.signed(&world.device, &*world.device_key, attributes, content)
}

fn answer(world: &World, body: &[u8]) {
    let authority = &world.authority;
    let Ok(message) = Message::parse(body, &authority.limits) else { return };
    match message.verify(authority, world.provider) {
        Ok(locked) => {
            let request = locked.unlock(&*world.ca_key).unwrap();
            let _ = request.renewal(authority, world::NOW);
            request.transaction().key(world.provider).unwrap();
            reply(world, &request);
        }
        Err(error) => {
            let _ = error.to_string();
            let refusal = message.refuse(&error, authority, world.provider).unwrap();
            refusal.into_iter().for_each(|reply| check(reply, PkiStatus::Failure));
        }
    }
}

fn reply(world: &World, request: &Request) {
    let reply = |decision| request.reply(decision, &world.authority, world.provider).unwrap();
    let readable = matches!(request.content(), Content::Enrol(_) | Content::Poll);
    let refusal = Refusal::new(FailInfo::BadRequest).because("no");
    check(reply(Decision::Refuse(refusal)), PkiStatus::Failure);
    let status = if readable { PkiStatus::Pending } else { PkiStatus::Failure };
    check(reply(Decision::Defer), status);

    // GetCert and GetCRL: whatever it asks for, it gets that or nothing.
    if let Ok(decision) = request.found_certificate(world.issued.clone()) {
        check(reply(decision), PkiStatus::Success);
    }

    let granted = request.grant(Authorisation::by_administrator(), world.issued.clone());
    match granted {
        Ok(decision) => check(reply(decision), PkiStatus::Success),
        // Another key than that of the certificate, or nothing that could be granted.
        Err(_) => match request.content() {
            Content::Enrol(enrol) => {
                assert_ne!(enrol.csr().public_key(), world.issued.public_key())
            }
            _ => assert!(!readable),
        },
    }
}

/// The reply says what was decided, and can be read.
fn check(reply: Unsigned<Reply>, status: PkiStatus) {
    let reply = reply.attach(&[1; 256]).unwrap();
    assert_eq!(reply.status(), status);
    SignedData::parse(reply.as_der(), &Default::default()).unwrap();
}
