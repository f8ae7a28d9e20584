//! `explain`: transcripts with every finding marked at its line.

use std::cmp::Reverse;

use super::print;
use crate::Status;
use crate::cli::{ExplainArgs, LangArg};
use crate::error::{Error, Result};
use crate::model::{Conversation, Facts, Outcome};
use crate::pipeline;
use crate::report::transcript::transcript;
use crate::settings::{self, Choice, Settings};

/// Runs it.
///
/// # Errors
/// When an input cannot be read, or no such conversation is in it.
pub fn run(args: &ExplainArgs) -> Result<Status> {
    let settings =
        Settings::new(&args.input, Choice::default(), 10)?.with_privacy(&args.privacy)?;
    let privacy = &settings.measure.privacy;
    // Under what they are shown.
    let wanted: Vec<String> = args.conversation.iter().map(|id| privacy.id(id)).collect();
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    // Checked here and not by clap, for a settings file may give either.
    if args.conversation.is_empty() && args.worst.is_none() {
        return Err(Error::usage(
            "neither --conversation nor --worst is given",
            "name a conversation by --conversation ID, or give --worst N",
        ));
    }
    if args.outcome.is_some() && args.worst.is_none() {
        return Err(Error::usage(
            "--outcome is given without --worst",
            "say how many by --worst N",
        ));
    }
    let only = args.outcome.as_deref().map(outcome).transpose()?;
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    super::tell_passed_over(&found, &settings);
    let loaded = pipeline::load(&found.logs, &settings)?;
    let mut chosen: Vec<(Conversation, Facts)> = Vec::new();
    let worst = args.worst.unwrap_or(0);
    let (sources, problems) = loaded.measure(&settings, |conversation, facts| {
        let named = is_named(&facts, &wanted);
        let candidate = worst > 0
            && facts.outcome().is_some()
            && only.is_none_or(|o| facts.outcome() == Some(o));
        if named || candidate {
            chosen.push((conversation.clone(), facts));
        }
        if worst > 0 && chosen.len() > 2 * worst + args.conversation.len() {
            keep_worst(&mut chosen, worst, &wanted);
        }
        Ok(())
    })?;
    pipeline::conclude(&sources, &problems, &settings)?;
    if worst > 0 {
        keep_worst(&mut chosen, worst, &wanted);
    }
    let missing = wanted
        .iter()
        .find(|id| !chosen.iter().any(|(_, facts)| is_named(facts, std::slice::from_ref(id))));
    if let Some(id) = missing {
        return Err(Error::usage(
            format!("no conversation {id} in the input"),
            "see the ids in conversations.csv, or use --worst N",
        ));
    }
    let (lang, zone) = (settings::lang(args.lang), settings.measure.time_zone);
    let texts: Vec<String> =
        chosen.iter().map(|(c, f)| transcript(c, f, lang, zone, privacy.keep_text)).collect();
    if texts.is_empty() {
        let none = match args.lang {
            LangArg::Zh => "没有符合条件的会话。\n",
            LangArg::En => "No conversation of that kind.\n",
        };
        print(none)?;
    } else {
        print(&texts.join("\n"))?;
    }
    Ok(Status::Done)
}

/// By the printed id, or by the exported one, which finds all its stretches.
fn is_named(facts: &Facts, named: &[String]) -> bool {
    named.contains(&facts.conversation_id) || named.contains(&facts.exported_id)
}

/// Named conversations, then the worst: most failed attempts, most retellings, longest wait.
fn keep_worst(chosen: &mut Vec<(Conversation, Facts)>, worst: usize, named: &[String]) {
    chosen.sort_by_key(|(_, f)| {
        let wait = f.transfer.as_ref().and_then(|t| t.request_to_human.ms);
        let retold = f.rephrases() + f.repeats;
        (!is_named(f, named), Reverse((f.failed_attempts, retold, wait)), f.conversation_id.clone())
    });
    let kept = chosen.iter().filter(|(_, f)| is_named(f, named)).count() + worst;
    chosen.truncate(kept);
}

fn outcome(name: &str) -> Result<Outcome> {
    Outcome::parse(name).ok_or_else(|| {
        let names = Outcome::ALL.map(Outcome::name).join(", ");
        Error::usage(format!("--outcome {name}: no such outcome"), format!("choose one of {names}"))
    })
}
