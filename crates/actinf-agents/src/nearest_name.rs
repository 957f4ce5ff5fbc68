//! The name someone probably meant.

/// The longest name that is compared; nobody mistypes a longer one by a letter or two.
const LONGEST: usize = 64;

/// The one of `names` that `name` is probably a slip of: at most one letter in three differs (and at most one in
/// names of up to five letters), capitals aside. Swapping two neighbours counts as one difference.
///
/// # Example
///
/// ```
/// use actinf_agents::nearest_name;
/// assert_eq!(nearest_name("likelyhood", ["likelihood", "learning"]), Some("likelihood"));
/// assert_eq!(nearest_name("colour", ["likelihood", "learning"]), None);
/// ```
pub fn nearest_name<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    if length > LONGEST {
        return None;
    }
    names
        .into_iter()
        .filter(|candidate| candidate.chars().count() <= LONGEST)
        .map(|candidate| (strsim::osa_distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= (length / 3).max(1))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean ...?` where one of `names` is near, otherwise nothing.
pub(crate) fn did_you_mean<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest_name(name, names).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// How many names are listed; no section of a model or fit file has more keys.
const LISTED: usize = 24;

/// Names in backticks, separated by commas; of a long list the first ones.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if quoted.len() > LISTED {
        quoted.truncate(LISTED);
        quoted.push("...".into());
    }
    quoted.join(", ")
}

/// What to say after an unknown name: the nearest of `names`, and all of them.
pub(crate) fn suggestion(name: &str, names: &[impl AsRef<str>], list_is_called: &str) -> String {
    let all = || names.iter().map(AsRef::as_ref);
    match nearest_name(name, all()) {
        Some(near) => format!("; did you mean `{near}`? {list_is_called}: {}", listed(all())),
        None => format!("; {}: {}", lower_first(list_is_called), listed(all())),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_a_slip_and_capitals_are_recognised() {
        let names = ["policy_precision", "outcome_preference"];
        assert_eq!(nearest_name("policy_precisoin", names), Some("policy_precision"));
        assert_eq!(nearest_name("Outcome_Prefrence", names), Some("outcome_preference"));
        assert_eq!(nearest_name("x", names), None);
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(nearest_name("states", ["state", "staten", "stats"]), Some("state"));
        assert_eq!(nearest_name("softmaxx", ["softmin", "softmax"]), Some("softmax"));
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..LISTED + 8).map(|i| format!("n{i}")).collect();
        assert!(listed(names.iter().map(String::as_str)).ends_with("`n23`, ..."));
    }
}
