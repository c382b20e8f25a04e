//! Profiles of our own, with variables in every place that they can be in.

/// A value with every character that means something somewhere.
pub(crate) const ODD: &str = "O'Brien & <Söhne> \"x\" ]]> $FLEET_VAR_HOST_UUID";

/// Another, that ends and begins as a CDATA section does.
pub(crate) const BRACKETS: &str = "> ${FLEET_VAR_HOST_UUID} \\ 😀 ]]";

pub(crate) const APPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>PayloadContent</key><array>
    <dict>
      <key>PayloadType</key><string>com.apple.security.scep</string>
      <key>PayloadContent</key><dict>
        <key>Challenge</key><string> ${FLEET_VAR_NDES_SCEP_CHALLENGE}
        </string>
        <key>URL</key><string>$FLEET_VAR_NDES_SCEP_PROXY_URL</string>
        <key>Keysize</key><integer>$FLEET_SECRET_KEY_SIZE</integer>
        <key>Subject</key><array>
          <array><array><string>CN</string><string>$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME ($FLEET_VAR_HOST_UUID)</string></array></array>
          <array><array><string>OU</string><string>$FLEET_VAR_SCEP_RENEWAL_ID</string></array></array>
        </array>
      </dict>
    </dict>
    <dict>
      <key>PayloadType</key><string>com.apple.security.pkcs12</string>
      <key>Password</key><string>$FLEET_VAR_DIGICERT_PASSWORD_A</string>
      <key>PayloadContent</key><data>
        $FLEET_VAR_DIGICERT_DATA_A
      </data>
    </dict>
  </array>
  <key>$FLEET_VAR_HOST_PLATFORM</key><string><![CDATA[<$FLEET_VAR_HOST_UUID]]]]><![CDATA[>]]>&amp;</string>
</dict></plist>
"#;

/// The commands of a profile for Windows, without what goes around them.
pub(crate) const WINDOWS: &str = r#"<Add><Item>
  <Target><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID/Install/SubjectName</LocURI></Target>
  <Data>CN=$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME, OU=$FLEET_VAR_SCEP_RENEWAL_ID</Data>
</Item></Add>
<Add><Item>
  <Target><LocURI>./User/Vendor/MSFT/ClientCertificateInstall/SCEP/x/Install/SubjectName</LocURI></Target>
  <Data><![CDATA[CN="a $FLEET_VAR_HOST_END_USER_IDP_FULL_NAME";OU=$FLEET_VAR_HOST_END_USER_IDP_DEPARTMENT]]></Data>
</Item></Add>
<Add><Item>
  <Target><LocURI>./Device/A</LocURI></Target>
  <Data>a &amp; $FLEET_VAR_HOST_END_USER_IDP_DEPARTMENT</Data>
</Item></Add>
<Add><Item>
  <Target><LocURI>./Device/B</LocURI></Target>
  <Data><![CDATA[]]$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME>]$FLEET_VAR_HOST_END_USER_IDP_DEPARTMENT$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME]]></Data>
</Item></Add>
<Add><Item>
  <Target><LocURI>./Device/C</LocURI></Target>
  <Data> $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_A </Data>
</Item></Add>
"#;

/// Policies whose data is another document.
pub(crate) const POLICIES: &str = r#"<Replace><Item>
  <Target><LocURI>./Device/A</LocURI></Target>
  <Data><![CDATA[<enabled/><data id="a" value="$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME"/>]]></Data>
</Item></Replace>
<Replace><Item>
  <Target><LocURI>./Device/B</LocURI></Target>
  <Data>&lt;name&gt;$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME&lt;/name&gt;</Data>
</Item></Replace>
"#;
