//! What the examples are made of.

/// A profile for Apple devices with one payload.
macro_rules! payload {
    ($kind:expr, $content:expr) => {
        concat!(
            "<plist version=\"1.0\"><dict><key>PayloadContent</key><array><dict>\n",
            "  <key>PayloadType</key><string>",
            $kind,
            "</string>\n  ",
            $content,
            "\n</dict></array></dict></plist>"
        )
    };
}

/// A profile for Apple devices with a SCEP payload: challenge, URL, and two parts of the subject.
macro_rules! scep {
    ($challenge:expr, $url:expr, $cn:expr, $ou:expr) => {
        payload!(
            "com.apple.security.scep",
            concat!(
                "<key>PayloadContent</key><dict>\n    <key>Challenge</key><string>",
                $challenge,
                "</string>\n    <key>URL</key><string>",
                $url,
                "</string>\n    <key>Subject</key><array>\n      ",
                "<array><array><string>CN</string><string>",
                $cn,
                "</string></array></array>\n      ",
                "<array><array><string>OU</string><string>",
                $ou,
                "</string></array></array>\n    </array>\n  </dict>"
            )
        )
    };
}

/// A profile for Apple devices with a PKCS #12 payload: content and password.
macro_rules! pkcs12 {
    ($data:expr, $password:expr) => {
        payload!(
            "com.apple.security.pkcs12",
            concat!(
                "<key>PayloadContent</key><data>",
                $data,
                "</data>\n  <key>Password</key><string>",
                $password,
                "</string>"
            )
        )
    };
}

/// A command that writes a node.
macro_rules! set {
    ($loc_uri:expr, $data:expr) => {
        concat!(
            "<Replace><Item><Target><LocURI>",
            $loc_uri,
            "</LocURI></Target><Data>",
            $data,
            "</Data></Item></Replace>"
        )
    };
}

/// The address of a node of the certificate.
macro_rules! node {
    ($leaf:expr) => {
        concat!(
            "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/",
            "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID",
            $leaf
        )
    };
}

/// A command that makes a node of the certificate.
macro_rules! add {
    ($leaf:expr, $data:expr) => {
        concat!(
            "<Add><Item><Target><LocURI>",
            node!($leaf),
            "</LocURI></Target><Data>",
            $data,
            "</Data></Item></Add>\n"
        )
    };
}

/// The settings of a certificate that no example changes.
macro_rules! settings {
    () => {
        concat!(
            "<Add><Item><Target><LocURI>",
            node!(""),
            "</LocURI></Target></Item></Add>\n",
            add!("/Install/KeyUsage", "160"),
            add!("/Install/KeyLength", "2048"),
            add!("/Install/HashAlgorithm", "SHA-2"),
            add!("/Install/EKUMapping", "1.3.6.1.5.5.7.3.2"),
            add!("/Install/CAThumbprint", "2133EC6A3CFB8418837BB395188D1A62CA2B96A6")
        )
    };
}

/// The command that starts the enrolment.
macro_rules! enroll {
    () => {
        concat!(
            "<Exec><Item><Target><LocURI>",
            node!("/Install/Enroll"),
            "</LocURI></Target></Item></Exec>"
        )
    };
}

/// A SCEP profile for Windows: subject, challenge and address of the server, and anything more.
macro_rules! certificate {
    ($subject:expr, $challenge:expr, $url:expr, $more:expr) => {
        concat!(
            settings!(),
            add!("/Install/SubjectName", $subject),
            add!("/Install/Challenge", $challenge),
            add!("/Install/ServerURL", $url),
            $more
        )
    };
}

/// One for a SCEP CA, and anything more.
macro_rules! of_wifi {
    ($subject:expr, $more:expr) => {
        certificate!(
            $subject,
            "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI",
            "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
            $more
        )
    };
}
