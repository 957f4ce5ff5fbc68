//! Draws of named quantities by chain.

/// Draws of named quantities, with what the sampler said about each draw.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sample {
    /// The quantities' names.
    pub names: Vec<String>,
    /// Chains × draws × quantities.
    pub draws: Vec<Vec<Vec<f64>>>,
    /// The sampler's energy, chains × draws.
    pub energy: Vec<Vec<f64>>,
    /// Whether a draw's trajectory diverged, chains × draws.
    pub diverging: Vec<Vec<bool>>,
    /// Whether a draw's trajectory was cut at the maximal depth, chains × draws.
    pub cut: Vec<Vec<bool>>,
    /// Evaluations of the gradient over all chains, warm-up included.
    pub gradients: u64,
    /// Whose log-likelihoods were evaluated at the draws; empty where none were.
    pub members: Vec<String>,
    /// `ln p(y_i | θ_i)` of every member in nats, chains × draws × members.
    pub log_likelihood: Vec<Vec<Vec<f64>>>,
}

impl Sample {
    /// The draws of one quantity, chains × draws. All chains are cut to the length of the shortest, which matters only where a
    /// run was broken off.
    pub fn quantity(&self, index: usize) -> Vec<Vec<f64>> {
        let shortest = self.shortest();
        let of_chain = |chain: &Vec<Vec<f64>>| chain.iter().take(shortest).map(|draw| draw[index]).collect();
        self.draws.iter().map(of_chain).collect()
    }

    /// The place of a quantity.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// Draws per chain, of the shortest chain.
    pub fn shortest(&self) -> usize {
        self.draws.iter().map(Vec::len).min().unwrap_or(0)
    }

    /// Diverging draws over all chains.
    pub fn divergences(&self) -> usize {
        self.diverging.iter().flatten().filter(|diverging| **diverging).count()
    }
}
