//! Logarithms and exponentials of whole slices, without branches, so that the compiler works on several numbers at once.
//!
//! Both follow the reductions and polynomials of fdlibm (`e_log.c`, `e_exp.c`; Sun Microsystems 1993), whose error is below
//! one unit in the last place, and give the same bits on every machine: nothing is fused, nothing is reordered.

/// `ln 2`, split so that its product with a small whole number is exact in the first part.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// A number whose last bits count ones: adding it to a small number rounds that to a whole one.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// A kernel over slices that is compiled for every set of instructions a machine may offer.
macro_rules! kernel {
    ($name:ident, $of:ident) => {
        struct $name<'a>(&'a mut [f64]);

        impl pulp::NullaryFnOnce for $name<'_> {
            type Output = ();

            #[inline(always)]
            fn call(self) {
                // Not by a closure: a call of its own would be compiled for the least of machines.
                for x in self.0 {
                    *x = $of(*x);
                }
            }
        }
    };
}
pub(crate) use kernel;

kernel!(Logarithms, ln_or_zero_of);
kernel!(PositiveLogarithms, positive_ln_of);
kernel!(Exponentials, exp_of);

/// Replaces every number by its natural logarithm; numbers that are not positive by 0.
///
/// Zero stands for "takes part in no sum": the callers multiply with the number itself. Below 2e-308, where numbers lose
/// their digits, logarithms do too.
pub(crate) fn ln_or_zero(processor: pulp::Arch, xs: &mut [f64]) {
    processor.dispatch(Logarithms(xs));
}

/// Replaces every number, all of which are positive and normal, by its natural logarithm; what is not a number stays so.
pub(crate) fn ln(processor: pulp::Arch, xs: &mut [f64]) {
    processor.dispatch(PositiveLogarithms(xs));
}

/// The natural logarithm of a positive normal number; what is infinite or not a number stays so.
#[inline(always)]
pub(crate) fn positive_ln_of(x: f64) -> f64 {
    let log = ln_of_normal(x);
    if x < f64::INFINITY { log } else { x }
}

#[inline(always)]
fn ln_or_zero_of(x: f64) -> f64 {
    let log = ln_of_normal(x);
    if x > 0.0 { log } else { 0.0 }
}

/// The logarithm of a positive normal number: `x = 2^k m` with `m` between `√½` and `√2`.
#[inline(always)]
fn ln_of_normal(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let exponent = (shifted >> 52).wrapping_sub(1023);
    let m = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff) + SQRT_HALF);
    let k = f64::from_bits(ROUNDER.to_bits().wrapping_add(exponent)) - ROUNDER;
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even =
        w * (3.999_999_999_940_942e-1 + w * (2.222_219_843_214_978_4e-1 + w * 1.531_383_769_920_937_3e-1));
    let odd = z
        * (6.666_666_666_666_735e-1
            + w * (2.857_142_874_366_239e-1
                + w * (1.818_357_216_161_805e-1 + w * 1.479_819_860_511_658_6e-1)));
    let half = 0.5 * f * f;
    k * LN_2_HIGH - ((half - (s * (half + (even + odd)) + k * LN_2_LOW)) - f)
}

/// Replaces every number, none of which is above 0 by much, by its exponential; below -708, where the result would be below
/// 1e-307, by 0.
pub(crate) fn exp(processor: pulp::Arch, xs: &mut [f64]) {
    processor.dispatch(Exponentials(xs));
}

/// The exponential of a number that is not above 0 by much.
#[inline(always)]
pub(crate) fn exp_of(x: f64) -> f64 {
    let is_lost = x < -708.0;
    let power = exp_of_small(if is_lost { 0.0 } else { x });
    if is_lost { 0.0 } else { power }
}

/// `e^x` for `x` from -708 to 708: `x = k ln 2 + r` with `|r|` at most `½ ln 2`.
#[inline(always)]
fn exp_of_small(x: f64) -> f64 {
    let rounded = x * std::f64::consts::LOG2_E + ROUNDER;
    let k = rounded - ROUNDER;
    let high = x - k * LN_2_HIGH;
    let low = k * LN_2_LOW;
    let r = high - low;
    let t = r * r;
    let c = r - t
        * (1.666_666_666_666_660_2e-1
            + t * (-2.777_777_777_701_559_3e-3
                + t * (6.613_756_321_437_934e-5
                    + t * (-1.653_390_220_546_525_2e-6 + t * 4.138_136_797_057_238_5e-8))));
    let y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
    let scale = f64::from_bits(rounded.to_bits().wrapping_sub(ROUNDER.to_bits()).wrapping_add(1023) << 52);
    y * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn logarithms_are_within_two_units_of_the_last_place_of_the_library() {
        let mut worst = 0;
        for k in 0..200_000_u32 {
            let x = f64::exp(f64::from(k) * 0.0035 - 700.0);
            let mut found = [x];
            ln_or_zero(pulp::Arch::new(), &mut found);
            if (x - 1.0).abs() > 1e-3 {
                worst = worst.max(ulps(found[0], x.ln()));
            } else {
                assert!((found[0] - x.ln()).abs() < 1e-18);
            }
        }
        assert!(worst <= 2, "{worst}");
        let mut special = [1.0, 0.0, -1.0];
        ln_or_zero(pulp::Arch::new(), &mut special);
        assert_eq!(special.map(f64::to_bits), [0; 3]);
    }

    #[test]
    fn exponentials_are_within_two_units_of_the_last_place_of_the_library() {
        let mut worst = 0;
        for k in 0..200_000_u32 {
            let x = -f64::from(k) * 0.0035;
            let mut found = [x];
            exp(pulp::Arch::new(), &mut found);
            worst = worst.max(ulps(found[0], x.exp()));
        }
        assert!(worst <= 2, "{worst}");
        let mut special = [0.0, f64::NEG_INFINITY, -800.0];
        exp(pulp::Arch::new(), &mut special);
        assert_eq!(special.map(f64::to_bits), [1.0_f64, 0.0, 0.0].map(f64::to_bits));
    }
}
