//! Tries what would make a signature match.
