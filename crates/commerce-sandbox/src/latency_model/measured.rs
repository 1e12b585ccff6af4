//! What was measured of the recorded servers: milliseconds by size.

/// Requests that the recorded server works on at once. It answered 22 small requests a second one after another, 39 two at
/// a time, and 40 four at a time (recording 08, steps 073 to 077).
pub const AT_WORK: usize = 2;

/// Slowdown of a request beside another one: each of the 39 took 51 ms, each of the 22 took 45 (same steps).
pub const BESIDE: f64 = 2.0 * 22.2 / 39.2;

/// Milliseconds by number of links: the medians of recording 08, steps 001 to 015, 018 to 034 and 035.
pub const SAVE: &[(f64, f64)] = &[
    (1.0, 52.0),
    (20.0, 42.0),
    (100.0, 57.0),
    (1_000.0, 188.0),
    (5_000.0, 984.0),
    (21_845.0, 16_155.0),
    (50_000.0, 113_455.0),
];

/// Likewise for deletes: steps 016, 019, 022, 025 and 028.
pub const DELETE: &[(f64, f64)] = &[
    (1.0, 42.0),
    (20.0, 48.0),
    (100.0, 80.0),
    (1_000.0, 824.0),
    (5_000.0, 1_670.0),
];

/// Likewise for pages of links: steps 036 to 038, 042 to 044, 048 to 050, 054 to 056 and 060 to 062.
pub const LIST: &[(f64, f64)] = &[(1.0, 40.0), (100.0, 43.0), (1_000.0, 85.0), (5_001.0, 185.0)];

/// Likewise for pages with `fields`: the steps after those.
pub const LIST_OF_FIELDS: &[(f64, f64)] = &[(1.0, 40.0), (100.0, 48.0), (1_000.0, 61.0), (5_001.0, 250.0)];

/// Milliseconds of any other call: the fastest of recording 08 (step 073).
pub const SMALL: f64 = 45.0;

/// Milliseconds by number of source items in a page (2.4.8/18-005 to 18-023; one item: the median of 2.4.8/17).
pub const SOURCE_ITEMS: &[(f64, f64)] = &[
    (1.0, 52.0),
    (1_000.0, 130.0),
    (2_000.0, 150.0),
    (5_000.0, 298.0),
    (10_000.0, 440.0),
    (50_064.0, 1_461.0),
];

/// Likewise for the rows of an index (2.4.8/18-024 to 18-026; 24 rows: the median of 2.4.8/16 and 17).
pub const DUMP: &[(f64, f64)] = &[(24.0, 54.0), (20_002.0, 494.0)];

/// Likewise for exported SKUs (2.4.8/18-038 to 18-050). A page on which no product is left takes no less than one of 20.
pub const EXPORT: &[(f64, f64)] = &[
    (20.0, 266.0),
    (100.0, 835.0),
    (1_000.0, 5_455.0),
    (5_000.0, 25_304.0),
];

/// Likewise for SKUs that are asked about (2.4.8/18-028 to 18-037).
pub const SALABILITY: &[(f64, f64)] = &[(1.0, 64.0), (100.0, 386.0), (300.0, 892.0)];

/// Interpolates the time for a size: by a power law between two measured points, and as little as at the first point below it.
/// Beyond the last point the power law of the last two goes on, but time grows at least in proportion.
#[expect(clippy::cast_precision_loss, reason = "no list has 2^52 rows")]
pub fn at(measured: &[(f64, f64)], size: usize) -> f64 {
    let size = (size as f64).max(measured[0].0);
    let next = measured.partition_point(|(count, _)| *count < size);
    let next = next.clamp(1, measured.len() - 1);
    let ((fewer, low), (more, high)) = (measured[next - 1], measured[next]);
    let power = (high / low).ln() / (more / fewer).ln();
    if size > more {
        return high * (size / more).powf(power.max(1.0));
    }
    low * (size / fewer).powf(power)
}
