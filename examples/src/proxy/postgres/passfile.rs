//! The password file of PostgreSQL's own programs: `host:port:database:user:password` in each line.

use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::PathBuf;

use devicecert::pki::Secret;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Why a password file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PassfileError {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("{}: others may read it; `chmod 600` it", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
    },
    /// The URL has several hosts, and all of them would be told the same password.
    #[error("{}: expected one password for all hosts of the URL", path.display())]
    Several {
        /// Which file.
        path: PathBuf,
    },
}

/// The password of a connection, from the file that `PGPASSFILE` names, or from `~/.pgpass`. A file
/// that was not named need not be there.
pub(super) fn password(
    config: &Config,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<Secret>, PassfileError> {
    let named = environment("PGPASSFILE").map(PathBuf::from);
    let usual = || Some(PathBuf::from(environment("HOME")?).join(".pgpass"));
    let is_named = named.is_some();
    let Some(path) = named.or_else(usual) else { return Ok(None) };
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound && !is_named => return Ok(None),
        Err(source) => return Err(PassfileError::Read { path, source }),
    };
    if others_may_read(&file) {
        return Err(PassfileError::Open { path });
    }
    let mut text = String::new();
    if let Err(source) = file.read_to_string(&mut text) {
        return Err(PassfileError::Read { path, source });
    }
    let text = Secret::from(text);
    let text = String::from_utf8_lossy(text.expose());
    one_for_all(&text, &wanted(config)).map_err(|NotOne| PassfileError::Several { path })
}

#[cfg(unix)]
fn others_may_read(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    // What cannot be looked at is not trusted.
    file.metadata().map_or(true, |metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &File) -> bool {
    false
}

/// Host, port, database and user of every host, as the file spells them.
fn wanted(config: &Config) -> Vec<[String; 4]> {
    let named = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        // A socket, for which the file says localhost.
        #[cfg(unix)]
        Host::Unix(_) => "localhost".to_owned(),
    });
    let mut hosts: Vec<String> = named.collect();
    if hosts.is_empty() {
        hosts = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    }
    let user = config.get_user().unwrap_or_default();
    // Without a name the database is called as its user.
    let database = config.get_dbname().unwrap_or(user);
    let ports = config.get_ports();
    let all = (0..).zip(hosts).map(|(number, host): (usize, String)| {
        // One port is that of all hosts.
        let port = ports.get(number).or(ports.first()).copied().unwrap_or(5432);
        [host, port.to_string(), database.to_owned(), user.to_owned()]
    });
    all.collect()
}

/// The hosts have different passwords, or some of them none.
#[derive(Debug, PartialEq, Eq)]
struct NotOne;

fn one_for_all(text: &str, hosts: &[[String; 4]]) -> Result<Option<Secret>, NotOne> {
    let mut passwords = hosts.iter().map(|host| find(text, host));
    let first = passwords.next().flatten();
    if passwords.all(|other| other == first) { Ok(first) } else { Err(NotOne) }
}

fn find(text: &str, wanted: &[String; 4]) -> Option<Secret> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(fields).find_map(|[host, port, database, user, password]| {
        let known = [host, port, database, user];
        let is_it = known.iter().zip(wanted).all(|(known, wanted)| known == "*" || known == wanted);
        is_it.then(|| Secret::from(password))
    })
}

/// Splits a line at its colons; a backslash takes the meaning from what follows it.
fn fields(line: &str) -> Option<[String; 5]> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields.last_mut()?.extend(characters.next()),
            other => fields.last_mut()?.push(other),
        }
    }
    fields.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{NotOne, find, one_for_all, wanted};

    /// <https://www.postgresql.org/docs/current/libpq-pgpass.html>
    const FILE: &str = "\
# db:5432:fleet:proxy:commented
db:5433:fleet:proxy:other port
db:5432:*:proxy:with \\: and \\\\
*:*:*:root:anywhere";

    fn look(host: &str, port: &str, database: &str, user: &str) -> Option<String> {
        let wanted = [host, port, database, user].map(str::to_owned);
        let found = find(FILE, &wanted)?;
        Some(String::from_utf8(found.expose().to_vec()).unwrap())
    }

    #[test]
    fn the_first_line_that_fits_counts() {
        assert_eq!(look("db", "5433", "fleet", "proxy").as_deref(), Some("other port"));
        assert_eq!(look("db", "5432", "fleet", "proxy").as_deref(), Some("with : and \\"));
        assert_eq!(look("elsewhere", "1", "x", "root").as_deref(), Some("anywhere"));
    }

    #[test]
    fn no_host_is_told_the_password_of_another() {
        let look = |hosts: &str| {
            let url = format!("postgres://proxy@{hosts}/fleet");
            one_for_all(FILE, &wanted(&url.parse().unwrap()))
                .map(|found| found.map(|it| String::from_utf8(it.expose().to_vec()).unwrap()))
        };
        assert_eq!(look("db:5433"), Ok(Some("other port".to_owned())));
        assert_eq!(look("db:5433,db:5433"), Ok(Some("other port".to_owned())));
        assert_eq!(look("db:5433,db:5432"), Err(NotOne));
        assert_eq!(look("db:5433,elsewhere:5433"), Err(NotOne));
        assert_eq!(look("elsewhere:5433,db:5433"), Err(NotOne));
        assert_eq!(look("here,elsewhere"), Ok(None));
    }

    #[test]
    fn no_line_no_password() {
        assert_eq!(look("elsewhere", "5432", "fleet", "proxy"), None);
    }
}
