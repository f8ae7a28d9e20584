//! What the invented people and bots say, by language. The phrases are data (`zh.toml`, `en.toml`);
//! here they are read and their slots filled.

use serde::Deserialize;

use super::draw::Draw;

/// One issue with wordings that ask the same thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issue {
    /// Category column.
    pub(super) category: String,
    /// The same question in several wordings.
    pub(super) wordings: Vec<String>,
    /// Replies that settle it.
    pub(super) answers: Vec<String>,
}

macro_rules! phrases {
    ($($name:ident)*) => {
        /// All phrases of one language.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Words {
            $(pub(super) $name: Vec<String>,)*
            /// What customers come for.
            pub(super) issue: Vec<Issue>,
        }
    };
}

phrases! {
    bot_name day name opening ending ask_opening ask_ending ask nudge_request nudge_wait presence
    withdrawal message thanks human_check remark tell_human greeting i_am_bot fallback other
    deflection deflect_unasked promise queued no_agent after_hours message_offer message_taken
    transfer_error timeout joined returned queue_returned left queue_left silent_close closed
    auto_greeting agent_first agent_solve agent_bye bot_bye
}

impl Words {
    /// The phrases of a language file.
    pub(super) fn parse(source: &str) -> Self {
        toml::from_str(source).expect("the embedded phrases are valid; a test reads them")
    }
}

/// The values of the slots of one conversation: fixed once, so that a wording told again names the
/// same amount and day.
#[derive(Debug)]
pub(super) struct Slots {
    amount: u64,
    bonus: u64,
    day: String,
    bot: String,
    /// The agent that joins.
    pub(super) name: String,
}

impl Slots {
    /// Draws the values; every company has a bot of its own name.
    pub(super) fn draw(words: &Words, company: usize, draw: &mut Draw) -> Self {
        Self {
            amount: draw.between(2, 60),
            bonus: draw.between(1, 6) * 5,
            day: draw.phrase(&words.day).to_owned(),
            bot: words.bot_name[company % words.bot_name.len()].clone(),
            name: draw.phrase(&words.name).to_owned(),
        }
    }

    /// The phrase with its slots filled; `position` is the place in a queue.
    pub(super) fn fill(&self, phrase: &str, position: u64) -> String {
        if !phrase.contains('{') {
            return phrase.to_owned();
        }
        phrase
            .replace("{n}", &self.amount.to_string())
            .replace("{m}", &self.bonus.to_string())
            .replace("{day}", &self.day)
            .replace("{bot}", &self.bot)
            .replace("{name}", &self.name)
            .replace("{pos}", &position.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn every_slot_of_every_phrase_is_known() {
        for source in [include_str!("zh.toml"), include_str!("en.toml")] {
            let words = Words::parse(source);
            let mut draw = Draw(rand_chacha::ChaCha12Rng::seed_from_u64(0));
            let slots = Slots::draw(&words, 0, &mut draw);
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                assert!(!slots.fill(line, 1).contains('{'), "{line}");
            }
            for issue in &words.issue {
                assert!(issue.wordings.len() >= 5, "{}", issue.category);
            }
        }
    }
}
