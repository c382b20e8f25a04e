//! Programs that read property lists: Python's `plistlib`, libplist's `plistutil`, `xmllint`.

use devicecert_interop::peer::{Need, Peer};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};
use devicecert_mobileconfig::{Limits, Profile};

use crate::sample::{bound, long, payloads, plain, sample};

static PLISTLIB: Peer = Peer { name: "plistlib", needs: &[Need::Program("python3")] };
static PLISTUTIL: Peer = Peer { name: "plistutil", needs: &[Need::Program("plistutil")] };
static XMLLINT: Peer = Peer { name: "xmllint", needs: &[Need::Program("xmllint")] };

/// Reads one file and writes another, in XML or binary.
const CONVERT: &str = "import plistlib, sys
read = plistlib.load(open(sys.argv[1], 'rb'))
kind = plistlib.FMT_BINARY if sys.argv[3] == 'binary' else plistlib.FMT_XML
plistlib.dump(read, open(sys.argv[2], 'wb'), fmt=kind, sort_keys=False)";

/// What Apple's DTD says, without the comments: the file itself would have to be fetched.
const DTD: &str = "<!ENTITY % object \"(array|data|date|dict|real|integer|string|true|false)\">
<!ELEMENT plist %object;> <!ATTLIST plist version CDATA \"1.0\">
<!ELEMENT array (%object;)*> <!ELEMENT dict (key, %object;)*> <!ELEMENT key (#PCDATA)>
<!ELEMENT string (#PCDATA)> <!ELEMENT data (#PCDATA)> <!ELEMENT date (#PCDATA)>
<!ELEMENT true EMPTY> <!ELEMENT false EMPTY> <!ELEMENT real (#PCDATA)> <!ELEMENT integer (#PCDATA)>";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let samples: [(_, fn() -> Profile); 4] =
        [("sample", sample), ("long", long), ("bound", bound), ("payloads", payloads)];
    for (name, profile) in samples {
        for kind in ["xml", "binary"] {
            let what = format!("{name}: reads ours and writes it as {kind}, which we read");
            let profile = if kind == "xml" && name == "sample" { plain } else { profile };
            cases.push(case(&PLISTLIB, format!("{name}_{kind}"), what, move |lab| {
                plistlib(lab, &profile(), kind)
            }));
        }
        for (way, what) in [
            (Way::ToBinary, "reads ours and writes it as binary, which we read"),
            (Way::AndBack, "the same, and XML again"),
        ] {
            let title = format!("{name}: {what}");
            let is_plain = matches!(way, Way::AndBack) && name == "sample";
            let profile = if is_plain { plain } else { profile };
            let name = format!("{name}_{way:?}").to_lowercase();
            cases.push(case(&PLISTUTIL, name, title, move |lab| plistutil(lab, &profile(), way)));
        }
        let what = format!("{name}: is well-formed and valid by the DTD");
        cases.push(case(&XMLLINT, name, what, move |lab| xmllint(lab, &profile())));
    }
    cases
}

#[derive(Clone, Copy, Debug)]
enum Way {
    ToBinary,
    AndBack,
}

fn plistlib(lab: &Lab, profile: &Profile, kind: &str) -> Outcome {
    let file = lab.write("ours.mobileconfig", profile.to_xml()?)?;
    let theirs = lab.path("theirs.plist");
    Tool::new("python3").args(["-c", CONVERT]).arg(&file).arg(&theirs).arg(kind).run(lab)?.ok()?;
    let read = Profile::read(&std::fs::read(theirs)?, &Limits::default())?;
    assert_eq!(read.document(), profile.document());
    Ok(())
}

fn plistutil(lab: &Lab, profile: &Profile, way: Way) -> Outcome {
    let file = lab.write("ours.mobileconfig", profile.to_xml()?)?;
    let convert = |from: &std::path::Path, to: &str, format: &str| -> Outcome<Profile> {
        let out = lab.path(to);
        let tool = Tool::new("plistutil").option("-i", from).option("-o", &out);
        tool.option("-f", format).run(lab)?.ok()?;
        Ok(Profile::read(&std::fs::read(out)?, &Limits::default())?)
    };
    let mut read = convert(&file, "theirs.bplist", "bin")?;
    if matches!(way, Way::AndBack) {
        read = convert(&lab.path("theirs.bplist"), "theirs.plist", "xml")?;
    }
    assert_eq!(read.document(), profile.document());
    Ok(())
}

fn xmllint(lab: &Lab, profile: &Profile) -> Outcome {
    let file = lab.write("ours.mobileconfig", profile.to_xml()?)?;
    let dtd = lab.write("plist.dtd", DTD)?;
    let lint = || Tool::new("xmllint").args(["--noout", "--nonet"]);
    lint().arg(&file).run(lab)?.ok()?;
    lint().option("--dtdvalid", dtd).arg(&file).run(lab)?.ok()?;
    Ok(())
}
