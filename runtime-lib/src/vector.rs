//! A vector of 128 bits as hosts have it.

/// A `v128`: its 16 bytes as linear memory has them, the first lane's first, every lane little-endian.
///
/// Where host and module exchange one, it is two slots of 64 bits one after the other, which are these bytes; a host function gets a pointer to
/// such a value for a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C, align(16))]
pub struct V128(pub [u8; 16]);

macro_rules! lanes {
    ($($(#[$doc:meta])* $from:ident, $to:ident: [$ty:ty; $count:literal];)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $from(lanes: [$ty; $count]) -> V128 {
            let mut bytes = [0; 16];
            let places = bytes.chunks_exact_mut(size_of::<$ty>());
            places.zip(lanes).for_each(|(place, lane)| place.copy_from_slice(&lane.to_le_bytes()));
            V128(bytes)
        }

        /// Its lanes, the first one first.
        #[must_use]
        pub fn $to(self) -> [$ty; $count] {
            let mut lanes = [<$ty>::default(); $count];
            let places = self.0.chunks_exact(size_of::<$ty>());
            lanes.iter_mut().zip(places).for_each(|(lane, place)| {
                let mut bytes = [0; size_of::<$ty>()];
                bytes.copy_from_slice(place);
                *lane = <$ty>::from_le_bytes(bytes);
            });
            lanes
        })*
    };
}

impl V128 {
    lanes! {
        /// Of eight lanes of 16 bits.
        from_i16x8, to_i16x8: [i16; 8];
        /// Of four lanes of 32 bits.
        from_i32x4, to_i32x4: [i32; 4];
        /// Of two lanes of 64 bits.
        from_i64x2, to_i64x2: [i64; 2];
        /// Of four floats.
        from_f32x4, to_f32x4: [f32; 4];
        /// Of two floats of 64 bits.
        from_f64x2, to_f64x2: [f64; 2];
        /// Of two slots.
        from_slots, to_slots: [u64; 2];
    }
}

#[cfg(test)]
mod tests {
    use super::V128;

    #[test]
    fn lanes_lie_in_memory_as_the_guest_has_them() {
        let bytes: [u8; 16] = core::array::from_fn(|index| u8::try_from(index).unwrap_or(0));
        let vector = V128(bytes);
        assert_eq!(vector.to_i16x8()[1], 0x0302);
        assert_eq!(vector.to_i32x4()[3], 0x0f0e_0d0c);
        assert_eq!(V128::from_i64x2(vector.to_i64x2()), vector);
        assert_eq!(V128::from_f32x4(vector.to_f32x4()), vector);
        assert_eq!(V128::from_f64x2(vector.to_f64x2()), vector);
        assert_eq!(V128::from_slots(vector.to_slots()), vector);
        assert_eq!(V128::from_i16x8(vector.to_i16x8()), V128::from_i32x4(vector.to_i32x4()));
        assert_eq!(align_of::<V128>(), 16);
    }
}
