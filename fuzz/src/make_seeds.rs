//! Writes `seeds/`: small inputs for every target, made by our own writers.

use std::path::Path;
use std::{fs, io};

use devicecert_est::cmc::{FailInfo, PkiData, PkiResponse, StatusInfo};
use devicecert_est::{CsrAttrs, KeyDemand, Template};
use devicecert_fleet::Destination;
use devicecert_fuzz::{message_client, message_server, next_ca, pkcs12, world};
use devicecert_mobileconfig::payload::Platform;
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::Bundle;
use devicecert_pki::pkcs12::Pkcs12Params;
use devicecert_pki::{
    Certificate, CertificateParams, CrlParams, CrlReason, CsrParams, GeneralName, Name,
    RevokedCertificate, Signer, Time, Validity,
};

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
    write("crl", &[("full", &crl(world)), ("empty", &empty_crl(world))])?;
    let next = Bundle::new([&next_ca(world)]).to_der();
    let signed = next_ca::signed(1, &next);
    let placed = |how: u8, rest: &[u8]| [&[how], rest].concat();
    write(
        "next_ca",
        &[
            ("reply", &placed(0, &signed)),
            ("data", &placed(1, &next)),
            ("signed_data", &placed(2, &next)),
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
    fleet_api()?;
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
    for rule in devicecert_mobileconfig::rule::rules() {
        for (number, example) in rule.examples.iter().enumerate() {
            // For the system that the example is about: its place in the list of all.
            let systems = Platform::ALL.iter();
            let system = example.platform.and_then(|one| systems.clone().position(|p| *p == one));
            let first = u8::try_from(system.unwrap_or(7)).unwrap();
            let file = [&[first], example.broken_profile().as_bytes()].concat();
            write("profile_check", &[(&format!("{}_{number}", rule.id), &file)])?;
        }
    }
    for target in ["syncml", "syncml_check"] {
        for rule in devicecert_syncml::rules() {
            write(target, &[(rule.id, rule.failing.as_bytes())])?;
        }
    }
    write(
        "syncml",
        &[("escapes", b"<Add a='&lt;'><Data>a<![CDATA[<b>]]>&#x64;\r\n</Data><!-- c --></Add>")],
    )?;
    for (number, rule) in devicecert_fleet::rules().iter().enumerate() {
        for (example, letter) in rule.examples.iter().zip('a'..) {
            let at = Destination::ALL.iter().position(|known| *known == example.destination);
            let first = u8::try_from(at.unwrap_or(0)).unwrap_or(0);
            let name = format!("{}{letter}", rule.id);
            let profile = [&[first], example.profile.as_bytes()].concat();
            write("fleet_check", &[(&name, &profile)])?;
            let value = ["O'Brien & <x> \"y\" ]]>", "QUJD", "]]", ">", "a"][number % 5];
            let filled = [&[first], value.as_bytes(), b"\n", example.profile.as_bytes()].concat();
            write("fleet_template", &[(&name, &filled)])?;
        }
    }
    write(
        "fleet_template",
        &[
            ("json", b"\x03\"\n{\"a\": \"b $FLEET_VAR_HOST_UUID\"}"),
            ("subject", b"\x02/+\n/CN=$FLEET_VAR_HOST_UUID/O=b"),
            ("script", b"\x07'\n#!/bin/sh\nX=$FLEET_SECRET_A; echo \"$(cat '$FLEET_SECRET_B')\""),
        ],
    )?;
    let pki_operation = "operation=PKIOperation&message=MA+/";
    let passcode = "JURAzXStYElNpVi63B_ps6D0WxF7b3Gv";
    let custom = format!("/mdm/scep/proxy/h%2CaP%2CC%2C{passcode}?{pki_operation}");
    let windows = format!("/mdm/scep/proxy/h%2CwP%2CC%2C{passcode}/pkiclient.exe");
    write(
        "fleet_proxy",
        &[
            ("get", format!("\0{custom}").as_bytes()),
            ("post", format!("\x01{windows}?{pki_operation}\n0\u{80}").as_bytes()),
            ("guide", format!("\x05{windows}?{pki_operation}\n0").as_bytes()),
            ("ndes", b"\0/mdm/scep/proxy/h%2CaP?operation=GetCACert&message=a+b%26c"),
            ("smallstep", b"\0/mdm/scep/proxy/h%2CaP%2CS?operation=GetCACaps"),
            ("android", format!("\0/mdm/scep/proxy/h%2Cg1%2CC?{pki_operation}").as_bytes()),
            ("unknown", b"\0/mdm/scep/proxy/host%252Cbozo?operation=GetCACaps"),
            ("base64", b"\0/mdm/scep/proxy/h%2CaP?operation=PKIOperation&message=MA=%0A"),
        ],
    )?;
    ca_answers()?;
    let announced = world.authority.ca_caps();
    write(
        "capabilities",
        &[
            ("ours", announced.body()),
            ("mixed", b"sha-256\r\nAES\r\n\r\nPostPKIOperation \nDES3\rRenewal\r\n"),
        ],
    )
}

/// Pages, challenges and JSON as CAs send them.
fn ca_answers() -> io::Result<()> {
    let page = "<HTML><P> The enrollment challenge password is: <B> 8CE317021F690069 </B></HTML>";
    let utf16: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
    write(
        "ndes_page",
        &[
            ("utf16", &[b"\x01", utf16.as_slice()].concat()),
            ("utf8", &[b"\x02", page.as_bytes()].concat()),
            ("cache_full", b"\x00<P> The password cache is full."),
            ("permission", b"\x00You do not have sufficient permission to enroll with SCEP."),
        ],
    )?;
    // MS-NLMP section 4.2.4.3, without and with MsvAvTimestamp and MsvAvFlags.
    let head = b"NTLMSSP\0\x02\0\0\0\x0c\0\x0c\0\x38\0\0\0\x33\x82\x8a\xe2\x01\x23\x45\x67\x89\xab\xcd\xef\0\0\0\0\0\0\0\0";
    let names = b"\x06\0\x70\x17\0\0\0\x0fS\0e\0r\0v\0e\0r\0\x02\0\x0c\0D\0o\0m\0a\0i\0n\0\x01\0\x0c\0S\0e\0r\0v\0e\0r\0";
    let time = b"\x07\0\x08\0\xaa\xbb\xcc\xdd\xee\xff\x01\x02\x06\0\x04\0\x01\0\0\0";
    let end = &[0; 4];
    write(
        "ntlm_challenge",
        &[
            ("plain", &[head, b"\x24\0\x24\0\x44\0\0\0".as_slice(), names, end].concat()),
            ("time", &[head, b"\x38\0\x38\0\x44\0\0\0".as_slice(), names, time, end].concat()),
        ],
    )?;
    let issued = world::real().issued.as_der();
    let pem = devicecert_pki::to_pem("CERTIFICATE", issued).replace('\n', "\\n");
    let base64 = pem.replace("\\n", "");
    let base64 = base64.trim_start_matches("-----BEGIN CERTIFICATE-----");
    let base64 = base64.trim_end_matches("-----END CERTIFICATE-----");
    let digicert = format!(
        "\x01\x01{{\"serial_number\":\"0abc\",\"delivery_format\":\"x509\",\"certificate\":\"{pem}\"}}"
    );
    let ejbca = format!("\x03\x01{{\"certificate\":\"{base64}\",\"response_format\":\"DER\"}}");
    write(
        "ca_json",
        &[
            ("digicert_profile", b"\x00\x00{\"id\":\"i\",\"name\":\"n\",\"status\":\"Active\"}"),
            ("digicert_issued", digicert.as_bytes()),
            ("digicert_error", b"\x01\x02{\"errors\":[{\"code\":\"c\",\"message\":\"5a5a5a5a\"}]}"),
            ("ejbca_status", b"\x02\x00{\"status\":\"OK\",\"version\":\"1.0\"}"),
            ("ejbca_issued", ejbca.as_bytes()),
            ("ejbca_error", b"\x03\x06{\"error_code\":422,\"error_message\":\"no\"}"),
            ("token", b"\x04\x00{\"access_token\":\"t\",\"expires_in\":3599}"),
            ("no_token", b"\x04\x03{\"error\":\"invalid_client\",\"error_description\":\"d\"}"),
            (
                "services",
                b"\x05\x00{\"value\":[{\"providerName\":\"ScepRequestValidationFEService\",\"uri\":\"https://a\"}]}",
            ),
            ("verdict", b"\x06\x00{\"code\":\"Success\",\"errorDescription\":\"\"}"),
            ("refusal", b"\x06\x00{\"code\":\"ChallengeExpired\",\"errorDescription\":\"d\"}"),
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

/// Calls of `request_certificate`, answers to them, and signatures of devices.
fn fleet_api() -> io::Result<()> {
    let world = world::real();
    let (_, key) = world::keys();
    let mut params = CsrParams::new("CN=device-1".parse().unwrap());
    params.subject_alt_name =
        vec![GeneralName::Email("a@example.com".into()), GeneralName::Upn("a".into())];
    let csr = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    let csr = devicecert_pki::to_pem("CERTIFICATE REQUEST", csr.as_der());
    let (escaped, twice) = (csr.replace('\n', "\\n"), csr.replace('\n', "\\\\n"));
    let bundle = Bundle::new([&world.issued]).to_der();
    let pem = |label| devicecert_pki::to_pem(label, &bundle);
    let body = pem("X");
    let body: String = body.lines().filter(|line| !line.starts_with('-')).collect();
    let idp = "\"idp_oauth_url\":\"https://idp.example/introspect\",\"idp_token\":\"t\",\"idp_client_id\":\"c\"";
    let vouches = "{\"active\":true,\"username\":\"a@example.com\"}";
    let call =
        |first: char, rest: &str| format!("{first}{{\"csr\":\"{escaped}\"{rest}}}").into_bytes();
    let answered =
        |call: Vec<u8>| [&call[..], b"\0", vouches.as_bytes(), b"\0", body.as_bytes()].concat();
    write(
        "fleet_api",
        &[
            ("guide", &answered(call('0', &format!(",{idp}")))),
            ("current", &answered(call('3', &format!(",{idp},\"return_pem_certificate\":true")))),
            ("current_without", &answered(call('1', ""))),
            ("any", &answered(call('7', &format!(",{idp}")))),
            ("partial", &call('1', ",\"idp_token\":\"t\"")),
            ("literal", &answered(format!("1{{\"csr\":\"{twice}\"}}").into_bytes())),
        ],
    )?;
    let certificate = |text: String| {
        format!("\0{{\"certificate\":\"{}\"}}", text.replace('\n', "\\n")).into_bytes()
    };
    let x509 = devicecert_pki::to_pem("CERTIFICATE", world.issued.as_der());
    write(
        "fleet_answer",
        &[
            ("guide", &certificate(pem("CERTIFICATE"))),
            ("pkcs7", &certificate(pem("PKCS7"))),
            ("x509", &certificate(x509)),
            ("reason", b"\x02{\"errors\":[{\"reason\":\"token 5a5a5a5a\"}]}"),
        ],
    )?;
    let input = "sig1=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\");\
                 keyid=\"5EED\";created=1800000000;nonce=\"n\"";
    let signature = format!("sig1=:{}:", "A".repeat(86) + "==");
    let digest = "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:";
    let signed = format!("{input}\n{signature}\n{digest}\nhttps://fleet.example/a%20b?c\n{{}}");
    write(
        "message_signature",
        &[
            ("signed", signed.as_bytes()),
            ("types", b"sig1=(a;b \"c\\\"\");d=-1;e=?0;f=:AA==:,g\n\n\n/\n"),
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
    // Files of OpenSSL, Java, GnuTLS and NSS: `testdata/rfc7292/make.sh` made them.
    for name in [
        "openssl-modern",
        "openssl-3des",
        "openssl-no-mac",
        "openssl-no-protection",
        "openssl-plain",
        "keytool",
        "keytool-3des",
        "keytool-two-keys",
        "certtool",
        "certtool-3des",
        "pk12util",
        "pk12util-plain-certificates",
        "pbmac1-sha256",
    ] {
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
fn crl_params(world: &world::World) -> CrlParams {
    let week = std::time::Duration::from_secs(7 * 86_400);
    CrlParams::new(world.authority.ca(), 7, world::NOW, world::NOW.after(week))
}

fn empty_crl(world: &world::World) -> Vec<u8> {
    let unsigned = crl_params(world).unsigned(world.ca_key.public_key()).unwrap();
    unsigned.sign(&*world.ca_key).unwrap().as_der().to_vec()
}

fn crl(world: &world::World) -> Vec<u8> {
    let mut params = crl_params(world);
    let issued = RevokedCertificate::new(world.issued.serial().to_vec(), world::NOW);
    params.revoked = vec![
        issued.because(CrlReason::KeyCompromise),
        RevokedCertificate::new(vec![0, 0x80], Time::from_unix(2_600_000_000)),
    ];
    let unsigned = params.unsigned(world.ca_key.public_key()).unwrap();
    unsigned.sign(&*world.ca_key).unwrap().as_der().to_vec()
}

/// The CA that takes over; its key is the device's, of which there are only two here.
fn next_ca(world: &world::World) -> Certificate {
    let validity = world.authority.ca().validity();
    let validity = Validity { not_before: world::NOW, ..validity };
    let (name, key) = ("CN=Next CA".parse().unwrap(), world.device_key.public_key().clone());
    let params = CertificateParams::ca(name, key.clone(), validity, world.repeating).unwrap();
    params.unsigned(&key).unwrap().sign(&*world.device_key).unwrap()
}

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
