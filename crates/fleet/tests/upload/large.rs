//! Profiles of many mebibytes. Were anything in them looked at as often as they have characters, nobody
//! would wait for the end of this.

use devicecert_fleet::{Destination, Template};

use crate::support::{CURRENT, find};

const ADDRESS: &str = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/\
     $FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID/Install/SubjectName";

fn windows(target: &str, data: &str) -> String {
    format!("<Add><Item><Target><LocURI>{target}</LocURI></Target><Data>{data}</Data></Item></Add>")
}

fn look_at(text: &str, destination: Destination) {
    let _ = find(text, destination, CURRENT);
    let _ = Template::compile(text, destination);
}

#[test]
fn a_subject_of_many_characters() {
    look_at(&windows(ADDRESS, &format!("CN={}", "a".repeat(4 << 20))), Destination::WindowsProfile);
    look_at(&windows(ADDRESS, &"CN=a&amp;,".repeat(200_000)), Destination::WindowsProfile);
}

#[test]
fn a_text_in_many_pieces() {
    let pieces = "x<!---->".repeat(400_000);
    let blank = "\n<!---->".repeat(300_000);
    let variables = "$FLEET_VAR_HOST_UUID<!---->".repeat(3_000);
    for data in [pieces, format!("{blank}{variables}")] {
        look_at(&windows("./Device/A", &data), Destination::WindowsProfile);
        look_at(&windows(ADDRESS, &data), Destination::WindowsProfile);
        for element in ["string", "data", "integer"] {
            let text = format!("<plist><array><{element}>{data}</{element}></array></plist>");
            look_at(&text, Destination::AppleProfile);
        }
    }
}
