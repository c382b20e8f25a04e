//! Where the database is, and with what password.

use std::ffi::OsString;
use std::net::IpAddr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::passfile::{PassfileError, password};

/// Who can read the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlFrom {
    /// Everybody on this machine, in the list of processes.
    CommandLine,
    /// The user that runs the program, and root.
    Environment,
}

/// Why a URL leads to no database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// It is no URL of PostgreSQL, or has a parameter that nobody knows.
    #[error("expected memory or postgres://USER@HOST:PORT/DATABASE?PARAMETER=VALUE")]
    Url(#[from] tokio_postgres::Error),
    /// There is a password in it, on the command line.
    #[error(
        "the password was in the list of processes: change it, and put the new one into \
         PGPASSWORD, PGPASSFILE or SCEP_PROXY_STORE"
    )]
    VisiblePassword,
    /// There is no password in it, and the file that could have it cannot be used.
    #[error(transparent)]
    Passfile(#[from] PassfileError),
}

/// Reads the URL. A password that is not in it is looked for where `psql` looks: in `PGPASSWORD`,
/// then in the file that `PGPASSFILE` names, or in `~/.pgpass`.
///
/// `sslmode=prefer`, which is what a URL without it means, becomes `require` unless every host is
/// this machine: whoever is in between could say that there is no TLS, and be told the password.
///
/// # Errors
/// [`ConnectError`]. It does not repeat the URL, which may have a password in it.
pub fn connection(
    url: &str,
    from: UrlFrom,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Config, ConnectError> {
    let mut config: Config = url.parse()?;
    if config.get_application_name().is_none() {
        config.application_name("scep-proxy");
    }
    if config.get_ssl_mode() == SslMode::Prefer && !is_here(&config) {
        config.ssl_mode(SslMode::Require);
    }
    match (config.get_password(), from) {
        (None, _) => {}
        (Some(_), UrlFrom::Environment) => return Ok(config),
        (Some(_), UrlFrom::CommandLine) => return Err(ConnectError::VisiblePassword),
    }
    match environment("PGPASSWORD") {
        Some(known) => {
            config.password(known.into_encoded_bytes());
        }
        None => {
            if let Some(known) = password(&config, environment)? {
                config.password(known.expose());
            }
        }
    }
    Ok(config)
}

/// Whether nothing leaves this machine on the way to the database.
fn is_here(config: &Config) -> bool {
    // An address says where a host is, whatever its name.
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => {
                let address = name.parse().ok();
                name == "localhost" || address.is_some_and(|it: IpAddr| it.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => true,
        }),
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio_postgres::config::SslMode;

    use super::super::Tls;
    use super::{ConnectError, UrlFrom, connection};

    #[test]
    fn without_tls_nothing_leaves_this_machine_unless_the_url_says_so() {
        for (url, expected) in [
            ("postgres://proxy@db/fleet", SslMode::Require),
            ("postgres://proxy@db/fleet?sslmode=prefer", SslMode::Require),
            ("postgres://proxy@db/fleet?sslmode=disable", SslMode::Disable),
            ("postgres://proxy@192.0.2.7/fleet", SslMode::Require),
            ("postgres://proxy@localhost,db/fleet", SslMode::Require),
            ("postgres://proxy@localhost/fleet?hostaddr=192.0.2.7", SslMode::Require),
            ("postgres://proxy@localhost/fleet", SslMode::Prefer),
            ("postgres://proxy@127.0.0.1/fleet", SslMode::Prefer),
            ("postgres://proxy@[::1]/fleet", SslMode::Prefer),
            ("postgres://proxy@db/fleet?hostaddr=127.0.0.1", SslMode::Prefer),
            ("postgres:///fleet?host=/run/postgresql", SslMode::Prefer),
        ] {
            let config = connection(url, UrlFrom::Environment, |_| None).unwrap();
            assert_eq!(config.get_ssl_mode(), expected, "{url}");
        }
    }

    #[tokio::test]
    async fn a_server_that_says_it_has_no_tls_is_told_nothing() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("postgres://proxy:hunter2@db.example:{port}/fleet");
        let mut config = connection(&url, UrlFrom::Environment, |_| None).unwrap();
        // The way of somebody in between: what is meant for elsewhere comes here.
        config.hostaddr(Ipv4Addr::LOCALHOST.into());
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            // SSLRequest, of which PostgreSQL's manual says: Int32(8) Int32(80877103).
            let mut asked = [0; 8];
            stream.read_exact(&mut asked).await.unwrap();
            assert_eq!(asked, [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
            stream.write_all(b"N").await.unwrap();
            let mut rest = Vec::new();
            // Whatever it is told, it hangs up.
            let _ = stream.read_buf(&mut rest).await;
            rest
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let (told, connected) = tokio::join!(server, config.connect(Tls::new(Arc::new(tls))));
        assert_eq!(String::from_utf8_lossy(&told), "");
        assert!(connected.is_err());
    }

    #[test]
    fn the_password_comes_from_the_url_before_the_environment() {
        let environment = |name: &str| (name == "PGPASSWORD").then(|| "outer".into());
        for (url, expected) in
            [("postgres://proxy:inner@db/fleet", "inner"), ("postgres://proxy@db/fleet", "outer")]
        {
            let config = connection(url, UrlFrom::Environment, environment).unwrap();
            assert_eq!(config.get_password(), Some(expected.as_bytes()), "{url}");
        }
    }

    #[test]
    fn an_unreadable_url_is_not_repeated() {
        let url = "postgres://proxy:hunter2@db/fleet?nonsense=1";
        let error = connection(url, UrlFrom::Environment, |_| None).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap();
        assert!(!format!("{error} {cause} {error:?}").contains("hunter2"));
    }

    #[test]
    fn a_password_on_the_command_line_is_refused() {
        let url = "postgres://proxy:hunter2@db/fleet";
        let error = connection(url, UrlFrom::CommandLine, |_| None).unwrap_err();
        assert!(matches!(error, ConnectError::VisiblePassword));
    }
}
