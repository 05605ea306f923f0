//! Prices of AWS in US dollars: on demand, in [`REGION`], without free tiers and discounts, as listed in 2026.

/// The region that the prices are for. Others cost the same or up to a third more.
pub const REGION: &str = "us-east-1";

/// An hour of a virtual CPU of a Fargate task, Linux on x86.
///
/// Source: <https://aws.amazon.com/fargate/pricing/>
pub const FARGATE_CPU_HOUR: f64 = 0.040_48;
/// An hour of a GB of memory of a Fargate task, Linux on x86.
///
/// Source: <https://aws.amazon.com/fargate/pricing/>
pub const FARGATE_GB_HOUR: f64 = 0.004_445;
/// A request to a Lambda function.
///
/// Source: <https://aws.amazon.com/lambda/pricing/>
pub const LAMBDA_REQUEST: f64 = 0.000_000_2;
/// A second of a GB of memory of a Lambda function on x86, in the first tier.
///
/// Source: <https://aws.amazon.com/lambda/pricing/>
pub const LAMBDA_GB_SECOND: f64 = 0.000_016_666_7;
/// An hour of an application load balancer, without the capacity units that traffic takes.
///
/// Source: <https://aws.amazon.com/elasticloadbalancing/pricing/>
pub const BALANCER_HOUR: f64 = 0.022_5;
