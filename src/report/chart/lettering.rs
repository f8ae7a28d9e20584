//! Letters for machines without fonts: widths, line breaks and the raster of a text. Open Sans
//! for Latin, Droid Sans Fallback for Han, both bundled as subsets (`assets/fonts`).
//!
//! plotters' own lettering places each glyph at its bounding box and forgets the space beside it,
//! which tears words apart at small sizes; so the PNG is lettered here.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, point};

use super::scene::Weight;

static LATIN: LazyLock<FontRef<'static>> =
    LazyLock::new(|| open(include_bytes!("../../../assets/fonts/OpenSans-Regular-subset.ttf")));
static LATIN_BOLD: LazyLock<FontRef<'static>> =
    LazyLock::new(|| open(include_bytes!("../../../assets/fonts/OpenSans-Semibold-subset.ttf")));
static HAN: LazyLock<FontRef<'static>> =
    LazyLock::new(|| open(include_bytes!("../../../assets/fonts/DroidSansFallback-subset.ttf")));

/// Han has no bold cut here: it is struck twice, this part of the em apart.
const STRIKE: f32 = 0.03;

fn open(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the fonts are built in and opened by a test")
}

/// The face that has a character, its glyph, and whether boldness has to be struck.
fn face(c: char, weight: Weight) -> (&'static FontRef<'static>, GlyphId, bool) {
    let latin = match weight {
        Weight::Regular => &*LATIN,
        Weight::Bold => &*LATIN_BOLD,
    };
    let glyph = latin.glyph_id(c);
    if glyph.0 != 0 {
        return (latin, glyph, false);
    }
    (&HAN, HAN.glyph_id(c), weight == Weight::Bold)
}

/// `ab_glyph` scales by the height of a face; sizes here are those of the em.
#[expect(clippy::cast_possible_truncation, reason = "sizes of letters")]
fn scale(font: &FontRef<'_>, size: f64) -> PxScale {
    let em = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(size as f32 * font.height_unscaled() / em)
}

fn advance(c: char, size: f64, weight: Weight) -> f64 {
    let (font, glyph, _) = face(c, weight);
    let em = f64::from(font.units_per_em().unwrap_or(1000.0));
    f64::from(font.h_advance_unscaled(glyph)) * size / em
}

/// Width of a text in the unit of `size`.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars().map(|c| advance(c, size, weight)).sum()
}

/// A text without characters that XML forbids or that have no place in a line.
pub(super) fn printable(text: &str) -> String {
    let keep = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(keep).collect()
}

/// The text, or as much of it as fits with an ellipsis.
pub(super) fn fit(text: &str, size: f64, weight: Weight, room: f64) -> String {
    let text = printable(text);
    if width(&text, size, weight) <= room {
        return text;
    }
    let mut used = advance('…', size, weight);
    let mut out = String::new();
    for c in text.chars() {
        used += advance(c, size, weight);
        if used > room {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Lines no wider than `room`: broken at spaces, and before any Han.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(&printable(text)) {
        let line = lines.last_mut().expect("starts with one line");
        let longer = format!("{line}{piece}");
        if line.is_empty() || width(longer.trim_end(), size, weight) <= room {
            *line = longer;
        } else {
            lines.push(piece.trim_start().to_owned());
        }
    }
    lines.iter().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// What a line may be broken between. A closing mark stays with what it closes.
fn pieces(text: &str) -> Vec<String> {
    let closes = |c: char| "，。、；：！？）”』」》".contains(c);
    let breaks_after = |c: char| c == ' ' || (u32::from(c) >= 0x2E80 && !"（“『「《".contains(c));
    let mut out: Vec<String> = Vec::new();
    let mut open = true;
    for c in text.chars() {
        let starts = open && !closes(c) || (u32::from(c) >= 0x2E80 && !closes(c) && !glued(&out));
        match out.last_mut() {
            Some(last) if !starts => last.push(c),
            _ => out.push(c.to_string()),
        }
        open = breaks_after(c);
    }
    out
}

/// True where the last piece so far ends with an opening mark.
fn glued(pieces: &[String]) -> bool {
    pieces.last().and_then(|p| p.chars().last()).is_some_and(|c| "（“『「《".contains(c))
}

/// Calls `dot(x, y, cover)` for every pixel that the text touches; `x`, `y` is the left end of its
/// base line in pixels and `cover` how much of the pixel is ink.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "positions inside a picture"
)]
pub(super) fn raster(
    text: &str,
    size: f64,
    weight: Weight,
    (x, y): (f64, f64),
    mut dot: impl FnMut(i32, i32, f32),
) {
    let mut pen = x;
    for c in text.chars() {
        let (font, id, strike) = face(c, weight);
        let strikes: &[f32] = if strike { &[0.0, STRIKE] } else { &[0.0] };
        for shift in strikes {
            let at = point(pen as f32 + shift * size as f32, y as f32);
            let glyph = id.with_scale_and_position(scale(font, size), at);
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|px, py, cover| {
                    dot(corner.x as i32 + px as i32, corner.y as i32 + py as i32, cover.min(1.0));
                });
            }
        }
        pen += advance(c, size, weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_of_the_charts_has_its_glyphs() {
        for words in [include_str!("../words/zh.toml"), include_str!("../words/en.toml")] {
            let charts = words.split("[chart]").nth(1).unwrap();
            for c in charts.chars().filter(|c| !c.is_control()) {
                let (_, glyph, _) = face(c, Weight::Regular);
                assert_ne!(glyph.0, 0, "no glyph for {c:?}");
            }
        }
        for c in "转人工未理会轉繁體龘".chars().take(8) {
            assert_ne!(face(c, Weight::Bold).1.0, 0, "no glyph for {c}");
        }
    }

    #[test]
    fn long_names_end_in_an_ellipsis_that_fits() {
        let text = "a category with a name that no chart has room for";
        let short = fit(text, 13.0, Weight::Regular, 120.0);
        assert!(short.ends_with('…') && width(&short, 13.0, Weight::Regular) <= 120.0);
        assert_eq!(fit("短", 13.0, Weight::Regular, 120.0), "短");
    }

    #[test]
    fn lines_break_where_both_languages_allow() {
        let room = width("此导出没有", 13.0, Weight::Regular) + 1.0;
        assert_eq!(wrap("此导出没有时间。", 13.0, Weight::Regular, room), ["此导出没有", "时间。"]);
        let room = width("no time", 13.0, Weight::Regular) + 1.0;
        assert_eq!(wrap("no time given", 13.0, Weight::Regular, room), ["no time", "given"]);
    }

    #[test]
    fn control_characters_do_not_reach_the_file() {
        assert_eq!(printable("a\u{0}b\tc"), "a\u{fffd}b c");
    }
}
