//! Filters of second order, after R. Bristow-Johnson's cookbook.

use core::f32::consts::PI;

/// What a band does to the spectrum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Raises or lowers what is below its frequency.
    LowShelf,
    /// Raises or lowers what is around its frequency.
    Peak,
    /// Raises or lowers what is above its frequency.
    HighShelf,
}

/// Coefficients, divided by a0: b0, b1, b2, a1, a2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Biquad(pub [f32; 5]);

impl Biquad {
    /// Lets everything through.
    pub const THROUGH: Biquad = Biquad([1.0, 0.0, 0.0, 0.0, 0.0]);

    /// A filter; `frequency_hz` is below half of `rate_hz`, and `q` above zero.
    pub fn new(shape: Shape, rate_hz: f32, frequency_hz: f32, q: f32, gain_db: f32) -> Biquad {
        let a = libm::powf(10.0, gain_db / 40.0);
        let w = 2.0 * PI * frequency_hz / rate_hz;
        let (cos, alpha) = (libm::cosf(w), libm::sinf(w) / (2.0 * q));
        let root = 2.0 * libm::sqrtf(a) * alpha;
        // The shelves are mirror images: the cosine changes its sign, and so do b1 and a1.
        let shelf = |side: f32| {
            let (plus, minus) = (a + 1.0, a - 1.0);
            let b = [
                a * (plus - side * minus * cos + root),
                2.0 * side * a * (minus - side * plus * cos),
                a * (plus - side * minus * cos - root),
            ];
            let a =
                [plus + side * minus * cos + root, -2.0 * side * (minus + side * plus * cos), plus + side * minus * cos - root];
            (b, a)
        };
        let (b, a) = match shape {
            Shape::LowShelf => shelf(1.0),
            Shape::HighShelf => shelf(-1.0),
            Shape::Peak => ([1.0 + alpha * a, -2.0 * cos, 1.0 - alpha * a], [1.0 + alpha / a, -2.0 * cos, 1.0 - alpha / a]),
        };
        Biquad([b[0] / a[0], b[1] / a[0], b[2] / a[0], a[1] / a[0], a[2] / a[0]])
    }

    /// Between this filter (0) and another (1). Stable filters' coefficients form a triangle (a2 < 1, |a1| < 1 + a2),
    /// which is convex: whatever lies between two of them is stable too.
    pub fn towards(&self, other: &Biquad, part: f32) -> Biquad {
        Biquad(core::array::from_fn(|k| self.0[k] + part * (other.0[k] - self.0[k])))
    }

    /// A sample through the filter; transposed direct form II, which bears coefficients that move.
    pub fn run(&self, state: &mut [f32; 2], input: f32) -> f32 {
        let [b0, b1, b2, a1, a2] = self.0;
        let output = b0 * input + state[0];
        state[0] = b1 * input - a1 * output + state[1];
        state[1] = b2 * input - a2 * output;
        output
    }
}

#[cfg(test)]
mod tests {
    use super::{Biquad, Shape};

    /// Gain in decibels at a frequency, from the coefficients.
    fn response_db(Biquad([b0, b1, b2, a1, a2]): Biquad, hz: f64) -> f64 {
        let w = 2.0 * std::f64::consts::PI * hz / 48_000.0;
        let power = |[c0, c1, c2]: [f32; 3]| {
            let (c0, c1, c2) = (f64::from(c0), f64::from(c1), f64::from(c2));
            (c0 + c1 * w.cos() + c2 * (2.0 * w).cos()).powi(2) + (c1 * w.sin() + c2 * (2.0 * w).sin()).powi(2)
        };
        10.0 * (power([b0, b1, b2]) / power([1.0, a1, a2])).log10()
    }

    #[test]
    fn gains_are_where_they_belong() {
        for gain_db in [-12.0, -3.0, 6.0, 12.0] {
            let near = |shape, hz, wanted: f64| {
                let heard = response_db(Biquad::new(shape, 48_000.0, 1_000.0, 0.707, gain_db), hz);
                assert!((heard - wanted).abs() < 0.15, "{shape:?} of {gain_db} dB has {heard} at {hz} Hz");
            };
            let gain = f64::from(gain_db);
            near(Shape::Peak, 1_000.0, gain);
            near(Shape::Peak, 20.0, 0.0);
            near(Shape::LowShelf, 40.0, gain);
            near(Shape::LowShelf, 1_000.0, gain / 2.0);
            near(Shape::LowShelf, 15_000.0, 0.0);
            near(Shape::HighShelf, 40.0, 0.0);
            near(Shape::HighShelf, 15_000.0, gain);
        }
    }
}
