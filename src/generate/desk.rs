//! The invented companies and their agents: a fixed number on duty by hour, so that waits emerge
//! from a queue in order of asking, with impatient customers (Garnett, Mandelbaum and Reiman 2002,
//! "Designing a call center with impatient customers").

use super::arrivals::{DAYS, HOURS, WEEKDAYS, weight};
use super::draw::Draw;

/// First and last hour of service, local time.
const OPENS: u64 = 9;
const CLOSES: u64 = 21;
/// Mean seconds an agent spends on one conversation, and the least.
const HANDLING_MEAN: u64 = 260;
const HANDLING_LEAST: u64 = 90;
/// Agents also answer the telephone: mean seconds of such a call.
const CALL_MEAN: u64 = 150;

/// Language of a company's customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

/// What is fixed about a company; shares in thousandths.
pub(super) struct Company {
    /// Name.
    pub(super) name: &'static str,
    /// Prefix of its conversation ids.
    pub(super) prefix: &'static str,
    /// Language.
    pub(super) language: Language,
    /// Share of all conversations, in hundredths.
    pub(super) share: u64,
    /// Its export marks events; else they are lines of text by the system.
    pub(super) explicit: bool,
    /// A first request is deflected.
    pub(super) deflects: u32,
    /// A request is ignored.
    pub(super) ignores: u32,
    /// An agent's client greets by itself.
    pub(super) greets: u32,
    /// Channels.
    pub(super) channels: &'static [&'static str],
}

/// The companies; their shares add up to 100.
pub(super) const COMPANIES: [Company; 5] = [
    Company {
        name: "星澜商城",
        prefix: "XL",
        language: Language::Chinese,
        share: 35,
        explicit: false,
        deflects: 260,
        ignores: 90,
        greets: 300,
        channels: &["APP", "网页", "小程序"],
    },
    Company {
        name: "远舟通信",
        prefix: "YZ",
        language: Language::Chinese,
        share: 20,
        explicit: true,
        deflects: 380,
        ignores: 130,
        greets: 500,
        channels: &["APP", "微信"],
    },
    Company {
        name: "禾田到家",
        prefix: "HT",
        language: Language::Chinese,
        share: 15,
        explicit: false,
        deflects: 120,
        ignores: 60,
        greets: 0,
        channels: &["小程序", "微信"],
    },
    Company {
        name: "Larkfield Mobile",
        prefix: "LK",
        language: Language::English,
        share: 18,
        explicit: true,
        deflects: 220,
        ignores: 80,
        greets: 350,
        channels: &["web", "app"],
    },
    Company {
        name: "Tansy Home",
        prefix: "TN",
        language: Language::English,
        share: 12,
        explicit: false,
        deflects: 180,
        ignores: 160,
        greets: 200,
        channels: &["web"],
    },
];

/// The agents of one company.
pub(super) struct Agents {
    /// On duty by hour of the week, Monday midnight first; 0 is closed.
    staff: Vec<usize>,
    /// When each is free again, seconds since the first midnight.
    free_at: Vec<u64>,
}

/// A place with an agent: how long until it is free, and whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    agent: usize,
    /// Seconds to wait.
    pub(super) wait: u64,
    /// Position shown to the customer.
    pub(super) position: u64,
}

impl Agents {
    /// Staffs `company` for its share of `conversations`: the expected load and a tenth more.
    pub(super) fn new(company: &Company, conversations: u64) -> Self {
        let week: u64 = HOURS.iter().sum::<u64>() * WEEKDAYS.iter().sum::<u64>();
        let staff: Vec<usize> = (0..168)
            .map(|hour| {
                if !(OPENS..CLOSES).contains(&(hour % 24)) {
                    return 0;
                }
                // About four in ten conversations reach the desk.
                let seconds = u128::from(conversations)
                    * u128::from(company.share * weight(hour))
                    * u128::from(HANDLING_MEAN + HANDLING_LEAST)
                    * 44
                    * 7;
                let agents = seconds / (u128::from(week) * 3_600 * 10_000 * u128::from(DAYS));
                usize::try_from(agents).expect("agents fit") + 1
            })
            .collect();
        let most = staff.iter().copied().max().unwrap_or(0);
        Self { staff, free_at: vec![0; most] }
    }

    /// The agent who is free first at `now`; `None` outside service hours.
    pub(super) fn ask(&mut self, now: u64, draw: &mut Draw) -> Option<Place> {
        let hour = usize::try_from(now / 3_600 % 168).expect("below 168");
        let on_duty = self.staff[hour];
        if on_duty == 0 {
            return None;
        }
        let peak = matches!(hour % 24, 10 | 11 | 14..=16 | 20);
        let first = self.first_free(on_duty);
        if draw.chance(if peak { 520 } else { 260 }) {
            self.free_at[first] = self.free_at[first].max(now) + draw.exponential(CALL_MEAN);
        }
        let agent = self.first_free(on_duty);
        let wait = self.free_at[agent].saturating_sub(now);
        let served = (HANDLING_MEAN + HANDLING_LEAST) / u64::try_from(on_duty).expect("fits");
        Some(Place { agent, wait, position: wait / served.max(1) + 1 })
    }

    /// Takes the place from `start` on and gives the seconds that the agent has for it.
    pub(super) fn take(&mut self, place: Place, start: u64, draw: &mut Draw) -> u64 {
        let seconds = HANDLING_LEAST + draw.exponential(HANDLING_MEAN);
        self.free_at[place.agent] = start + seconds;
        seconds
    }

    fn first_free(&self, on_duty: usize) -> usize {
        (0..on_duty).min_by_key(|&agent| (self.free_at[agent], agent)).expect("somebody on duty")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_second_in_line_waits_for_the_first() {
        let mut draw = Draw(rand_chacha::ChaCha12Rng::seed_from_u64(3));
        let mut agents = Agents::new(&COMPANIES[2], 1);
        let noon = 12 * 3_600;
        let first = agents.ask(noon, &mut draw).unwrap();
        let start = noon + first.wait;
        let handling = agents.take(first, start, &mut draw);
        let second = agents.ask(noon, &mut draw).unwrap();
        assert!(second.wait >= first.wait + handling);
        assert!(agents.ask(3 * 3_600, &mut draw).is_none());
    }

    #[test]
    fn shares_add_up() {
        assert_eq!(COMPANIES.iter().map(|company| company.share).sum::<u64>(), 100);
    }
}
