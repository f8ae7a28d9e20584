//! `sample`: a form for a person to label, and what the labels are expected to tell.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::output::Output;
use super::print;
use crate::Status;
use crate::cli::{LABEL_GUIDE, LangArg, SampleArgs};
use crate::error::{Error, Result};
use crate::label::{COLUMNS, Drawn, Measure, Plan, Sampler, Stratum};
use crate::pipeline;
use crate::report::tables::harmless;
use crate::report::transcript::bare_transcript;
use crate::settings::{Choice, Settings};
use crate::stats::Class;

/// Longest transcript in a cell; Excel cuts at 32,767 characters.
const LONGEST: usize = 32_000;
const BOM: &[u8] = "\u{feff}".as_bytes();

const GUIDE_ZH: &str = "\
标注者只看对话记录填写（拿不准就留空，不计入）：
- attempts：客户要求人工的次数，算到人工答复为止；一口气说的、正在转接中催的算一次；没有要求填 0
- failed_attempts：其中在下一次要求、退回机器人或结束之前没有人工答复的次数；客户撤回的、已留言的不算
- reached：1：要求之后有人工发言（自动问候不算）；0：没有
- rephrases：在没有解决问题的答复之后，换个说法再问同一件事的消息条数
- repeats：同上，但原话再说
- fallbacks：机器人表示没听懂的回复条数
- left_unasked：1：从未要求人工，最后一条消息得到的是没听懂、被引导到别处或没有答复；否则 0
draw 一列以代码记录所在层和工具的判定，以免影响标注：请勿改动。.key.csv 是同样内容的明文，不要给标注者看。";

/// Runs it.
///
/// # Errors
/// When an input cannot be read, or a form stands already where this one is to be written.
pub fn run(args: &SampleArgs) -> Result<Status> {
    let error = args.error.as_deref().map(share).transpose()?;
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    let key = place(&args.out)?;
    let settings =
        Settings::new(&args.input, Choice::new(&args.choose)?, args.choose.short_abandon)?
            .with_calendar(args.choose.calendar.as_deref())?;
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    super::tell_passed_over(&found, &settings);
    let form = Output::open(&args.out, &found.logs)?;
    let clear = Output::open(&key, &found.logs)?;
    let loaded = pipeline::load(&found.logs, &settings)?;
    let zone = settings.measure.time_zone;
    let mut sampler = Sampler::new(args.n as usize, args.seed);
    let (sources, problems) = loaded.measure(&settings, |conversation, facts| {
        sampler.add(&facts, || bare_transcript(conversation, zone, LONGEST));
        Ok(())
    })?;
    pipeline::conclude(&sources, &problems, &settings)?;
    let plan = sampler.plan().clone();
    let drawn = sampler.draw();
    if drawn.is_empty() {
        return Err(Error::usage("no conversation was chosen", "see --since, --until and --where"));
    }
    write(form.path(), &COLUMNS, drawn.iter().map(form_row))?;
    write(clear.path(), &key_columns(), drawn.iter().map(key_row))?;
    clear.publish()?;
    form.publish()?;
    let guide = if args.lang == LangArg::Zh { GUIDE_ZH } else { LABEL_GUIDE };
    print(&format!("{}\n{guide}\n", expectation(&plan, u64::from(args.n), error, args.lang)))?;
    if !settings.quiet {
        let (out, key) = (args.out.display(), key.display());
        crate::say(&format!("tohuman: form: {out}; not for the labeller: {key}"));
    }
    Ok(Status::Done)
}

/// Where the key stands; nothing is overwritten, for labels are hours of work.
fn place(out: &Path) -> Result<PathBuf> {
    let csv = out.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    if !csv {
        return Err(Error::usage(
            format!("{}: the form is a CSV file", out.display()),
            "end the name with .csv",
        ));
    }
    let key = out.with_extension("key.csv");
    if let Some(there) = [out, &key].into_iter().find(|path| path.exists()) {
        return Err(Error::usage(
            format!("{}: is there already, and may hold labels", there.display()),
            "give another --out, or remove it first",
        ));
    }
    Ok(key)
}

fn form_row(drawn: &Drawn<String>) -> Vec<String> {
    let mut row = vec![harmless(&drawn.conversation_id), harmless(&drawn.shown)];
    row.resize(COLUMNS.len() - 1, String::new());
    row.push(drawn.ticket.encode());
    row
}

fn key_columns() -> Vec<String> {
    let design = ["conversation_id", "stratum", "stratum_size", "stratum_drawn", "weight"];
    let found = Measure::ALL.map(|m| format!("found_{}", m.name()));
    design.map(str::to_owned).into_iter().chain(found).collect()
}

/// What the tool found: 1, 0, or empty where the conversation is not of the base.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn key_row(drawn: &Drawn<String>) -> Vec<String> {
    let ticket = &drawn.ticket;
    let weight = ticket.size as f64 / f64::from(ticket.drawn);
    let mut row = vec![
        harmless(&drawn.conversation_id),
        ticket.stratum.name().to_owned(),
        ticket.size.to_string(),
        ticket.drawn.to_string(),
        format!("{weight:.6}"),
    ];
    row.extend(ticket.found.classes.map(|class| {
        match class {
            Class::Out => "",
            Class::Base => "0",
            Class::Hit => "1",
        }
        .to_owned()
    }));
    row
}

fn write<C: AsRef<[u8]>>(
    path: &Path,
    header: &[C],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<()> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let mut bytes = BOM.to_vec();
    let mut out = csv::Writer::from_writer(&mut bytes);
    out.write_record(header).map_err(|e| Error::of_csv(path, e))?;
    for row in rows {
        out.write_record(row).map_err(|e| Error::of_csv(path, e))?;
    }
    out.flush().map_err(failed)?;
    drop(out);
    std::fs::write(path, bytes).map_err(failed)
}

/// `5%` or `0.05`.
fn share(text: &str) -> Result<f64> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let share = number.trim().parse::<f64>().ok().map(|n| n / scale);
    share.filter(|s| *s > 0.0 && *s < 1.0).ok_or_else(|| {
        Error::usage(format!("--error {text}: no share"), "write a percentage, such as 5%")
    })
}

/// The strata and what the labels are expected to tell.
fn expectation(plan: &Plan, n: u64, error: Option<f64>, lang: LangArg) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == LangArg::Zh { zh } else { en };
    let drawn = plan.drawn(n);
    // Writing to a String cannot fail.
    let mut out = String::new();
    let _ = writeln!(out, "{}", say("分层：会话数，抽取数", "stratum: conversations, drawn"));
    for stratum in Stratum::ALL {
        let (size, drawn) = (plan.sizes()[stratum as usize], drawn[stratum as usize]);
        let _ = writeln!(out, "  {:<30} {size:>10} {drawn:>6}", stratum.name());
    }
    let _ = writeln!(
        out,
        "{}",
        say(
            "预计误差（假设判出的有 10 %、未判出的有 3 % 有误）：工具所得比率，校正后比率的 95 % 区间半宽，所需标注数",
            "expected, should 10 % of what was found and 3 % of what was not be wrong: rate as found, half-width of \
             the corrected rate's 95 % interval, labels needed",
        )
    );
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "n/a".to_owned(), |s| format!("{:.1} %", 100.0 * s))
    };
    for planned in plan.expect(n, error) {
        let needed = match (error, planned.needed) {
            (None, _) => String::new(),
            (Some(_), None) => "n/a".to_owned(),
            (Some(_), Some(n)) => n.to_string(),
        };
        let (rate, half) = (percent(planned.rate), percent(planned.half));
        let name = planned.measure.name();
        let line = format!("  {name:<30} {rate:>8}  ± {half:>7} {needed:>8}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if let Some(error) = error {
        let most = plan.expect(n, Some(error)).iter().filter_map(|p| p.needed).max();
        let most = most.map_or_else(|| "n/a".to_owned(), |n| n.to_string());
        let text = say("全部比率误差不超过", "for all of them within");
        let _ = writeln!(out, "{text} ± {}: -n {most}", percent(Some(error)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_or_a_fraction() {
        assert_eq!(share("5%").ok(), Some(0.05));
        assert_eq!(share("0.05").ok(), Some(0.05));
        for bad in ["5", "0%", "x", "-1%", "100%", "nan"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_form_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("f.csv");
        assert_eq!(place(&out).unwrap(), home.path().join("f.key.csv"));
        std::fs::write(home.path().join("f.key.csv"), "").unwrap();
        assert!(place(&out).unwrap_err().to_string().contains("f.key.csv: is there already"));
        assert!(place(Path::new("-")).is_err());
    }
}
