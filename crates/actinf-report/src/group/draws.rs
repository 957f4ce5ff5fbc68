//! The draws themselves: traces and ranks of the quantities that agree least, and the pairs that trade off most.

use crate::Error;
use crate::html::{counted, heading, paragraph};
use crate::number;
use crate::plots::{Figure, Pair, Ranks, Trace, figure};
use crate::sections::{Section, gallery};
use crate::statistics::correlation;
use crate::study::Study;
use actinf_fit::sampling::{Sample, bulk_effective_size, r_hat};

/// Quantities whose chains are drawn.
const SHOWN: usize = 6;
/// Pairs drawn.
const PAIRS: usize = 4;
/// Of more quantities than this, only the first are looked at for pairs.
const LOOKED_AT: usize = 80;
/// Pairs that correlate by less are not worth a figure.
const WEAKEST: f64 = 0.2;

pub(super) fn section(study: &Study) -> Result<Option<Section>, Error> {
    let Some(sample) = study.results.draws.as_ref().filter(|sample| sample.shortest() > 1) else {
        return Ok(None);
    };
    let quantities = quantities(study, sample);
    let shown = &quantities[..quantities.len().min(SHOWN)];
    let mut chains: Vec<Figure> = vec![];
    for quantity in shown {
        chains.push(figure(&quantity.trace(sample))?);
        chains.push(figure(&quantity.ranks(sample))?);
    }
    let pairs: Vec<Figure> =
        pairs(sample, &quantities).iter().map(|pair| figure(pair)).collect::<Result<_, _>>()?;
    let title = heading("Pairs that trade off");
    let none = paragraph("No two quantities of the population correlate by more than 0.2.");
    let pictures = if pairs.is_empty() { none } else { gallery(&pairs) };
    let html = format!(
        "{}{}{title}{pictures}",
        paragraph(&words(sample, shown.len(), quantities.len())),
        gallery(&chains)
    );
    Ok(Some(Section {
        id: "draws",
        title: "Draws",
        html,
        figures: chains.into_iter().chain(pairs).collect(),
    }))
}

fn words(sample: &Sample, shown: usize, all: usize) -> String {
    let which = match shown == all {
        true => "All quantities of the population are shown".to_string(),
        false => {
            format!("Of {all} quantities of the population, the {shown} whose chains agree least are shown")
        }
    };
    format!(
        "{which}, on the unconstrained scale, from {} of {} draws, one colour per chain. Traces: good chains look alike and do not drift. Ranks: the share of each \
         chain's draws by their rank among all draws, even where chains visit low and high values equally often. All draws \
         are in the tables beside this report.",
        counted(sample.draws.len(), "chain"),
        number::count(sample.shortest())
    )
}

/// A quantity and how far its chains agree.
struct Quantity<'a> {
    name: &'a str,
    place: usize,
    r_hat: f64,
    effective: f64,
}

impl Quantity<'_> {
    fn trace(&self, sample: &Sample) -> Trace {
        let [r_hat, effective] = [number::r_hat(self.r_hat), number::three_digits(self.effective)];
        let agreement = format!("R-hat {r_hat}, {effective} effective draws.");
        Trace::new(self.name, agreement, sample.quantity(self.place), &sample.diverging)
    }

    fn ranks(&self, sample: &Sample) -> Ranks {
        let chains = sample.quantity(self.place);
        let per_chain = self.effective / chains.len().max(1) as f64;
        Ranks::new(self.name, &chains, per_chain)
    }
}

/// The quantities of the population, those whose chains agree least first.
fn quantities<'a>(study: &Study, sample: &'a Sample) -> Vec<Quantity<'a>> {
    let own = |name: &str| study.population.as_ref().is_none_or(|population| population.owns(name));
    let mut quantities: Vec<Quantity> = sample
        .names
        .iter()
        .enumerate()
        .filter(|(_, name)| own(name))
        .take(LOOKED_AT)
        .map(|(place, name)| {
            let chains = sample.quantity(place);
            Quantity { name, place, r_hat: r_hat(&chains), effective: bulk_effective_size(&chains) }
        })
        .collect();
    quantities.sort_by(|a, b| b.r_hat.total_cmp(&a.r_hat));
    quantities
}

/// The pairs that correlate most.
fn pairs(sample: &Sample, quantities: &[Quantity]) -> Vec<Pair> {
    let values: Vec<Vec<f64>> = quantities.iter().map(|q| sample.quantity(q.place).concat()).collect();
    let mut found: Vec<(f64, usize, usize)> = (0..values.len())
        .flat_map(|j| (0..j).map(move |i| (i, j)))
        .map(|(i, j)| (correlation(&values[i], &values[j]), i, j))
        .filter(|(correlation, ..)| correlation.abs() > WEAKEST)
        .collect();
    found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let length = sample.shortest();
    let diverging: Vec<bool> =
        sample.diverging.iter().flat_map(|chain| chain.iter().copied().take(length)).collect();
    let diverged = |draw: usize| diverging.get(draw).copied().unwrap_or(false);
    let pair = |&(correlation, i, j): &(f64, usize, usize)| {
        let points = values[i].iter().zip(&values[j]).enumerate();
        let points = points.map(|(draw, (&x, &y))| (x, y, diverged(draw))).collect();
        Pair::new([quantities[i].name, quantities[j].name], correlation, points)
    };
    found.iter().take(PAIRS).map(pair).collect()
}
