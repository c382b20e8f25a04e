//! Child processes that are always waited for, always bounded and never outlive their test.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Lab, Outcome};

/// How long a program may take unless told otherwise. Generous: RSA-4096 keys are made on shared
/// and busy machines.
const LIMIT: Duration = Duration::from_secs(120);

/// How often a waiting test looks again.
const PAUSE: Duration = Duration::from_millis(10);

/// A command line that has not run yet.
#[derive(Debug)]
pub struct Tool {
    command: Command,
    name: String,
    limit: Duration,
}

impl Tool {
    /// A program by name (looked up like [`crate::peer::find`]) or by path.
    #[must_use]
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let found = program.to_str().and_then(crate::peer::find);
        let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy();
        let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(program)));
        // A terminal or a proxy of the developer's would change what peers do.
        command.stdin(Stdio::null()).env_remove("http_proxy").env_remove("HTTP_PROXY");
        Self { command, name: name.into_owned(), limit: LIMIT }
    }

    /// The name used for logs and messages.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        let name = Path::new(name).file_name().unwrap_or_default();
        self.name = name.to_string_lossy().into_owned();
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Adds an option and its value.
    #[must_use]
    pub fn option(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.arg(name).arg(value)
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the working directory.
    #[must_use]
    pub fn dir(mut self, path: &Path) -> Self {
        self.command.current_dir(path);
        self
    }

    /// Sets how long the program may take.
    #[must_use]
    pub fn limit(mut self, seconds: u64) -> Self {
        self.limit = Duration::from_secs(seconds);
        self
    }

    /// Starts the program and lets it run.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut self, lab: &Lab) -> Outcome<Running> {
        // Output goes to files: no pipe to drain, and a log to read when a test fails.
        let log = lab.next_log(&self.name);
        let (out, err) = (log.with_extension("out"), log.with_extension("err"));
        let command = self.text();
        let child = self
            .command
            .stdout(File::create(&out)?)
            .stderr(File::create(&err)?)
            // A group of its own, so that the helpers a peer starts end with it.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{}: {error}", self.name))?;
        Ok(Running { child, command, out, err, limit: self.limit, ended: None })
    }

    /// Runs the program to its end.
    ///
    /// # Errors
    /// When it cannot be started or does not end in time. A program that ends with an error is
    /// not an error here: see [`Done::ok`] and [`Done::exits`].
    pub fn run(self, lab: &Lab) -> Outcome<Done> {
        self.start(lab)?.wait()
    }

    fn text(&self) -> String {
        let words = std::iter::once(OsString::from(&self.name))
            .chain(self.command.get_args().map(OsStr::to_owned));
        words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }
}

/// A program that runs, and is killed with its helpers when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    command: String,
    out: PathBuf,
    err: PathBuf,
    limit: Duration,
    ended: Option<ExitStatus>,
}

impl Running {
    /// Waits for the end of the program.
    ///
    /// # Errors
    /// When it does not end in time; it is killed then.
    pub fn wait(mut self) -> Outcome<Done> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                let stdout = fs::read(&self.out)?;
                let stderr = String::from_utf8_lossy(&fs::read(&self.err)?).into_owned();
                return Ok(Done {
                    code: status.code(),
                    stdout,
                    stderr,
                    command: self.command.clone(),
                });
            }
            if start.elapsed() > self.limit {
                self.kill();
                return Err(format!(
                    "did not end within {} s: {}\n{}",
                    self.limit.as_secs(),
                    self.command,
                    self.log()
                )
                .into());
            }
            sleep(PAUSE);
        }
    }

    /// Waits until the output of the running program satisfies `found`.
    ///
    /// # Errors
    /// When the program ends or `seconds` pass first.
    pub fn until<T>(
        &mut self,
        seconds: u64,
        mut found: impl FnMut(&str) -> Option<T>,
    ) -> Outcome<T> {
        let start = Instant::now();
        loop {
            // In this order, so that the last words of a program that just ended are read.
            let ended = self.ended()?;
            let log = self.log();
            if let Some(value) = found(&log) {
                return Ok(value);
            }
            if let Some(status) = ended {
                return Err(format!("ended early ({status}): {}\n{log}", self.command).into());
            }
            if start.elapsed() > Duration::from_secs(seconds) {
                return Err(format!("not seen within {seconds} s: {}\n{log}", self.command).into());
            }
            sleep(PAUSE);
        }
    }

    /// Everything the program has printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = [&self.out, &self.err].map(|path| fs::read(path).unwrap_or_default()).concat();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Sends the program a signal by its name, such as `TERM`.
    ///
    /// # Errors
    /// When it has ended already.
    pub fn signal(&mut self, name: &str) -> Outcome {
        if let Some(status) = self.ended()? {
            return Err(format!("ended early ({status}): {}\n{}", self.command, self.log()).into());
        }
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .stdin(Stdio::null())
            .status()?;
        if sent.success() { Ok(()) } else { Err(format!("kill -s {name}: {sent}").into()) }
    }

    /// Whether the program has ended within some seconds.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn ends_within(&mut self, seconds: u64) -> Outcome<bool> {
        let start = Instant::now();
        while self.ended()?.is_none() {
            if start.elapsed() > Duration::from_secs(seconds) {
                return Ok(false);
            }
            sleep(PAUSE);
        }
        Ok(true)
    }

    /// Ends the program and its helpers at once, with SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        if self.ended.is_some() {
            return;
        }
        // Not waited for yet, so the process id, and the group named by it, is still ours.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        self.ended = self.child.wait().ok();
    }

    fn ended(&mut self) -> Outcome<Option<ExitStatus>> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait()?;
        }
        Ok(self.ended)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program that has ended.
#[derive(Debug)]
pub struct Done {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained about.
    pub stderr: String,
    command: String,
}

impl Done {
    /// Requires exit code 0.
    ///
    /// # Errors
    /// When it was another one.
    pub fn ok(self) -> Outcome<Self> {
        self.exits(0)
    }

    /// Requires an exit code.
    ///
    /// # Errors
    /// When it was another one.
    pub fn exits(self, code: i32) -> Outcome<Self> {
        if self.code == Some(code) {
            return Ok(self);
        }
        Err(format!("exit {:?}, not {code}: {}\n{}", self.code, self.command, self.text()).into())
    }

    /// Requires that it printed `words`, on either stream.
    ///
    /// # Errors
    /// When it did not.
    pub fn says(self, words: &str) -> Outcome<Self> {
        if self.text().contains(words) {
            return Ok(self);
        }
        Err(format!("did not say `{words}`: {}\n{}", self.command, self.text()).into())
    }

    /// Both streams as text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(&self.stdout), self.stderr)
    }
}
