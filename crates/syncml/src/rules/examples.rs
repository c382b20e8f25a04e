//! The pieces that the examples are made of.

/// An Add of a node that has no value.
macro_rules! node {
    ($uri:expr) => {
        concat!(
            "<Add>\n  <Item>\n    <Target><LocURI>",
            $uri,
            "</LocURI></Target>\n    <Meta><Format xmlns=\"syncml:metinf\">node</Format></Meta>\n",
            "  </Item>\n</Add>\n"
        )
    };
}

/// An Add of a leaf with its format and value.
macro_rules! leaf {
    ($uri:expr, $format:expr, $data:expr) => {
        concat!(
            "<Add>\n  <Item>\n    <Target><LocURI>",
            $uri,
            "</LocURI></Target>\n    <Meta><Format xmlns=\"syncml:metinf\">",
            $format,
            "</Format></Meta>\n    <Data>",
            $data,
            "</Data>\n  </Item>\n</Add>\n"
        )
    };
}

/// An Exec of a node.
macro_rules! exec {
    ($uri:expr) => {
        concat!(
            "<Exec>\n  <Item>\n    <Target><LocURI>",
            $uri,
            "</LocURI></Target>\n  </Item>\n</Exec>\n"
        )
    };
}

/// An Add of a setting of SCEP.
macro_rules! scep {
    ($leaf:literal, $format:literal, $data:expr) => {
        leaf!(
            concat!("./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/", $leaf),
            $format,
            $data
        )
    };
}

/// An Add of a setting of PFX.
macro_rules! pfx {
    ($leaf:literal, $format:literal, $data:expr) => {
        leaf!(
            concat!("./Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/p1/", $leaf),
            $format,
            $data
        )
    };
}

/// A message with these commands.
macro_rules! message {
    ($body:expr) => {
        message!("SYNCML:SYNCML1.2", $body)
    };
    ($namespace:literal, $body:expr) => {
        concat!(
            "<SyncML xmlns=\"",
            $namespace,
            "\">\n<SyncHdr>\n  <VerDTD>1.2</VerDTD>\n  <VerProto>DM/1.2</VerProto>\n  ",
            "<SessionID>1</SessionID>\n  <MsgID>1</MsgID>\n  ",
            "<Target><LocURI>urn:uuid:device</LocURI></Target>\n  ",
            "<Source><LocURI>https://mdm.example/dm</LocURI></Source>\n</SyncHdr>\n<SyncBody>\n",
            $body,
            "<Final/>\n</SyncBody>\n</SyncML>\n"
        )
    };
}

/// The settings of SCEP that must be there, below a node.
macro_rules! required {
    ($node:expr) => {
        concat!(
            leaf!(concat!($node, "/Install/ServerURL"), "chr", "https://ca.example/scep"),
            leaf!(concat!($node, "/Install/Challenge"), "chr", "$FLEET_VAR_NDES_SCEP_CHALLENGE"),
            leaf!(concat!($node, "/Install/EKUMapping"), "chr", "1.3.6.1.5.5.7.3.2"),
            leaf!(concat!($node, "/Install/KeyUsage"), "int", "160"),
            leaf!(concat!($node, "/Install/SubjectName"), "chr", "CN=laptop-7"),
            leaf!(concat!($node, "/Install/KeyLength"), "int", "2048"),
            leaf!(concat!($node, "/Install/HashAlgorithm"), "chr", "SHA-2"),
            leaf!(
                concat!($node, "/Install/CAThumbprint"),
                "chr",
                "A9993E364706816ABA3E25717850C26C9CD0D89D"
            )
        )
    };
}

pub(super) use {exec, leaf, message, node, pfx, required, scep};
