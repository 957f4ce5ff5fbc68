//! The table of draws: one row per chain and draw, one column per quantity, and what the sampler said of each draw.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::frames::{self, ColumnNames, frame};
use crate::parquet;
use actinf_fit::sampling::Sample;
use polars::prelude::*;
use serde::{Deserialize, Serialize};

/// Where the description stands among the metadata of the file.
const DESCRIPTION: &str = "actinf.draws";
/// The columns that are not quantities.
const FIXED: [&str; 5] = ["chain", "draw", "energy", "diverging", "cut"];

/// What the columns alone do not say.
#[derive(Serialize, Deserialize)]
struct Description {
    /// The quantities and the columns that hold them, which differ where a name is taken.
    quantities: Vec<(String, String)>,
    /// The members whose log-likelihoods are there, and their columns.
    log_likelihood: Vec<(String, String)>,
    chains: usize,
    gradients: u64,
}

/// The file: columns `chain`, `draw` (both from 0), one per quantity, `log_likelihood[SUBJECT]` per member, `energy`, `diverging`,
/// `cut`.
pub(crate) fn draws(sample: &Sample) -> Result<Vec<u8>, Error> {
    let mut names = ColumnNames::reserving(&FIXED);
    let quantities: Vec<(String, String)> =
        sample.names.iter().map(|name| (name.clone(), names.claim(name, "quantity"))).collect();
    let mut columns = vec![
        Column::new("chain".into(), places(sample, |chain, _| chain as u64)),
        Column::new("draw".into(), places(sample, |_, draw| draw as u64)),
    ];
    for (index, (_, column)) in quantities.iter().enumerate() {
        let values: Vec<f64> = sample.draws.iter().flatten().map(|draw| draw[index]).collect();
        columns.push(Column::new(column.as_str().into(), values));
    }
    let member = |id: &String| (id.clone(), names.claim(&format!("log_likelihood[{id}]"), "subject"));
    let members: Vec<(String, String)> = sample.members.iter().map(member).collect();
    for (index, (_, column)) in members.iter().enumerate() {
        let values: Vec<f64> = sample.log_likelihood.iter().flatten().map(|draw| draw[index]).collect();
        columns.push(Column::new(column.as_str().into(), values));
    }
    columns.push(Column::new("energy".into(), flat(&sample.energy)));
    columns.push(Column::new("diverging".into(), flat(&sample.diverging)));
    columns.push(Column::new("cut".into(), flat(&sample.cut)));
    let description = Description {
        quantities,
        log_likelihood: members,
        chains: sample.draws.len(),
        gradients: sample.gradients,
    };
    let encoded = |error: serde_json::Error| ErrorKind::CannotWrite { reason: error.to_string() };
    let description = serde_json::to_string(&description).map_err(encoded)?;
    frames::parquet(&mut frame(columns)?, vec![(DESCRIPTION.to_owned(), description)])
}

fn places(sample: &Sample, of: fn(usize, usize) -> u64) -> Vec<u64> {
    let chain = |(chain, draws): (usize, &Vec<Vec<f64>>)| (0..draws.len()).map(move |draw| of(chain, draw));
    sample.draws.iter().enumerate().flat_map(chain).collect()
}

fn flat<T: Copy>(by_chain: &[Vec<T>]) -> Vec<T> {
    by_chain.iter().flatten().copied().collect()
}

/// Reads the file back.
pub(crate) fn read_draws(bytes: Vec<u8>) -> Result<Sample, Error> {
    let (frame, metadata) = parquet::whole(bytes)?;
    let description = metadata.iter().find(|(key, _)| key == DESCRIPTION);
    let (_, description) = description.ok_or_else(|| damaged("it lacks the names of the quantities"))?;
    let description: Description = serde_json::from_str(description).map_err(damaged)?;
    let column = |name: &str| frame.column(name).map_err(damaged);
    let numbers = |name: &str| -> Result<Vec<f64>, Error> {
        let all: Option<Vec<f64>> = column(name)?.f64().map_err(damaged)?.iter().collect();
        all.ok_or_else(|| damaged(format!("column `{name}` has an empty cell")))
    };
    let truths = |name: &str| -> Result<Vec<bool>, Error> {
        let all: Option<Vec<bool>> = column(name)?.bool().map_err(damaged)?.iter().collect();
        all.ok_or_else(|| damaged(format!("column `{name}` has an empty cell")))
    };
    let chains: Vec<u64> = column("chain")?.u64().map_err(damaged)?.iter().flatten().collect();
    let lengths: Vec<usize> = (0..description.chains as u64)
        .map(|chain| chains.iter().filter(|own| **own == chain).count())
        .collect();
    if lengths.iter().sum::<usize>() != frame.height() {
        return Err(damaged("its chains are not those that it says it has"));
    }
    let rows = |columns: &[(String, String)]| -> Result<Vec<Vec<f64>>, Error> {
        let columns: Vec<Vec<f64>> =
            columns.iter().map(|(_, column)| numbers(column)).collect::<Result<_, _>>()?;
        let row = |row: usize| columns.iter().map(|column| column[row]).collect();
        Ok((0..frame.height()).map(row).collect())
    };
    let (draws, log_likelihood) = (rows(&description.quantities)?, rows(&description.log_likelihood)?);
    let has_members = !description.log_likelihood.is_empty();
    let names = |pairs: Vec<(String, String)>| pairs.into_iter().map(|(name, _)| name).collect();
    Ok(Sample {
        names: names(description.quantities),
        members: names(description.log_likelihood),
        draws: by_chain(&lengths, draws),
        log_likelihood: if has_members { by_chain(&lengths, log_likelihood) } else { Vec::new() },
        energy: by_chain(&lengths, numbers("energy")?),
        diverging: by_chain(&lengths, truths("diverging")?),
        cut: by_chain(&lengths, truths("cut")?),
        gradients: description.gradients,
    })
}

fn by_chain<T>(lengths: &[usize], values: Vec<T>) -> Vec<Vec<T>> {
    let mut rest = values.into_iter();
    lengths.iter().map(|length| rest.by_ref().take(*length).collect()).collect()
}

fn damaged(reason: impl std::fmt::Display) -> Error {
    ErrorKind::DamagedResult { reason: reason.to_string() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sample {
        Sample {
            names: vec!["rate ~ 1".into(), "energy".into()],
            draws: vec![vec![vec![0.1, 1.0], vec![f64::NAN, -0.0]], vec![vec![1e-300, 3.0]]],
            energy: vec![vec![5.0, 6.0], vec![7.0]],
            diverging: vec![vec![true, false], vec![false]],
            cut: vec![vec![false, false], vec![true]],
            gradients: 99,
            members: vec!["s1".into()],
            log_likelihood: vec![vec![vec![-1.0], vec![f64::NEG_INFINITY]], vec![vec![-3.0]]],
        }
    }

    /// Chains of unequal length, a quantity whose name is taken, numbers that JSON lacks.
    #[test]
    fn draws_read_back_to_the_bit() {
        let found = read_draws(draws(&sample()).unwrap()).unwrap();
        assert_eq!(format!("{found:?}"), format!("{:?}", sample()));
        let without = Sample { members: vec![], log_likelihood: vec![], ..sample() };
        let found = read_draws(draws(&without).unwrap()).unwrap();
        assert_eq!(format!("{found:?}"), format!("{without:?}"));
    }

    #[test]
    fn a_file_of_something_else_is_damaged() {
        let mut other = frame(vec![Column::new("chain".into(), vec![0_u64])]).unwrap();
        let bytes = frames::parquet(&mut other, vec![]).unwrap();
        assert!(read_draws(bytes).unwrap_err().to_string().contains("lacks the names"));
        assert!(read_draws(b"PAR1".to_vec()).is_err());
    }
}
