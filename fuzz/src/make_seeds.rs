//! Writes `seeds/`: small inputs for every target, made by our own writers.

use std::path::Path;
use std::{fs, io};

use devicecert_fuzz::{message_client, message_server, world};
use devicecert_pki::Name;
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::Bundle;

fn main() -> io::Result<()> {
    let world = world::real();
    let ca = world.authority.ca();
    let csr = world.csr.as_der();
    let envelope = message_server::enveloped(world, csr);
    let request = message_server::signed(world, "19", &envelope);
    let bundle = Bundle::new([&world.issued, ca]).to_der();
    let name: Name = "CN=device-1+serialNumber=7,OU=a\\, b,O=Example,C=CH".parse().unwrap();

    write(
        "ber",
        &[
            ("signed", &request),
            ("signed_indefinite", &indefinite(&request)),
            ("enveloped", &envelope),
            ("enveloped_indefinite", &indefinite(&envelope)),
            ("chunks", &[0x24, 0x80, 0x04, 1, b'a', 0x24, 3, 0x04, 1, b'b', 0, 0]),
            // Something in the place of a certificate whose length DER would write shorter.
            ("long_length", b"0\x0d\xa0\x0b0\x09\x02\x01\x01\xa0\x04\x04\x82\0\0"),
        ],
    )?;
    write(
        "cms",
        &[
            ("signed", &request),
            ("signed_indefinite", &indefinite(&request)),
            ("enveloped", &envelope),
            ("enveloped_indefinite", &indefinite(&envelope)),
            ("certs_only", &bundle),
        ],
    )?;
    write("csr", &[("challenge", csr)])?;
    write(
        "certificate",
        &[
            ("ca", ca.as_der()),
            ("self_signed", world.device.as_der()),
            ("end_entity", world.issued.as_der()),
        ],
    )?;
    write(
        "name",
        &[
            ("der", name.as_der()),
            ("rfc4514", name.to_string().as_bytes()),
            ("escapes", br#"CN=\20a\23\C3\BC\, "x" ,2.999.1=#0C0161"#),
            ("slash", b"/C=CH/O=Acme, Inc./CN=x"),
        ],
    )?;
    messages()?;
    write(
        "get_query",
        &[
            ("caps", b"\x00/scep?operation=GetCACaps&message=CA%20one"),
            ("cert", b"\x00/cgi-bin/pkiclient.exe?operation=GetCACert"),
            ("next", b"\x00/scep?operation=GetNextCACert&message=x"),
            ("get", b"\x00/scep?operation=PKIOperation&message=MIIB%2B%2F%3D%3D"),
            ("get_loose", b"\x00/scep?operation=pkioperation&message=MA-_+%0A"),
            ("post", b"\x02/scep?operation=PKIOperation\n\x30\x03\x02\x01\x00"),
            ("post_base64", b"\x02/scep\nMAMCAQA="),
        ],
    )?;
    write(
        "ca_certificates",
        &[
            ("alone", ca.as_der()),
            ("certs_only", &bundle),
            ("certs_only_indefinite", &indefinite(&bundle)),
            ("pem", devicecert_pki::to_pem("CERTIFICATE", ca.as_der()).as_bytes()),
        ],
    )?;
    let announced = world.authority.ca_caps();
    write(
        "capabilities",
        &[
            ("ours", announced.body()),
            ("mixed", b"sha-256\r\nAES\r\n\r\nPostPKIOperation \nDES3\rRenewal\r\n"),
        ],
    )
}

/// Requests and replies in both worlds.
fn messages() -> io::Result<()> {
    for (world, suffix) in [(world::transparent(), ""), (world::real(), "_rsa")] {
        let with = |first: u8, rest: &[u8]| [&[first], rest].concat();
        let ca = world.authority.ca();
        let csr = world.csr.as_der();
        let envelope = message_server::enveloped(world, csr);
        let request = message_server::signed(world, "19", &envelope);
        let names = issuer_and_subject(ca.subject(), world.csr.subject());
        write(
            &format!("message_server{suffix}"),
            &[
                ("message", &with(0, &request)),
                ("envelope", &with(1, &envelope)),
                ("request", &with(2, csr)),
                ("renewal", &with(2 + 4, csr)),
                ("poll", &with(2 + 8, &names)),
                ("get_cert", &with(3 + 12, &[])),
            ],
        )?;

        let bundle = Bundle::new([&world.issued, ca]).to_der();
        let envelope = message_client::enveloped(world, &bundle);
        let reply = |status, content: &[u8]| {
            with(0, &message_client::certrep(world, status, vec![], content))
        };
        write(
            &format!("message_client{suffix}"),
            &[
                ("success", &reply("0", &envelope)),
                ("failure", &reply("2", &[])),
                ("pending", &reply("3", &[])),
                ("envelope", &with(3, &envelope)),
                ("certificates", &with(4, &bundle)),
                ("fail_info", &with(6, &[0x13, 1, b'2'])),
                ("ca", &with(7, ca.as_der())),
            ],
        )?;
    }
    Ok(())
}

fn write(target: &str, seeds: &[(&str, &[u8])]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    fs::create_dir_all(&folder)?;
    seeds.iter().try_for_each(|(name, octets)| fs::write(folder.join(name), octets))
}

fn issuer_and_subject(issuer: &Name, subject: &Name) -> Vec<u8> {
    let both = [issuer.as_der(), subject.as_der()].concat();
    Writer::build(|w| w.value(tag::SEQUENCE, &both))
}

/// The outer values with indefinite lengths, and the long string inside them in chunks.
fn indefinite(der: &[u8]) -> Vec<u8> {
    fn write(mut values: Reader<'_>, depth: usize, out: &mut Vec<u8>) {
        while !values.is_empty() {
            let value = values.any("a value").unwrap();
            let is_long = value.value.len() > 500;
            match value.tag {
                tag::OCTET_STRING if is_long => chunks(0x24, value.value, out),
                // The encryptedContent of an envelope.
                0x80 if depth == 4 => chunks(tag::constructed(0), value.value, out),
                tag if tag & 0x20 != 0 && depth < 4 => {
                    out.extend([tag, 0x80]);
                    write(value.reader(), depth + 1, out);
                    out.extend([0, 0]);
                }
                _ => out.extend(value.raw),
            }
        }
    }
    fn chunks(tag: u8, octets: &[u8], out: &mut Vec<u8>) {
        out.extend([tag, 0x80]);
        for chunk in octets.chunks(300) {
            out.extend(Writer::build(|w| w.value(tag::OCTET_STRING, chunk)));
        }
        out.extend([0, 0]);
    }
    let mut out = Vec::new();
    write(Reader::new(der), 0, &mut out);
    out
}
