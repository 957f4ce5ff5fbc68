//! Arbitrary and damaged bytes: an error or a dataset, never a panic.

use crate::fixtures::*;
use actinf_data::{read, read_values};
use polars::prelude::*;

/// SplitMix64: a stream of well-mixed numbers from a seed.
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

#[test]
fn random_bytes_as_a_table_never_panic() {
    let alphabet = b"ab01,,,\t\"\"\n\n\r.-e NA\xff\xc3\xa9\xef\xbb\xbf";
    let mut stream = Stream(1);
    let mut read_well = 0;
    for round in 0..3000 {
        let length = stream.below(60);
        let mut bytes = if round % 3 == 0 { Vec::new() } else { b"id,choice,outcome\n".to_vec() };
        bytes.extend((0..length).map(|_| match round % 2 {
            0 => alphabet[stream.below(alphabet.len())],
            _ => b"a01,,\n"[stream.below(6)],
        }));
        for extension in ["csv", "tsv", "txt"] {
            let file = file(&format!("data.{extension}"), &bytes);
            read_well += usize::from(read(&file.path, &mapping(), &schema()).is_ok());
            let _ = read_values(&file.path, &["id".into()]);
        }
    }
    assert!(read_well > 0, "some of the tables should be good ones");
}

#[test]
fn damaged_parquet_never_panics() {
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("id".into(), ["a", "a", "b"]),
        Column::new("choice".into(), [0_i64, 1, 0]),
        Column::new("outcome".into(), [Some(0.0), None, Some(2.0)]),
    ])
    .unwrap();
    let mut whole = Vec::new();
    ParquetWriter::new(&mut whole).finish(&mut frame).unwrap();
    assert!(read(&file("data.parquet", &whole).path, &mapping(), &schema()).is_ok());
    let mut stream = Stream(2);
    for _ in 0..200 {
        let end = stream.below(whole.len());
        let cut = file("data.parquet", &whole[..end]);
        assert!(read(&cut.path, &mapping(), &schema()).is_err(), "cut at {end}");
    }
    let random: Vec<u8> = (0..500).map(|_| stream.next() as u8).collect();
    assert!(read(&file("data.parquet", random).path, &mapping(), &schema()).is_err());
}
