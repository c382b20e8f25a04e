//! Scripts: a value stays a word, or a part of one.

use devicecert_fleet::Destination::Script;
use devicecert_fleet::WhyMisplaced;

use crate::{fill, misplaced};

const VALUE: &str = "a'b\"c$(d)`e`\\f #g";

fn script(text: &str) -> String {
    format!("#!/bin/sh\n{text}\n")
}

#[test]
fn by_the_quotes_that_it_stands_in() {
    let single = "a'\\''b\"c$(d)`e`\\f #g";
    let double = "a'b\\\"c\\$(d)\\`e\\`\\\\f #g";
    for (text, expected) in [
        ("echo $FLEET_SECRET_A", format!("echo '{single}'")),
        ("X=${FLEET_SECRET_A}", format!("X='{single}'")),
        ("echo '$FLEET_SECRET_A'", format!("echo '{single}'")),
        ("echo \"x $FLEET_SECRET_A\"", format!("echo \"x {double}\"")),
        ("echo \"$(cat $FLEET_SECRET_A)\"", format!("echo \"$(cat '{single}')\"")),
        ("echo \"$(cat \"$FLEET_SECRET_A\")\"", format!("echo \"$(cat \"{double}\")\"")),
        ("echo \\' $FLEET_SECRET_A", format!("echo \\' '{single}'")),
        ("echo \"\\\"$FLEET_SECRET_A\"", format!("echo \"\\\"{double}\"")),
        ("echo ${HOME} $FLEET_SECRET_A", format!("echo ${{HOME}} '{single}'")),
        ("echo a#b $FLEET_SECRET_A", format!("echo a#b '{single}'")),
        ("# it's\necho $FLEET_SECRET_A", format!("# it's\necho '{single}'")),
    ] {
        assert_eq!(fill(&script(text), Script, VALUE).unwrap(), script(&expected), "{text}");
    }
}

#[test]
fn nothing_is_filled_in_in_comments() {
    let text = script("# $FLEET_SECRET_A\n  # $FLEET_SECRET_A\necho # $FLEET_SECRET_A");
    assert_eq!(fill(&text, Script, VALUE).unwrap(), text);
}

#[test]
fn where_the_quotes_cannot_be_told() {
    for text in [
        "cat <<EOF\n$FLEET_SECRET_A\nEOF",
        "echo `echo $FLEET_SECRET_A`",
        "echo $'a' $FLEET_SECRET_A",
        "echo $((1 + $FLEET_SECRET_A))",
        "echo ${X:-'a'} $FLEET_SECRET_A",
        "echo $(case a in a) $FLEET_SECRET_A;; esac)",
        "echo \\$FLEET_SECRET_A",
    ] {
        assert_eq!(misplaced(&script(text), Script), WhyMisplaced::Quoting, "{text}");
    }
}

#[test]
fn a_shell_has_to_be_named() {
    for line in ["", "#!/usr/bin/python3", "#!/usr/bin/env pwsh", "#!/usr/bin/fish", "# a"] {
        let text = format!("{line}\necho $FLEET_SECRET_A\n");
        assert_eq!(misplaced(&text, Script), WhyMisplaced::Shell, "{line}");
    }
    for line in ["#!/bin/sh", "#!/bin/bash -e", "#!/usr/bin/env zsh", "#! /bin/sh"] {
        let text = format!("{line}\necho $FLEET_SECRET_A\n");
        assert!(fill(&text, Script, "x").is_ok(), "{line}");
    }
}
