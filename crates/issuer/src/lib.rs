//! The token service.

pub mod metrics;
pub mod observe;
