//! Which variable may stand where: the one table that is asked, and that the documentation is
//! made of.

use super::{Fixed, OfCa, Variable};
use crate::rules::Rules;

/// Where a document with variables goes.
///
/// It decides how the document is read, which variables may stand in it, and how values are
/// written into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// A configuration profile for macOS, iOS or iPadOS: an XML property list.
    AppleProfile,
    /// A configuration profile for Windows: SyncML commands.
    WindowsProfile,
    /// The subject of an Android certificate in slash form, `/CN=…/O=…`.
    AndroidSubject,
    /// The configuration of a managed app on Android: JSON.
    AndroidApp,
    /// The configuration of a managed app on iOS or iPadOS: an XML property list.
    AppleApp,
    /// Common name, seat id or principal name of a DigiCert CA: plain text.
    CaField,
    /// A declaration for macOS, iOS or iPadOS: JSON.
    AppleDeclaration,
    /// A shell script.
    Script,
}

impl Destination {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::AppleProfile,
        Self::WindowsProfile,
        Self::AndroidSubject,
        Self::AndroidApp,
        Self::AppleApp,
        Self::CaField,
        Self::AppleDeclaration,
        Self::Script,
    ];

    /// What it is called in the documentation.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AppleProfile => "Apple profile",
            Self::WindowsProfile => "Windows profile",
            Self::AndroidSubject => "Android subject",
            Self::AndroidApp => "Android app",
            Self::AppleApp => "Apple app",
            Self::CaField => "DigiCert CA",
            Self::AppleDeclaration => "declaration",
            Self::Script => "script",
        }
    }
}

/// What a [`Row`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Fixed(Fixed),
    OfCa(OfCa),
    Secret,
    HostVital,
    HostSecret,
}

impl Kind {
    pub(super) fn is_of(self, variable: &Variable) -> bool {
        match (self, variable) {
            (Self::Fixed(kind), Variable::Fixed(found)) => kind == *found,
            (Self::OfCa(kind), Variable::OfCa(found, _)) => kind == *found,
            (Self::Secret, Variable::Secret(_))
            | (Self::HostVital, Variable::HostVital(_))
            | (Self::HostSecret, Variable::HostSecret(_)) => true,
            _ => false,
        }
    }
}

/// A variable, or all of one family, and where it may stand.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub(super) kind: Kind,
    /// What it resolves to, in a few words.
    pub resolves_to: &'static str,
    guide: &'static [Destination],
    current: &'static [Destination],
}

impl Row {
    /// The name with its `$`; of a family with what differs in angle brackets.
    #[must_use]
    pub fn name(&self) -> String {
        match self.kind {
            Kind::Fixed(fixed) => format!("$FLEET_VAR_{}", fixed.name()),
            Kind::OfCa(kind) => format!("$FLEET_VAR_{}<CA>", kind.prefix()),
            Kind::Secret => "$FLEET_SECRET_<NAME>".to_owned(),
            Kind::HostVital => "$FLEET_HOST_VITAL_<ID>".to_owned(),
            Kind::HostSecret => "$FLEET_HOST_SECRET_<NAME>".to_owned(),
        }
    }

    /// Where it may stand.
    #[must_use]
    pub const fn destinations(&self, rules: Rules) -> &'static [Destination] {
        match rules {
            Rules::Guide => self.guide,
            Rules::Current => self.current,
        }
    }
}

/// Every variable that Fleet knows.
#[must_use]
pub fn rows() -> &'static [Row] {
    ROWS
}

use Destination::{
    AndroidApp, AndroidSubject, AppleApp, AppleDeclaration, AppleProfile, CaField, Script,
    WindowsProfile,
};

const NOWHERE: &[Destination] = &[];
const APPLE: &[Destination] = &[AppleProfile];
const PROFILES: &[Destination] = &[AppleProfile, WindowsProfile];
const PROFILES_AND_APPS: &[Destination] = &[AppleProfile, WindowsProfile, AndroidApp, AppleApp];

const fn fixed(
    fixed: Fixed,
    guide: &'static [Destination],
    current: &'static [Destination],
    resolves_to: &'static str,
) -> Row {
    Row { kind: Kind::Fixed(fixed), resolves_to, guide, current }
}

const fn of_ca(
    kind: OfCa,
    guide: &'static [Destination],
    current: &'static [Destination],
    resolves_to: &'static str,
) -> Row {
    Row { kind: Kind::OfCa(kind), resolves_to, guide, current }
}

const ROWS: &[Row] = &[
    fixed(
        Fixed::HostUuid,
        PROFILES,
        &[AppleProfile, WindowsProfile, AndroidSubject, AndroidApp, AppleApp],
        "the hardware UUID; the enrolment id of a device enrolled by its user",
    ),
    fixed(
        Fixed::HostHardwareSerial,
        &[AppleProfile, CaField],
        &[AppleProfile, WindowsProfile, AndroidSubject, AndroidApp, AppleApp, CaField],
        "the serial number",
    ),
    fixed(
        Fixed::HostPlatform,
        APPLE,
        &[AppleProfile, WindowsProfile, AndroidApp, AppleApp, CaField],
        "`macos`, `ios`, `ipados`, `windows` or `android`",
    ),
    fixed(
        Fixed::HostEndUserEmailIdp,
        &[AppleProfile, CaField],
        &[AppleProfile, AndroidApp, CaField],
        "the first e-mail address at the identity provider",
    ),
    fixed(
        Fixed::HostEndUserIdpUsername,
        PROFILES,
        &[AppleProfile, WindowsProfile, AndroidSubject, AndroidApp, AppleApp],
        "userName at the identity provider",
    ),
    fixed(
        Fixed::HostEndUserIdpUsernameLocalPart,
        PROFILES,
        PROFILES_AND_APPS,
        "the same up to its first `@`",
    ),
    fixed(
        Fixed::HostEndUserIdpGroups,
        PROFILES,
        PROFILES_AND_APPS,
        "the groups at the identity provider, with `,` between them",
    ),
    fixed(
        Fixed::HostEndUserIdpDepartment,
        PROFILES,
        PROFILES_AND_APPS,
        "the department at the identity provider",
    ),
    fixed(
        Fixed::HostEndUserIdpFullName,
        PROFILES,
        PROFILES_AND_APPS,
        "given and family name at the identity provider",
    ),
    fixed(
        Fixed::NdesScepChallenge,
        APPLE,
        PROFILES,
        "a one-time password of NDES, fetched for this host",
    ),
    fixed(Fixed::NdesScepProxyUrl, APPLE, PROFILES, "the address of the SCEP proxy for NDES"),
    fixed(
        Fixed::ScepRenewalId,
        APPLE,
        PROFILES,
        "`fleet-` and the UUID of the profile, 43 characters",
    ),
    fixed(Fixed::CertificateRenewalId, NOWHERE, PROFILES, "the same"),
    fixed(
        Fixed::ScepWindowsCertificateId,
        &[WindowsProfile],
        &[WindowsProfile],
        "the UUID of the profile, as name of the certificate's node",
    ),
    of_ca(OfCa::DigicertData, APPLE, APPLE, "a PKCS #12 file in base64"),
    of_ca(OfCa::DigicertPassword, APPLE, APPLE, "the password of that file"),
    of_ca(OfCa::CustomScepChallenge, PROFILES, PROFILES, "the challenge of that CA"),
    of_ca(
        OfCa::CustomScepProxyUrl,
        PROFILES,
        PROFILES,
        "the address of the SCEP proxy, with a one-time passcode",
    ),
    of_ca(OfCa::SmallstepScepChallenge, APPLE, APPLE, "a challenge from Smallstep's webhook"),
    of_ca(OfCa::SmallstepScepProxyUrl, APPLE, APPLE, "the address of the SCEP proxy for Smallstep"),
    of_ca(OfCa::EjbcaData, NOWHERE, NOWHERE, "a PKCS #12 file in base64; a trial, never released"),
    of_ca(OfCa::EjbcaPassword, NOWHERE, NOWHERE, "the password of that file"),
    Row {
        kind: Kind::Secret,
        resolves_to: "a text that an administrator keeps on the server",
        guide: &[AppleProfile, WindowsProfile, AppleDeclaration, Script],
        current: &[AppleProfile, WindowsProfile, AppleDeclaration, Script],
    },
    Row {
        kind: Kind::HostVital,
        resolves_to: "a custom vital of the host",
        guide: NOWHERE,
        current: &[AppleProfile, WindowsProfile, Script],
    },
    Row {
        kind: Kind::HostSecret,
        resolves_to: "what Fleet fills in for itself",
        guide: NOWHERE,
        current: NOWHERE,
    },
];
