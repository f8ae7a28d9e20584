//! Palette, sizes and lettering sizes of every chart.
//!
//! Colours are those of M. Okabe and K. Ito (2008), "Color Universal Design", blue darkened so
//! that the ends of a wait also differ in greyscale: reached < dropped < left < cut in lightness.

/// Red, green, blue and opacity in `[0, 1]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink(pub u8, pub u8, pub u8, pub f64);

impl Ink {
    /// The same colour, seen through.
    pub(super) const fn thin(self, opacity: f64) -> Self {
        Self(self.0, self.1, self.2, opacity)
    }

    /// A colour on the way from this one to another, `t` in `[0, 1]`.
    pub(super) fn towards(self, other: Self, t: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes; a cast saturates"
        )]
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2), self.3)
    }
}

pub(super) const PAPER: Ink = Ink(0xFF, 0xFF, 0xFF, 1.0);
pub(super) const TEXT: Ink = Ink(0x1A, 0x1F, 0x26, 1.0);
pub(super) const MUTED: Ink = Ink(0x55, 0x5E, 0x6B, 1.0);
pub(super) const GRID: Ink = Ink(0xE3, 0xE6, 0xEA, 1.0);
pub(super) const AXIS: Ink = Ink(0x8A, 0x92, 0x9C, 1.0);
pub(super) const EMPTY: Ink = Ink(0xF3, 0xF4, 0xF6, 1.0);

pub(super) const BLUE: Ink = Ink(0x00, 0x55, 0x8C, 1.0);
pub(super) const LIGHT_BLUE: Ink = Ink(0x8F, 0xC4, 0xE6, 1.0);
pub(super) const VERMILLION: Ink = Ink(0xD5, 0x5E, 0x00, 1.0);
pub(super) const LIGHT_VERMILLION: Ink = Ink(0xF2, 0xB4, 0x8A, 1.0);
pub(super) const ORANGE: Ink = Ink(0xE6, 0x9F, 0x00, 1.0);
pub(super) const PURPLE: Ink = Ink(0x8E, 0x3B, 0x74, 1.0);
pub(super) const GREY: Ink = Ink(0xC4, 0xC9, 0xD0, 1.0);

/// How a wait ended, in every chart that shows it.
pub(super) const REACHED: Ink = BLUE;
pub(super) const LEFT: Ink = ORANGE;
pub(super) const DROPPED: Ink = VERMILLION;
pub(super) const CUT: Ink = GREY;

/// Size in logical units: CSS pixels of the SVG; the PNG has twice as many in each direction.
pub(super) const WIDTH: f64 = 1000.0;
pub(super) const HEIGHT: f64 = 560.0;

/// Sizes of letters (height of the em).
pub(super) const TITLE: f64 = 21.0;
pub(super) const LABEL: f64 = 14.0;
pub(super) const SMALL: f64 = 12.5;

/// Space left of and right of everything.
pub(super) const MARGIN: f64 = 28.0;
