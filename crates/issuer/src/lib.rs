//! The token service.

pub mod limits;
pub mod password;
