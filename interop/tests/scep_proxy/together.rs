//! Several proxies on one database, and what they know after one was killed.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use devicecert_interop::peer::POSTGRESQL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Postgres, Tool};

use crate::ours::{Proxy, add, config, init, passcode};
use crate::upstream::{Say, Upstream};

const MESSAGE: &[u8] = b"message";
const REPLY: &[u8] = b"reply to message";
const REFUSED: &str = "custom scep challenge failed";
/// How often two requests race for one passcode.
const RACES: usize = 50;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&POSTGRESQL, "race", "two proxies, one passcode: one of two gets through", race),
        case(&POSTGRESQL, "kill", "a proxy that was killed knows what it knew", kill),
        case(&POSTGRESQL, "hung_up", "a device that hangs up holds up no other", hung_up),
        case(&POSTGRESQL, "database_crash", "a database that is away costs a 500", crash),
        case(&POSTGRESQL, "init_twice", "two make the tables at the same time", init_twice),
    ]
}

fn race(lab: &Lab) -> Outcome {
    let database = Postgres::start(lab)?;
    init(lab, &database)?;
    let upstream = Upstream::start(Say::Echo)?;
    let config = config(lab, &upstream.url, "")?;
    let proxies = [Proxy::on(lab, &config, &database)?, Proxy::on(lab, &config, &database)?];
    for race in 0..RACES {
        let path = add(lab, &config, &database, &format!("host-{race},a{race},WIFI"))?;
        let start = Barrier::new(2);
        let answers = thread::scope(|scope| {
            let racers = proxies.each_ref().map(|proxy| {
                let (start, path) = (&start, &path);
                scope.spawn(move || {
                    start.wait();
                    proxy.post(path, MESSAGE)
                })
            });
            racers.map(|racer| racer.join().unwrap_or_else(|_| Err("a racer panicked".into())))
        });
        let [one, other] = answers;
        let (winner, loser) = match (one?, other?) {
            (one, other) if one.status == 200 => (one, other),
            (one, other) => (other, one),
        };
        winner.brings("application/x-pki-message", REPLY)?;
        // The loser may come so late that the profile is marked already.
        let late =
            format!("profile status (null) is not 'pending' for host:host-{race} profile:a{race}");
        loser.is(400, REFUSED).or_else(|_| loser.is(400, &late))?;
    }
    match upstream.operations().len() {
        RACES => Ok(()),
        other => Err(format!("{RACES} passcodes let {other} requests through").into()),
    }
}

fn kill(lab: &Lab) -> Outcome {
    let database = Postgres::start(lab)?;
    init(lab, &database)?;
    let upstream = Upstream::start(Say::Echo)?;
    let config = config(lab, &upstream.url, "")?;
    let mut proxy = Proxy::on(lab, &config, &database)?;
    let used = add(lab, &config, &database, "1,a1,WIFI")?;
    let unused = add(lab, &config, &database, "2,a2,WIFI")?;
    proxy.post(&used, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    proxy.running.kill();
    let proxy = Proxy::on(lab, &config, &database)?;
    proxy.post(&used, MESSAGE)?.is(400, REFUSED)?;
    proxy.post(&unused, MESSAGE)?.brings("application/x-pki-message", REPLY)?;
    for path in [&used, &unused] {
        proxy.keeps_to_itself(passcode(path))?;
    }
    Ok(())
}

/// The only connection to the database waits for a row when its device goes.
fn hung_up(lab: &Lab) -> Outcome {
    let database = Postgres::start(lab)?;
    init(lab, &database)?;
    let upstream = Upstream::start(Say::Echo)?;
    let config = config(lab, &upstream.url, "[database]\nconnections = 1")?;
    let proxy = Proxy::on(lab, &config, &database)?;
    let one = add(lab, &config, &database, "1,a1,WIFI")?;
    let other = add(lab, &config, &database, "2,a2,WIFI")?;
    let _lock = Tool::new("psql")
        .arg(database.url())
        .args(["--no-psqlrc", "--command"])
        .arg(
            "begin; select from scep_proxy.passcodes where host_uuid = '1' for update; \
             select pg_sleep(600)",
        )
        .start(lab)?;
    let until = |what: &str| -> Outcome {
        let query = format!("select count(*) from pg_stat_activity where {what}");
        for _ in 0..600 {
            if database.sql(lab, &query)? == "1" {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(format!("nobody in pg_stat_activity where {what}").into())
    };
    until("wait_event = 'PgSleep'")?;
    let target = format!("{one}?operation=PKIOperation");
    let device = crate::http::begin(&proxy.address, "POST", &target, MESSAGE)?;
    until("wait_event_type = 'Lock' and application_name = 'scep-proxy'")?;
    drop(device);
    proxy.post(&other, MESSAGE)?.brings("application/x-pki-message", REPLY)
}

fn crash(lab: &Lab) -> Outcome {
    let mut database = Postgres::start(lab)?;
    init(lab, &database)?;
    let upstream = Upstream::start(Say::Echo)?;
    let config = config(lab, &upstream.url, "")?;
    let proxy = Proxy::on(lab, &config, &database)?;
    let path = add(lab, &config, &database, "1,a1,WIFI")?;
    // So that there are connections to break.
    proxy
        .get(&path, "operation=GetCACaps")?
        .brings("text/plain", b"POSTPKIOperation\nSHA-256\n")?;
    database.crash()?;
    proxy.post(&path, MESSAGE)?.is(500, "Internal Server Error")?;
    database.restart(lab)?;
    // Nothing has used the passcode up.
    proxy.post(&path, MESSAGE)?.brings("application/x-pki-message", REPLY)
}

fn init_twice(lab: &Lab) -> Outcome {
    let database = Postgres::start(lab)?;
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let both = [(), ()].map(|()| scope.spawn(|| init(lab, &database)));
        both.into_iter()
            .map(|one| one.join().unwrap_or_else(|_| Err("init panicked".into())))
            .collect()
    });
    outcomes.into_iter().collect::<Outcome<Vec<()>>>()?;
    match &*database.sql(lab, "select version from scep_proxy.version")? {
        "1" => Ok(()),
        other => Err(format!("versions: {other}").into()),
    }
}
