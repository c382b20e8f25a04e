//! What stands in the database, read with `psql`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use devicecert_interop::peer::POSTGRESQL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Postgres, Tool};

use crate::ours::{Proxy, add, config, init, passcode, tool};
use crate::upstream::{Say, Upstream};

const MESSAGE: &[u8] = b"message";
const REPLY: &[u8] = b"reply to message";
const GENERIC: &str = "Internal Server Error";
const REFUSED: &str = "custom scep challenge failed";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&POSTGRESQL, "digest", "the passcode is not in the database, its digest is", digest),
        case(&POSTGRESQL, "resend", "a used passcode has the profile sent again", resend),
        case(&POSTGRESQL, "status", "a profile that is not pending is refused", status),
        case(&POSTGRESQL, "windows", "a CA that fails is seen in the profile of Windows", windows),
        case(&POSTGRESQL, "android", "a passcode on file lets Android in, once", android),
        case(&POSTGRESQL, "expired", "old passcodes are refused, and removed", expired),
        case(&POSTGRESQL, "unknown_value", "a row that nobody knows is no permission", unknown),
        case(&POSTGRESQL, "no_tables", "a proxy does not start without its tables", no_tables),
        case(&POSTGRESQL, "tls", "TLS, SCRAM, a password file, a role that may little", tls),
    ]
}

/// A database with tables, a CA, and a proxy between them.
struct World {
    database: Postgres,
    upstream: Upstream,
    config: PathBuf,
    proxy: Proxy,
}

impl World {
    fn start(lab: &Lab) -> Outcome<Self> {
        let database = Postgres::start(lab)?;
        init(lab, &database)?;
        let upstream = Upstream::start(Say::Echo)?;
        let config = config(lab, &upstream.url, "upstream-seconds = 1")?;
        let proxy = Proxy::on(lab, &config, &database)?;
        Ok(Self { database, upstream, config, proxy })
    }

    fn add(&self, lab: &Lab, device: &str) -> Outcome<String> {
        add(lab, &self.config, &self.database, device)
    }

    /// Requires what a query brings.
    fn holds(&self, lab: &Lab, query: &str, expected: &str) -> Outcome {
        let found = self.database.sql(lab, query)?;
        if found == expected {
            return Ok(());
        }
        Err(format!("{query}: expected {expected:?}, found {found:?}").into())
    }
}

fn digest(lab: &Lab) -> Outcome {
    let world = World::start(lab)?;
    let path = world.add(lab, "1,a1,WIFI")?;
    let file = lab.write("passcode", passcode(&path))?;
    let sum = Tool::new("openssl").args(["dgst", "-sha256", "-r"]).arg(file).run(lab)?.ok()?;
    let sum = sum.text().split_whitespace().next().unwrap_or_default().to_owned();
    world.holds(lab, "select encode(digest, 'hex') from scep_proxy.passcodes", &sum)
}

fn resend(lab: &Lab) -> Outcome {
    let world = World::start(lab)?;
    let path = world.add(lab, "1,a1,WIFI")?;
    world.proxy.post(&path, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    world.holds(lab, "select count(*) from scep_proxy.passcodes", "0")?;
    world
        .database
        .sql(lab, "update scep_proxy.profiles set retries = 2, command_uuid = 'c', detail = 'd'")?;
    world.proxy.post(&path, MESSAGE)?.is(400, REFUSED)?;
    world.holds(
        lab,
        "select status is null, operation, detail, retries, command_uuid, \
         now() - variables_updated_at < interval '1 minute' from scep_proxy.profiles",
        "t|install||0||t",
    )
}

fn status(lab: &Lab) -> Outcome {
    let world = World::start(lab)?;
    let path = world.add(lab, "1,a1,WIFI")?;
    for (value, shown) in [("'verified'", "verified"), ("'failed'", "failed"), ("null", "null")] {
        world.database.sql(lab, &format!("update scep_proxy.profiles set status = {value}"))?;
        let text = format!("profile status ({shown}) is not 'pending' for host:1 profile:a1");
        world.proxy.post(&path, MESSAGE)?.is(400, &text)?;
    }
    world.holds(lab, "select count(*) from scep_proxy.passcodes", "1")
}

fn windows(lab: &Lab) -> Outcome {
    let world = World::start(lab)?;
    let profile = "select status, detail from scep_proxy.profiles";
    for (say, status, text, detail) in [
        (Say::Status("503 Service Unavailable"), 500, GENERIC, "HTTP 503"),
        (Say::Late(Duration::from_secs(3)), 408, "request timed out", "timeout"),
        (Say::Bytes((2 << 20) + 1), 500, GENERIC, "upstream error"),
    ] {
        world.upstream.says(say);
        let path = world.add(lab, "1,w1,WIFI")?;
        world.proxy.post(&path, MESSAGE)?.is(status, text)?;
        world.holds(lab, profile, &format!("failed|SCEP PKIOperation failed: {detail}"))?;
    }
    // Nobody listens on this port, and this name is reserved for being unknown.
    for (url, detail) in [
        ("http://127.0.0.1:1/", "connection refused"),
        ("http://ca.invalid/", "DNS resolution error"),
    ] {
        let config = config(lab, url, "")?;
        let proxy = Proxy::on(lab, &config, &world.database)?;
        let path = world.add(lab, "1,w1,WIFI")?;
        proxy.post(&path, MESSAGE)?.is(500, GENERIC)?;
        world.holds(lab, profile, &format!("failed|SCEP PKIOperation failed: {detail}"))?;
    }
    world.upstream.says(Say::Echo);
    let path = world.add(lab, "1,w1,WIFI")?;
    let failed = "update scep_proxy.profiles set status = 'failed', detail = ";
    world.database.sql(lab, &format!("{failed} 'SCEP PKIOperation failed: timeout'"))?;
    world.proxy.post(&path, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    world.holds(lab, profile, "verifying|")?;
    // What failed for another reason is not taken back.
    let path = world.add(lab, "1,w1,WIFI")?;
    world.database.sql(lab, &format!("{failed} 'another reason'"))?;
    world.proxy.post(&path, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    world.holds(lab, profile, "failed|another reason")
}

fn android(lab: &Lab) -> Outcome {
    let world = World::start(lab)?;
    let path = world.add(lab, "1,g17,WIFI")?;
    let (without, _) = path.rsplit_once("%2C").ok_or("no passcode in the URL")?;
    world.proxy.post(without, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    world.proxy.post(without, MESSAGE)?.is(400, REFUSED)
}

fn expired(lab: &Lab) -> Outcome {
    let mut world = World::start(lab)?;
    let path = world.add(lab, "1,a1,WIFI")?;
    let age = "update scep_proxy.passcodes set made_at = now() - interval";
    // The last minute of seven days, and the first after them.
    world.database.sql(lab, &format!("{age} '6 days 23 hours 59 minutes'"))?;
    world.proxy.post(&path, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    let path = world.add(lab, "1,a1,WIFI")?;
    world.database.sql(lab, &format!("{age} '7 days 1 minute'"))?;
    world.proxy.post(&path, MESSAGE)?.is(400, REFUSED)?;
    world.add(lab, "1,a1,WIFI")?;
    world.add(lab, "2,a2,WIFI")?;
    let of_one = "where host_uuid = '1'";
    world.database.sql(lab, &format!("{age} '7 days 1 minute' {of_one}"))?;
    world.proxy.running.kill();
    // A proxy removes them when it starts, and every hour.
    world.proxy = Proxy::on(lab, &world.config, &world.database)?;
    world.proxy.running.until(30, |log| {
        log.contains("1 passcodes were not used and have expired").then_some(())
    })?;
    world.holds(lab, "select host_uuid from scep_proxy.passcodes", "2")
}

fn unknown(lab: &Lab) -> Outcome {
    let mut world = World::start(lab)?;
    let path = world.add(lab, "1,a1,WIFI")?;
    world.database.sql(lab, "update scep_proxy.profiles set status = 'soon'")?;
    world.proxy.post(&path, MESSAGE)?.is(500, GENERIC)?;
    world.database.sql(
        lab,
        "update scep_proxy.profiles set status = 'pending'; \
         update scep_proxy.managed_certificates set type = 'est'",
    )?;
    world.proxy.post(&path, MESSAGE)?.is(500, GENERIC)?;
    for column in ["profiles.status", "managed_certificates.type"] {
        let text = format!("scep_proxy.{column}: expected");
        world.proxy.running.until(30, |log| log.contains(&text).then_some(()))?;
    }
    world.holds(lab, "select count(*) from scep_proxy.passcodes", "1")
}

fn no_tables(lab: &Lab) -> Outcome {
    let database = Postgres::start(lab)?;
    let config = config(lab, "http://ca.test/", "")?;
    let start = || -> Outcome<Tool> {
        let tool = tool()?.option("--listen", "127.0.0.1:0").option("--config", &config);
        Ok(tool.option("--store", database.url()))
    };
    start()?.run(lab)?.exits(1)?.says("`scep-proxy init` makes them")?;
    init(lab, &database)?;
    database.sql(lab, "update scep_proxy.version set version = 7")?;
    start()?.run(lab)?.exits(1)?.says("have version 7, and this program knows version 1")?;
    Ok(())
}

/// A database as it stands on another machine: reached through TLS, with a password, by a role that
/// owns nothing.
fn tls(lab: &Lab) -> Outcome {
    root(lab, "root")?;
    root(lab, "other")?;
    certificate(lab)?;
    let settings = [
        "fsync=off",
        "listen_addresses=127.0.0.1",
        "ssl=on",
        "ssl_cert_file=../db.pem",
        "ssl_key_file=../db.key",
    ];
    let database = Postgres::start_with(lab, &settings, |folder| {
        for file in ["db.pem", "db.key"] {
            fs::copy(lab.path(file), folder.join(file))?;
        }
        Ok(())
    })?;
    init(lab, &database)?;
    database.sql(
        lab,
        "create role proxy login password 'open sesame'; \
         grant usage on schema scep_proxy to proxy; \
         grant select, insert, update, delete on all tables in schema scep_proxy to proxy",
    )?;
    let port = database.port();
    let passfile = lab.write("pgpass", format!("localhost:{port}:*:proxy:open sesame\n"))?;
    fs::set_permissions(&passfile, fs::Permissions::from_mode(0o600))?;
    let url = format!("postgres://proxy@localhost:{port}/postgres?sslmode=require");
    let upstream = Upstream::start(Say::Echo)?;
    let with_root = |name: &str| -> Outcome<Tool> {
        let root = lab.path(name);
        let more = format!("[database]\nroots = \"{}\"", root.display());
        let config = config(lab, &upstream.url, &more)?;
        let tool = tool()?.option("--listen", "127.0.0.1:0").option("--config", config);
        Ok(tool.option("--store", &url).option("--device", "1,a1,WIFI"))
    };
    let proxy = Proxy::start(lab, with_root("root.pem")?.env("PGPASSFILE", &passfile))?;
    let encrypted = "select count(*) > 0 from pg_stat_ssl join pg_stat_activity using (pid) \
                     where ssl and usename = 'proxy' and application_name = 'scep-proxy'";
    match &*database.sql(lab, encrypted)? {
        "t" => {}
        other => return Err(format!("encrypted: {other}").into()),
    }
    proxy.post(&proxy.paths[0], MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    let stranger = with_root("other.pem")?.env("PGPASSFILE", &passfile);
    stranger.run(lab)?.exits(1)?.says("invalid peer certificate")?;
    let wrong = with_root("root.pem")?.env("PGPASSWORD", "open barley");
    wrong.run(lab)?.exits(1)?.says("password authentication failed")?;
    fs::set_permissions(&passfile, fs::Permissions::from_mode(0o640))?;
    let open = with_root("root.pem")?.env("PGPASSFILE", &passfile);
    open.run(lab)?.exits(1)?.says("others may read it")?;
    Ok(())
}

fn root(lab: &Lab, name: &str) -> Outcome {
    Tool::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Root"])
        .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")])
        .dir(lab.root())
        .run(lab)?
        .ok()?;
    Ok(())
}

fn certificate(lab: &Lab) -> Outcome {
    lab.write("db.ext", "subjectAltName=DNS:localhost\n")?;
    Tool::new("openssl")
        .args(["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"])
        .args(["-keyout", "db.key", "-out", "db.csr"])
        .dir(lab.root())
        .run(lab)?
        .ok()?;
    Tool::new("openssl")
        .args(["x509", "-req", "-in", "db.csr", "-CA", "root.pem", "-CAkey", "root.key"])
        .args(["-set_serial", "7", "-extfile", "db.ext", "-out", "db.pem"])
        .dir(lab.root())
        .run(lab)?
        .ok()?;
    Ok(())
}
