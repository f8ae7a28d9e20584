//! The report as a whole, on summaries made by hand.

use std::sync::LazyLock;

use super::fixture::{WILD, empty, full};
use super::*;

const NAMES: [&str; 8] = [
    "transfer-waterfall",
    "outcomes",
    "attempts-per-asker",
    "failed-heatmap",
    "reached-over-time",
    "wait-distribution",
    "rephrase-chains",
    "complaints-by-quarter",
];

fn options(lang: Lang) -> RenderOptions {
    RenderOptions { lang, thresholds_s: vec![20.0, 60.0, 180.0] }
}

fn text(files: &[OutputFile], path: &str) -> String {
    let file = files.iter().find(|f| f.path == path).unwrap_or_else(|| panic!("{path} missing"));
    String::from_utf8(file.bytes.clone()).unwrap()
}

type Rendered = (Lang, bool, Vec<OutputFile>);

/// Both summaries (full: true) in both languages, rendered once for all tests.
static RENDERED: LazyLock<Vec<Rendered>> = LazyLock::new(|| {
    let mut out = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        out.push((lang, true, render(&full(), &options(lang)).unwrap()));
        out.push((lang, false, render(&empty(), &options(lang)).unwrap()));
    }
    out
});

fn rendered() -> impl Iterator<Item = (Lang, bool, &'static [OutputFile])> {
    RENDERED.iter().map(|(lang, is_full, files)| (*lang, *is_full, files.as_slice()))
}

fn full_in(wanted: Lang) -> &'static [OutputFile] {
    rendered().find(|(lang, is_full, _)| *lang == wanted && *is_full).unwrap().2
}

/// Every start tag is closed by its own end tag, attributes are quoted, no control character, no
/// bare ampersand: what a strict reader of XML asks of these files.
fn assert_xml(svg: &str, name: &str) {
    let mut open: Vec<&str> = Vec::new();
    for (i, part) in svg.split('<').enumerate() {
        if i == 0 {
            assert!(part.trim().is_empty(), "{name}");
            continue;
        }
        let (tag, after) = part.split_once('>').unwrap_or_else(|| panic!("{name}: {part}"));
        if let Some(end) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(end), "{name}");
        } else {
            assert_eq!(tag.matches('"').count() % 2, 0, "{name}: {tag}");
            if !tag.ends_with('/') {
                open.push(tag.split(' ').next().unwrap());
            }
        }
        for entity in after.split('&').skip(1).chain(tag.split('&').skip(1)) {
            assert!(entity.split(';').next().is_some_and(|e| e.len() < 6), "{name}: &{entity}");
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    assert!(!svg.contains(|c: char| c.is_control() && c != '\n'), "{name}");
}

#[test]
fn every_file_is_there_in_both_languages() {
    for (_, _, files) in rendered() {
        for name in ["report.html", "report.md", "report.json"] {
            assert!(!text(files, name).is_empty());
        }
        for name in NAMES {
            let svg = text(files, &format!("charts/{name}.svg"));
            assert_xml(&svg, name);
            assert!(svg.contains("tohuman 9.8.7"), "{name} names its source");
            let png = files.iter().find(|f| f.path == format!("charts/{name}.png")).unwrap();
            let mut reader = png::Decoder::new(png.bytes.as_slice()).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size()];
            let info = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((info.width, info.height), (2000, 1120));
            assert!(pixels.iter().any(|p| *p < 0x40), "{name} has ink");
        }
        assert_eq!(files.len(), 3 + 2 * NAMES.len());
    }
}

#[test]
fn charts_are_lettered_in_the_reader_s_language() {
    let files = full_in(Lang::Zh);
    let waterfall = text(files, "charts/transfer-waterfall.svg");
    assert!(waterfall.contains("此导出不含") && waterfall.contains("60.6 %"));
    assert!(text(files, "charts/outcomes.svg").contains("被引导回机器人"));
    let files = full_in(Lang::En);
    assert!(text(files, "charts/outcomes.svg").contains("deflected by the bot"));
    let reached = text(files, "charts/reached-over-time.svg");
    assert!(reached.contains("nobody had") && reached.contains("1 min"));
    assert!(text(files, "charts/wait-distribution.svg").contains("dropped by the desk"));
    assert!(text(files, "charts/attempts-per-asker.svg").contains("58.5 %"));
    assert!(text(files, "charts/rephrase-chains.svg").contains("1,222"));
    assert!(text(files, "charts/failed-heatmap.svg").contains("Sun"));
    let complaints = text(files, "charts/complaints-by-quarter.svg");
    assert!(complaints.contains("other (2 categories)") && complaints.contains("2030Q3"));
    assert!(complaints.contains('…'), "a long name is shortened");
}

#[test]
fn data_stays_data() {
    for (_, is_full, files) in rendered() {
        let html = text(files, "report.html");
        for fetch in ["http://", "https://", "src=", "@import", "url(", "<script", "<link"] {
            assert!(!html.contains(fetch), "{fetch}");
        }
        assert_eq!(html.contains("&lt;script&gt;"), is_full);
        let md = text(files, "report.md");
        assert!(!md.contains("<script"));
        for name in NAMES {
            assert!(!text(files, &format!("charts/{name}.svg")).contains("<script"));
        }
    }
}

#[test]
fn every_table_of_markdown_has_even_rows() {
    for (_, _, files) in rendered() {
        let md = text(files, "report.md").replace("\\|", "");
        let mut width = None;
        for line in md.lines() {
            let bars = line.matches('|').count();
            if line.starts_with('|') {
                assert_eq!(*width.get_or_insert(bars), bars, "{line}");
            } else {
                assert_eq!(bars, 0, "{line}");
                width = None;
            }
        }
    }
}

#[test]
fn undefined_is_said_in_words() {
    for (lang, is_full, files) in rendered() {
        if is_full {
            continue;
        }
        let undefined = if lang == Lang::Zh { "无法计算" } else { "n/a" };
        for path in ["report.html", "report.md"] {
            let text = text(files, path).replace("&#x2f;", "/");
            assert!(text.contains(undefined), "{path}");
            assert!(!text.replace('\u{a0}', " ").contains("0 %"), "{path}");
            assert!(!text.contains("NaN"), "{path}");
        }
    }
}

#[test]
fn every_text_has_its_words() {
    for (_, _, files) in rendered() {
        for file in files.iter().filter(|f| std::str::from_utf8(&f.bytes).is_ok()) {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            assert!(!text.contains('⟦'), "{}: {:?}", file.path, text.split('⟦').nth(1));
        }
    }
}

/// The lines of the answer of a Markdown report.
fn answer(md: &str) -> Vec<&str> {
    let answer = md.split("## ").nth(1).unwrap();
    answer.lines().filter(|line| line.contains(". **")).collect()
}

#[test]
fn the_answer_stands_first_and_has_ten_lines() {
    for (_, is_full, files) in rendered() {
        let md = text(files, "report.md");
        // Without a request, six of them would only say n/a.
        assert_eq!(answer(&md).len(), if is_full { 10 } else { 5 }, "{md}");
    }
    let md = text(full_in(Lang::En), "report.md");
    assert!(md.contains("1. **Asked for a human.** Of all conversations: 33.3 % (612 of 1,840;"));
    // 66 + 48 + 38 of the 241 not reached; the rest is 89.
    assert!(md.contains(
        "deflected by the bot (66 of 241); ignored (48 of 241); left while queueing (38 of 241); \
         all other outcomes (89 of 241)"
    ));
    assert!(md.contains("a-key-of-tomorrow (n = 3)"), "an unknown note is not lost");
}

#[test]
fn every_share_of_the_answer_has_its_base() {
    for lang in [Lang::En, Lang::Zh] {
        let md = text(full_in(lang), "report.md");
        let base = if lang == Lang::En { " of " } else { "/" };
        for line in answer(&md) {
            let shares: Vec<&str> = line.split(" %").skip(1).collect();
            // Every share is followed by its base, or is an end of the interval of one.
            for after in shares
                .iter()
                .filter(|after| after.starts_with([' ', '（']) && !after.starts_with(" 区间"))
            {
                let bracket: String = after.chars().take(14).collect();
                let opens = bracket.starts_with(" (") || bracket.starts_with('（');
                let is_level = after.trim_start().starts_with(|c: char| c.is_ascii_digit());
                assert!(is_level || (opens && bracket.contains(base)), "{line}: {bracket}");
            }
        }
        assert!(md.contains(if lang == Lang::En {
            "20 s: 8.5 % (51 of 602)"
        } else {
            "20秒：8.5 %（51/602）"
        }));
    }
}

#[test]
fn an_estimate_is_not_passed_off_as_cases_by_base() {
    let estimate = "are not cases / base";
    assert!(!text(full_in(Lang::En), "report.md").contains(estimate));
    let mut summary = full();
    summary.waits.request_to_human.reached_within[1].share = Some(0.31);
    let md = text(&render(&summary, &options(Lang::En)).unwrap(), "report.md");
    assert!(md.contains("1 min: 31.0 % (171 of 602)") && md.contains(estimate));
}

/// The full fixture without its chat log.
fn claims_alone() -> Summary {
    let mut inputs = full().inputs;
    inputs.retain(|input| input.role == "complaints");
    Summary { complaints: full().complaints, inputs, ..empty() }
}

#[test]
fn complaints_alone_lead_with_complaints() {
    for lang in [Lang::En, Lang::Zh] {
        let files = render(&claims_alone(), &options(lang)).unwrap();
        let md = text(&files, "report.md");
        let lines = answer(&md);
        assert_eq!(lines.len(), 6, "{lines:?}");
        let (claim, log) = match lang {
            Lang::En => ("34.2 % (410 of 1,200", "No chat log was given"),
            Lang::Zh => ("34.2 %（410/1,200", "没有提供聊天记录"),
        };
        assert!(lines[1].contains(claim) && lines[5].contains(log), "{lines:?}");
        assert!(!md.contains("n/a: ") && !md.contains("charts/outcomes.svg"), "{md}");
        assert!(text(&files, "charts/outcomes.svg").contains(log), "the file says why");
    }
}

#[test]
fn no_heading_stands_over_nothing() {
    for (lang, is_full, files) in rendered() {
        let md = text(files, "report.md");
        let complaints = if lang == Lang::En { "## Complaints" } else { "## 投诉" };
        assert_eq!(md.contains(complaints), is_full);
        let lines: Vec<&str> = md.lines().filter(|l| !l.is_empty()).collect();
        for pair in lines.windows(2) {
            assert!(!(pair[0].starts_with("## ") && pair[1].starts_with("## ")), "{pair:?}");
        }
        let caption = |l: &str| l.starts_with("**") && l.ends_with("**");
        for rows in lines.windows(4).filter(|l| caption(l[0])) {
            assert!(rows[3].starts_with('|'), "a table without rows: {rows:?}");
        }
    }
}

#[test]
fn notes_use_their_values_in_words() {
    let keys = ["no-times", "no-bot", "no-agents", "no-joins", "no-queue"];
    let plain = ["minute-stamps", "day-stamps", "inferred-only", "mixed-zones", "short-excluded"];
    let values = [("conversations", "1200"), ("of", "98765432")];
    let values: std::collections::BTreeMap<_, _> =
        values.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let note = |key: &&str| crate::aggregate::summary::Note {
        key: (*key).to_owned(),
        values: if keys.contains(key) { values.clone() } else { std::collections::BTreeMap::new() },
    };
    let mut summary = full();
    summary.notes = keys.iter().chain(&plain).map(note).collect();
    for lang in [Lang::En, Lang::Zh] {
        let md = text(&render(&summary, &options(lang)).unwrap(), "report.md");
        let notes: Vec<&str> = md.lines().filter(|l| l.starts_with("- ")).collect();
        assert_eq!(notes.len(), 10, "{notes:?}");
        for (line, key) in notes.iter().zip(keys.iter().chain(&plain)) {
            assert!(!line.contains(key) && !line.contains(" = "), "{line}");
            let has_values = line.contains("1,200") && line.contains("98,765,432");
            assert_eq!(has_values, keys.contains(key), "{line}");
        }
    }
}

#[test]
fn words_of_users_are_masked_everywhere() {
    let (phone, mail) = ("13800138000", "someone@mail.example");
    let mut summary = full();
    let secret = format!("{phone} {mail}");
    summary.segments[0].value = Some(phone.to_owned());
    summary.segments[2].value = Some(secret.clone());
    summary.segments[1].transfer.by_wording[0].wording.clone_from(&secret);
    summary.transfer.by_wording[1].wording.clone_from(&secret);
    summary.options.insert("where".to_owned(), format!("customer_id={phone}"));
    let complaints = summary.complaints.as_mut().unwrap();
    complaints.by_category[0].name = Some(secret.clone());
    for row in complaints.by_quarter.iter_mut().step_by(9) {
        row.category = Some(secret.clone());
    }
    complaints.by_company[0].name = Some(secret.clone());
    complaints.by_channel[0].name = Some(mail.to_owned());
    for file in render(&summary, &options(Lang::En)).unwrap() {
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        assert!(!text.contains(phone) && !text.contains(mail), "{}", file.path);
    }
    let files = render(&summary, &options(Lang::En)).unwrap();
    assert!(text(&files, "charts/complaints-by-quarter.svg").contains("[phone] [email]"));
    // What is nobody's number stays: hashes, dates, counts.
    let json = text(&files, "report.json");
    assert!(json.contains("2031-01-03") && json.contains("0123456789abcdef"));
}

#[test]
fn json_is_the_summary_rounded() {
    let mut summary = full();
    summary.waits.request_to_human.mean_s = Some(131.256_78);
    summary.transfer.attempts_mean = Some(1.0 / 3.0);
    let json = text(&render(&summary, &options(Lang::En)).unwrap(), "report.json");
    assert!(json.contains("\"mean_s\": 131.257"));
    assert!(json.contains("\"attempts_mean\": 0.333333,"));
    assert!(json.contains("\"p90_high_s\": null"));
    let first: Vec<&str> = json.lines().skip(1).take(1).collect();
    assert_eq!(first, ["  \"tool\": {"], "keys keep the order of the structure");
    let back: Summary = serde_json::from_str(&json).unwrap();
    assert_eq!(back.complaints.unwrap().by_category[3].name.as_deref(), Some(WILD));
}

#[test]
fn same_summary_same_bytes() {
    for lang in [Lang::Zh, Lang::En] {
        assert!(full_in(lang) == render(&full(), &options(lang)).unwrap());
    }
}

#[test]
fn wild_thresholds_and_figures_do_not_stop_a_report() {
    let mut summary = full();
    let bin = summary.waits.request_to_human.histogram[3].clone();
    summary.waits.request_to_human.histogram = vec![bin; 60];
    summary.waits.reached_curve = vec![crate::aggregate::summary::CurvePoint::default()];
    summary.transfer.failed_by_hour = Some(vec![vec![u64::MAX; 30]; 2]);
    summary.transfer.outcomes.insert("reached".to_owned(), u64::MAX);
    summary.effort.chain_lengths.insert(u32::MAX, 1);
    let thresholds_s = vec![f64::NAN, -5.0, 0.0, f64::INFINITY, 1e300];
    render(&summary, &RenderOptions { lang: Lang::Zh, thresholds_s }).unwrap();
}
