//! The few functions of numbers that `core` lacks. Each is a polynomial: good to a few units of the sixth digit, which is plenty
//! for the coefficients of a filter.

use core::f32::consts::{FRAC_PI_2, LN_2, LOG2_10};

/// The sine of an angle between 0 and π.
#[must_use]
pub fn sin(angle: f32) -> f32 {
    // Around the middle, where the curve is even: sin(x) = cos(x − π/2).
    cos_near_zero(angle - FRAC_PI_2)
}

/// The cosine of an angle between 0 and π.
#[must_use]
pub fn cos(angle: f32) -> f32 {
    let x = angle - FRAC_PI_2;
    let square = x * x;
    // −sin(x) by its series.
    -x * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0))))
}

fn cos_near_zero(x: f32) -> f32 {
    let square = x * x;
    1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0 * (1.0 - square / 90.0))))
}

/// Two to a power between −126 and 127.
#[must_use]
pub fn exp2(power: f32) -> f32 {
    let whole = power as i32 - i32::from(power < 0.0);
    // Between 0 and 1: e to the power, by its series.
    let x = (power - whole as f32) * LN_2;
    let part = 1.0 + x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0)))));
    part * f32::from_bits(((whole + 127) as u32) << 23)
}

/// Ten to a power between −37 and 38.
#[must_use]
pub fn exp10(power: f32) -> f32 {
    exp2(power * LOG2_10)
}
