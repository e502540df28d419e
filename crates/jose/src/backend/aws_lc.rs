//! AWS-LC.
/// AWS-LC through `aws-lc-rs`.
#[derive(Clone, Copy, Debug)]
pub struct AwsLc;
