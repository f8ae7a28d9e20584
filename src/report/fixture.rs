//! Summaries made by hand for the tests of the report: `full`, where everything can be shown, and
//! `empty`, where nothing can. All names and figures are invented.

use std::collections::BTreeMap;

use crate::aggregate::summary::*;
use crate::model::{Coverage, Outcome, Overridden, Precision, Shows};
use crate::stats::{Estimate, Rate};

/// A name that would break out of HTML, of a Markdown table and of an SVG if it were not escaped.
pub(super) const WILD: &str = "<script>alert(\"x\")</script> | `a` & 'b'";

fn tool() -> Tool {
    Tool {
        name: "tohuman".to_owned(),
        version: "9.8.7".to_owned(),
        definitions: "1".to_owned(),
        models: BTreeMap::from([("lexicon zh".to_owned(), "ab".repeat(32))]),
    }
}

fn nothing_asked() -> TransferSummary {
    let stage = |stage: &str| Stage { stage: stage.to_owned(), passed: None, not_in_export: 0 };
    TransferSummary {
        asked: Rate::default(),
        reached: Rate::default(),
        not_reached: Rate::default(),
        explicit: ExplicitTransfer::default(),
        asked_twice_or_more: Rate::default(),
        asked_three_times_or_more: Rate::default(),
        left_unasked: Rate::default(),
        handed_over_unasked: Rate::default(),
        contained: Rate::default(),
        outcomes: Outcome::ALL.iter().map(|o| (o.name().to_owned(), 0)).collect(),
        outcomes_explicit: BTreeMap::new(),
        outcomes_short: BTreeMap::new(),
        requests: 0,
        attempts: 0,
        nudges: 0,
        failed_attempts: 0,
        episodes: 0,
        human_checks: 0,
        supervisor_requests: 0,
        attempts_per_asker: BTreeMap::new(),
        attempts_mean: None,
        steps_to_human: Steps::default(),
        stages: ["asked", "offered", "queued", "connected", "human_spoke"].map(stage).to_vec(),
        by_wording: Vec::new(),
        failed_by_hour: None,
        failed_without_hour: 0,
    }
}

fn no_effort() -> Effort {
    Effort {
        conversations_with_rephrase: Rate::default(),
        conversations_with_retelling: Rate::default(),
        rephrases: 0,
        rephrases_after_bot: 0,
        rephrases_after_human: 0,
        repeats: 0,
        longest_chain: None,
        chain_lengths: BTreeMap::new(),
        bot_repetitions: None,
        fallbacks: None,
        conversations_with_fallback: Rate::default(),
        deflections: None,
        loops: None,
        conversations_with_loop: Rate::default(),
        context_loss: 0,
        conversations_with_context_loss: Rate::default(),
    }
}

fn no_waits() -> Waits {
    Waits {
        request_to_human: WaitSummary::default(),
        request_to_human_explicit: WaitSummary::default(),
        request_to_human_with_greeting: WaitSummary::default(),
        start_to_human: WaitSummary::default(),
        start_to_human_with_greeting: WaitSummary::default(),
        first_response: WaitSummary::default(),
        first_human_response: WaitSummary::default(),
        queue: WaitSummary::default(),
        longest_silence: WaitSummary::default(),
        handling: WaitSummary::default(),
        time_to_close: WaitSummary::default(),
        short_abandons: "included".to_owned(),
        asked_in_closed_hours: None,
        reached_curve: Vec::new(),
    }
}

/// Nothing asked, no times, no complaints.
pub(super) fn empty() -> Summary {
    Summary {
        tool: tool(),
        options: BTreeMap::new(),
        inputs: Vec::new(),
        coverage: CoverageSummary::default(),
        period: Period::default(),
        totals: Totals::default(),
        problems: BTreeMap::new(),
        transfer: nothing_asked(),
        effort: no_effort(),
        waits: no_waits(),
        complaints: None,
        segments: Vec::new(),
        periods: Vec::new(),
        labels: None,
        corrected: Vec::new(),
        overrides: None,
        notes: Vec::new(),
    }
}

/// 1,840 conversations, 612 with a request, 371 reached.
pub(super) fn full() -> Summary {
    let totals = Totals {
        conversations: 1_840,
        with_customer: 1_802,
        messages: 24_310,
        events: 3_120,
        customer_messages: 9_400,
        bot_messages: 8_910,
        agent_messages: 6_000,
    };
    let segment = |column: &str, value: Option<&str>| Segment {
        column: column.to_owned(),
        value: value.map(str::to_owned),
        totals: totals.clone(),
        transfer: transfer(),
        effort: effort(),
        waits: waits(),
    };
    let shows = [
        ("bot_replies", 1_840),
        ("agent_messages", 1_840),
        ("queue", 1_300),
        ("joins", 1_300),
        ("leaves", 0),
        ("closes", 1_840),
        ("times", 1_840),
    ];
    Summary {
        options: BTreeMap::from([("short-abandon".to_owned(), "5 s".to_owned())]),
        inputs: vec![input("logs/march.csv", "log"), input("complaints.xlsx", "complaints")],
        coverage: CoverageSummary {
            shows: shows.into_iter().map(|(k, n)| (k.to_owned(), n)).collect(),
            precision: Some("second".to_owned()),
        },
        period: Period {
            from: Some("2031-01-03".to_owned()),
            to: Some("2031-03-30".to_owned()),
            time_zone: "Asia/Shanghai".to_owned(),
        },
        problems: BTreeMap::from([("bad-time".to_owned(), 17), ("duplicate".to_owned(), 40)]),
        transfer: transfer(),
        effort: effort(),
        waits: waits(),
        complaints: Some(complaints()),
        segments: vec![
            segment("channel", Some("app")),
            segment("channel", Some(WILD)),
            segment("channel", None),
        ],
        periods: vec![segment("period", Some("2031-01")), segment("period", Some("2031-02"))],
        labels: Some(LabelSample {
            file: "labelled.csv".to_owned(),
            sha256: "0123456789abcdef".repeat(4),
            population: 27_487,
            drawn: 200,
            labelled: 198,
        }),
        corrected: corrected(),
        overrides: Some(Overridden {
            file: "verdicts.csv".to_owned(),
            sha256: "0123456789abcdef".repeat(4),
            verdicts: 4,
            taken_out: 2,
            confirmed: 1,
            unknown: vec!["0a1b2c3d4e5f".to_owned()],
        }),
        notes: vec![
            Note { key: "minute-stamps".to_owned(), values: BTreeMap::new() },
            Note {
                key: "a-key-of-tomorrow".to_owned(),
                values: BTreeMap::from([("n".to_owned(), "3".to_owned())]),
            },
        ],
        totals: totals.clone(),
        ..empty()
    }
}

/// One rate that a sample corrects, and one that it cannot.
fn corrected() -> Vec<Corrected> {
    let estimate = |estimate, low, high| Some(Estimate { estimate, low, high });
    let asked = Corrected {
        measure: "asked".to_owned(),
        base: "conversations".to_owned(),
        raw: Rate::new(30, 100),
        corrected: estimate(0.32, 0.28, 0.37),
        error: estimate(-0.02, -0.05, 0.01),
        relative_error: estimate(-0.0625, -0.142_857, 0.034_483),
        within_5_percent: Some(false),
        n_labelled: 198,
        precision: estimate(0.98, 0.93, 1.0),
        recall: estimate(0.91, 0.82, 0.96),
    };
    let undefined = Corrected {
        measure: "left_unasked".to_owned(),
        base: "unasked_bot".to_owned(),
        corrected: None,
        error: None,
        relative_error: None,
        within_5_percent: None,
        n_labelled: 0,
        precision: None,
        recall: None,
        ..asked.clone()
    };
    vec![asked, undefined]
}

fn input(path: &str, role: &str) -> Input {
    Input {
        path: path.to_owned(),
        role: role.to_owned(),
        sha256: "0123456789abcdef".repeat(4),
        format: "csv".to_owned(),
        encoding: "GB18030".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        time_zone_from: "--time-zone".to_owned(),
        coverage: Coverage {
            bot_replies: Shows::Yes,
            times: Some(Precision::Second),
            ..Coverage::default()
        },
        rows_read: 27_487,
        rows_used: 27_430,
        rows_refused: 17,
        rows_duplicate: 40,
    }
}

fn transfer() -> TransferSummary {
    let outcomes = [371, 48, 66, 21, 12, 38, 9, 6, 5, 14, 8, 3, 11];
    let explicit = [371, 0, 0, 4, 0, 30, 9, 6, 5, 10, 0, 0, 0];
    let by_name = |counts: [u64; 13]| -> BTreeMap<String, u64> {
        Outcome::ALL.iter().zip(counts).map(|(o, n)| (o.name().to_owned(), n)).collect()
    };
    let stage = |stage: &str, passed: Option<(u64, u64)>, not_in_export| Stage {
        stage: stage.to_owned(),
        passed: passed.map(|(hits, of)| Rate::new(hits, of)),
        not_in_export,
    };
    let wording = |wording: &str, hits, of| WordingRow {
        wording: wording.to_owned(),
        served: Rate::new(hits, of),
        served_explicit: Rate::default(),
    };
    let hour = |day: u64, hour: u64| if hour < 7 { 0 } else { (day * 5 + hour * 3) % 11 };
    TransferSummary {
        asked: Rate::new(612, 1_840),
        reached: Rate::new(371, 612),
        not_reached: Rate::new(241, 612),
        explicit: ExplicitTransfer {
            asked: Rate::new(90, 1_840),
            reached: Rate::new(61, 90),
            not_reached: Rate::new(29, 90),
            asked_twice_or_more: Rate::new(31, 90),
            asked_three_times_or_more: Rate::new(8, 90),
            stages: vec![
                stage("asked", Some((90, 90)), 0),
                stage("offered", None, 90),
                stage("queued", Some((55, 60)), 30),
                stage("connected", Some((50, 60)), 30),
                stage("human_spoke", Some((61, 90)), 0),
            ],
        },
        asked_twice_or_more: Rate::new(254, 612),
        asked_three_times_or_more: Rate::new(101, 612),
        left_unasked: Rate::new(143, 1_228),
        handed_over_unasked: Rate::new(61, 1_228),
        contained: Rate::new(1_300, 1_790),
        outcomes: by_name(outcomes),
        outcomes_explicit: by_name(explicit),
        outcomes_short: BTreeMap::from([("queue_abandoned".to_owned(), 7)]),
        requests: 1_204,
        attempts: 1_090,
        nudges: 133,
        failed_attempts: 719,
        episodes: 640,
        human_checks: 44,
        supervisor_requests: 13,
        attempts_per_asker: BTreeMap::from([
            (1, 358),
            (2, 153),
            (3, 60),
            (4, 22),
            (5, 11),
            (7, 6),
            (14, 2),
        ]),
        attempts_mean: Some(1.781),
        steps_to_human: Steps {
            n: 371,
            mean: Some(2.31),
            p50: Some(2),
            p90: Some(6),
            max: Some(19),
            histogram: BTreeMap::from([(0, 120), (2, 251)]),
        },
        stages: vec![
            stage("asked", Some((612, 612)), 0),
            stage("offered", None, 612),
            stage("queued", Some((310, 430)), 182),
            stage("connected", Some((290, 430)), 182),
            stage("human_spoke", Some((371, 612)), 0),
        ],
        by_wording: vec![
            wording("转人工", 201, 640),
            wording("a real person", 88, 190),
            wording(WILD, 1, 3),
        ],
        failed_by_hour: Some((0..7).map(|d| (0..24).map(|h| hour(d, h)).collect()).collect()),
        failed_without_hour: 4,
    }
}

fn effort() -> Effort {
    Effort {
        conversations_with_rephrase: Rate::new(402, 1_733),
        conversations_with_retelling: Rate::new(511, 1_733),
        rephrases: 712,
        rephrases_after_bot: 640,
        rephrases_after_human: 72,
        repeats: 230,
        longest_chain: Some(9),
        chain_lengths: BTreeMap::from([(1, 1_222), (2, 320), (3, 120), (4, 51), (9, 20)]),
        bot_repetitions: Some(901),
        fallbacks: Some(388),
        conversations_with_fallback: Rate::new(260, 1_790),
        deflections: Some(410),
        loops: Some(37),
        conversations_with_loop: Rate::new(35, 1_790),
        context_loss: 180,
        conversations_with_context_loss: Rate::new(122, 380),
    }
}

fn waits() -> Waits {
    let bounds = [0, 10, 30, 60, 120, 180, 300, 600, 1_800];
    let bin = |i: usize| Bin {
        from_s: f64::from(bounds[i]),
        to_s: bounds.get(i + 1).copied().map(f64::from),
        reached: [20, 61, 90, 81, 50, 34, 20, 11, 4][i],
        left: [9, 18, 30, 42, 30, 25, 14, 8, 2][i],
        dropped: [1, 3, 5, 9, 8, 7, 5, 3, 1][i],
        censored: [0, 1, 2, 3, 2, 1, 1, 1, 0][i],
    };
    let within = |t_s: f64, hits: u64| {
        let rate = Rate::new(hits, 602);
        Within { t_s, hits, of: 602, share: rate.share(), low: rate.low, high: rate.high }
    };
    let wait = WaitSummary {
        n: 612,
        without_length: 10,
        reached: 371,
        left: 178,
        dropped: 42,
        censored: 11,
        resolution_s: Some(60.0),
        mean_s: Some(131.25),
        p50_s: Some(74.0),
        p50_low_s: Some(66.0),
        p50_high_s: Some(83.5),
        p90_s: Some(402.0),
        p90_low_s: Some(310.0),
        p90_high_s: None,
        p95_s: Some(655.0),
        p95_low_s: Some(590.0),
        p95_high_s: Some(802.5),
        p99_s: Some(1_702.0),
        p99_low_s: None,
        p99_high_s: None,
        max_s: Some(4_120.0),
        all_p50_s: Some(203.0),
        all_p90_s: None,
        km_p50_s: Some(96.0),
        reached_within: vec![within(20.0, 51), within(60.0, 171), within(180.0, 302)],
        histogram: (0..bounds.len()).map(bin).collect(),
        in_service_hours: None,
    };
    let curve = |step: u32| {
        let t_s = f64::from(step) * 9.0;
        let reached = 0.61 * (1.0 - (-t_s / 110.0).exp());
        CurvePoint {
            t_s,
            reached,
            reached_low: (reached - 0.04).max(0.0),
            reached_high: reached + 0.04,
            left: 0.30 * (1.0 - (-t_s / 140.0).exp()),
            dropped: 0.07 * (1.0 - (-t_s / 160.0).exp()),
            kaplan_meier: 1.0 - (-t_s / 150.0).exp(),
            at_risk: u64::from(600_u32.saturating_sub(step * 3)),
        }
    };
    Waits {
        queue: WaitSummary { n: 310, reached: 250, left: 60, ..wait.clone() },
        start_to_human: wait.clone(),
        request_to_human: WaitSummary {
            in_service_hours: Some(Box::new(ServiceWait {
                n: 602,
                crossed_closed_hours: 44,
                p50_s: Some(71.0),
                p50_low_s: Some(64.0),
                p50_high_s: Some(80.0),
                p90_s: Some(311.0),
                ..ServiceWait::default()
            })),
            ..wait
        },
        asked_in_closed_hours: Some(Rate::new(51, 602)),
        reached_curve: (1..200).map(curve).collect(),
        ..no_waits()
    }
}

fn complaints() -> Complaints {
    let names = [
        "服务功能",
        "客服渠道",
        "Billing",
        WILD,
        "Refunds and a very long name that goes on and on, past the second line of its panel",
        "Login",
        "Delivery",
        "Privacy",
        "Other things",
    ];
    let volume = [410_u64, 350, 220, 90, 60, 40, 30, 20, 10];
    let of: u64 = volume.iter().sum();
    let row = |i: usize| ComplaintRow {
        name: Some(names[i].to_owned()),
        share: Rate::new(volume[i], of),
        rank: u32::try_from(i).unwrap() + 1,
        about_reaching_human: Rate::new(volume[i] / 3, volume[i]),
    };
    let quarters = ["2030Q3", "2030Q4", "2031Q1"];
    let mut by_quarter = Vec::new();
    for (q, quarter) in quarters.into_iter().enumerate() {
        for (i, name) in names.into_iter().enumerate() {
            let n = volume[i] * (u64::try_from(q).unwrap() + 2) / 9;
            by_quarter.push(QuarterRow {
                quarter: quarter.to_owned(),
                category: Some(name.to_owned()),
                share: Rate::new(n, of / 3 + 20),
                rank: u32::try_from(i).unwrap() + 1,
                before: (q > 0).then_some(n + 4),
                change: (q > 0).then_some(-4),
                change_share: (q > 0).then_some(-0.125),
                about_reaching_human: Rate::new(n / 3, n),
            });
        }
    }
    Complaints {
        records: of,
        duplicates: 12,
        without_date: 3,
        by_category: (0..names.len()).map(row).collect(),
        by_quarter,
        by_company: vec![row(1), row(0)],
        by_channel: vec![row(2)],
        about_reaching_human: Rate::new(410, 1_200),
        stated_attempts: StatedAttempts {
            n: 40,
            vague: 12,
            median: Some(5),
            p90: Some(20),
            max: Some(31),
        },
        stated_waits: StatedWaits {
            n: 25,
            vague: 0,
            p50_s: Some(1800.0),
            p90_s: Some(259_200.0),
            max_s: Some(604_800.0),
        },
        linked: Rate::new(33, 400),
        risk_by_outcome: vec![RiskRow {
            outcome: "ignored".to_owned(),
            risk: Rate::new(6, 48),
            ratio: Some(2.5),
            ratio_low: Some(1.1),
            ratio_high: Some(5.7),
        }],
    }
}
