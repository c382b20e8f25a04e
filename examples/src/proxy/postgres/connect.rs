//! Where the database is, and with what password.

use std::ffi::OsString;

use tokio_postgres::Config;

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
    #[error("expected postgres://USER@HOST:PORT/DATABASE?PARAMETER=VALUE")]
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

#[cfg(test)]
mod tests {
    use super::{ConnectError, UrlFrom, connection};

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
