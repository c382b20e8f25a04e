//! Running the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fleet::TOKEN;
use crate::world::{EMAIL, World};

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// It went well.
    pub(crate) fn issued(&self) -> &Self {
        assert_eq!(self.status, 0, "{self:?}");
        assert!(self.out.starts_with("issued: "), "{self:?}");
        self
    }

    /// Fleet said no, with these words.
    pub(crate) fn refused(&self, status: u16, text: &str) {
        assert_eq!(self.status, 3, "{self:?}");
        self.says(&format!("Fleet refused with HTTP status {status}{text}\n"));
    }

    pub(crate) fn says(&self, text: &str) {
        assert!(self.err.contains(text), "{self:?}");
    }
}

/// A run that may still be changed.
pub(crate) struct Program(Command);

impl Program {
    /// As a user, for himself.
    pub(crate) fn of_user(world: &World, ca: &str) -> Self {
        Self::bare(world, ca).names(EMAIL, EMAIL).env("FLEET_API_TOKEN", TOKEN)
    }

    /// As a device that signs.
    pub(crate) fn of_device(world: &World, ca: &str, host: &(PathBuf, PathBuf)) -> Self {
        let (certificate, key) = host;
        Self::bare(world, ca).args(&[
            "--host-certificate",
            path(certificate),
            "--host-key",
            path(key),
        ])
    }

    /// As nobody.
    pub(crate) fn bare(world: &World, ca: &str) -> Self {
        let device = world.folder.path().join("device");
        Self::nowhere().args(&["--url", &world.url, "--ca-id", ca, "--out", path(&device)])
    }

    /// To another server than the world's.
    pub(crate) fn elsewhere(world: &World, url: &str) -> Self {
        let device = world.folder.path().join("device");
        Self::nowhere().args(&["--url", url, "--ca-id", "3", "--out", path(&device)])
    }

    /// Without arguments, and without what this machine's environment may have.
    pub(crate) fn nowhere() -> Self {
        let mut command = Command::new(program());
        for variable in ["FLEET_API_TOKEN", "FLEET_IDP_TOKEN", "FLEET_CHALLENGE"] {
            command.env_remove(variable);
        }
        Self(command)
    }

    pub(crate) fn names(self, email: &str, upn: &str) -> Self {
        self.args(&["--subject", &format!("CN={email}"), "--email", email, "--upn", upn])
    }

    pub(crate) fn args(mut self, arguments: &[&str]) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    pub(crate) fn run(mut self) -> Run {
        let output = self.0.stdin(Stdio::null()).output().unwrap();
        Run {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
    let program = folder.join(format!("request-certificate{}", std::env::consts::EXE_SUFFIX));
    let named = program.display();
    assert!(program.exists(), "{named} is not built: run `cargo build --examples`");
    program
}
