//! Bytes that are no modules, and modules that are too big.
