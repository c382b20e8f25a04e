//! Fleet's variables in what an administrator enters: `$FLEET_VAR_NAME` and `${FLEET_VAR_NAME}`.

const PREFIX: &str = "FLEET_VAR_";

/// The names of the variables in a text, in their order, without `FLEET_VAR_`.
pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, dollar)| {
        let rest = text.get(at..)?.strip_prefix(dollar)?;
        let (rest, is_braced) = match rest.strip_prefix('{') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let rest = rest.strip_prefix(PREFIX)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        (!name.is_empty() && (!is_braced || after.starts_with('}'))).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_the_whole_run_of_letters_digits_and_underscores() {
        let found = |text| names(text).collect::<Vec<_>>();
        assert_eq!(found("$FLEET_VAR_A-B"), ["A"]);
        assert_eq!(found("${FLEET_VAR_A}x$FLEET_VAR_B_1"), ["A", "B_1"]);
        assert_eq!(found("$$FLEET_VAR_A$FLEET_VAR_B"), ["A", "B"]);
        assert!(found("${FLEET_VAR_A ${FLEET_VAR_A-B} $FLEET_VAR_ FLEET_VAR_A $").is_empty());
    }
}
