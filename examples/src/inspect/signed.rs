//! SignedData (RFC 5652 §5): pkiMessages, certs-only messages, and any other.

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::asn1::{Reader, Tlv, tag};
use devicecert::pki::cms::{Content, SignedData, SignerInfo};
use devicecert::pki::{Certificate, Error, oid};
use devicecert::scep::AttributeName;

use super::page::{bytes, hex, plural};
use super::{Look, Place, algorithms, certs_only, est, names, scep};

/// Where the parts of a message lie. The values themselves come from [`SignedData`].
#[derive(Default)]
struct Layout<'d> {
    version: Option<Tlv<'d>>,
    content: Option<Tlv<'d>>,
    certificates: Vec<Tlv<'d>>,
    /// The signed attributes of each signer.
    signers: Vec<Option<Tlv<'d>>>,
}

pub(super) fn look(look: &mut Look<'_>, der: &[u8], place: &Place) {
    let parsed = SignedData::parse(der, &look.limits);
    let is_scep =
        parsed.as_ref().is_ok_and(|signed| signed.signers().iter().any(has_scep_attributes));
    look.page.heading(match &parsed {
        _ if is_scep => "pkiMessage (SCEP, RFC 8894 section 3.2)",
        Ok(signed) if est::is_cmc(signed) => "CMC message (RFC 5272)",
        Ok(signed) if signed.signers().is_empty() => {
            "Certs-only message (SignedData without a signer, RFC 5652 section 5.1)"
        }
        _ => "SignedData (CMS, RFC 5652 section 5)",
    });
    let Some(signed) = look.check(place, parsed) else { return };
    let Some(layout) = look.check(place, Layout::read(der)) else { return };

    if signed.signers().len() > 1 {
        look.unusual(
            plural(signed.signers().len(), "signer"),
            "SCEP has one. Where several may speak, the attributes of one can be read under the \
             signature of another; this library refuses such a message.",
        );
    }
    let places = layout.certificates.iter().map(|tlv| (tlv.raw, place.plus(tlv.offset)));
    let certificates = certs_only::certificates(look, places);
    for (info, attributes) in signed.signers().iter().zip(&layout.signers) {
        if is_scep {
            scep::attributes(look, info, &signed, attributes.as_ref(), place);
        } else {
            let others = info.unverified_attributes().iter();
            look.page.rows("signed attributes", others.map(|attribute| names::oid(&attribute.oid)));
        }
        signature(look, &signed, info, attributes.as_ref(), place);
    }
    if signed.signers().is_empty() {
        certs_only::oddities(look, &certificates, signed.crls().count());
    }
    version(look, &signed, layout.version.as_ref(), place);
    certs_only::show(look, &certificates);
    let crls = signed.crls().count();
    if crls > 0 {
        look.page.row("CRLs", &format!("{crls}, not shown"));
    }
    let signer = signed
        .signer_certificate(&look.limits, &look.tolerance)
        .ok()
        .filter(|_| !signed.signers().is_empty());
    content(look, &signed, layout.content.as_ref(), signer, is_scep, place);
}

fn has_scep_attributes(info: &SignerInfo) -> bool {
    let is_scep = |oid| AttributeName::ALL.iter().any(|name| name.oid() == oid);
    info.unverified_attributes().iter().any(|attribute| is_scep(attribute.oid))
}

/// Who signed, how, and whether that is true.
fn signature(
    look: &mut Look<'_>,
    signed: &SignedData,
    info: &SignerInfo,
    attributes: Option<&Tlv<'_>>,
    place: &Place,
) {
    look.page.heading("Signature");
    look.page.row("signer", &info.identifier().to_string());
    let of = "the signature of the message";
    algorithms::parameters(look, info.digest_algorithm(), of);
    algorithms::parameters(look, info.signature_algorithm(), of);
    look.page.row("digest", &algorithms::describe(info.digest_algorithm()));
    look.page.row("signature algorithm", &algorithms::describe(info.signature_algorithm()));
    if let Ok(digest) = DigestAlgorithm::try_from(info.digest_algorithm()) {
        algorithms::weak_digest(look, digest, of);
    }
    scheme(look, info);
    if let Some(attributes) = attributes {
        order(look, attributes, place);
    }
    let verdict = verdict(look, signed);
    look.page.row("signature", &verdict);
}

fn scheme(look: &mut Look<'_>, info: &SignerInfo) {
    let pkcs1_with_digest = [
        oid::MD5_WITH_RSA,
        oid::SHA1_WITH_RSA,
        oid::SHA256_WITH_RSA,
        oid::SHA384_WITH_RSA,
        oid::SHA512_WITH_RSA,
    ];
    let algorithm = info.signature_algorithm().oid;
    if pkcs1_with_digest.contains(&algorithm) {
        look.unusual(
            format!("signatureAlgorithm {} instead of rsaEncryption", names::oid_short(&algorithm)),
            "Both are right (RFC 3370 section 3.2). New Apple clients, strongSwan and Go servers \
             write it; strongSwan itself reads only rsaEncryption in replies.",
        );
    }
    if algorithm == oid::RSASSA_PSS {
        look.unusual(
            "signed with RSASSA-PSS",
            "strongSwan can be told to do so. Go servers and Windows do not read it in SCEP.",
        );
    }
}

/// Whether the signed attributes stand in the order that DER asks for.
fn order(look: &mut Look<'_>, attributes: &Tlv<'_>, place: &Place) {
    let mut last: &[u8] = &[];
    let mut set = attributes.reader();
    while let Ok(attribute) = set.any("Attribute") {
        if attribute.raw < last {
            look.unusual(
                format!("signed attributes out of order ({})", place.at(attribute.offset)),
                "DER sorts a SET, and the signature covers the attributes in DER (RFC 5652 \
                 section 5.4). Verifiers differ: some check the bytes as sent, some sort first; \
                 this message passes with one kind only.",
            );
            return;
        }
        last = attribute.raw;
    }
}

fn verdict(look: &mut Look<'_>, signed: &SignedData) -> String {
    let signer = match signed.signer_certificate(&look.limits, &look.tolerance) {
        Ok(signer) => signer,
        Err(error) => {
            if signed.certificates().next().is_none() {
                look.unusual(
                    "no certificates in the message",
                    "Who reads it must have the signer's certificate already. NDES and Dogtag \
                     reply like that: take their certificates from GetCACert.",
                );
            }
            return format!("not checked: {error}");
        }
    };
    let unchecked = "not checked: ";
    if signed.signers().iter().any(|info| info.unverified_attributes().is_empty()) {
        return format!("{unchecked}it has no signed attributes, which SCEP requires");
    }
    if *signed.unverified_content() == Content::Absent
        && !signed.signers().iter().any(has_scep_attributes)
    {
        return format!("{unchecked}what was signed is not in the message");
    }
    match signed.verify(&signer, &RustCrypto, &look.tolerance) {
        Err(Error::Unsupported(unsupported)) => format!("{unchecked}{unsupported}"),
        Ok(verified) => {
            let whose = match signer.is_self_issued() && !signer.is_ca() {
                true => "by a self-signed certificate: that proves the key, not who has it",
                false => "by the certificate in the message: whether to trust it is another matter",
            };
            if !verified.needed_resorting() {
                return format!("right, over the bytes as sent, {whose}");
            }
            look.unusual(
                "the signature fits only after sorting the attributes",
                "The sender sorted before signing and not before sending. Verifiers that check the \
                 bytes as sent refuse the message.",
            );
            format!("right after sorting the attributes, {whose}")
        }
        Err(error) => {
            look.unusual(
                format!("the signature is not right ({error})"),
                "The message was altered on its way, or signed with another key than that of the \
                 certificate it names. Nobody should act on it.",
            );
            format!("NOT RIGHT: {error}")
        }
    }
}

fn version(look: &mut Look<'_>, signed: &SignedData, version: Option<&Tlv<'_>>, place: &Place) {
    let Some(version) = version else { return };
    if signed.content_type() == oid::DATA && version.value != [1] {
        look.unusual(
            format!(
                "version {} of SignedData ({})",
                hex(version.value, 8),
                place.at(version.offset)
            ),
            "For content of type data RFC 5652 section 5.1 says 1. Readers rarely look.",
        );
    }
}

/// What was signed.
fn content(
    look: &mut Look<'_>,
    signed: &SignedData,
    tlv: Option<&Tlv<'_>>,
    signer: Option<Certificate>,
    is_scep: bool,
    place: &Place,
) {
    let is_signed = !signed.signers().is_empty();
    if is_signed && signed.content_type() != oid::DATA && !est::is_cmc(signed) {
        look.unusual(
            format!("the content is of type {}", names::oid(&signed.content_type())),
            "In SCEP it is data (RFC 8894 section 3.2).",
        );
    }
    match (signed.unverified_content(), tlv) {
        (Content::Octets(octets), Some(tlv)) if !octets.is_empty() => {
            look.page.heading(&format!("Signed content, {}", bytes(octets.len())));
            let header = tlv.raw.len().saturating_sub(tlv.value.len());
            let inside = place.plus(tlv.offset.saturating_add(header));
            if est::is_cmc(signed) {
                est::cmc(look, signed, octets, &inside);
            } else if octets.first() == Some(&tag::SEQUENCE) {
                let before = std::mem::replace(&mut look.outer_signer, signer);
                look.value(octets, &inside);
                look.outer_signer = before;
            } else {
                let text = octets
                    .iter()
                    .take(64)
                    .all(|octet| !octet.is_ascii_control() || octet.is_ascii_whitespace());
                look.page.line(if text { "text" } else { "no ASN.1 SEQUENCE: not looked at" });
            }
        }
        (Content::Octets(_), Some(_)) if is_signed => {
            look.page.row("signed content", "an empty OCTET STRING");
        }
        (Content::Octets(_), _) if !is_signed => look.unusual(
            "an empty content in a message without signer",
            "RFC 8894 section 3.4 says to leave it out. Redwax servers send it; most readers do \
             not mind.",
        ),
        (Content::Other(raw), _) => {
            look.page
                .row("signed content", &format!("{}, not in an OCTET STRING", bytes(raw.len())));
            if Certificate::parse(raw, &look.limits).is_ok() {
                look.unusual(
                    "a certificate stands where the content should",
                    "Apple writes its Mdm-Signature header so: the certificate is the signer's, \
                     and what was signed is the body of the HTTP request.",
                );
            } else {
                look.unusual(
                    "the content stands there without its OCTET STRING",
                    "That is PKCS #7 version 1.5, where the signature covers the content without \
                     tag and length. Readers of CMS alone refuse it.",
                );
            }
        }
        (Content::Absent, _) if is_scep => scep::absent_content(look),
        (Content::Absent, _) if is_signed => {
            look.page.row("signed content", "not in the message (a detached signature)");
        }
        _ => {}
    }
}

impl<'d> Layout<'d> {
    fn read(der: &'d [u8]) -> Result<Self, Error> {
        let mut info = Reader::new(der).sequence("ContentInfo")?;
        info.oid("contentType")?;
        let explicit = info.expect(tag::constructed(0), "the content of ContentInfo")?;
        let mut fields = explicit.reader().sequence("SignedData")?;
        let mut layout = Self {
            version: Some(fields.expect(tag::INTEGER, "the version of SignedData")?),
            ..Self::default()
        };
        fields.expect(tag::SET, "digestAlgorithms")?;
        let mut content = fields.sequence("encapContentInfo")?;
        content.oid("eContentType")?;
        if let Some(explicit) = content.optional(tag::constructed(0), "eContent")? {
            layout.content = Some(explicit.reader().any("eContent")?);
        }
        if let Some(certificates) = fields.optional(tag::constructed(0), "certificates")? {
            let mut certificates = certificates.reader();
            while !certificates.is_empty() {
                layout.certificates.push(certificates.any("a certificate")?);
            }
            // Attribute certificates and the like, which nobody here reads.
            layout.certificates.retain(|certificate| certificate.tag == tag::SEQUENCE);
        }
        fields.optional(tag::constructed(1), "crls")?;
        let mut infos = fields.expect(tag::SET, "signerInfos")?.reader();
        while !infos.is_empty() {
            let mut info = infos.sequence("SignerInfo")?;
            info.expect(tag::INTEGER, "the version of SignerInfo")?;
            info.any("the signer")?;
            info.any("digestAlgorithm")?;
            layout.signers.push(info.optional(tag::constructed(0), "signedAttrs")?);
        }
        Ok(layout)
    }
}
