//! A PostgreSQL of one's own.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use crate::{Lab, Outcome, Running, Tool};

/// Who owns everything in it.
const OWNER: &str = "owner";

/// A database that belongs to one test, reached through a socket in a folder; ends on drop.
#[derive(Debug)]
pub struct Postgres {
    // In this order: the server ends before its files go.
    running: Running,
    folder: tempfile::TempDir,
    port: u16,
    settings: Vec<String>,
}

impl Postgres {
    /// Starts one.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(lab: &Lab) -> Outcome<Self> {
        // Nobody pulls a plug here.
        Self::start_with(lab, &["fsync=off"], |_| Ok(()))
    }

    /// Starts one with settings, each `name=value`, after `prepare` has seen its folder. Files that
    /// `prepare` makes belong to the server.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_with(
        lab: &Lab,
        settings: &[&str],
        prepare: impl FnOnce(&Path) -> Outcome,
    ) -> Outcome<Self> {
        // Not in the lab's folder, which is closed to the server's user.
        let folder = tempfile::Builder::new().prefix("devicecert-pg-").tempdir()?;
        own(folder.path())?;
        let data = folder.path().join("data");
        unprivileged("initdb")
            .option("-D", &data)
            .option("-U", OWNER)
            .args(["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync"])
            .dir(folder.path())
            .run(lab)?
            .ok()?;
        prepare(folder.path())?;
        for entry in fs::read_dir(folder.path())? {
            own(&entry?.path())?;
        }
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let running = run(lab, folder.path(), port, &settings)?;
        Ok(Self { running, folder, port, settings })
    }

    /// The URL for programs on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://{OWNER}@/postgres?host={folder}&port={}", self.port)
    }

    /// The port, if [`start_with`](Self::start_with) was told of an address to listen on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Runs SQL with `psql`; gives back the rows, one a line, with `|` between the columns.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn sql(&self, lab: &Lab, statements: &str) -> Outcome<String> {
        let done = Tool::new("psql")
            .arg(self.url())
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set", "ON_ERROR_STOP=1", "--command", statements])
            .run(lab)?
            .ok()?;
        Ok(String::from_utf8(done.stdout)?.trim().to_owned())
    }

    /// Ends the server at once, the way a crash does.
    ///
    /// # Errors
    /// When it does not end.
    pub fn crash(&mut self) -> Outcome {
        self.running.signal("QUIT")?;
        self.ended()
    }

    /// Starts it again after [`crash`](Self::crash).
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self, lab: &Lab) -> Outcome {
        self.running = run(lab, self.folder.path(), self.port, &self.settings)?;
        Ok(())
    }

    fn ended(&mut self) -> Outcome {
        match self.running.ends_within(30)? {
            true => Ok(()),
            false => Err("PostgreSQL did not end".into()),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A server that is killed leaves shared memory behind. One that does not listen to this is
        // killed all the same, by the drop of `running`.
        if self.running.signal("INT").is_ok() {
            let _ = self.ended();
        }
    }
}

fn run(lab: &Lab, folder: &Path, port: u16, settings: &[String]) -> Outcome<Running> {
    let mut tool = unprivileged("postgres")
        .option("-D", folder.join("data"))
        .option("-k", folder)
        .option("-p", port.to_string())
        .args(["-c", "listen_addresses="])
        .dir(folder);
    for setting in settings {
        tool = tool.option("-c", setting);
    }
    let mut running = tool.start(lab)?;
    running.until(60, |log| {
        log.contains("database system is ready to accept connections").then_some(())
    })?;
    Ok(running)
}

/// A program of PostgreSQL's, which refuses to be root.
fn unprivileged(program: &str) -> Tool {
    let path = crate::peer::find(program).unwrap_or_else(|| PathBuf::from(program));
    let tool = match user() {
        None => Tool::new(path),
        Some((user, group)) => Tool::new("setpriv")
            .args([format!("--reuid={user}"), format!("--regid={group}")])
            .args(["--clear-groups", "--"])
            .arg(path),
    };
    tool.named(program)
}

/// Whom the server runs as; none if we are not root, and it can run as we do.
fn user() -> Option<(u32, u32)> {
    let we_are_root = fs::metadata("/proc/self").is_ok_and(|us| us.uid() == 0);
    // Debian's package has made a user with this home.
    let home = fs::metadata("/var/lib/postgresql").ok().filter(|_| we_are_root)?;
    Some((home.uid(), home.gid()))
}

/// Gives a file or folder to the server, and to nobody else.
fn own(path: &Path) -> Outcome {
    if let Some((user, group)) = user() {
        chown(path, Some(user), Some(group))?;
    }
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(())
}
