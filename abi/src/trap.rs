//! The codes with which an activation of a guest ends.
//!
//! A completion is the code and the program counter of the place that raised it. Codes below
//! [`FIRST_REFUSAL`] are traps in the sense of the WebAssembly specification (section 4.4, "trap") or of
//! this project's own limits; codes from there on say that the guest was not entered at all.

/// The first code that means "the guest did not run".
pub const FIRST_REFUSAL: u32 = 32;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*) => {
        /// Why an activation ended. The numbers are part of the binary contract and never change meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum Code {
            $($(#[$doc])* $name = $value,)*
        }

        impl Code {
            /// Every code, in ascending order of its number.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code with this number, if there is one.
            #[must_use]
            pub const fn from_number(number: u32) -> Option<Code> {
                match number {
                    $($value => Some(Code::$name),)*
                    _ => None,
                }
            }

            /// What happened, as a short phrase in the words of the specification where it has any.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }

            /// The name of the variant, as it appears in generated bindings.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Code::$name => stringify!($name),)*
                }
            }
        }
    };
}

codes! {
    /// The call returned; there is no trap.
    Ok = 0, "ok";
    /// `unreachable` was executed.
    Unreachable = 1, "unreachable";
    /// A load, store or bulk operation left its linear memory, or an active data segment does not fit.
    MemoryOutOfBounds = 2, "out of bounds memory access";
    /// A table operation left its table, or an active element segment does not fit.
    TableOutOfBounds = 3, "out of bounds table access";
    /// `call_indirect` with an index beyond the table.
    UndefinedElement = 4, "undefined element";
    /// `call_indirect` through a null reference.
    UninitializedElement = 5, "uninitialized element";
    /// `call_indirect` of a function with another type.
    BadSignature = 6, "indirect call type mismatch";
    /// Integer division or remainder by zero.
    IntegerDivisionByZero = 7, "integer divide by zero";
    /// The quotient of a signed division, or a float converted to an integer, is out of range.
    IntegerOverflow = 8, "integer overflow";
    /// A NaN was converted to an integer.
    BadConversionToInteger = 9, "invalid conversion to integer";
    /// The guest used up the stack it was given.
    StackOverflow = 10, "call stack exhausted";
    /// The fuel given to this activation is used up.
    OutOfFuel = 11, "out of fuel";
    /// The host asked the guest to stop.
    Interrupted = 12, "interrupted";
    /// A module of another domain that was called is not instantiated, or busy.
    ForeignRefused = 13, "foreign call refused";
    /// The module was not instantiated, or its last instantiation failed.
    NotInstantiated = 32, "not instantiated";
    /// Another activation is inside the domain, and this one cannot nest in it.
    Busy = 33, "busy";
    /// An imported memory or table does not have the limits that the import declares.
    Unlinkable = 34, "incompatible import type";
}

impl Code {
    /// Whether the guest was refused before any of it ran.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        self as u32 >= FIRST_REFUSAL
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn numbers_round_trip() {
        for &code in Code::ALL {
            assert_eq!(Code::from_number(code as u32), Some(code));
        }
        assert_eq!(Code::from_number(999), None);
    }
}
