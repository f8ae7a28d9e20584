//! `--shows`: what a log shows as a whole, said beforehand, where only a part of it is read.

use crate::error::{Error, Result};
use crate::model::{Coverage, Precision, Shows};

/// The names, as `inspect --json` has them.
const NAMES: &str = "bot_replies, agent_messages, system_lines, queue, joins, leaves, closes, \
                     times=milli|second|minute|day, or none";

/// Reads the list.
///
/// # Errors
/// When it is missing or has a name that nobody knows.
pub(crate) fn parse(list: Option<&str>) -> Result<Coverage> {
    let Some(list) = list else {
        return Err(Error::usage(
            "--input-format: a part of a log cannot tell what the log shows",
            format!("say it by --shows, e.g. bot_replies,agent_messages,times=second: {NAMES}"),
        ));
    };
    let mut coverage = Coverage::default();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "none") {
        let shown = match name {
            "bot_replies" => &mut coverage.bot_replies,
            "agent_messages" => &mut coverage.agent_messages,
            "system_lines" => &mut coverage.system_lines,
            "queue" => &mut coverage.queue,
            "joins" => &mut coverage.joins,
            "leaves" => &mut coverage.leaves,
            "closes" => &mut coverage.closes,
            other => {
                coverage.times = other.strip_prefix("times=").and_then(Precision::parse);
                if coverage.times.is_none() {
                    return Err(Error::usage(format!("--shows {other}: not known"), NAMES));
                }
                continue;
            }
        };
        *shown = Shows::Yes;
    }
    Ok(coverage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let shown = parse(Some("bot_replies, times=minute,closes")).unwrap();
        assert!(shown.bot_replies.yes() && shown.closes.yes() && !shown.queue.yes());
        assert_eq!(shown.times, Some(Precision::Minute));
        assert_eq!(parse(Some("none")).unwrap(), Coverage::default());
        assert!(parse(Some("bots")).is_err() && parse(Some("times=hour")).is_err());
        assert!(parse(None).unwrap_err().to_string().contains("--shows"));
    }
}
