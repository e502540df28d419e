//! The token service.

pub mod device;
pub mod pages;
