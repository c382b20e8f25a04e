//! Source: the dictionary `AlwaysOn` of `com.apple.vpn.managed.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::Ios;
use super::super::platform::{Availability, Platform, since};

const IOS_13_6: &[(Platform, Availability)] = &[since(Ios, "13.6")];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::flag("UIToggleEnabled", 0),
    Key::array(
        "TunnelConfigurations",
        // The keys of IKEv2 may stand beside these.
        &Key::open_dictionary(
            "TunnelConfigurationElement",
            &[
                Key::string("ProtocolType").required().texts(&["IKEv2"]),
                Key::array(
                    "Interfaces",
                    &Key::string("InterfacesElement").texts(&["Cellular", "WiFi"]),
                ),
            ],
        ),
    )
    .required(),
    Key::array(
        "ServiceExceptions",
        &Key::dictionary(
            "ServiceExceptionElement",
            &[
                Key::string("ServiceName").required().texts(&[
                    "VoiceMail",
                    "AirPrint",
                    "CellularServices",
                    "DeviceCommunication",
                ]),
                Key::string("Action").required().texts(&["Allow", "Drop"]),
            ],
        ),
    ),
    Key::array(
        "ApplicationExceptions",
        &Key::dictionary(
            "ApplicationExceptionElement",
            &[
                Key::string("BundleIdentifier").required(),
                Key::array(
                    "LimitToProtocols",
                    &Key::string("LimitToProtocolElement").texts(&["UDP"]),
                ),
            ],
        ),
    )
    .on(IOS_13_6),
    Key::flag("AllowCaptiveWebSheet", 0),
    Key::flag("AllowAllCaptiveNetworkPlugins", 0),
    Key::array(
        "AllowedCaptiveNetworkPlugins",
        &Key::dictionary(
            "AllowedCaptiveNetworkPluginElement",
            &[Key::string("BundleIdentifier").required()],
        ),
    ),
];
