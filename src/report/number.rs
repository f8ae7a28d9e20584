//! The only home of rounding and units. A rate is printed with its hits, base and interval; a
//! share that is not 0 or 1 never prints as `0.0 %` or `100.0 %`; undefined prints in words.

use super::words::Words;
use crate::stats::{Estimate, Rate};

/// Seconds below which a length keeps one decimal.
const FINE_BELOW_S: f64 = 10.0;
const MINUTE_S: u64 = 60;
const HOUR_S: u64 = 3_600;
const DAY_S: u64 = 86_400;

/// `value` with that many decimals; a zero has no sign.
#[must_use]
pub(super) fn round_to(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    let rounded = (value * scale).round() / scale;
    // Adding a positive zero turns -0 into 0 and leaves everything else as it is.
    if rounded.is_finite() { rounded + 0.0 } else { value }
}

/// A count with a comma between thousands.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A change, always with its sign; `−` is the minus of typography.
#[must_use]
pub fn signed(n: i64) -> String {
    let sign = match n {
        0 => "±",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", count(n.unsigned_abs()))
}

/// Percent with one decimal, without the unit.
fn percent_digits(share: f64) -> String {
    format!("{:.1}", round_to(share * 100.0, 1))
}

/// A share as `37.5 %`. A share that only rounds to none or all says so: `<0.1 %`, `>99.9 %`.
#[must_use]
pub fn share(share: f64) -> String {
    match percent_digits(share).as_str() {
        "0.0" if share > 0.0 => "<0.1 %".to_owned(),
        "100.0" if share < 1.0 => ">99.9 %".to_owned(),
        digits => format!("{digits} %"),
    }
}

/// A change of a share, with sign: `+12.5 %`.
#[must_use]
pub fn signed_share(change: f64) -> String {
    let digits = percent_digits(change.abs());
    let sign = match digits.as_str() {
        "0.0" => "±",
        _ if change > 0.0 => "+",
        _ => "−",
    };
    format!("{sign}{digits} %")
}

/// A plain number with one decimal, for means of counts.
#[must_use]
pub fn decimal(value: f64) -> String {
    format!("{:.1}", round_to(value, 1))
}

/// A ratio with two decimals.
#[must_use]
pub fn ratio(value: f64) -> String {
    format!("{:.2}", round_to(value, 2))
}

/// Formats that need words of the reader's language.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a> {
    words: &'a Words,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(words: &'a Words) -> Self {
        Self { words }
    }

    /// `n/a`.
    pub(super) fn undefined(self) -> String {
        self.words.get("number.undefined")
    }

    /// `open`: a quantile that falls among those who were never reached.
    pub(super) fn open(self) -> String {
        self.words.get("number.open")
    }

    /// A rate with all four: `37.5 % (3 of 8; 95 % 13.7–69.4 %)`.
    pub(super) fn rate(self, rate: &Rate) -> String {
        let (hits, of) = (count(rate.hits), count(rate.of));
        match (rate.share(), interval(rate.low, rate.high)) {
            (Some(p), Some(interval)) => self.words.fill(
                "number.rate",
                &[("share", &share(p)), ("hits", &hits), ("of", &of), ("interval", &interval)],
            ),
            (Some(p), None) => self
                .words
                .fill("number.rate_bare", &[("share", &share(p)), ("hits", &hits), ("of", &of)]),
            (None, _) => self.undefined(),
        }
    }

    /// The share of a rate alone, where hits, base and interval stand beside it.
    pub(super) fn share(self, rate: &Rate) -> String {
        rate.share().map_or_else(|| self.undefined(), share)
    }

    /// `3 of 8; 95 % 13.7–69.4 %`.
    pub(super) fn base(self, rate: &Rate) -> String {
        match interval(rate.low, rate.high) {
            Some(interval) => self.words.fill(
                "number.base",
                &[("hits", &count(rate.hits)), ("of", &count(rate.of)), ("interval", &interval)],
            ),
            None => self.hits_of(rate),
        }
    }

    /// `3 of 8`.
    pub(super) fn hits_of(self, rate: &Rate) -> String {
        self.words.fill("number.hits_of", &[("hits", &count(rate.hits)), ("of", &count(rate.of))])
    }

    /// The interval alone, or `n/a`.
    pub(super) fn interval(self, rate: &Rate) -> String {
        interval(rate.low, rate.high).unwrap_or_else(|| self.undefined())
    }

    /// An estimate with its interval: `37.5 % (95 % 13.7–69.4 %)`.
    pub(super) fn estimate(self, estimate: Option<&Estimate>) -> String {
        let Some(e) = estimate else { return self.undefined() };
        let interval = format!("{}–{} %", percent_digits(e.low), percent_digits(e.high));
        self.words
            .fill("number.estimate", &[("share", &share(e.estimate)), ("interval", &interval)])
    }

    /// A difference of shares, in points, with its interval: `+1.2 (95 % −0.4 – +2.9)`.
    pub(super) fn points(self, estimate: Option<&Estimate>) -> String {
        let Some(e) = estimate else { return self.undefined() };
        let points = |share| signed_share(share).trim_end_matches(" %").to_owned();
        let interval = format!("{} – {}", points(e.low), points(e.high));
        self.words
            .fill("number.estimate", &[("share", &points(e.estimate)), ("interval", &interval)])
    }

    /// A length of time, two units at most: `8.4 s`, `45 s`, `1 min 05 s`, `2 h 05 min`,
    /// `3 d 04 h`. The last digit is rounded before the units are chosen, so that 59.6 s is
    /// `1 min 00 s`.
    pub(super) fn duration(self, seconds: f64) -> String {
        if !seconds.is_finite() {
            return self.undefined();
        }
        if seconds < FINE_BELOW_S && round_to(seconds, 1).fract() != 0.0 {
            let digits = format!("{:.1}", round_to(seconds, 1));
            return self.words.fill("number.seconds", &[("s", &digits)]);
        }
        let whole = whole(seconds);
        if whole < MINUTE_S {
            self.words.fill("number.seconds", &[("s", &whole.to_string())])
        } else if whole < HOUR_S {
            self.pair("number.minutes", whole / MINUTE_S, whole % MINUTE_S)
        } else {
            let minutes = (whole + MINUTE_S / 2) / MINUTE_S;
            if minutes * MINUTE_S < DAY_S {
                self.pair("number.hours", minutes / 60, minutes % 60)
            } else {
                let hours = (whole + HOUR_S / 2) / HOUR_S;
                self.pair("number.days", hours / 24, hours % 24)
            }
        }
    }

    fn pair(self, key: &str, large: u64, small: u64) -> String {
        let small = format!("{small:02}");
        self.words.fill(key, &[("large", &count(large)), ("small", &small)])
    }

    /// A threshold or bound in the shortest form: `30 s`, `5 min`, `2 h`.
    pub(super) fn threshold(self, seconds: f64) -> String {
        let n = whole(seconds);
        let exact = seconds.fract() == 0.0;
        let (key, digits) = match n {
            _ if !exact || seconds < 0.0 => return self.duration(seconds),
            0 => ("number.seconds", 0),
            _ if n.is_multiple_of(DAY_S) => ("number.days_only", n / DAY_S),
            _ if n.is_multiple_of(HOUR_S) => ("number.hours_only", n / HOUR_S),
            _ if n.is_multiple_of(MINUTE_S) => ("number.minutes_only", n / MINUTE_S),
            _ if n < MINUTE_S => ("number.seconds", n),
            _ => return self.duration(seconds),
        };
        self.words.fill(key, &[("s", &count(digits))])
    }

    /// A length, or `n/a`.
    pub(super) fn duration_or(self, seconds: Option<f64>) -> String {
        seconds.map_or_else(|| self.undefined(), |s| self.duration(s))
    }

    /// A quantile over all who waited: open where it falls among those not reached.
    pub(super) fn open_duration(self, seconds: Option<f64>, n: u64) -> String {
        match seconds {
            Some(s) => self.duration(s),
            None if n == 0 => self.undefined(),
            None => self.open(),
        }
    }

    /// A quantile with its interval: `2 min 05 s (95 % 1 min 50 s – open)`.
    pub(super) fn quantile(self, at: Option<f64>, low: Option<f64>, high: Option<f64>) -> String {
        let Some(at) = at else { return self.undefined() };
        let interval = self.quantile_interval(low, high);
        self.words.fill("number.quantile", &[("at", &self.duration(at)), ("interval", &interval)])
    }

    /// The interval of a quantile: `95 % 1 min 50 s – open`. Open at both ends, which is what a
    /// small n gives, is said in words.
    pub(super) fn quantile_interval(self, low: Option<f64>, high: Option<f64>) -> String {
        if low.is_none() && high.is_none() {
            return self.words.get("number.quantile_interval_open");
        }
        let end = |s: Option<f64>| s.map_or_else(|| self.open_end(), |s| self.duration(s));
        let ends = [("low", end(low)), ("high", end(high))];
        let ends = ends.each_ref().map(|(name, end)| (*name, end.as_str()));
        self.words.fill("number.quantile_interval", &ends)
    }

    fn open_end(self) -> String {
        self.words.get("number.open_end")
    }
}

/// `13.7–69.4 %`.
fn interval(low: Option<f64>, high: Option<f64>) -> Option<String> {
    let (low, high) = (low?, high?);
    Some(format!("{}–{} %", percent_digits(low), percent_digits(high)))
}

/// Seconds to the whole second; negative lengths (clocks that run backwards) are 0 by measure.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "finite and clamped to at least 0; a cast saturates"
)]
fn whole(seconds: f64) -> u64 {
    seconds.round().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;

    fn en<T>(f: impl Fn(Numbers) -> T) -> T {
        f(Numbers::new(Words::of(Lang::En)))
    }

    fn zh<T>(f: impl Fn(Numbers) -> T) -> T {
        f(Numbers::new(Words::of(Lang::Zh)))
    }

    #[test]
    fn a_rate_has_all_four() {
        // Wilson of 3 in 8: 13.68 to 69.43 %, worked by hand from the formula.
        let rate = Rate::new(3, 8);
        assert_eq!(en(|n| n.rate(&rate)), "37.5 % (3 of 8; 95 % 13.7–69.4 %)");
        assert_eq!(zh(|n| n.rate(&rate)), "37.5 %（3/8，95 % 区间 13.7–69.4 %）");
        assert_eq!(en(|n| n.rate(&Rate::default())), "n/a");
        assert_eq!(zh(|n| n.rate(&Rate::default())), "无法计算");
        let bare = Rate { hits: 3, of: 8, low: None, high: None };
        assert_eq!(en(|n| n.rate(&bare)), "37.5 % (3 of 8)");
    }

    #[test]
    fn some_is_never_none_and_most_is_never_all() {
        assert_eq!(share(0.0), "0.0 %");
        assert_eq!(share(0.000_4), "<0.1 %");
        assert_eq!(share(0.000_6), "0.1 %");
        assert_eq!(share(0.999_6), ">99.9 %");
        assert_eq!(share(1.0), "100.0 %");
    }

    #[test]
    fn counts_and_changes() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(signed(-1_200), "−1,200");
        assert_eq!(signed(7), "+7");
        assert_eq!(signed(0), "±0");
        assert_eq!(signed_share(-0.125), "−12.5 %");
        assert_eq!(signed_share(0.000_1), "±0.0 %");
    }

    #[test]
    fn lengths_carry_into_the_next_unit() {
        let cases = [
            (0.0, "0 s", "0秒"),
            (8.44, "8.4 s", "8.4秒"),
            (9.96, "10 s", "10秒"),
            (59.4, "59 s", "59秒"),
            (59.6, "1 min 00 s", "1分00秒"),
            (65.0, "1 min 05 s", "1分05秒"),
            (3_599.6, "1 h 00 min", "1小时00分"),
            (7_530.0, "2 h 06 min", "2小时06分"),
            (86_399.0, "1 d 00 h", "1天00小时"),
            (273_600.0, "3 d 04 h", "3天04小时"),
        ];
        for (s, english, chinese) in cases {
            assert_eq!(en(|n| n.duration(s)), english);
            assert_eq!(zh(|n| n.duration(s)), chinese);
        }
        assert_eq!(en(|n| n.duration(f64::NAN)), "n/a");
    }

    #[test]
    fn thresholds_are_short() {
        let cases = [(20.0, "20 s"), (60.0, "1 min"), (90.0, "1 min 30 s"), (7_200.0, "2 h")];
        for (s, text) in cases {
            assert_eq!(en(|n| n.threshold(s)), text);
        }
        assert_eq!(zh(|n| n.threshold(180.0)), "3分钟");
        assert_eq!(en(|n| n.threshold(0.5)), "0.5 s");
    }

    #[test]
    fn open_is_not_undefined() {
        assert_eq!(en(|n| n.open_duration(None, 0)), "n/a");
        assert_eq!(en(|n| n.open_duration(None, 5)), "open (falls among those not reached)");
        assert_eq!(zh(|n| n.open_duration(None, 5)), "开放（落在未接通者中）");
        assert_eq!(en(|n| n.quantile(Some(65.0), Some(9.0), None)), "1 min 05 s (95 % 9 s – open)");
        let few = en(|n| n.quantile(Some(65.0), None, None));
        assert_eq!(few, "1 min 05 s (95 % interval open: too few cases)");
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(round_to(-0.000_01, 3).to_string(), "0");
        assert_eq!(round_to(1.234_56, 3).to_string(), "1.235");
    }
}
