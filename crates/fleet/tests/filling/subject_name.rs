//! The subject of a SCEP certificate for Windows.

use devicecert_fleet::Destination::WindowsProfile;
use devicecert_fleet::WhyMisplaced;

use crate::{fill, misplaced};

fn profile(scope: &str, subject: &str) -> String {
    format!(
        "<Add><Item><Target><LocURI>./{scope}Vendor/MSFT/ClientCertificateInstall/SCEP/x/Install/\
         SubjectName</LocURI></Target><Data>{subject}</Data></Item></Add>"
    )
}

#[track_caller]
fn becomes(subject: &str, value: &str, expected: &str) {
    for scope in ["Device/", "User/", ""] {
        let found = fill(&profile(scope, subject), WindowsProfile, value).unwrap();
        assert_eq!(found, profile(scope, expected));
    }
}

/// A value with a separator in it would end the attribute.
#[test]
fn a_value_with_a_variable_gets_quotation_marks() {
    becomes("CN=$FLEET_SECRET_A", "a,OU=b", "CN=\"a,OU=b\"");
    becomes("CN=$FLEET_SECRET_A,OU=IT", "user+idp@x", "CN=\"user+idp@x\",OU=IT");
    becomes(" CN = a $FLEET_SECRET_A b ; OU=c", "x", " CN = \"a x b\" ; OU=c");
    becomes("CN=a+OU=${FLEET_SECRET_A}", "x", "CN=a+OU=\"x\"");
    becomes("OU=$FLEET_SECRET_A$FLEET_SECRET_B", "x", "OU=\"xx\"");
}

#[test]
fn a_quotation_mark_in_a_value_is_doubled() {
    becomes("CN=$FLEET_SECRET_A", "a\"b", "CN=\"a&#34;&#34;b\"");
    becomes("CN=$FLEET_SECRET_A", "a\\b", "CN=\"a\\b\"");
    becomes("CN=$FLEET_SECRET_A", "<&>'", "CN=\"&lt;&amp;&gt;&#39;\"");
}

#[test]
fn quotation_marks_that_are_there_stay() {
    becomes("CN=\"$FLEET_SECRET_A\"", "x", "CN=\"x\"");
    becomes("CN=\"a, $FLEET_SECRET_A\",OU=b", "x", "CN=\"a, x\",OU=b");
    becomes("CN=&quot;$FLEET_SECRET_A&#34;", "x", "CN=&quot;x&#34;");
    becomes("CN=\"a \"\"b\"\" $FLEET_SECRET_A\"", "x", "CN=\"a \"\"b\"\" x\"");
}

#[test]
fn separators_as_references() {
    becomes("CN=a&#44;OU=$FLEET_SECRET_A", "x", "CN=a&#44;OU=\"x\"");
    becomes("CN=a &amp; $FLEET_SECRET_A", "x", "CN=\"a &amp; x\"");
}

#[test]
fn in_a_cdata_section() {
    becomes(
        "<![CDATA[CN=$FLEET_SECRET_A,OU=b]]>",
        "a\"&]",
        "<![CDATA[CN=\"a\"\"&]]]><![CDATA[\",OU=b]]>",
    );
    becomes(" <![CDATA[CN=a]]> ", "x", " <![CDATA[CN=a]]> ");
}

/// Other values are left as the administrator wrote them.
#[test]
fn literals_are_not_touched() {
    becomes("CN=a b,OU=\"c\",O=d", "x", "CN=a b,OU=\"c\",O=d");
}

#[test]
fn other_nodes_get_no_quotation_marks() {
    let names =
        profile("Device/", "CN=$FLEET_SECRET_A").replace("SubjectName", "SubjectAlternativeNames");
    let filled = fill(&names, WindowsProfile, "x\"").unwrap();
    assert!(filled.contains("<Data>CN=x&#34;</Data>"), "{filled}");
}

#[test]
fn a_variable_has_to_be_part_of_a_value() {
    for subject in [
        "$FLEET_SECRET_A",
        "$FLEET_SECRET_A=x",
        "CN=a,$FLEET_SECRET_A",
        "CN=a\"$FLEET_SECRET_A",
        "CN=\"a\"$FLEET_SECRET_A",
        "CN=\"a$FLEET_SECRET_A",
        "CN=a<![CDATA[$FLEET_SECRET_A]]>",
    ] {
        let text = profile("Device/", subject);
        assert_eq!(misplaced(&text, WindowsProfile), WhyMisplaced::Subject, "{subject}");
    }
}

/// Windows cannot read a line break in a subject.
#[test]
fn a_line_break() {
    for subject in ["CN=$FLEET_SECRET_A", "<![CDATA[CN=$FLEET_SECRET_A]]>"] {
        assert!(fill(&profile("Device/", subject), WindowsProfile, "a\nb").is_err());
    }
}
