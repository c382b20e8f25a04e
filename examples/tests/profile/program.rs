//! Running the program in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity, to_pem};
use tempfile::TempDir;

/// A folder, and the program in it.
pub(crate) struct Folder(TempDir);

/// How a run ended.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn profile(&self, arguments: &[&str]) -> Run {
        run(Command::new(program()).args(arguments).current_dir(self.0.path()))
    }

    pub(crate) fn tool(&self, tool: &str, arguments: &[&str]) -> Run {
        run(Command::new(tool).args(arguments).current_dir(self.0.path()))
    }

    /// A key and its own certificate, as `NAME.key` and `NAME.pem`.
    pub(crate) fn identity(&self, name: &str) -> (PrivateKey, Certificate) {
        let key = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
        let from = Time::from(SystemTime::now()).before(Duration::from_secs(60));
        let validity = Validity::lasting(from, Duration::from_secs(86_400));
        let subject = format!("CN={name},O=Example").parse().unwrap();
        let public_key = key.public_key().clone();
        let params = CertificateParams::ca(subject, public_key, validity, &RustCrypto).unwrap();
        let certificate = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
        self.write(&format!("{name}.key"), key.to_pkcs8_pem().unwrap().expose());
        self.write(&format!("{name}.pem"), to_pem("CERTIFICATE", certificate.as_der()));
        (key, certificate)
    }
}

fn run(command: &mut Command) -> Run {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).env_remove("NO_COLOR").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { status: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

/// Cargo builds the examples of a package along with its tests, into a folder beside theirs.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
    let program = folder.join(format!("profile{}", std::env::consts::EXE_SUFFIX));
    let named = program.display();
    assert!(program.exists(), "{named} is not built: run `cargo build --examples`");
    program
}

/// A SCEP payload in a profile, with `content` among the keys that enrolment needs.
pub(crate) fn scep(content: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key>
			<string>com.apple.security.scep</string>
			<key>PayloadVersion</key>
			<integer>1</integer>
			<key>PayloadIdentifier</key>
			<string>com.example.scep</string>
			<key>PayloadUUID</key>
			<string>7D1BA0B2-0000-4000-8000-000000000001</string>
			<key>PayloadContent</key>
			<dict>
				<key>URL</key>
				<string>https://ca.example/scep</string>
				<key>Subject</key>
				<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>
				<key>Key Usage</key>
				<integer>5</integer>
				<key>KeyIsExtractable</key>
				<false/>
				{content}
			</dict>
		</dict>
	</array>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadIdentifier</key>
	<string>com.example</string>
	<key>PayloadUUID</key>
	<string>7D1BA0B2-0000-4000-8000-000000000000</string>
	<key>PayloadVersion</key>
	<integer>1</integer>
</dict>
</plist>
"#
    )
}

/// With this the profile of [`scep`] is a good one.
pub(crate) const KEYSIZE: &str = "<key>Keysize</key><integer>2048</integer>";

/// One command of a SCEP profile for Windows, with an underscore in the challenge.
pub(crate) const CHALLENGE: &str = "<Add>\n  <Item>\n    <Target><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/Challenge</LocURI></Target>\n    <Data>pass_word</Data>\n  </Item>\n</Add>\n";
