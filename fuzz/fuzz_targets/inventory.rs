//! Feeds libFuzzer's inputs to the properties of `inventory`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| testkit::read_properties::inventory::holds(data));
