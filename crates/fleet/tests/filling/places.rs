//! Elements, sections, strings.

use devicecert_fleet::Destination::{
    AndroidApp, AndroidSubject, AppleProfile, CaField, WindowsProfile,
};

use crate::{ODD, fill};

/// What Go's `xml.EscapeText` writes, which Fleet uses for every profile.
const GO: &str =
    "O&#39;Brien &amp; &lt;Söhne&gt; &#34;x&#34; ]]&gt; $FLEET_VAR_HOST_UUID ${FLEET_VAR_A}";

fn string(text: &str) -> String {
    format!("<plist><string>{text}</string></plist>")
}

fn data(text: &str) -> String {
    format!(
        "<Replace><Item><Target><LocURI>./A</LocURI></Target><Data>{text}</Data></Item></Replace>"
    )
}

#[test]
fn strings_and_keys_of_a_property_list() {
    assert_eq!(
        fill(&string("a $FLEET_VAR_HOST_UUID b"), AppleProfile, ODD).unwrap(),
        string(&format!("a {GO} b"))
    );
    let key = "<plist><dict><key>$FLEET_VAR_HOST_UUID</key><true/></dict></plist>";
    assert_eq!(
        fill(key, AppleProfile, "\t\n\r&").unwrap(),
        "<plist><dict><key>&#x9;&#xA;&#xD;&amp;</key><true/></dict></plist>"
    );
}

#[test]
fn data_and_integers_of_a_property_list() {
    let text = "<plist><array><data>\n $FLEET_VAR_DIGICERT_DATA_A\n</data></array></plist>";
    assert_eq!(
        fill(text, AppleProfile, "QUJD\nRA==").unwrap(),
        "<plist><array><data>QUJD\nRA==</data></array></plist>"
    );
    let text = "<plist><integer>$FLEET_SECRET_PORT</integer></plist>";
    assert_eq!(fill(text, AppleProfile, "-7").unwrap(), "<plist><integer>-7</integer></plist>");
}

/// What a variable of a CA stands for is all of its element, as Fleet does it.
#[test]
fn white_space_around_a_variable_of_a_ca_is_dropped() {
    assert_eq!(
        fill(&string("\n\t$FLEET_VAR_NDES_SCEP_CHALLENGE \r\n"), AppleProfile, "x").unwrap(),
        string("x")
    );
    assert_eq!(
        fill(&data(" <![CDATA[ $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_A ]]> "), WindowsProfile, "x")
            .unwrap(),
        data("<![CDATA[x]]>")
    );
    assert_eq!(fill(&string(" $FLEET_VAR_HOST_UUID "), AppleProfile, "x").unwrap(), string(" x "));
}

#[test]
fn data_of_a_windows_profile() {
    assert_eq!(
        fill(&data("a $FLEET_SECRET_A"), WindowsProfile, ODD).unwrap(),
        data(&format!("a {GO}"))
    );
}

/// Whatever is next to the value, the section does not end.
#[test]
fn a_cdata_section() {
    let section = |text: &str| data(&format!("<![CDATA[{text}]]>"));
    assert_eq!(
        fill(&section("a & $FLEET_SECRET_A"), WindowsProfile, "b < c").unwrap(),
        section("a & b < c")
    );
    let anew = "]]><![CDATA[";
    for (text, value, expected) in [
        ("$FLEET_SECRET_A", "]]>", format!("]{anew}]{anew}{anew}>")),
        ("]]$FLEET_SECRET_A", ">", format!("]]{anew}>")),
        ("]$FLEET_SECRET_A>", "]", format!("]]{anew}>")),
        ("]$FLEET_SECRET_A", "]>", format!("]]{anew}{anew}>")),
        ("$FLEET_SECRET_A$FLEET_SECRET_A>", "]", format!("]{anew}]{anew}>")),
        ("$FLEET_SECRET_A", "a\rb", "a]]>&#xD;<![CDATA[b".to_owned()),
    ] {
        assert_eq!(fill(&section(text), WindowsProfile, value).unwrap(), section(&expected));
    }
}

/// A policy whose value is XML itself: the value is text in there, too.
#[test]
fn xml_in_data() {
    let section =
        |text: &str| data(&format!("<![CDATA[<enabled/><data id=\"a\" value=\"{text}\"/>]]>"));
    assert_eq!(
        fill(&section("$FLEET_SECRET_A"), WindowsProfile, "\"/><evil x=\"]]").unwrap(),
        section("&#34;/&gt;&lt;evil x=&#34;]]]><![CDATA[]]]><![CDATA[")
    );
    let escaped = |text: &str| data(&format!("&lt;name&gt;{text}&lt;/name&gt;"));
    assert_eq!(
        fill(&escaped("$FLEET_SECRET_A"), WindowsProfile, "a<b>&'\"").unwrap(),
        escaped("a&amp;lt;b&amp;gt;&amp;amp;&amp;#39;&amp;#34;")
    );
}

#[test]
fn an_address() {
    let text = "<Add><Item><Target><LocURI>./A/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID/B</LocURI></Target></Item></Add>";
    assert_eq!(
        fill(text, WindowsProfile, "w4CD1BD65-1D2C").unwrap(),
        text.replace("$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID", "w4CD1BD65-1D2C")
    );
}

/// What Go's `json.Marshal` writes.
#[test]
fn json() {
    let text = r#"{"a\"": "b $FLEET_VAR_HOST_UUID c", "${FLEET_VAR_HOST_PLATFORM}": 1}"#;
    let written = r#"x\"\\\u003c\u003e\u0026\n\r\t\b\f\u0001\u2028é😀"#;
    let value = "x\"\\<>&\n\r\t\u{8}\u{c}\u{1}\u{2028}é😀";
    assert_eq!(
        fill(text, AndroidApp, value).unwrap(),
        format!(r#"{{"a\"": "b {written} c", "{written}": 1}}"#)
    );
}

/// Fleet escapes for XML here, and `o'brien` becomes `o&#39;brien` in the certificate.
#[test]
fn a_field_of_a_ca_is_plain_text() {
    let text = "$FLEET_VAR_HOST_END_USER_EMAIL_IDP $FLEET_VAR_HOST_HARDWARE_SERIAL";
    assert_eq!(fill(text, CaField, "o'brien@x").unwrap(), "o'brien@x o'brien@x");
}

#[test]
fn a_subject_in_slash_form() {
    let text = "/CN=$FLEET_VAR_HOST_END_USER_IDP_USERNAME/O=Example";
    assert_eq!(
        fill(text, AndroidSubject, "a/OU=b+C=c\\").unwrap(),
        "/CN=a\\/OU=b\\+C=c\\\\/O=Example"
    );
}
