//! Scene -> SVG and PNG, through plotters' backends. Both paint at twice the logical size: plotters
//! places by whole pixels, and a printed page needs the finer picture.

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, RGBAColor, ShapeStyle, TextStyle};

use super::lettering;
use super::scene::{Anchor, Mark, Scene, Text, Weight};
use super::style::{HEIGHT, Ink, PAPER, WIDTH};
use crate::error::{Error, Result};

/// Pixels per logical unit.
const SCALE: f64 = 2.0;
const PIXELS: (u32, u32) = (2000, 1120);

/// The reader's fonts, Latin before Han, sans-serif throughout.
const FAMILY: &str = "'Open Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'PingFang SC', \
    'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'Droid Sans Fallback', sans-serif";

/// plotters-svg writes the size of letters divided by this.
const SVG_SIZE: f64 = 1.24;
/// plotters-svg sets a text with its top at y this part of the em above its base line.
const SVG_TOP: f64 = 0.76;

/// The scene as an SVG file.
pub(super) fn svg(scene: &Scene) -> Result<String> {
    let mut out = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut out, PIXELS);
        paint(&mut backend, scene, svg_text)?;
        backend.present().map_err(failed)?;
    }
    let title = escape(&lettering::printable(&scene.title));
    let head = format!("width=\"{}\" height=\"{}\"", PIXELS.0, PIXELS.1);
    let named =
        format!("role=\"img\" aria-label=\"{title}\" width=\"{WIDTH}\" height=\"{HEIGHT}\"");
    Ok(out.replacen(&head, &named, 1))
}

/// The scene as a PNG file.
pub(super) fn png(scene: &Scene) -> Result<Vec<u8>> {
    let mut pixels = vec![0xFF; PIXELS.0 as usize * PIXELS.1 as usize * 3];
    {
        let mut backend = BitMapBackend::with_buffer(&mut pixels, PIXELS);
        paint(&mut backend, scene, png_text)?;
        backend.present().map_err(failed)?;
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, PIXELS.0, PIXELS.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    // Flat colours: a row mostly equals the row above it.
    encoder.set_filter(png::FilterType::Up);
    let written = encoder.write_header().and_then(|mut w| w.write_image_data(&pixels));
    written.map_err(failed)?;
    Ok(out)
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::usage(format!("a chart cannot be drawn: {cause}"), "please report this error")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn paint<B: DrawingBackend>(
    backend: &mut B,
    scene: &Scene,
    letter: fn(&mut B, &Text) -> Result<()>,
) -> Result<()> {
    backend.ensure_prepared().map_err(failed)?;
    let (right, bottom) = pixel((WIDTH, HEIGHT));
    backend.draw_rect((0, 0), (right, bottom), &filled(PAPER), true).map_err(failed)?;
    for mark in &scene.marks {
        match mark {
            Mark::Rect { x, y, w, h, ink } => {
                let (from, to) = (pixel((*x, *y)), pixel((x + w, y + h)));
                backend.draw_rect(from, to, &filled(*ink), true).map_err(failed)?;
            }
            Mark::Line { points, width, ink } => {
                let style = stroke(*ink, *width);
                let path = points.iter().map(|p| pixel(*p));
                backend.draw_path(path, &style).map_err(failed)?;
            }
            Mark::Area { points, ink } => {
                let outline = points.iter().map(|p| pixel(*p));
                backend.fill_polygon(outline, &filled(*ink)).map_err(failed)?;
            }
            Mark::Text(text) => letter(backend, text)?,
        }
    }
    Ok(())
}

fn svg_text(backend: &mut SVGBackend<'_>, text: &Text) -> Result<()> {
    let across = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let weight = match text.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let ink = colour(text.ink);
    let style = TextStyle::from((FAMILY, text.size * SCALE * SVG_SIZE, weight))
        .color(&ink)
        .pos(Pos::new(across, VPos::Top));
    let top = pixel((text.x, text.y - text.size * SVG_TOP));
    backend.draw_text(&text.words, &style, top).map_err(failed)
}

fn png_text(backend: &mut BitMapBackend<'_>, text: &Text) -> Result<()> {
    let width = lettering::width(&text.words, text.size, text.weight);
    let left = match text.anchor {
        Anchor::Start => text.x,
        Anchor::Middle => text.x - width / 2.0,
        Anchor::End => text.x - width,
    };
    let ink = colour(text.ink);
    let size = text.size * SCALE;
    let start = (left * SCALE, (text.y * SCALE).round());
    let mut outcome = Ok(());
    lettering::raster(&text.words, size, text.weight, start, |x, y, cover| {
        let inside = u32::try_from(x).is_ok_and(|x| x < PIXELS.0)
            && u32::try_from(y).is_ok_and(|y| y < PIXELS.1);
        if inside && outcome.is_ok() {
            let dot = ink.mix(f64::from(cover)).to_backend_color();
            outcome = backend.draw_pixel((x, y), dot);
        }
    });
    outcome.map_err(failed)
}

#[expect(clippy::cast_possible_truncation, reason = "a cast saturates; positions in a picture")]
fn pixel((x, y): (f64, f64)) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

fn colour(Ink(red, green, blue, opacity): Ink) -> RGBAColor {
    RGBAColor(red, green, blue, opacity)
}

fn filled(ink: Ink) -> ShapeStyle {
    ShapeStyle { color: colour(ink), filled: true, stroke_width: 0 }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "widths of lines are small and positive"
)]
fn stroke(ink: Ink, width: f64) -> ShapeStyle {
    let stroke_width = (width * SCALE).round().max(1.0) as u32;
    ShapeStyle { color: colour(ink), filled: false, stroke_width }
}
