//! `report --cache`: the bytes of a run without one, whatever happened to the files since; and that what
//! did not change is not read again.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use common::{files, run, tohuman};

/// What a run wrote, and what it said.
type Run = (BTreeMap<String, Vec<u8>>, String);

/// A desk's folder with logs and a cache beside it.
struct Desk {
    home: tempfile::TempDir,
    /// Runs without a cache, by their flags and the logs as they were.
    plain: RefCell<BTreeMap<String, Run>>,
}

impl Desk {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("logs")).unwrap();
        Self { home, plain: RefCell::default() }
    }

    /// Five days of a few conversations each; some go on over midnight.
    fn of_days() -> Self {
        let desk = Self::new();
        for day in 1..=5 {
            desk.write(&format!("day{day}.csv"), &day_log(day));
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn log(&self, name: &str) -> PathBuf {
        self.path("logs").join(name)
    }

    /// Writes a log that was there for an hour.
    fn write(&self, name: &str, text: &str) {
        let path = self.log(name);
        fs::write(&path, text).unwrap();
        age(&path);
    }

    fn report(&self, out: &str, args: &[&str]) -> Run {
        let out = self.path(out);
        let logs = self.path("logs");
        let mut all = vec!["report", logs.to_str().unwrap()];
        all.extend(args);
        all.extend(["--out", out.to_str().unwrap(), "--fail-on", "refused > 90%"]);
        let (_, said) = run(&all, 0);
        (contents(&out), said)
    }

    /// A run without a cache; one of the same logs is not done again.
    fn plain(&self, args: &[&str]) -> Run {
        let logs: Vec<_> = files(&self.path("logs"))
            .into_iter()
            .map(|name| (fs::read(self.log(&name)).unwrap(), name))
            .collect();
        let key = format!("{args:?} {logs:?}");
        let known = self.plain.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let run = self.report("without", args);
            self.plain.borrow_mut().insert(key, run.clone());
            run
        })
    }

    /// Both reports, with and without a cache, are the same; what the one with it said of the cache.
    fn same(&self, args: &[&str]) -> String {
        let cache = self.path("cache");
        let threads = args.iter().position(|arg| *arg == "--threads");
        let (without, plain) = self.plain(&args[..threads.unwrap_or(args.len())]);
        let with = [args, &["--cache", cache.to_str().unwrap()]].concat();
        let (got, said) = self.report("with", &with);
        for (name, bytes) in &without {
            let other = got.get(name).unwrap_or_else(|| panic!("{name} is missing"));
            assert!(bytes == other, "{name} differs\n{}", difference(bytes, other));
        }
        assert_eq!(without.len(), got.len());
        let read = |said: &str| said.lines().find(|l| l.contains(" rows; ")).map(str::to_owned);
        assert_eq!(read(&plain), read(&said));
        let of_cache = |line: &&str| line.starts_with("tohuman: cache");
        said.lines().filter(of_cache).collect::<Vec<_>>().join("\n")
    }
}

fn age(path: &Path) {
    let hour = SystemTime::now() - Duration::from_hours(1);
    File::options().write(true).open(path).unwrap().set_modified(hour).unwrap();
}

fn difference(a: &[u8], b: &[u8]) -> String {
    let (a, b) = (String::from_utf8_lossy(a).into_owned(), String::from_utf8_lossy(b).into_owned());
    let first = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    format!("{first:?}, {} and {} bytes", a.len(), b.len())
}

/// Contents by name, the manifest aside.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
        .into_iter()
        .filter(|name| name != "manifest.json")
        .map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap()))
        .collect()
}

const HEADER: &str = "conversation_id,timestamp,sender,text,channel,company\n";

/// Ten conversations of a day; the first goes on after midnight, the last of the day before ends here;
/// one row is refused, one comes twice, one conversation changes its channel.
fn day_log(day: u32) -> String {
    let mut text = HEADER.to_owned();
    let mut row = |id: &str, day: u32, time: &str, sender: &str, said: &str, channel: &str| {
        writeln!(text, "{id},2024-03-{day:02} {time},{sender},{said},{channel},甲公司").unwrap();
    };
    for n in 0..10 {
        let id = format!("c{day}-{n}");
        let channel = if n % 3 == 0 { "app" } else { "web" };
        row(&id, day, &format!("10:{n:02}:00"), "customer", "我的订单还没到", channel);
        row(&id, day, &format!("10:{n:02}:05"), "bot", "请问您的订单号是多少", channel);
        row(&id, day, &format!("10:{n:02}:20"), "customer", "转人工", channel);
        row(&id, day, &format!("10:{n:02}:25"), "bot", "抱歉，没听懂您的意思", channel);
        row(&id, day, &format!("10:{n:02}:40"), "customer", "我要人工客服 13800138000", channel);
        if n % 2 == 0 {
            row(&id, day, &format!("10:{n:02}:59"), "agent", "您好，我是客服小李", channel);
        }
    }
    row(&format!("c{day}-1"), day, "10:01:20", "customer", "转人工", "web");
    row(&format!("c{day}-2"), day, "10:30:00", "customer", "还在吗", "phone");
    row("", day, "11:00:00", "customer", "没有编号", "web");
    let night = |day: u32| format!("night{day}");
    row(&night(day), day, "23:58:00", "customer", "转人工", "app");
    if day > 1 {
        row(&night(day - 1), day, "00:01:00", "agent", "您好，请讲", "app");
        row(&night(day - 1), day, "00:02:00", "customer", "我的订单还没到", "app");
    }
    text
}

#[test]
fn cold_and_warm_runs_give_the_bytes_of_a_run_without_a_cache() {
    let desk = Desk::of_days();
    let by = ["--by", "channel", "--keep", "company", "--period", "day", "--lang", "zh"];
    let cold = desk.same(&by);
    assert!(cold.contains("0 of 5 files unchanged; 5 read; 55 conversations measured"), "{cold}");
    let warm = desk.same(&by);
    assert!(warm.contains("5 of 5 files unchanged; 0 read; 0 conversations measured"), "{warm}");
    for threads in ["1", "2"] {
        let warm = desk.same(&[&by[..], &["--threads", threads]].concat());
        assert!(warm.contains("5 of 5 files unchanged"), "{warm}");
    }
    // Other days are chosen from the same facts; so is what else only the report depends on.
    for more in [
        &["--since", "2024-03-02", "--until", "2024-03-04"][..],
        &["--within", "10,20", "--short-abandons", "excluded"],
    ] {
        let said = desk.same(&[&by[..], more].concat());
        assert!(said.contains("5 of 5 files unchanged; 0 read; 0 conversations"), "{said}");
    }
}

#[test]
fn a_new_day_alone_is_measured_and_what_goes_on_over_midnight() {
    let desk = Desk::of_days();
    desk.same(&[]);
    desk.write("day6.csv", &day_log(6));
    let said = desk.same(&[]);
    // Eleven conversations of the day, and the one that began on the evening before.
    let what = "5 of 6 files unchanged; 1 read, 1 read again for conversations that they share; \
                12 conversations measured";
    assert!(said.contains(what), "{said}");
    let said = desk.same(&["--threads", "1"]);
    assert!(said.contains("6 of 6 files unchanged; 0 read; 0 conversations measured"), "{said}");
}

#[test]
fn files_that_change_go_or_get_another_name() {
    let desk = Desk::of_days();
    desk.same(&[]);
    desk.write("day3.csv", &day_log(3).replace("还在吗", "人呢人呢"));
    let said = desk.same(&[]);
    assert!(said.contains("4 of 5 files unchanged; 1 read, 2 read again"), "{said}");

    fs::remove_file(desk.log("day2.csv")).unwrap();
    let said = desk.same(&[]);
    // Nights 1 and 2 are measured from what is left of them.
    let what = "4 of 4 files unchanged; 0 read, 2 read again for conversations that they share; 2 \
                conversations measured";
    assert!(said.contains(what), "{said}");

    // A name before the others turns the order of the inputs round.
    fs::rename(desk.log("day4.csv"), desk.log("a-day4.csv")).unwrap();
    let said = desk.same(&[]);
    assert!(said.contains("3 of 4 files unchanged; 1 read, 2 read again"), "{said}");

    desk.write("day2.csv", &day_log(2));
    desk.same(&[]);
    let touched = desk.log("day5.csv");
    let now = SystemTime::now() - Duration::from_mins(1);
    File::options().write(true).open(&touched).unwrap().set_modified(now).unwrap();
    let said = desk.same(&[]);
    assert!(said.contains("5 of 5 files unchanged; 0 read; 0 conversations"), "{said}");
}

#[test]
fn the_same_bytes_twice_and_exports_that_overlap() {
    let desk = Desk::of_days();
    desk.same(&[]);
    // A copy before and one behind: the first of them counts, then the other.
    desk.write("z-copy.csv", &day_log(2));
    desk.same(&[]);
    let said = desk.same(&[]);
    assert!(said.contains("6 of 6 files unchanged; 0 read; 0 conversations"), "{said}");
    desk.write("a-copy.csv", &day_log(2));
    desk.same(&[]);
    let said = desk.same(&[]);
    assert!(said.contains("7 of 7 files unchanged; 0 read; 0 conversations"), "{said}");
    fs::remove_file(desk.log("a-copy.csv")).unwrap();
    desk.same(&[]);
    fs::remove_file(desk.log("day2.csv")).unwrap();
    desk.same(&[]);
    let said = desk.same(&[]);
    assert!(said.contains("5 of 5 files unchanged; 0 read; 0 conversations"), "{said}");

    // An export of both days, with rows that differ in nothing and rows of its own.
    let more = day_log(4)
        + day_log(5).strip_prefix(HEADER).unwrap()
        + "c4-1,2024-03-09 10:00:00,customer,转人工,web,甲公司\n";
    desk.write("both.csv", &more);
    desk.same(&["--by", "channel"]);
    desk.same(&[]);
    let said = desk.same(&[]);
    assert!(said.contains("6 of 6 files unchanged; 0 read; 0 conversations"), "{said}");
    fs::remove_file(desk.log("day4.csv")).unwrap();
    desk.same(&[]);
}

#[test]
fn what_did_not_change_by_size_and_time_is_not_read() {
    let desk = Desk::of_days();
    let cache = desk.path("cache");
    let with = ["--cache", cache.to_str().unwrap()];
    let (before, _) = desk.report("one", &with);
    // The same size, time and inode: other bytes.
    let log = desk.log("day1.csv");
    let when = fs::metadata(&log).unwrap().modified().unwrap();
    let swapped = day_log(1).replace("2024-03-01 10:", "2024-03-01 12:");
    {
        use std::io::Write as _;
        let mut file = File::options().write(true).open(&log).unwrap();
        file.write_all(swapped.as_bytes()).unwrap();
        file.set_modified(when).unwrap();
    }
    let (unseen, said) = desk.report("two", &with);
    assert!(said.contains("5 of 5 files unchanged; 0 read"), "{said}");
    assert!(unseen == before, "the file was read");
    let verify = [&with[..], &["--cache-verify"]].concat();
    let (seen, said) = desk.report("three", &verify);
    assert!(said.contains("4 of 5 files unchanged; 1 read"), "{said}");
    assert!(seen != before);
    let (without, _) = desk.report("four", &[]);
    assert!(seen == without);

    // A new day that shares a conversation with such a file brings it to light.
    let swapped = swapped.replace("2024-03-01 12:", "2024-03-01 13:");
    fs::write(&log, swapped).unwrap();
    File::options().write(true).open(&log).unwrap().set_modified(when).unwrap();
    let begins = "night1,2024-03-01 23:57:00,customer,在吗,app,甲公司\n";
    desk.write("late.csv", &format!("{HEADER}{begins}"));
    let said = desk.same(&[]);
    assert!(said.contains("not what its size and time say"), "{said}");
}

#[test]
fn a_file_that_just_changed_is_not_believed() {
    let desk = Desk::new();
    let log = desk.log("day.csv");
    // A time that a change of this moment may have as well.
    let soon = SystemTime::now() + Duration::from_hours(1);
    let write = |text: &str| {
        fs::write(&log, text).unwrap();
        File::options().write(true).open(&log).unwrap().set_modified(soon).unwrap();
    };
    write(&day_log(1));
    desk.same(&[]);
    write(&day_log(1).replace("还在吗", "人呢呢"));
    let said = desk.same(&[]);
    assert!(said.contains("0 of 1 files unchanged; 1 read"), "{said}");
}

#[test]
fn another_way_of_measuring_takes_nothing_from_it() {
    let desk = Desk::of_days();
    desk.same(&[]);
    // Of two lexicons that find something at one place the first is heard.
    let row = "w1,2024-03-05 12:00:00,customer,快喊小二来,app,甲公司\n";
    desk.write("day5.csv", &(day_log(5) + row));
    let lexicon = |name: &str, phrase: &str| {
        let text = format!("language = \"zh\"\n[meaning.request]\nany = [\"{phrase}\"]\n");
        fs::write(desk.path(name), text).unwrap();
        desk.path(name).to_str().unwrap().to_owned()
    };
    let (short, long) = (lexicon("short.toml", "喊小"), lexicon("long.toml", "喊小二"));
    let cold = "0 of 5 files unchanged; 5 read";
    for other in [
        &["--time-zone", "UTC"][..],
        &["--by", "channel"],
        &["--where", "channel=app"],
        &["--keep-text", "none"],
        &["--keep-text", "full"],
        &["--short-abandon", "3"],
        &["--hash-key", "a key of the test's own, long enough"],
        &["--bot-ids", "客服"],
        &["--lexicon", &short, "--lexicon", &long],
        &["--lexicon", &long, "--lexicon", &short],
    ] {
        let said = desk.same(other);
        assert!(said.contains(cold), "{other:?}: {said}");
        let said = desk.same(other);
        assert!(said.contains("5 of 5 files unchanged; 0 read"), "{other:?}: {said}");
    }
    let sets = fs::read_dir(desk.path("cache"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_type().unwrap().is_dir());
    assert_eq!(sets.count(), 4, "the ways used last are kept");
}

#[test]
fn conversations_left_out_by_where_are_not_measured_again() {
    let desk = Desk::of_days();
    let app = ["--where", "channel=app"];
    desk.same(&app);
    desk.write("day6.csv", &day_log(6));
    let said = desk.same(&app);
    assert!(said.contains("12 conversations measured"), "{said}");
    let said = desk.same(&app);
    assert!(said.contains("6 of 6 files unchanged; 0 read; 0 conversations"), "{said}");
}

/// The folder of the one way of measuring, and its parts.
fn parts(desk: &Desk) -> Vec<PathBuf> {
    let names = files(&desk.path("cache"));
    let parts = names.iter().filter(|name| name.ends_with("part.json"));
    parts.map(|name| desk.path("cache").join(name).parent().unwrap().to_owned()).collect()
}

#[test]
fn a_damaged_cache_is_made_anew_with_a_line() {
    let desk = Desk::of_days();
    desk.same(&[]);
    desk.write("day6.csv", &day_log(6));
    desk.same(&[]);
    for name in ["facts.parquet", "rows", "pairs", "problems.csv", "part.json"] {
        let part = parts(&desk).into_iter().next().unwrap();
        let mut bytes = fs::read(part.join(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(part.join(name), bytes).unwrap();
        let said = desk.same(&[]);
        assert!(said.contains("damaged; what it held is measured anew"), "{name}: {said}");
    }
    fs::remove_file(parts(&desk)[0].join("pairs")).unwrap();
    assert!(desk.same(&[]).contains("damaged"));
    let index = parts(&desk)[0].parent().unwrap().join("index");
    let text = fs::read_to_string(&index).unwrap();
    fs::write(&index, &text[..text.len() / 2]).unwrap();
    let said = desk.same(&[]);
    assert!(said.contains("index: damaged; all is measured anew"), "{said}");
    assert!(said.contains("0 of 6 files unchanged; 6 read"), "{said}");
    // What a killed run leaves is swept.
    let left = index.with_file_name("draft-killed");
    fs::create_dir(&left).unwrap();
    let orphan = index.with_file_name("part-99999999");
    fs::create_dir(&orphan).unwrap();
    let said = desk.same(&[]);
    assert!(said.contains("6 of 6 files unchanged; 0 read; 0 conversations"), "{said}");
    assert!(!left.exists() && !orphan.exists());
}

#[test]
fn sums_that_are_kept_are_those_of_what_holds() {
    let desk = Desk::of_days();
    let sums = |name: &str| {
        let kept = parts(&desk).into_iter().map(|part| part.join(name));
        kept.filter(|path| path.exists()).collect::<Vec<_>>()
    };
    desk.same(&[]);
    assert_eq!((sums("sums-all").len(), sums("sums-day").len()), (1, 0));
    desk.same(&["--period", "day"]);
    assert_eq!((sums("sums-all").len(), sums("sums-day").len()), (1, 1));
    // A day more: conversations that go on over midnight leave the first part, and its sums.
    let before = fs::read(&sums("sums-all")[0]).unwrap();
    desk.write("day6.csv", &day_log(6));
    desk.same(&[]);
    assert_eq!(sums("sums-all").len(), 2);
    let first = sums("sums-all")[0].clone();
    assert!(fs::read(&first).unwrap() != before, "they are of other conversations");
    // The other choice and another day: neither takes what is of the other.
    desk.same(&["--period", "day"]);
    desk.same(&["--until", "2024-03-03"]);
    // What is damaged is made anew, and then the same.
    let good = fs::read(&first).unwrap();
    for at in [10, 70, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&first, &bad).unwrap();
        desk.same(&[]);
        assert!(fs::read(&first).unwrap() == good, "byte {at}");
    }
    fs::write(&first, &good[..40]).unwrap();
    desk.same(&[]);
    assert!(fs::read(&first).unwrap() == good);
}

#[test]
fn many_nights_leave_few_parts() {
    let desk = Desk::new();
    for day in 1..=20 {
        desk.write(&format!("day{day:02}.csv"), &day_log(day));
        let cache = desk.path("cache");
        desk.report("with", &["--cache", cache.to_str().unwrap()]);
        if day == 18 {
            fs::remove_file(desk.log("day03.csv")).unwrap();
        }
        assert!(parts(&desk).len() <= 17);
    }
    assert!(parts(&desk).len() < 15, "{:?}", parts(&desk));
    let said = desk.same(&[]);
    assert!(said.contains("19 of 19 files unchanged; 0 read; 0 conversations"), "{said}");
    // Of some days: parts of others are passed over.
    desk.same(&["--since", "2024-03-18"]);
    desk.same(&["--since", "2024-03-09", "--until", "2024-03-10"]);
    // Of a year that is over little holds, and the rest goes.
    for day in (1..=19).filter(|day| *day != 3) {
        fs::remove_file(desk.log(&format!("day{day:02}.csv"))).unwrap();
    }
    desk.same(&[]);
    assert!(parts(&desk).len() <= 2, "{:?}", parts(&desk));
    let said = desk.same(&[]);
    assert!(said.contains("1 of 1 files unchanged; 0 read; 0 conversations"), "{said}");
}

#[test]
fn what_no_cache_can_keep_is_measured_in_every_run() {
    let desk = Desk::of_days();
    desk.same(&[]);
    let cache = desk.path("cache");
    let out = |name: &str| desk.path(name);
    let begun = desk.path("begun.csv");
    fs::write(&begun, day_log(6)).unwrap();
    let piped = |name: &str, with: &[&str]| {
        let logs = desk.path("logs");
        let output = tohuman()
            .args(["report", logs.to_str().unwrap(), "-", "--by", "channel"])
            .args(with)
            .args(["--out", out(name).to_str().unwrap(), "--fail-on", "refused > 90%"])
            .stdin(File::open(&begun).unwrap())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        (contents(&out(name)), said)
    };
    let (without, _) = piped("p1", &[]);
    for unchanged in
        ["0 of 6 files unchanged; 6 read", "5 of 6 files unchanged; 1 read, 1 read again"]
    {
        let (got, said) = piped("p2", &["--cache", cache.to_str().unwrap()]);
        assert!(got == without);
        assert!(said.contains("1 inputs are measured in every run (-)"), "{said}");
        assert!(said.contains(unchanged), "{said}");
    }
    desk.same(&["--by", "channel"]);
    // Verdicts on findings are counted over the whole run.
    let findings = fs::read_to_string(desk.path("without").join("findings.csv")).unwrap();
    let id = findings.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let verdicts = desk.path("verdicts.csv");
    fs::write(&verdicts, format!("finding_id,verdict,who,when\n{id},wrong,me,2024-04-01\n"))
        .unwrap();
    let said = desk.same(&["--overrides", verdicts.to_str().unwrap()]);
    assert!(said.contains("cache: not used: verdicts"), "{said}");
}

#[test]
fn files_that_cannot_be_read_are_tried_in_every_run() {
    let desk = Desk::of_days();
    desk.write("broken.csv", "conversation_id,timestamp,sender,text\n\"open,2024");
    desk.write("empty.csv", "");
    let skip = ["--skip-bad-files", "--by", "channel"];
    desk.same(&skip);
    let said = desk.same(&skip);
    assert!(said.contains("5 of 7 files unchanged; 2 read"), "{said}");
}

/// Every export of every vendor that the tests have, in one folder: records that name parts in other
/// files, ids that are people, ids that several vendors use.
#[test]
fn all_formats_side_by_side() {
    let desk = Desk::new();
    let all = files(Path::new("tests/data/ingest"));
    let put = |name: &String| {
        let to = desk.log(&name.replace('/', "-"));
        fs::copy(Path::new("tests/data/ingest").join(name), &to).unwrap();
        age(&to);
    };
    let skip = ["--skip-bad-files"];
    // Every third file first, then others, so that what belongs together comes in different runs.
    for third in 0..3 {
        all.iter().skip(third).step_by(3).for_each(put);
        desk.same(&skip);
    }
    let said = desk.same(&skip);
    let unchanged = said.lines().last().unwrap();
    assert!(said.contains("records that name parts in other files"), "{unchanged}");
    for name in all.iter().step_by(5) {
        fs::remove_file(desk.log(&name.replace('/', "-"))).unwrap();
    }
    desk.same(&skip);
    desk.same(&["--skip-bad-files", "--threads", "1"]);
}

#[test]
fn members_of_archives_are_files() {
    let desk = Desk::new();
    let pack = |days: &[u32]| {
        let mut zip = zip::ZipWriter::new(File::create(desk.log("all.zip")).unwrap());
        for day in days {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(format!("day{day}.csv"), options).unwrap();
            std::io::Write::write_all(&mut zip, day_log(*day).as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        age(&desk.log("all.zip"));
    };
    pack(&[1, 2]);
    desk.same(&[]);
    let said = desk.same(&[]);
    assert!(said.contains("2 of 2 files unchanged; 0 read; 0 conversations"), "{said}");
    pack(&[1, 2, 3]);
    let said = desk.same(&[]);
    assert!(said.contains("0 of 3 files unchanged; 3 read"), "{said}");
    let said = desk.same(&[]);
    assert!(said.contains("3 of 3 files unchanged; 0 read; 0 conversations"), "{said}");
}

#[test]
fn other_peoples_folders_are_left_alone() {
    let desk = Desk::of_days();
    let mine = desk.path("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("thesis.txt"), "mine").unwrap();
    let logs = desk.path("logs");
    let refused = |cache: &Path| {
        let out = desk.path("out");
        let args = ["report", logs.to_str().unwrap(), "--cache", cache.to_str().unwrap()];
        run(&[&args[..], &["--out", out.to_str().unwrap()]].concat(), 2).1
    };
    let said = refused(&mine);
    assert!(said.contains("holds thesis.txt, which is no part of a cache"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(files(&mine), ["thesis.txt"]);
    desk.same(&[]);
    fs::write(desk.path("cache").join("thesis.txt"), "mine").unwrap();
    assert!(refused(&desk.path("cache")).contains("thesis.txt"));
    assert!(refused(&desk.log("day1.csv")).contains("day1.csv"));
}

#[test]
fn a_cache_among_the_logs_is_no_log_and_settings_name_one() {
    let desk = Desk::of_days();
    let cache = desk.path("logs").join("kept");
    let (before, _) = desk.report("one", &[]);
    let with = ["--cache", cache.to_str().unwrap()];
    for _ in 0..2 {
        let (got, _) = desk.report("two", &with);
        assert!(got == before);
    }
    let (got, said) = desk.report("three", &[]);
    assert!(got == before);
    assert!(said.contains("a folder that tohuman wrote"), "{said}");
    fs::remove_dir_all(&cache).unwrap();
    let settings = format!("[report]\ncache = \"{}\"\n", cache.display());
    let folder = desk.path("desk");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("tohuman.toml"), settings).unwrap();
    let logs = desk.path("logs");
    let args = ["report", logs.to_str().unwrap(), "--fail-on", "refused > 90%"];
    let said = |name: &str, value: &str| {
        let run = tohuman().args(args).current_dir(&folder).env(name, value).output().unwrap();
        String::from_utf8_lossy(&run.stderr).into_owned()
    };
    assert!(said("UNUSED", "").contains("cache: 0 of 5"));
    assert!(said("TOHUMAN_CACHE_VERIFY", "yes").contains("cache: 5 of 5"));
    let other = desk.path("other");
    assert!(said("TOHUMAN_CACHE", other.to_str().unwrap()).contains("cache: 0 of 5"));
    assert!(other.join("cache.json").exists());
}

#[test]
fn two_runs_at_once_wait_for_each_other() {
    let desk = Desk::of_days();
    let (before, _) = desk.report("one", &[]);
    let (cache, logs) = (desk.path("cache"), desk.path("logs"));
    let start = |out: &Path| {
        tohuman()
            .args(["report", logs.to_str().unwrap(), "--cache", cache.to_str().unwrap()])
            .args(["--out", out.to_str().unwrap(), "--fail-on", "refused > 90%", "--quiet"])
            .spawn()
            .unwrap()
    };
    let outs: Vec<PathBuf> = (0..3).map(|n| desk.path(&format!("at-once-{n}"))).collect();
    let runs: Vec<_> = outs.iter().map(|out| start(out)).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    for out in &outs {
        assert!(contents(out) == before);
    }
    assert_eq!(parts(&desk).len(), 1, "the first measured for all");
}

#[test]
fn a_cache_holds_no_text_that_the_report_masks() {
    let desk = Desk::of_days();
    desk.same(&[]);
    for name in files(&desk.path("cache")) {
        let bytes = fs::read(desk.path("cache").join(&name)).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!has("13800138000"), "{name}");
    }
}
