//! Writes `seeds/`: small inputs for every target, made by our own writers.

use std::path::Path;
use std::{fs, io};

use devicecert_est::cmc::{FailInfo, PkiData, PkiResponse, StatusInfo};
use devicecert_est::{CsrAttrs, KeyDemand, Template};
use devicecert_fuzz::{message_client, message_server, pkcs12, world};
use devicecert_pki::Name;
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::Bundle;
use devicecert_pki::pkcs12::Pkcs12Params;

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
    est()?;
    pkcs12_files()?;
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
    write(
        "plist_xml",
        &[
            ("every_kind", PLIST),
            (
                "template",
                b"<array><data>$FLEET_VAR_X</data><integer>{{a}}</integer>%Ab_c% $UDID</array>",
            ),
            (
                "entities",
                b"<string a='&lt;'>&amp;&#65;&#x1F600;<![CDATA[]]x]]>\r\n<!-- c --></string>",
            ),
        ],
    )?;
    write("plist_binary", &[("every_kind", BINARY_PLIST)])?;
    for target in ["syncml", "syncml_check"] {
        for rule in devicecert_syncml::rules() {
            write(target, &[(rule.id, rule.failing.as_bytes())])?;
        }
    }
    write(
        "syncml",
        &[("escapes", b"<Add a='&lt;'><Data>a<![CDATA[<b>]]>&#x64;\r\n</Data><!-- c --></Add>")],
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

/// What EST peers say to each other.
fn est() -> io::Result<()> {
    let world = world::real();
    let csr = &world.csr;
    let pem = |der: &[u8]| devicecert_pki::to_pem("X", der).into_bytes();
    let with = |first: u8, rest: &[u8]| [&[first], rest].concat();
    let bundle = Bundle::new([&world.issued, world.authority.ca()]).to_der();
    let mut template = Template::default();
    template.key = Some(KeyDemand::Rsa { bits: Some(2048) });
    template.subject = Some(Vec::new());
    let attrs = CsrAttrs::default().require_linking().with_template(&template).to_der();
    let list = CsrAttrs::default()
        .oid(devicecert_pki::oid::SUBJECT_ALT_NAME)
        .key(KeyDemand::Ec { curve: Some(devicecert_pki::oid::SECP256R1) })
        .to_der();
    let parts = "--b\r\nContent-Type: application/pkcs8\r\n\r\nMAUCAQAwAA==\r\n\
                 --b\r\nContent-Type: application/pkcs7-mime\r\n\r\nMAA=\r\n--b--\r\n";
    write(
        "est_answer",
        &[
            ("cacerts", &with(0, &bundle)),
            ("cacerts_pem", &with(0, &pem(&bundle))),
            ("csrattrs", &with(4 + 2, &pem(&attrs))),
            ("issued", &with(8, &bundle)),
            ("later", &with(0x28, b"120")),
            ("key", &with(12 + 1, parts.as_bytes())),
        ],
    )?;
    let post = |path: &str, body: &[u8]| [path.as_bytes(), b"\n", body].concat();
    write(
        "est_request",
        &[
            ("cacerts", &post("/.well-known/est/cacerts", b"")),
            ("enrol", &post("/.well-known/est/simpleenroll", &pem(csr.as_der()))),
            ("label", &post("/.well-known/est/a%20b/simplereenroll/", csr.as_der())),
            ("key", &post("/.well-known/est/serverkeygen", csr.as_der())),
        ],
    )?;
    write("est_csr_attrs", &[("template", &attrs), ("list", &list), ("none", &[0x30, 0])])?;
    let data = PkiData::new(csr.clone(), world.repeating).unwrap();
    let failed = StatusInfo::failed(FailInfo::PopFailed, [1]).because("no");
    let response = PkiResponse::to(&data, &[failed]).unwrap();
    write(
        "est_cmc",
        &[
            ("data", &data.to_der()),
            ("response", &response.to_der()),
            ("unsigned", &response.to_unsigned_cms()),
        ],
    )?;
    write(
        "est_headers",
        &[
            ("basic", b"Basic realm=\"a, \\\"b\", Digest realm=r"),
            ("digest", b"Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256"),
            ("answer", b"Digest username=u, realm=r, nonce=n, uri=\"/\", response=00"),
            ("label", b"vpn devices"),
        ],
    )
}

/// Our files in both worlds, and OpenSSL's.
fn pkcs12_files() -> io::Result<()> {
    let (_, device) = world::keys();
    let key = device.to_pkcs8_der().unwrap();
    let chain = [&world::real().issued, world::real().authority.ca()];
    let params = Pkcs12Params::new(key, chain.map(Clone::clone)).friendly_name("laptop-7");
    for (name, first) in [
        ("ours", 0),
        ("ours_aes_empty", pkcs12::AES | pkcs12::EMPTY_PASSWORD),
        ("real_ours", pkcs12::REAL),
        ("real_ours_aes", pkcs12::REAL | pkcs12::AES),
    ] {
        let params = params.clone().profile(pkcs12::profile(first)).iterations(1000);
        let file = params.to_der(&pkcs12::password(first), pkcs12::provider(first)).unwrap();
        write("pkcs12", &[(name, &[&[first], &file[..]].concat())])?;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/rfc7292");
    for name in ["openssl-modern", "openssl-3des", "openssl-no-mac", "openssl-no-protection"] {
        let file = fs::read(folder.join(format!("{name}.p12")))?;
        write("pkcs12", &[(name, &[&[pkcs12::REAL], &file[..]].concat())])?;
    }
    let file = fs::read(folder.join("openssl-no-protection.p12"))?;
    write("pkcs12", &[("no_protection", &[&[0], &file[..]].concat())])
}

const PLIST: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>a</key><array><integer>0x1F</integer><real>-1.5e3</real><true/><false/>
<date>2027-01-31T12:00:00Z</date><data>QUJD REU=</data><string>b</string></array><key>c</key><dict/></dict></plist>"#;

/// A dictionary with one key and an array of one of each, as CFBinaryPList lays it out.
const BINARY_PLIST: &[u8] = b"bplist00\xd1\x01\x02\x51a\xa7\x03\x04\x05\x06\x07\x08\x09\x11\x01\x00\
    \x23\x3f\xf8\x00\x00\x00\x00\x00\x00\x09\x33\x41\xc0\x00\x00\x00\x00\x00\x00\x42\x01\x02\x61\x00\xe9\x80\x07\
    \x08\x0b\x0d\x15\x18\x21\x22\x2b\x2e\x31\
    \x00\x00\x00\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x33";

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
