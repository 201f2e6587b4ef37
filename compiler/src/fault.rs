//! Deliberate bugs, for the test of the tests. Nothing here exists in a tool that is shipped: the module is empty
//! without the feature `seeded-faults`, and the macro [`active`] is then the constant `false`.

/// Whether a fault is switched on.
macro_rules! active {
    ($options:expr, $fault:ident) => {{
        #[cfg(feature = "seeded-faults")]
        let active = $options.fault == Some($crate::fault::Fault::$fault);
        #[cfg(not(feature = "seeded-faults"))]
        let active = {
            let _ = &$options;
            false
        };
        active
    }};
}
pub(crate) use active;

#[cfg(feature = "seeded-faults")]
macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A deliberate bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Fault] = &[$(Fault::$name,)*];

            /// Its name on the command line and in reports.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Fault::$name => stringify!($name),)*
                }
            }
        }
    };
}

#[cfg(feature = "seeded-faults")]
faults! {
    /// An access may touch one byte beyond the limit.
    BoundOffByOne,
    /// The check forgets the constant offset.
    OffsetIgnored,
    /// The limit is not loaded again after a growth or a call.
    LimitNotReloaded,
    /// The index counts as a signed number.
    SignExtendedIndex,
    /// Bulk operations check no bounds.
    BulkUnchecked,
    /// `call_indirect` does not compare types.
    SignatureUnchecked,
    /// `call_indirect` does not compare the index with the table's size.
    TableIndexUnchecked,
    /// `call_indirect` does not ask for null.
    NullUnchecked,
    /// Out of bounds is reported as `unreachable`.
    WrongTrapCode,
    /// A dropped data segment keeps its bytes.
    DataNotDropped,
    /// A dropped element segment keeps its elements.
    ElementsNotDropped,
    /// Signed division does not ask for overflow.
    DivisionOverflowUnchecked,
    /// Conversions to integers saturate instead of trapping.
    ConversionUnchecked,
    /// Functions do not compare the stack pointer with the limit.
    StackUnchecked,
    /// A shift count is not taken modulo the width.
    RotateLeftIsRight,
    /// 8-bit loads with sign are loads without.
    LoadSignLost,
    /// `memory.grow` gives the new size.
    GrowGivesNewSize,
    /// Instantiation leaves the memory as it is.
    MemoryNotReset,
    /// Instantiation leaves the globals as they are.
    GlobalsNotReset,
    /// Blocks cost one unit of fuel, whatever is in them.
    BlocksCostOne,
    /// Bulk operations cost no fuel for their length.
    LengthsCostNothing,
    /// Loops do not look at the flag.
    LoopsNotPolled,
    /// Instantiation does not check the limits of what is imported.
    LimitsUnchecked,
    /// `select` takes the other operand.
    SelectSwapped,
    /// `br_table` counts from one.
    BranchTableShifted,
    /// Active segments are written in reverse order.
    SegmentsReversed,
    /// `i64.extend_i32_s` extends with zeros.
    ExtendSignLost,
    /// `f32.min` does not propagate NaN.
    MinimumIgnoresNan,
    /// The place of a trap is that of another operator.
    WrongPlace,
    /// The bound of stack forgets what a function calls.
    BoundOfOneFrame,
    /// The check at an entry covers the function's own frame only.
    EntryCheckOfOneFrame,
    /// The bound of fuel forgets what a function calls.
    BoundForgetsCalls,
    /// Accesses of 16 bytes are checked for 8.
    VectorHalfChecked,
    /// Lanes taken out with their sign are taken out without.
    ExtractSignLost,
    /// Shuffles take the other operand's lanes.
    ShuffleOperandsSwapped,
    /// Narrowing to unsigned lanes saturates as to signed ones.
    NarrowKeepsSign,
    /// What widens the upper half of the lanes widens the lower one.
    HighHalfIsLow,
    /// On rows without vectors, sums carry into the next lane.
    LanesCarry,
    /// The relaxed dot product wraps.
    RelaxedDotWraps,
    /// On rows without vectors, the upper half of a vector local is not set.
    UpperHalfLost,
}
