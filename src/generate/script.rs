//! What happens before the customer asks for a human: greeting, telling, bad replies, telling
//! again, asking, or leaving without having asked.

use super::draw::Draw;
use super::talk::{Next, Talk};
use super::words::Words;

/// Most tellings of an issue to the bot.
const MOST_TELLINGS: usize = 4;

/// What the bot does with a telling; weights below.
#[derive(Clone, Copy)]
enum Reply {
    Settles,
    FallsBack,
    AnswersElse,
    Deflects,
    HandsOver,
}

const REPLIES: [Reply; 5] =
    [Reply::Settles, Reply::FallsBack, Reply::AnswersElse, Reply::Deflects, Reply::HandsOver];
const REPLY_WEIGHTS: [u64; 5] = [36, 31, 25, 6, 2];

/// Plays the conversation up to its first request, or to its end.
pub(super) fn open(talk: &mut Talk, words: &Words, draw: &mut Draw) -> Next {
    if draw.chance(450) {
        talk.bot(&words.greeting, draw);
        talk.pass(3, 25, draw);
    }
    if draw.chance(130) {
        return Next::Ask;
    }
    talk.tell(words, draw);
    loop {
        talk.pass(2, 6, draw);
        match REPLIES[draw.weighted(&REPLY_WEIGHTS)] {
            Reply::Settles => {
                talk.bot(&words.issue[talk.issue].answers, draw);
                return settled(talk, words, draw);
            }
            Reply::FallsBack => {
                talk.bot(&words.fallback, draw);
                talk.truth.fallbacks += 1;
            }
            Reply::AnswersElse => talk.bot(&words.other, draw),
            Reply::Deflects => talk.bot(&words.deflect_unasked, draw),
            Reply::HandsOver => return handed_over(talk, words, draw),
        }
        talk.pass(8, 70, draw);
        if draw.chance(25) {
            talk.customer(draw.phrase(&words.human_check).to_owned());
            talk.pass(2, 4, draw);
            talk.bot(&words.i_am_bot, draw);
            talk.pass(8, 40, draw);
        }
        match draw.weighted(&[50, 33, 17]) {
            0 => return Next::Ask,
            1 if talk.told.len() < MOST_TELLINGS => tell_again(talk, words, draw),
            _ => {
                leave(talk, words, draw);
                return Next::End;
            }
        }
    }
}

/// In other words (a rephrase) or in the same (a repeat).
fn tell_again(talk: &mut Talk, words: &Words, draw: &mut Draw) {
    if draw.chance(700) && talk.tell(words, draw) {
        talk.truth.rephrases += 1;
    } else {
        talk.customer(talk.telling.clone());
        talk.truth.repeats += 1;
    }
}

fn settled(talk: &mut Talk, words: &Words, draw: &mut Draw) -> Next {
    if draw.chance(650) {
        talk.pass(6, 60, draw);
        talk.customer(draw.phrase(&words.thanks).to_owned());
        talk.pass(2, 4, draw);
        talk.bot(&words.bot_bye, draw);
    }
    talk.pass(5, 40, draw);
    talk.happens("close", &words.closed, draw);
    Next::End
}

/// The desk sends a human whom nobody asked for.
fn handed_over(talk: &mut Talk, words: &Words, draw: &mut Draw) -> Next {
    talk.pass(5, 40, draw);
    talk.happens("agent_joined", &words.joined, draw);
    talk.pass(4, 30, draw);
    talk.agent(&words.agent_first, draw);
    talk.pass(10, 60, draw);
    talk.customer(draw.phrase(&words.tell_human).to_owned());
    talk.pass(20, 90, draw);
    talk.agent(&words.agent_solve, draw);
    settled_by_human(talk, words, draw);
    Next::End
}

/// Thanks, goodbye, perhaps a rating, and the close.
pub(super) fn settled_by_human(talk: &mut Talk, words: &Words, draw: &mut Draw) {
    talk.pass(6, 60, draw);
    talk.customer(draw.phrase(&words.thanks).to_owned());
    talk.pass(3, 15, draw);
    talk.agent(&words.agent_bye, draw);
    if talk.company().explicit && draw.chance(250) {
        talk.pass(3, 40, draw);
        talk.push("system", draw.between(1, 5).to_string(), "rating", false);
    }
    talk.pass(3, 60, draw);
    if talk.company().explicit && draw.chance(300) {
        talk.push("system", String::new(), "agent_left", true);
        talk.pass(1, 20, draw);
    }
    talk.happens("close", &words.closed, draw);
}

/// The customer leaves, or falls silent until the desk closes.
pub(super) fn leave(talk: &mut Talk, words: &Words, draw: &mut Draw) {
    if draw.chance(60) {
        talk.pass(2, 8, draw);
    } else {
        talk.pass(12, 120, draw);
    }
    if draw.chance(150) {
        talk.pass(180, 300, draw);
        // Why the desk closed stands in the text, also where the close itself is marked.
        let text = draw.phrase(&words.silent_close).to_owned();
        let event = if talk.company().explicit { "close" } else { "" };
        talk.push("system", text, event, false);
    } else {
        talk.happens("customer_left", &words.left, draw);
    }
}
