//! Dynamic time warping of a stream against a template (Sakoe & Chiba 1978), one column a frame.
//!
//! The template may begin at any frame of the stream (subsequence matching: Müller 2007). A cell (i, j) is the cheapest
//! path that ends at the stream's frame i and the template's frame j, with symmetric weights: a diagonal step costs the
//! local distance twice, the others once, so that a path over M frames of the stream and N of the template has weight
//! M + N, and paths of all lengths compare. The band: M and j differ by at most so many frames, everywhere on the path.
//! One column is all the memory; a step costs N · ([`WIDTH`] · 3 + 10) operations.

use crate::features::{STEPS_PER_UNIT, Stored, WIDTH};

/// Frames of the longest template: 1.6 s.
pub const LONGEST: usize = 160;

/// The cheapest path to a pair of frames.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Weighted sum of distances.
    pub cost: f32,
    /// Frames of the stream that the path covers.
    pub frames: u16,
}

/// No path.
pub const NONE: Cell = Cell { cost: f32::INFINITY, frames: 0 };

/// Euclidean distance, in units of the features. The stream's vector is in steps, as the stored one.
fn distance(stored: &Stored, heard: &[f32; WIDTH]) -> f32 {
    // Four sums side by side: the order is fixed by the source, and vectors of four lanes have something to do.
    let mut sums = [0.0; 4];
    let (a, a_rest) = stored.as_chunks::<4>();
    let (b, b_rest) = heard.as_chunks::<4>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..4 {
            let difference = f32::from(a[lane]) - b[lane];
            sums[lane] += difference * difference;
        }
    }
    for (sum, (a, b)) in sums.iter_mut().zip(a_rest.iter().zip(b_rest)) {
        let difference = f32::from(*a) - b;
        *sum += difference * difference;
    }
    libm::sqrtf((sums[0] + sums[1]) + (sums[2] + sums[3])) * (1.0 / STEPS_PER_UNIT)
}

/// Moves a column on by one frame of the stream: the cost of the best path through the whole template, by its
/// weight, or infinity. `column` holds a cell for each frame of the template, [`NONE`] at first.
pub fn step(column: &mut [Cell], template: &[Stored], heard: &[f32; WIDTH], band: u16) -> f32 {
    // (i − 1, j − 1): before the template's first frame a path may begin, for nothing.
    let mut diagonal = Cell { cost: 0.0, frames: 0 };
    // (i, j − 1).
    let mut below = NONE;
    // Of the template's frames; at most LONGEST.
    let mut rows = 0_u16;
    for (cell, template) in column.iter_mut().zip(template) {
        rows += 1;
        let left = *cell;
        let distance = distance(template, heard);
        let mut best = Cell { cost: diagonal.cost + 2.0 * distance, frames: diagonal.frames + 1 };
        let across = left.cost + distance;
        if across < best.cost {
            best = Cell { cost: across, frames: left.frames + 1 };
        }
        let up = below.cost + distance;
        if up < best.cost {
            best = Cell { cost: up, frames: below.frames };
        }
        // Living paths cover at most LONGEST + band frames, so nothing overflows.
        if best.frames.abs_diff(rows) > band {
            best = NONE;
        }
        *cell = best;
        diagonal = left;
        below = best;
    }
    below.cost / f32::from(below.frames + rows)
}

#[cfg(test)]
mod tests {
    use super::{NONE, distance, step};
    use crate::features::{STEPS_PER_UNIT, Stored, WIDTH};
    use std::{vec, vec::Vec};

    fn random(frames: usize, seed: &mut u32) -> Vec<Stored> {
        let number = || {
            *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i16::try_from(*seed >> 22).unwrap() - 512
        };
        let mut number = number;
        (0..frames).map(|_| core::array::from_fn(|_| number())).collect()
    }

    fn heard(stored: &Stored) -> [f32; WIDTH] {
        stored.map(f32::from)
    }

    /// The whole matrix from a given beginning, as in the paper: its last cell by M + N.
    fn naive(template: &[Stored], stream: &[Stored]) -> f32 {
        let mut matrix = vec![vec![f32::INFINITY; stream.len()]; template.len()];
        for i in 0..stream.len() {
            for j in 0..template.len() {
                let d = distance(&template[j], &heard(&stream[i]));
                let before = |back_j: usize, back_i: usize| {
                    if j >= back_j && i >= back_i { matrix[j - back_j][i - back_i] } else { f32::INFINITY }
                };
                let start = if i == 0 && j == 0 { 2.0 * d } else { f32::INFINITY };
                matrix[j][i] = start.min(before(1, 1) + 2.0 * d).min(before(0, 1) + d).min(before(1, 0) + d);
            }
        }
        matrix[template.len() - 1][stream.len() - 1]
    }

    #[test]
    fn is_the_best_of_all_full_matrices() {
        let mut seed = 7;
        for _ in 0..20 {
            let (template, stream) = (random(9, &mut seed), random(17, &mut seed));
            let mut column = [NONE; 9];
            for end in 0..stream.len() {
                let streamed = step(&mut column, &template, &heard(&stream[end]), 1_000);
                let best = (0..=end).map(|start| naive(&template, &stream[start..=end])).fold(f32::INFINITY, f32::min);
                let cell = column[8];
                assert!((cell.cost - best).abs() < 1e-3 * best, "{} instead of {best}", cell.cost);
                assert_eq!(streamed, cell.cost / f32::from(cell.frames + 9));
            }
        }
    }

    #[test]
    fn finds_a_template_in_a_stream_and_a_slow_one_too() {
        let mut seed = 3;
        let (template, before) = (random(30, &mut seed), random(50, &mut seed));
        for slower in [1, 2] {
            let mut column = [NONE; 30];
            let mut last = f32::INFINITY;
            let said = template.iter().flat_map(|frame| core::iter::repeat_n(frame, slower));
            for frame in before.iter().chain(said) {
                last = step(&mut column, &template, &heard(frame), 30);
            }
            assert_eq!(last, 0.0);
        }
    }

    /// Three times as slow is out of a band of ten frames.
    #[test]
    fn the_band_holds() {
        let template = random(30, &mut 3);
        let mut column = [NONE; 30];
        for frame in template.iter().flat_map(|frame| [frame; 3]) {
            assert!(step(&mut column, &template, &heard(frame), 10) > 0.1);
            assert!(column.iter().zip(1..).all(|(cell, rows)| cell.cost.is_infinite() || cell.frames.abs_diff(rows) <= 10));
        }
    }

    #[test]
    fn distance_is_in_units_of_the_features() {
        let mut a = [0; WIDTH];
        (a[0], a[25]) = (3 * 512, 4 * 512);
        assert_eq!((distance(&a, &[0.0; WIDTH]), STEPS_PER_UNIT), (5.0, 512.0));
    }
}
