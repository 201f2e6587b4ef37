//! Bands and compressor, one after another over a frame.

use crate::RATE_HZ;
use crate::biquad::Biquad;
use crate::compressor::Compressor;

/// Number of bands.
pub const BANDS: usize = 3;

/// What became of a frame.
pub struct Done {
    /// The largest distance from zero.
    pub peak: f32,
    /// The least gain of the compressor.
    pub least_gain: f32,
}

/// The whole way of a sample.
pub struct Chain {
    bands: [Biquad; BANDS],
    compressor: Compressor,
}

impl Chain {
    /// A chain that changes nothing.
    #[must_use]
    pub const fn new() -> Chain {
        Chain { bands: [const { Biquad::flat() }; BANDS], compressor: Compressor::idle() }
    }

    /// Replaces a band; whether there is such a band and such a filter.
    pub fn set_band(&mut self, band: u32, hz: f32, gain_db: f32, quality: f32) -> bool {
        let place = usize::try_from(band).ok().and_then(|band| self.bands.get_mut(band));
        match (place, Biquad::peak(RATE_HZ, hz, gain_db, quality)) {
            (Some(place), Some(filter)) => {
                *place = filter;
                true
            }
            _ => false,
        }
    }

    /// Replaces the compressor; whether there is such a one.
    pub fn set_compressor(&mut self, threshold: f32, ratio: f32, attack_ms: f32, release_ms: f32) -> bool {
        let new = Compressor::new(RATE_HZ, threshold, ratio, attack_ms, release_ms);
        new.map(|compressor| self.compressor = compressor).is_some()
    }

    /// Processes samples in place.
    #[inline(never)]
    pub fn run(&mut self, samples: &mut [f32]) -> Done {
        for band in &mut self.bands {
            band.run(samples);
        }
        let least_gain = self.compressor.run(samples);
        let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        Done { peak, least_gain }
    }
}

impl Default for Chain {
    fn default() -> Chain {
        Chain::new()
    }
}
