//! `learn` from outside: a desk whose bot speaks in phrases that no lexicon knows, in Chinese and
//! English; its model names what they do, and `--model` finds what was missed without it.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{read_csv, run};
use toml::Value;

/// What one desk says and hears. The stock phrases are whimsical on purpose: nothing in their words
/// tells what they do.
struct Desk {
    name: &'static str,
    greeting: &'static str,
    fallback: &'static str,
    deflection: &'static str,
    /// Before and after the name of the shipmate who is called.
    hold: (&'static str, &'static str),
    mates: [&'static str; 4],
    closing: &'static str,
    hours: &'static str,
    ask_hours: [&'static str; 3],
    issues: [&'static str; 10],
    ask: [&'static str; 3],
    thanks: &'static str,
    human: &'static str,
}

const ZH: Desk = Desk {
    name: "zh",
    greeting: "海风号靠岸啦",
    fallback: "小鱼走神了",
    deflection: "先去珊瑚那边逛逛吧",
    hold: ("甲板上的", "正在系鞋带"),
    mates: ["阿强", "小美", "老王头", "铁柱"],
    closing: "愿你一路顺风顺水",
    hours: "海边店早上九点开门,晚上八点关门",
    ask_hours: ["你们店几点开门", "海边的店早上几点开门呀", "想问几点开门"],
    issues: [
        "退款一直没到账",
        "包裹三天没有动静",
        "发票抬头写错了",
        "密码输入不进去",
        "杯子收到是碎的",
        "会员费怎么又扣了",
        "地址填错要改",
        "耳机左边没声音",
        "优惠券用不了",
        "椅子少了一颗螺丝",
    ],
    ask: ["转人工", "我要找人工客服", "帮我转人工"],
    thanks: "谢谢",
    human: "我来看一下您的订单，马上处理",
};

const EN: Desk = Desk {
    name: "en",
    greeting: "The lighthouse is lit",
    fallback: "Our hamster tripped over a cable",
    deflection: "Leaflets lie on the shelf by the door",
    hold: ("Somebody wakes ", " from the afternoon nap"),
    mates: ["Marek", "old Jonas", "Priya", "the cook"],
    closing: "Fair winds to your sails",
    hours: "Doors open at nine and shut at eight",
    ask_hours: [
        "what time do you open",
        "when does the shop open in the morning",
        "opening time of the shop",
    ],
    issues: [
        "my refund never arrived",
        "the parcel has been stuck for days",
        "wrong name on the invoice",
        "the password is not accepted",
        "this mug came in pieces",
        "charged twice for membership",
        "need to change the delivery address",
        "left earbud stays silent",
        "voucher does not work",
        "a screw is missing from the chair",
    ],
    ask: ["talk to a human", "I want to speak to an agent", "connect me to a person"],
    thanks: "thanks",
    human: "Let me have a look at your order, I will sort it out",
};

/// A log being written, with what is true of it.
#[derive(Default)]
struct Log {
    rows: Vec<[String; 5]>,
    fallbacks: BTreeMap<String, u64>,
    deflections: BTreeMap<String, u64>,
}

impl Log {
    fn say(&mut self, id: &str, sender: &str, text: &str) {
        self.event(id, sender, text, "");
    }

    fn event(&mut self, id: &str, sender: &str, text: &str, event: &str) {
        let second = self.rows.iter().filter(|r| r[0] == id).count() * 7;
        let time = format!("2026-03-02T10:{:02}:{:02}+08:00", second / 60, second % 60);
        self.rows.push([id.into(), time, sender.into(), text.into(), event.into()]);
    }

    fn fall_back(&mut self, id: &str, desk: &Desk) {
        self.say(id, "bot", desk.fallback);
        *self.fallbacks.entry(id.to_owned()).or_default() += 1;
    }

    /// Plays one conversation; `n` decides its course.
    fn play(&mut self, desk: &Desk, n: usize) {
        let id = &format!("{}-{n:03}", desk.name);
        self.say(id, "bot", desk.greeting);
        if n % 4 == 3 {
            self.say(id, "customer", desk.ask_hours[n % 3]);
            self.say(id, "bot", desk.hours);
            if n % 8 == 7 {
                self.say(id, "customer", desk.ask_hours[(n + 1) % 3]);
                self.say(id, "bot", desk.hours);
            }
            self.say(id, "customer", desk.thanks);
            self.say(id, "bot", desk.closing);
            return;
        }
        let issue = desk.issues[n % 10];
        self.say(id, "customer", issue);
        self.fall_back(id, desk);
        if !n.is_multiple_of(3) {
            self.say(id, "customer", &format!("{issue} !!"));
            self.fall_back(id, desk);
        }
        self.say(id, "customer", desk.ask[n % 3]);
        self.say(id, "bot", desk.deflection);
        *self.deflections.entry(id.to_owned()).or_default() += 1;
        if n.is_multiple_of(5) {
            return;
        }
        self.say(id, "customer", desk.ask[(n + 1) % 3]);
        let mate = desk.mates[n % 4];
        self.say(id, "bot", &format!("{}{mate}{}", desk.hold.0, desk.hold.1));
        self.event(id, "system", "", "agent_joined");
        self.say(id, "agent", desk.human);
        self.say(id, "customer", desk.thanks);
        self.say(id, "bot", desk.closing);
    }

    fn write(&self, path: &Path, rows: impl Iterator<Item = usize>) {
        let mut out = csv::Writer::from_path(path).unwrap();
        out.write_record(["conversation_id", "timestamp", "sender", "text", "event"]).unwrap();
        rows.for_each(|i| out.write_record(&self.rows[i]).unwrap());
        out.flush().unwrap();
    }
}

fn desk_log() -> Log {
    let mut log = Log::default();
    for n in 0..160 {
        log.play(&ZH, n);
        log.play(&EN, n);
    }
    log
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Role by text of every template of a model file.
fn roles(model: &Path) -> BTreeMap<String, String> {
    let file: toml::Table = std::fs::read_to_string(model).unwrap().parse().unwrap();
    let field = |t: &Value, name: &str| t[name].as_str().unwrap().to_owned();
    let templates = file.get("template").and_then(Value::as_array).cloned().unwrap_or_default();
    templates.iter().map(|t| (field(t, "text"), field(t, "role"))).collect()
}

fn learn(inputs: &[&Path], out: &Path) {
    let mut args = vec!["learn", "--quiet", "-o", text(out)];
    args.extend(inputs.iter().map(|p| text(p)));
    run(&args, 0);
}

struct Learnt {
    log: Log,
    csv: PathBuf,
    model: PathBuf,
    folder: tempfile::TempDir,
}

fn learnt() -> Learnt {
    let folder = tempfile::tempdir().unwrap();
    let (csv, model) = (folder.path().join("log.csv"), folder.path().join("harbour.model"));
    let log = desk_log();
    log.write(&csv, 0..log.rows.len());
    learn(&[&csv], &model);
    Learnt { log, csv, model, folder }
}

#[test]
fn phrases_that_no_lexicon_knows_get_their_roles() {
    let learnt = learnt();
    let roles = roles(&learnt.model);
    let role = |text: &str| roles.get(text).map(String::as_str);
    assert_eq!(role("小鱼走神了"), Some("fallback"), "{roles:#?}");
    assert_eq!(role("our hamster tripped over a cable"), Some("fallback"));
    assert_eq!(role("先去珊瑚那边逛逛吧"), Some("deflection"));
    assert_eq!(role("leaflets lie on the shelf by the door"), Some("deflection"));
    assert_eq!(role("甲板上的*正在系鞋带"), Some("hold"), "names are one slot");
    assert_eq!(role("somebody wakes * from the afternoon nap"), Some("hold"));
    assert_eq!(role("海风号靠岸啦"), Some("greeting"));
    assert_eq!(role("the lighthouse is lit"), Some("greeting"));
    assert_eq!(role("愿你一路顺风顺水"), Some("closing"));
    assert_eq!(role("fair winds to your sails"), Some("closing"));
    for hours in ["海边店早上九点开门,晚上八点关门", "doors open at nine and shut at eight"]
    {
        assert_eq!(role(hours), Some("answer"), "it recurs, but it answers one matter");
    }
    assert_eq!(roles.len(), 12, "{roles:#?}");
}

#[test]
fn the_model_finds_what_was_missed_without_it() {
    let learnt = learnt();
    let measure = |model: &[&str], name: &str| {
        let out = learnt.folder.path().join(name);
        let mut args = vec!["measure", text(&learnt.csv), "--quiet", "-o", text(&out)];
        args.extend(model);
        run(&args, 0);
        read_csv(&out)
    };
    let count = |rows: &[BTreeMap<String, String>], column: &str| -> u64 {
        rows.iter().map(|row| row[column].parse::<u64>().unwrap_or(0)).sum()
    };
    let without = measure(&[], "without.csv");
    let with = measure(&["--model", text(&learnt.model)], "with.csv");
    assert_eq!(count(&without, "fallbacks"), 0, "no lexicon knows them");
    assert!(without.iter().all(|row| row["outcome"] != "deflected"));
    for row in &with {
        let id = &row["conversation_id"];
        let fallbacks = learnt.log.fallbacks.get(id).copied().unwrap_or(0);
        assert_eq!(row["fallbacks"], fallbacks.to_string(), "{id}");
        let left = learnt.log.deflections.contains_key(id)
            && id.split('-').next_back().unwrap().parse::<u64>().unwrap().is_multiple_of(5);
        assert_eq!(row["outcome"] == "deflected", left, "{id}: {}", row["outcome"]);
    }
}

#[test]
fn reports_print_the_model_and_findings_name_the_template() {
    let learnt = learnt();
    let out = learnt.folder.path().join("report");
    common::report(&[text(&learnt.csv), "--model", text(&learnt.model)], &out);
    let json = common::json(&out);
    let hash = json["tool"]["models"][text(&learnt.model)].as_str().unwrap();
    assert_eq!(hash.len(), 64);
    assert!(json["tool"]["models"]["zh"].is_string(), "beside the lexicons");
    let findings = read_csv(&out.join("findings.csv"));
    let of = |rule: &str| findings.iter().filter(|f| f["rule"] == rule).collect::<Vec<_>>();
    assert_eq!(of("fallback").len() as u64, learnt.log.fallbacks.values().sum::<u64>());
    assert_eq!(of("deflection").len() as u64, learnt.log.deflections.values().sum::<u64>());
    let texts = ["小鱼走神了", "our hamster tripped over a cable"];
    assert!(of("fallback").iter().all(|f| f["evidence"] == "inferred"));
    assert!(of("fallback").iter().all(|f| texts.contains(&f["matched"].as_str())));
}

#[test]
fn neither_rows_nor_files_in_another_order_change_the_model() {
    let learnt = learnt();
    let (a, b) = (learnt.folder.path().join("a.csv"), learnt.folder.path().join("b.csv"));
    let n = learnt.log.rows.len();
    // 7 and n share no factor, so every row comes once.
    assert_ne!(n % 7, 0);
    learnt.log.write(&a, (0..n).map(|i| i * 7 % n).filter(|i| i % 3 == 0));
    learnt.log.write(&b, (0..n).rev().filter(|i| i % 3 != 0));
    let model = |inputs: &[&Path], name: &str| {
        let folder = learnt.folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let out = folder.join("harbour.model");
        learn(inputs, &out);
        std::fs::read_to_string(out).unwrap()
    };
    let (forth, back) = (model(&[&a, &b], "forth"), model(&[&b, &a], "back"));
    assert_eq!(forth, back, "the order of the files");
    let whole = std::fs::read_to_string(&learnt.model).unwrap();
    let without_inputs = |text: &str| {
        let mut table: toml::Table = text.parse().unwrap();
        assert!(table.remove("input").is_some());
        table
    };
    assert_eq!(without_inputs(&forth), without_inputs(&whole), "the order of the rows");
}

#[test]
fn nothing_a_customer_said_is_in_the_model_but_single_frequent_words() {
    let learnt = learnt();
    let model = std::fs::read_to_string(&learnt.model).unwrap();
    for desk in [&ZH, &EN] {
        for said in desk.issues.iter().chain(&desk.ask_hours).chain(&desk.ask) {
            assert!(!model.contains(said), "{said}");
        }
    }
    let file: toml::Table = model.parse().unwrap();
    let weights = file["weights"].as_table().unwrap();
    let customers = learnt.log.rows.iter().filter(|r| r[2] == "customer").count();
    assert_eq!(weights["messages"].as_integer(), i64::try_from(customers).ok());
    let df = weights["df"].as_table().unwrap();
    assert!(df.values().all(|n| n.as_integer().unwrap() >= 6));
    assert!(df.keys().all(|word| !word.contains(' ')));
    assert!(df.contains_key("refund") && df.contains_key("退款"), "{df:?}");
}

#[test]
fn a_template_of_few_conversations_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::default();
    for n in 0..4 {
        log.say(&format!("c{n}"), "customer", "where is my parcel");
        log.say(&format!("c{n}"), "bot", "it sleeps in the shed");
    }
    let (csv, model) = (folder.path().join("log.csv"), folder.path().join("few.model"));
    log.write(&csv, 0..log.rows.len());
    learn(&[&csv], &model);
    assert!(roles(&model).is_empty());
}

#[test]
fn the_invented_desk_gets_no_wrong_role() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, model) = (folder.path().join("log.csv"), folder.path().join("desk.model"));
    run(&["generate", "--conversations", "1500", "--seed", "11", "-o", text(&csv)], 0);
    learn(&[&csv], &model);
    let words: Vec<toml::Table> = ["zh", "en"]
        .iter()
        .map(|l| std::fs::read_to_string(format!("src/generate/{l}.toml")).unwrap())
        .map(|t| t.parse().unwrap())
        .collect();
    let mut judged = 0;
    for (text, role) in roles(&model) {
        let kinds: &[&str] = match role.as_str() {
            "fallback" => &["fallback"],
            "deflection" => &["deflection", "deflect_unasked"],
            "greeting" => &["greeting"],
            "closing" => &["bot_bye"],
            "hold" => &["promise", "queued"],
            "answer" => &["answers"],
            _ => continue,
        };
        judged += 1;
        let said = words.iter().any(|file| says(file, kinds, &text));
        assert!(said, "`{text}` is no {role}");
    }
    assert!(judged >= 25, "{judged} roles are too few to mean anything");
}

/// Whether the template is a phrase of these kinds: all the letters between the phrase's slots.
fn says(file: &toml::Table, kinds: &[&str], template: &str) -> bool {
    let issues = file["issue"].as_array().unwrap();
    let phrases = kinds.iter().flat_map(|kind| {
        let own = file.get(*kind).and_then(Value::as_array).cloned().unwrap_or_default();
        let of_issues = issues.iter().filter_map(|i| i.get(*kind)?.as_array().cloned()).flatten();
        own.into_iter().chain(of_issues).collect::<Vec<_>>()
    });
    let letters =
        |t: &str| t.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let template = letters(template);
    phrases.into_iter().any(|phrase| {
        let fixed = phrase.as_str().unwrap().split(['{', '}']).step_by(2).map(letters);
        fixed.clone().all(|part| template.contains(&part)) && !fixed.collect::<String>().is_empty()
    })
}

#[test]
fn a_malformed_model_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("bad.model");
    std::fs::write(
        &model,
        "format = 1\nname = \"bad\"\n[[template]]\nrole = \"hero\"\ntext = \"x\"\n",
    )
    .unwrap();
    for command in ["report", "measure", "explain"] {
        let out = folder.path().join("out");
        let mut args = vec![command, "sample_data", "--model", text(&model)];
        let more: &[&str] =
            if command == "explain" { &["--worst", "1"] } else { &["-o", text(&out)] };
        args.extend(more);
        let (_, err) = run(&args, 2);
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(err.contains("bad.model, line 4") && err.contains("tohuman learn"), "{err}");
    }
    let tsv = folder.path().join("lines.tsv");
    std::fs::write(&tsv, "转人工\t1\n").unwrap();
    let (_, err) = run(&["evaluate", "requests", text(&tsv), "--model", text(&model)], 2);
    assert!(err.contains("bad.model, line 4"), "{err}");
}

#[test]
fn a_person_corrects_the_model_and_the_variable_names_it() {
    let learnt = learnt();
    let text_of = |path: &Path| std::fs::read_to_string(path).unwrap();
    let corrected = text_of(&learnt.model).replace(
        "role = \"fallback\"\ntext = \"小鱼走神了\"",
        "role = \"answer\"\ntext = \"小鱼走神了\"",
    );
    assert_ne!(corrected, text_of(&learnt.model));
    std::fs::write(&learnt.model, corrected).unwrap();
    let out = learnt.folder.path().join("corrected.csv");
    let status = common::tohuman()
        .env("TOHUMAN_MODEL", &learnt.model)
        .args(["measure", text(&learnt.csv), "--quiet", "-o", text(&out)])
        .status();
    assert!(status.unwrap().success());
    for row in read_csv(&out) {
        let id = &row["conversation_id"];
        let english = if id.starts_with("en") { learnt.log.fallbacks.get(id) } else { None };
        assert_eq!(row["fallbacks"], english.copied().unwrap_or(0).to_string(), "{id}");
    }
}

#[test]
fn learning_reads_no_model() {
    let learnt = learnt();
    let again = learnt.folder.path().join("again");
    std::fs::create_dir(&again).unwrap();
    let out = again.join("harbour.model");
    let bad = again.join("bad.model");
    std::fs::write(&bad, "not a model").unwrap();
    let args = ["learn", text(&learnt.csv), "--model", text(&bad), "-o", text(&out)];
    let (_, err) = run(&args, 0);
    assert!(err.contains("passed over"), "{err}");
    assert_eq!(std::fs::read(out).unwrap(), std::fs::read(&learnt.model).unwrap());
}
