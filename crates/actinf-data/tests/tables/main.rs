//! Tables in and results out, through the public doors of the crate.

#[cfg(test)]
mod behaviour;
#[cfg(test)]
mod bids;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod result_fixture;
#[cfg(test)]
mod results;
#[cfg(test)]
mod several_steps;
#[cfg(test)]
mod values;
