//! Formats whose columns need not be named one by one: one file each.

mod hbayesdm;
mod jspsych;

use actinf_agents::Schema;
use actinf_data::ColumnMapping;
use anyhow::Result;

/// A format that fit files name: `columns = "..."`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KnownFormat {
    /// The tables of hBayesDM (Ahn, Haines & Zhang 2017, Computational Psychiatry 1, 24-57): `subjID`, `choice`, `outcome`, ...
    HBayesDm,
    /// The tables of jsPsych (de Leeuw 2015, Behavior Research Methods 47, 1-12): `response`, `rt`, ...
    JsPsych,
}

impl KnownFormat {
    /// The keys of `[data]` that the format decides alone.
    pub(crate) fn decides(self) -> &'static [&'static str] {
        match self {
            KnownFormat::HBayesDm => &["subject", "actions", "observations", "responses", "steps"],
            KnownFormat::JsPsych => &["steps"],
        }
    }

    /// The mapping of a table with these `headers` for a model with this `schema`; `given` says the rest, such as the group.
    /// Names are matched whatever their capitals and underscores, as hBayesDM does.
    pub(crate) fn mapping(
        self,
        given: &ColumnMapping,
        schema: &Schema,
        headers: &[String],
    ) -> Result<ColumnMapping> {
        match self {
            KnownFormat::HBayesDm => hbayesdm::mapping(given, schema, Headers(headers)),
            KnownFormat::JsPsych => Ok(jspsych::mapping(given, schema, Headers(headers))),
        }
    }
}

/// The columns of a table.
#[derive(Clone, Copy)]
struct Headers<'a>(&'a [String]);

impl Headers<'_> {
    fn position(self, name: &str) -> Option<usize> {
        let plain = |name: &str| name.replace('_', "").to_lowercase();
        self.0.iter().position(|header| plain(header) == plain(name))
    }

    fn has(self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The column by the first of these names that there is; the first name if there is none, for the message that it is missing.
    fn find(self, names: &[&str]) -> String {
        let found = names.iter().find_map(|name| self.position(name));
        found.map_or_else(|| names[0].to_owned(), |position| self.0[position].clone())
    }

    /// The column that has this name, otherwise the first of `others` that there is.
    fn named(self, name: &str, others: &[&str]) -> Option<String> {
        let names = std::iter::once(name).chain(others.iter().copied());
        names.into_iter().find_map(|name| self.position(name)).map(|position| self.0[position].clone())
    }
}
