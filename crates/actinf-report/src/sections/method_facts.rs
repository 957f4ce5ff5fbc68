//! What is known of each fitting method: words for a paper, and references.

/// What is known of a method.
pub(super) struct Method {
    /// Completes "for each subject separately ..." or "for all subjects together ...".
    pub(super) words: &'static str,
    pub(super) references: &'static [&'static str],
}

const MACKAY: &str = "MacKay, D. J. C. (2003). Information Theory, Inference, and Learning Algorithms, chapter 27. \
                      Cambridge University Press.";
const LIU_NOCEDAL: &str = "Liu, D. C., & Nocedal, J. (1989). On the limited memory BFGS method for large scale \
                           optimization. Mathematical Programming, 45, 503–528.";
const EFRON_HINKLEY: &str = "Efron, B., & Hinkley, D. V. (1978). Assessing the accuracy of the maximum likelihood \
                             estimator. Biometrika, 65, 457–483.";
const VEHTARI: &str = "Vehtari, A., Simpson, D., Gelman, A., Yao, Y., & Gabry, J. (2024). Pareto smoothed importance \
                       sampling. Journal of Machine Learning Research, 25(72), 1–58.";
const HUYS: &str = "Huys, Q. J. M., Cools, R., Gölzer, M., Friedel, E., Heinz, A., Dolan, R. J., & Dayan, P. (2011). \
                    Disentangling the roles of approach, activation and valence in instrumental and Pavlovian responding. \
                    PLoS Computational Biology, 7(4), e1002028.";
const PIRAY: &str = "Piray, P., Dezfouli, A., Heskes, T., Frank, M. J., & Daw, N. D. (2019). Hierarchical Bayesian inference for \
                     concurrent model fitting and comparison for group studies. PLoS Computational Biology, 15(6), e1007043.";
const HOFFMAN: &str = "Hoffman, M. D., & Gelman, A. (2014). The No-U-Turn Sampler: adaptively setting path lengths in \
                       Hamiltonian Monte Carlo. Journal of Machine Learning Research, 15, 1593–1623.";
const VEHTARI_2021: &str = "Vehtari, A., Gelman, A., Simpson, D., Carpenter, B., & Bürkner, P.-C. (2021). Rank-normalization, \
                            folding, and localization: an improved R-hat for assessing convergence of MCMC. Bayesian \
                            Analysis, 16(2), 667–718.";
const FRISTON: &str = "Friston, K., Mattout, J., Trujillo-Barreto, N., Ashburner, J., & Penny, W. (2007). Variational free energy and \
                       the Laplace approximation. NeuroImage, 34(1), 220–234.";
/// For predictive checks.
pub(super) const GELMAN_MENG_STERN: &str = "Gelman, A., Meng, X.-L., & Stern, H. (1996). Posterior predictive assessment of model fitness via \
                                 realized discrepancies. Statistica Sinica, 6(4), 733–760.";
/// For the pseudo-R², which every report shows.
pub(super) const MCFADDEN: &str = "McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In P. Zarembka \
                        (Ed.), Frontiers in Econometrics (pp. 105–142). Academic Press. (For the pseudo-R².)";

/// The method of this name in fit files; `together` where it estimated a population.
pub(super) fn method(name: &str, together: bool) -> Method {
    match name {
        "hierarchical_expectation_maximisation" => Method {
            words: "by hierarchical expectation maximisation with Laplace approximations (Huys et al., 2011): people were \
                    drawn from a normal population on the unconstrained scale, whose means and spreads were estimated with \
                    them; weights of the means were tested with t tests",
            references: &[HUYS],
        },
        "hierarchical_bayesian_inference" => Method {
            words: "by hierarchical Bayesian inference (Piray et al., 2019), which gives each person a probability of using \
                    each model and each model a population on the unconstrained scale; weights of the means were tested \
                    with t tests whose degrees of freedom count the people who use the model",
            references: &[PIRAY],
        },
        "no_u_turn_sampler" if together => Method {
            words: "by drawing from the joint posterior of people and population with the no-U-turn sampler (Hoffman & \
                    Gelman, 2014; nuts-rs); convergence was judged by rank-normalised split R-hat and effective sizes \
                    (Vehtari et al., 2021)",
            references: &[HOFFMAN, VEHTARI_2021],
        },
        "no_u_turn_sampler" => Method {
            words: "by drawing from the posterior with the no-U-turn sampler (Hoffman & Gelman, 2014; nuts-rs); convergence \
                    was judged by rank-normalised split R-hat and effective sizes (Vehtari et al., 2021)",
            references: &[HOFFMAN, VEHTARI_2021],
        },
        "laplace_approximation" | "laplace" => Method {
            words: "with the Laplace approximation: the log posterior was maximised with L-BFGS (Liu & Nocedal, 1989) \
                    on the unconstrained scale, and its curvature at the maximum gave standard errors, 95 % intervals \
                    and the log evidence (MacKay, 2003, ch. 27), which was checked by importance sampling from a \
                    multivariate t distribution around the maximum (Pareto k of the weights: Vehtari et al., 2024)",
            references: &[LIU_NOCEDAL, MACKAY, VEHTARI],
        },
        "spm_variational_laplace" => Method {
            words: "by variational Laplace with the schedule of SPM (spm_nlsi_Newton; Friston et al., 2007): one ascent of the \
                    variational free energy from the prior means, which ends where four steps in a row promise little; the \
                    curvature there gave standard errors and 95 % intervals on the unconstrained scale, and the free energy \
                    served as log evidence. A subject whose optimum lies elsewhere is reported as not converged",
            references: &[FRISTON],
        },
        "maximum_a_posteriori" => Method {
            words: "at the maximum of the log posterior, found with L-BFGS (Liu & Nocedal, 1989) on the unconstrained \
                    scale; its curvature there gave standard errors and 95 % intervals (Laplace approximation: \
                    MacKay, 2003, ch. 27)",
            references: &[LIU_NOCEDAL, MACKAY],
        },
        "maximum_likelihood" => Method {
            words: "at the maximum of the log-likelihood, found with L-BFGS (Liu & Nocedal, 1989); the observed \
                    information gave standard errors and 95 % intervals (Efron & Hinkley, 1978)",
            references: &[LIU_NOCEDAL, EFRON_HINKLEY],
        },
        _ => Method { words: "", references: &[] },
    }
}
