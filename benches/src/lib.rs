//! Timing two things side by side.
//!
//! A ratio of two times measured one after the other says as much about the neighbours on the
//! machine as about the two. Here they take turns, and each round gives a ratio of its own.

pub mod welch;

use std::time::{Duration, Instant};

/// What [`side_by_side`] found.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// Median time of the first.
    pub first: Duration,
    /// Median time of the second.
    pub second: Duration,
    /// Median of the ratios of the rounds, first by second.
    pub ratio: f64,
    /// Ratio of the shortest times: what is left when nobody disturbs.
    pub ratio_of_minima: f64,
    /// How many rounds there were.
    pub rounds: usize,
}

/// Runs `first` and `second` in turn, now the one ahead and now the other, for as long as `budget`.
pub fn side_by_side(
    budget: Duration,
    mut first: impl FnMut(),
    mut second: impl FnMut(),
) -> Comparison {
    for _ in 0..5 {
        first();
        second();
    }
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < budget {
        let leading = time(&mut first);
        times.push((leading, time(&mut second)));
        let leading = time(&mut second);
        times.push((time(&mut first), leading));
    }
    let firsts = sorted(times.iter().map(|(first, _)| first.as_secs_f64()));
    let seconds = sorted(times.iter().map(|(_, second)| second.as_secs_f64()));
    let ratios = sorted(times.iter().map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()));
    let minimum = |times: &[f64]| times.first().copied().unwrap_or(f64::NAN);
    Comparison {
        first: Duration::from_secs_f64(median(&firsts)),
        second: Duration::from_secs_f64(median(&seconds)),
        ratio: median(&ratios),
        ratio_of_minima: minimum(&firsts) / minimum(&seconds),
        rounds: times.len(),
    }
}

fn time(run: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
