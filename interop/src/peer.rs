//! The programs we test against, and whether they are here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Netns;

/// A program that somebody else wrote.
#[derive(Debug)]
pub struct Peer {
    /// What it is called in test names and in the table.
    pub name: &'static str,
    /// What must be on this machine for its tests to run.
    pub needs: &'static [Need],
}

/// One thing a peer's tests cannot run without.
#[derive(Debug)]
pub enum Need {
    /// An executable.
    Program(&'static str),
    /// An executable whose `--help` says this word: some names are taken by several programs.
    ProgramSaying(&'static str, &'static str),
    /// A Python package in the folder that [`python_path`] names.
    Python(&'static str),
    /// A Python package in the folder of this name: see [`python_folder`].
    PythonIn(&'static str, &'static str),
    /// A file that a package puts in one place.
    File(&'static str),
    /// A program that `.ci/peers` builds; see [`built`].
    Built(&'static str),
    /// All that another peer needs.
    Peer(&'static Peer),
    /// Permission to make network namespaces.
    Netns,
    /// The folder of captures, which `DEVICECERT_CAPTURES` names. It is no part of this project,
    /// so tests without it are ignored even where peers are required.
    Captures,
}

/// What is missing where there are no captures.
pub(crate) const CAPTURES: &str = "DEVICECERT_CAPTURES";

/// Debian's `scep`: `scepserver`, with our client.
pub const SCEPSERVER: Peer = Peer {
    name: "scepserver",
    needs: &[
        Need::Program("scepserver"),
        Need::Program("ip"),
        Need::Program("ss"),
        Need::Netns,
        Need::Program("openssl"),
    ],
};

/// Debian's `scep`: `scepclient`, with our server.
pub const SCEPCLIENT: Peer =
    Peer { name: "scepclient", needs: &[Need::Program("scepclient"), Need::Program("openssl")] };

/// certmonger: its daemon, and its SCEP helper alone.
pub const CERTMONGER: Peer = Peer {
    name: "certmonger",
    needs: &[
        Need::Program("certmonger"),
        Need::Program("getcert"),
        Need::Program("scep-submit"),
        Need::Program("openssl"),
    ],
};

/// strongSwan's `pki`.
pub const STRONGSWAN: Peer = Peer {
    name: "strongswan",
    needs: &[Need::ProgramSaying("pki", "--scepca"), Need::Program("openssl")],
};

/// PyScep from the Python package index.
pub const PYSCEP: Peer = Peer {
    name: "pyscep",
    needs: &[Need::Program("python3"), Need::Python("scep"), Need::Program("openssl")],
};

/// pyspnego from the Python package index: an acceptor of NTLM, in Python.
pub const PYSPNEGO: Peer = Peer {
    name: "pyspnego",
    needs: &[Need::Program("python3"), Need::PythonIn("pyspnego", "spnego")],
};

/// http-message-signatures from the Python package index: RFC 9421, both roles.
pub const HTTP_MESSAGE_SIGNATURES: Peer = Peer {
    name: "http-message-signatures",
    needs: &[
        Need::Program("python3"),
        Need::PythonIn("http-message-signatures", "http_message_signatures"),
    ],
};

/// Debian's gss-ntlmssp below MIT's GSSAPI: an acceptor of NTLM, in C.
pub const GSS_NTLMSSP: Peer = Peer {
    name: "gss-ntlmssp",
    needs: &[
        Need::Program("/usr/bin/python3"),
        Need::File("/usr/lib/python3/dist-packages/gssapi/__init__.py"),
        Need::File("/etc/gss/mech.d/mech.ntlmssp.conf"),
    ],
};

/// FreeRADIUS, and a supplicant that knocks at its door.
pub const FREERADIUS: Peer = Peer {
    name: "freeradius",
    needs: &[
        Need::Program("freeradius"),
        Need::Program("eapol_test"),
        Need::Program("faketime"),
        Need::Program("openssl"),
    ],
};

/// SoftHSM 2: a PKCS #11 token in files.
pub const SOFTHSM: Peer = Peer {
    name: "softhsm",
    needs: &[
        Need::Program("softhsm2-util"),
        Need::Program("openssl"),
        Need::File("/usr/lib/softhsm/libsofthsm2.so"),
    ],
};

/// Java's keytool.
pub const KEYTOOL: Peer = Peer { name: "keytool", needs: &[Need::Program("keytool")] };

/// NSS, the library of Firefox and of Red Hat's programs.
pub const NSS: Peer =
    Peer { name: "nss", needs: &[Need::Program("pk12util"), Need::Program("certutil")] };

/// GnuTLS.
pub const GNUTLS: Peer = Peer { name: "gnutls", needs: &[Need::Program("certtool")] };

/// OpenSSL, reading what we wrote, and writing for us.
pub const OPENSSL: Peer = Peer { name: "openssl", needs: &[Need::Program("openssl")] };

/// curl, with OpenSSL around it.
pub const CURL: Peer =
    Peer { name: "curl", needs: &[Need::Program("curl"), Need::Program("openssl")] };

/// BouncyCastle's EST client, from Debian's `libbcpkix-java`.
pub const BOUNCYCASTLE: Peer = Peer {
    name: "bouncycastle",
    needs: &[
        Need::Program("java"),
        // Runs a source file as it is.
        Need::Program("javac"),
        Need::File("/usr/share/java/bcpkix.jar"),
        Need::Program("openssl"),
    ],
};

/// The EST server of the crate `est-ca`, which `interop/est-ca` puts behind TLS.
pub const EST_CA: Peer =
    Peer { name: "est-ca", needs: &[Need::Built("est-ca-server"), Need::Program("openssl")] };

/// PostgreSQL.
pub const POSTGRESQL: Peer = Peer {
    name: "postgresql",
    needs: &[
        Need::Program("initdb"),
        Need::Program("postgres"),
        Need::Program("psql"),
        Need::Program("setpriv"),
        Need::Program("openssl"),
    ],
};

/// Debian's `scep`: `scepserver`, behind our proxy with its store in PostgreSQL.
pub const SCEPSERVER_BEHIND_PROXY: Peer = Peer {
    name: "scepserver+postgresql",
    needs: &[Need::Peer(&SCEPSERVER), Need::Peer(&POSTGRESQL)],
};

/// Debian's `scep`: `scepclient`, and our server behind our proxy with its store in PostgreSQL.
pub const SCEPCLIENT_BEFORE_PROXY: Peer = Peer {
    name: "scepclient+postgresql",
    needs: &[Need::Peer(&SCEPCLIENT), Need::Peer(&POSTGRESQL)],
};

/// Our client with our server: no peer, only this machine.
pub const NONE: Peer = Peer { name: "devicecert", needs: &[] };

impl Peer {
    /// The first thing that is not on this machine.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        self.needs.iter().find_map(Need::missing)
    }
}

impl Need {
    fn missing(&self) -> Option<&'static str> {
        match *self {
            Self::Program(name) => find(name).is_none().then_some(name),
            Self::ProgramSaying(name, word) => (!says(name, word)).then_some(name),
            Self::Python(name) => (!python_path().join(name).is_dir()).then_some(name),
            Self::PythonIn(folder, name) => {
                (!python_folder(folder).join(name).is_dir()).then_some(name)
            }
            Self::File(path) => (!Path::new(path).is_file()).then_some(path),
            Self::Built(name) => (!built(name).is_file()).then_some(name),
            Self::Peer(peer) => peer.missing(),
            Self::Netns => (!Netns::available()).then_some("ip netns (needs root)"),
            Self::Captures => {
                let folder = std::env::var_os("DEVICECERT_CAPTURES").map(PathBuf::from);
                (!folder.is_some_and(|folder| folder.is_dir())).then_some(CAPTURES)
            }
        }
    }
}

/// Where an executable is: `PATH`, then the folders of daemons, of certmonger's helpers and of
/// PostgreSQL, which are on nobody's `PATH`.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let extra = ["/usr/sbin", "/sbin", "/usr/lib/certmonger", "/usr/libexec/certmonger"];
    std::env::split_paths(&path)
        .chain(extra.iter().map(PathBuf::from))
        .chain(postgresql_folders())
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// Debian keeps a folder for each version that is installed. Any will do.
fn postgresql_folders() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin")).collect()
}

/// The folder PyScep was installed into: `DEVICECERT_PYSCEP`, or where `.ci/peers` puts it.
#[must_use]
pub fn python_path() -> PathBuf {
    std::env::var_os("DEVICECERT_PYSCEP").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/interop/pyscep"),
        PathBuf::from,
    )
}

/// The folder that `.ci/peers` installs the Python packages of one peer into.
#[must_use]
pub fn python_folder(peer: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/interop").join(peer)
}

/// Where `.ci/peers` leaves a program that it builds from the sources of others.
#[must_use]
pub fn built(program: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/interop/built/debug").join(program)
}

fn says(program: &str, word: &str) -> bool {
    let Some(path) = find(program) else { return false };
    let help = Command::new(path).arg("--help").stdin(Stdio::null()).output();
    help.is_ok_and(|help| {
        let text = [help.stdout, help.stderr].concat();
        String::from_utf8_lossy(&text).contains(word)
    })
}
