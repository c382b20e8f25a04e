//! Whether two sets of times differ by more than chance (Welch's t-test).

/// Count, mean and variance of a set of numbers, taken in one at a time (Welford's method).
#[derive(Clone, Copy, Debug, Default)]
pub struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Takes one more number in.
    pub fn push(&mut self, value: f64) {
        self.count += 1.0;
        let before = value - self.mean;
        self.mean += before / self.count;
        self.squares += before * (value - self.mean);
    }

    /// The mean.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// Variance of the mean.
    fn error(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }

    /// Welch's t of the difference of two means.
    #[must_use]
    pub fn t(&self, other: &Self) -> f64 {
        (self.mean - other.mean) / (self.error() + other.error()).sqrt()
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.push(value));
        moments
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are exact")]
mod tests {
    use super::Moments;

    #[test]
    fn welchs_t_of_a_worked_example() {
        // Means 3 and 6, variances 2.5 and 10 over five numbers each: t = -3 / sqrt(0.5 + 2).
        let first: Moments = [1.0, 2.0, 3.0, 4.0, 5.0].into_iter().collect();
        let second: Moments = [2.0, 4.0, 6.0, 8.0, 10.0].into_iter().collect();
        assert_eq!(first.mean(), 3.0);
        assert_eq!(second.mean(), 6.0);
        assert!((first.t(&second) + 3.0 / 2.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(first.t(&first), 0.0);
    }
}
