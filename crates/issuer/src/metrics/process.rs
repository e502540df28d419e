use core::fmt;

use jeton_jose::UnixTime;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// What the system says of this process, under the names that all exporters use.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) started_at: UnixTime,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        ConstGauge::new(self.started_at.seconds()).encode(encoder.encode_descriptor(
            "process_start_time",
            "When the process began, since 1970",
            Some(&Unit::Seconds),
            MetricType::Gauge,
        )?)?;
        if let Some(bytes) = resident_memory() {
            ConstGauge::new(bytes).encode(encoder.encode_descriptor(
                "process_resident_memory",
                "Memory of the process that is in RAM",
                Some(&Unit::Bytes),
                MetricType::Gauge,
            )?)?;
        }
        if let Some(seconds) = processor_time() {
            ConstCounter::new(seconds).encode(encoder.encode_descriptor(
                "process_cpu",
                "Processor time, in user and system mode",
                Some(&Unit::Seconds),
                MetricType::Counter,
            )?)?;
        }
        Ok(())
    }
}

/// Where the system has no such file there is no such metric.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    resident_bytes(&status)
}

fn processor_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    processor_seconds(&stat)
}

fn resident_bytes(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// `utime` and `stime`, the 14th and 15th field, in the hundredths of a second that Linux shows to
/// programs on every architecture. The second field is a name in parentheses, which may hold any.
fn processor_seconds(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some((f64::from(ticks()?) + f64::from(ticks()?)) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_files_are_read() {
        let status = "Name:\tjeton\nVmPeak:\t  9 kB\nVmRSS:\t   12345 kB\nThreads:\t4\n";
        assert_eq!(resident_bytes(status), Some(12345 * 1024));
        let stat = "17 (a) b) S 1 2 3 4 -1 6 7 8 9 10 250 50 13 14";
        assert_eq!(processor_seconds(stat), Some(3.0));
        for text in ["", "VmRSS: x kB", "1 (a) S"] {
            assert_eq!(resident_bytes(text), None);
            assert_eq!(processor_seconds(text), None);
        }
    }
}
