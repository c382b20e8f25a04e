//! From template to certificate: an MDM server, the devices, and CAs to try it with.
//!
//! | module | plays |
//! |---|---|
//! | [`Mdm`] | the server: renders profiles, files what the proxy needs, renews |
//! | [`Device`] | a device: reads its profile, gets its certificate, installs it in a folder |
//! | [`Door`] | the SCEP proxy between them |
//! | [`Embedded`] | DigiCert, NDES, Smallstep, a SCEP CA, an EST CA, on 127.0.0.1 |

mod config;
mod connection;
mod device;
mod embedded;
mod fake;
mod mdm;
mod outstanding;
mod profiles;
mod proxy;
mod story;

pub use config::{Config, ConfigError, SAMPLE};
pub use connection::{Connection, ConnectionError};
pub use device::{Device, DeviceError, Installed, Statuses};
pub use embedded::{Embedded, EmbeddedError, SECRETS};
pub use mdm::{Mdm, MdmError};
pub use profiles::{Sample, of_file, samples};
pub use proxy::Door;
pub use story::{Host, Outcome, Story, StoryError};
