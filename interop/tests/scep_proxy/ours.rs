//! The program under test: the example `scep-proxy`.

use std::path::{Path, PathBuf};

use devicecert_interop::{Lab, Netns, Outcome, Postgres, Running, Tool, program};

use crate::http::Answer;

/// What devices are told that the proxy is called; its port is not known when they are filed.
const SERVER: &str = "http://proxy.test";

/// A configuration with one CA, called `WIFI`.
pub(crate) fn config(lab: &Lab, ca: &str, more: &str) -> Outcome<PathBuf> {
    let text = format!("server-url = \"{SERVER}\"\n{more}\n[custom-scep]\nWIFI = \"{ca}\"\n");
    lab.write("scep-proxy.toml", text)
}

/// A running `scep-proxy`.
pub(crate) struct Proxy {
    pub(crate) running: Running,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
    /// The paths of the devices that were filed when it started.
    pub(crate) paths: Vec<String>,
}

impl Proxy {
    /// Starts a proxy with a store in memory and these devices in it.
    pub(crate) fn in_memory(lab: &Lab, config: &Path, devices: &[&str]) -> Outcome<Self> {
        let mut tool = tool()?.option("--listen", "127.0.0.1:0").option("--config", config);
        for device in devices {
            tool = tool.option("--device", device);
        }
        Self::start(lab, tool)
    }

    /// Starts a proxy on a database.
    pub(crate) fn on(lab: &Lab, config: &Path, database: &Postgres) -> Outcome<Self> {
        Self::at(lab, config, database, "127.0.0.1:0")
    }

    /// The same at an address.
    pub(crate) fn at(
        lab: &Lab,
        config: &Path,
        database: &Postgres,
        address: &str,
    ) -> Outcome<Self> {
        let tool = tool()?.option("--listen", address).option("--config", config);
        Self::start(lab, tool.option("--store", database.url()))
    }

    /// The same in a network namespace; the database's socket is a file, and there too.
    pub(crate) fn within(
        netns: &Netns,
        lab: &Lab,
        config: &Path,
        database: &Postgres,
    ) -> Outcome<Self> {
        let path = program("scep-proxy")?;
        let tool = netns.tool(path.to_str().ok_or("the path is not UTF-8")?);
        let tool = tool.option("--listen", "127.0.0.1:0").option("--config", config);
        Self::start(lab, tool.option("--store", database.url()))
    }

    pub(crate) fn start(lab: &Lab, tool: Tool) -> Outcome<Self> {
        let mut running = tool.start(lab)?;
        let (address, paths) = running.until(60, |log| {
            let url = log.lines().find_map(|line| line.strip_prefix("listening on http://"))?;
            let address = url.split('/').next()?.to_owned();
            Some((address, log.lines().filter_map(path).collect()))
        })?;
        Ok(Self { running, address, paths })
    }

    /// The URL for a device.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks by GET.
    pub(crate) fn get(&self, path: &str, query: &str) -> Outcome<Answer> {
        crate::http::ask(&self.address, "GET", &format!("{path}?{query}"), b"")
    }

    /// Sends a message by POST.
    pub(crate) fn post(&self, path: &str, message: &[u8]) -> Outcome<Answer> {
        let path = format!("{path}?operation=PKIOperation");
        crate::http::ask(&self.address, "POST", &path, message)
    }

    /// Requires that nothing of this is in what the proxy has printed.
    pub(crate) fn keeps_to_itself(&self, secret: &str) -> Outcome {
        let log = self.running.log();
        let printed = log.lines().filter(|line| path(line).is_none());
        match printed.into_iter().find(|line| line.contains(secret)) {
            None => Ok(()),
            Some(line) => Err(format!("the proxy printed a secret: {line}").into()),
        }
    }
}

/// Makes the tables.
pub(crate) fn init(lab: &Lab, database: &Postgres) -> Outcome {
    tool()?.arg("init").option("--store", database.url()).run(lab)?.ok()?;
    Ok(())
}

/// Files a device the way an MDM server does; gives back the path in its URL.
pub(crate) fn add(lab: &Lab, config: &Path, database: &Postgres, device: &str) -> Outcome<String> {
    let tool = tool()?.arg("add").option("--config", config).option("--store", database.url());
    let done = tool.arg(device).run(lab)?.ok()?;
    let text = String::from_utf8(done.stdout)?;
    text.lines().find_map(path).ok_or_else(|| "no URL was printed".into())
}

/// The passcode in a path.
pub(crate) fn passcode(path: &str) -> &str {
    path.rsplit("%2C").next().unwrap_or_default()
}

pub(crate) fn tool() -> Outcome<Tool> {
    // Whatever the developer has there is not for tests.
    Ok(Tool::new(program("scep-proxy")?).env("HOME", "/nonexistent"))
}

/// The path in a URL that was printed.
pub(crate) fn path(line: &str) -> Option<String> {
    let path = line.strip_prefix(SERVER)?;
    path.starts_with("/mdm/").then(|| path.to_owned())
}
