//! The store in PostgreSQL, which several proxies share.

mod connect;
mod passfile;
mod rows;
mod store;
mod tls;

use std::time::Duration;

use deadpool_postgres::{
    BuildError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, Row};

pub use connect::{ConnectError, UrlFrom, connection};
pub use passfile::PassfileError;
pub use tls::Tls;

/// How long a request waits for a connection, and for a statement, before its device is told to
/// come again.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the tables look like: the row that `schema.sql` puts into `scep_proxy.version`.
const VERSION: i32 = 1;
const SCHEMA: &str = include_str!("postgres/schema.sql");

/// A database, behind a pool of connections.
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: Pool,
}

/// What the database could not do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// There can be no pool.
    #[error("the pool of connections")]
    Pool(#[from] BuildError),
    /// There is no connection.
    #[error("no connection to the database")]
    Connection(#[from] PoolError),
    /// A statement failed. Whether it was done is open if the connection broke.
    #[error("the database")]
    Statement(#[from] tokio_postgres::Error),
    /// A statement took too long. Whether it was done is open.
    #[error("the database did not answer within {} s", PATIENCE.as_secs())]
    Slow,
    /// The tables are not there.
    #[error("the database has no tables for the proxy: `scep-proxy init` makes them")]
    NoTables,
    /// The tables are those of another version of this program.
    #[error("the tables for the proxy have version {0}, and this program knows version {VERSION}")]
    Version(i32),
    /// There is no digest of a passcode.
    #[error("the digest of a passcode")]
    Digest(#[from] devicecert::pki::Error),
    /// There is no table for this kind of record.
    #[error("there is no table for this kind of record")]
    UnknownRecord,
    /// Somebody wrote something into a table that this program does not know.
    #[error("{column}: expected {expected}, found {found:?}")]
    Value {
        /// The table and the column.
        column: &'static str,
        /// What could be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
}

impl Postgres {
    /// A pool of up to so many connections, none of which is made before it is needed. One that
    /// broke is replaced.
    ///
    /// # Errors
    /// [`PostgresError::Pool`]
    pub fn new(config: Config, tls: Tls, connections: usize) -> Result<Self, PostgresError> {
        // The client is asked whether a connection is closed, not the server: one that broke
        // silently costs one request an error, where asking costs every request a round trip.
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, tls, recycling);
        let timeouts =
            Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let pool = Pool::builder(manager).max_size(connections).timeouts(timeouts);
        Ok(Self { pool: pool.runtime(Runtime::Tokio1).build()? })
    }

    /// Makes the tables, unless they are there.
    ///
    /// # Errors
    /// [`PostgresError`]; the user must be allowed to create a schema.
    pub async fn make_tables(&self) -> Result<(), PostgresError> {
        let mut lent = Lent::default();
        let client = lent.0.insert(self.pool.get().await?);
        // After an error it is in the middle of a transaction.
        client.batch_execute(SCHEMA).await?;
        lent.give_back();
        self.check_tables().await
    }

    /// Checks that the tables are there, and are those that this program knows.
    ///
    /// # Errors
    /// [`PostgresError::NoTables`], [`PostgresError::Version`], or that of the connection.
    pub async fn check_tables(&self) -> Result<(), PostgresError> {
        let found = self.query("select max(version) from scep_proxy.version", &[]).await;
        let rows = found.map_err(|error| match &error {
            PostgresError::Statement(cause)
                if matches!(
                    cause.code(),
                    Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME)
                ) =>
            {
                PostgresError::NoTables
            }
            _ => error,
        })?;
        match rows.first().map(|row| row.try_get::<_, Option<i32>>(0)).transpose()?.flatten() {
            Some(VERSION) => Ok(()),
            Some(other) => Err(PostgresError::Version(other)),
            None => Err(PostgresError::NoTables),
        }
    }

    /// Runs one statement, which is a transaction of its own.
    async fn query(
        &self,
        statement: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PostgresError> {
        let mut lent = Lent::default();
        let client = lent.0.insert(self.pool.get().await?);
        let work = async {
            let prepared = client.prepare_cached(statement).await?;
            client.query(&prepared, values).await
        };
        let rows = tokio::time::timeout(PATIENCE, work).await.map_err(|_| PostgresError::Slow)?;
        lent.give_back();
        Ok(rows?)
    }
}

/// A connection from the pool while a statement is under way. It goes back when the statement is
/// done, and is closed where nobody waits for that any more, because it took too long or because
/// the device hung up: whoever had the connection next would wait behind the statement.
#[derive(Default)]
struct Lent(Option<Object>);

impl Lent {
    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        drop(self.0.take().map(Object::take));
    }
}
