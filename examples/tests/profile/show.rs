//! `profile show`: what is in a file, in words.

use libtest_mimic::Trial;

use crate::program::{CHALLENGE, Folder, KEYSIZE, Run, scep};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("show::payloads_and_what_points_at_what", payloads),
        trial("show::secrets_are_not_shown_and_placeholders_are", secrets),
        trial("show::who_signed", signature),
        trial("show::commands_for_windows", windows),
        trial("show::the_answer_of_a_device_in_words", answer),
        trial("show::what_cannot_be_read_is_status_1", unreadable),
    ]
}

fn has(run: &Run, wanted: &[&str]) {
    let flat = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in wanted {
        assert!(flat.contains(wanted), "no {wanted:?} in:\n{}", run.out);
    }
}

fn payloads() {
    let folder = Folder::new();
    let network = "<dict>
        <key>PayloadType</key><string>com.apple.wifi.managed</string>
        <key>PayloadCertificateUUID</key><string>7d1ba0b2-0000-4000-8000-000000000001</string>
        <key>EAPClientConfiguration</key><dict>
            <key>AcceptEAPTypes</key><array><integer>13</integer></array></dict>
        </dict>\n\t</array>";
    let text = scep(KEYSIZE)
        .replace("</array>\n\t<key>PayloadType", &format!("{network}\n\t<key>PayloadType"));
    let run = folder.write("a.mobileconfig", text).profile(&["show", "a.mobileconfig"]);
    assert_eq!(run.status, 0);
    has(
        &run,
        &[
            "Configuration profile, XML",
            "signature none",
            "Payload 1 of 2: com.apple.security.scep, gives an identity",
            "Subject CN=laptop-7",
            "Key Usage 5 (signing and encryption)",
            "Payload 2 of 2: com.apple.wifi.managed",
            "7d1ba0b2-0000-4000-8000-000000000001 (payload 1, com.apple.security.scep)",
            "AcceptEAPTypes 13 (TLS)",
        ],
    );
}

fn secrets() {
    let folder = Folder::new();
    folder.write("a.mobileconfig", scep("<key>Challenge</key><string>hunter2</string>"));
    let run = folder.profile(&["show", "a.mobileconfig"]);
    has(&run, &["Challenge [redacted]"]);
    assert!(!run.out.contains("hunter2"));
    folder.write("w.xml", CHALLENGE);
    let run = folder.profile(&["show", "w.xml"]);
    has(&run, &["Install/Challenge [redacted]"]);
    let template = scep("<key>Challenge</key><string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string>");
    let run = folder.write("t.mobileconfig", template).profile(&["show", "t.mobileconfig"]);
    has(&run, &["Challenge $FLEET_VAR_NDES_SCEP_CHALLENGE"]);
}

fn signature() {
    let folder = Folder::new();
    folder.identity("mdm");
    folder.write("a.mobileconfig", scep(KEYSIZE));
    let run = folder.profile(&[
        "sign",
        "a.mobileconfig",
        "--cert",
        "mdm.pem",
        "--key",
        "mdm.key",
        "--out",
        "s.mobileconfig",
    ]);
    assert_eq!(run.status, 0, "{}", run.err);
    let run = folder.profile(&["show", "s.mobileconfig"]);
    has(&run, &["signed by CN=mdm,O=Example", "signature right; 0 further certificates"]);
}

fn windows() {
    let folder = Folder::new();
    let text = format!("<Atomic>{CHALLENGE}</Atomic>").replace("pass_word", "$CHALLENGE");
    let run = folder.write("w.xml", text).profile(&["show", "w.xml"]);
    has(
        &run,
        &[
            "SyncML, commands without envelope",
            "Atomic, 1 command: all of them or none",
            "Add ./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/Challenge",
            "$CHALLENGE",
        ],
    );
}

fn answer() {
    let folder = Folder::new();
    let node = |name: &str, data: &str| {
        format!(
            "<Item><Source><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/{name}\
             </LocURI></Source><Data>{data}</Data></Item>"
        )
    };
    let text = format!(
        "<SyncBody xmlns=\"SYNCML:SYNCML1.2\"><Status><CmdID>1</CmdID><MsgRef>1</MsgRef>\
         <CmdRef>2</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status><Results><CmdID>2</CmdID>\
         <CmdRef>2</CmdRef>{}{}</Results></SyncBody>",
        node("Status", "16"),
        node("ErrorCode", "-2145844748"),
    );
    let run = folder.write("answer.xml", text).profile(&["show", "answer.xml"]);
    assert_eq!(run.status, 0, "{}", run.err);
    // 0x801901F4: HTTP_E_STATUS_SERVER_ERROR of Windows.
    has(&run, &["Get 2 200", "installed no", "status enrolment failed", "0x801901F4"]);
}

fn unreadable() {
    let folder = Folder::new();
    let run = folder.write("cut.xml", "<Add>\n<Item>\n</Add>").profile(&["show", "cut.xml"]);
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert!(run.err.starts_with("profile: cut.xml: at 3:1"), "{}", run.err);
}
