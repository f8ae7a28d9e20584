//! HTML of messages as plain text: vendors export what their editors made. Tags go, what breaks a
//! line breaks it, entities become their characters, script and style vanish. Nothing is fetched
//! or judged; what is no tag stays as it stands.

/// Tags after which a new line begins.
const BREAKS: [&str; 12] =
    ["br", "p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote"];
/// Tags whose content is no text.
const SILENT: [&str; 2] = ["script", "style"];
/// Named entities that editors of messages write. Source: HTML Living Standard, 13.5.
const ENTITIES: [(&str, &str); 14] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("copy", "©"),
];
/// Longest name of an entity, with its sign.
const LONGEST_ENTITY: usize = 10;

/// The text of a fragment, without empty lines.
pub(super) fn html_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('<') { tag(rest, &mut out) } else { entity(rest, &mut out) };
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    lines.join("\n")
}

/// Takes a tag off; gives what follows.
fn tag<'h>(html: &'h str, out: &mut String) -> &'h str {
    let body = &html[1..];
    let named = body.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    let Some(end) = body.find('>').filter(|_| named) else {
        out.push('<');
        return body;
    };
    if body.starts_with("!--") {
        return body.split_once("-->").map_or("", |(_, rest)| rest);
    }
    let name: String = body
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let rest = &body[end + 1..];
    if BREAKS.contains(&name.as_str()) {
        out.push('\n');
    }
    if SILENT.contains(&name.as_str()) && !body.starts_with('/') {
        let close = format!("</{name}");
        let lower = rest.to_ascii_lowercase();
        return lower.find(&close).map_or("", |at| &rest[at..]);
    }
    rest
}

/// Takes an entity; one that nobody knows stays as it stands.
fn entity<'h>(html: &'h str, out: &mut String) -> &'h str {
    let known = html[1..].find(';').filter(|at| *at > 0 && *at <= LONGEST_ENTITY).and_then(|end| {
        let name = &html[1..=end];
        let number = name.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => n.parse().ok(),
        });
        let by_number = number.and_then(char::from_u32).map(String::from);
        let by_name = || ENTITIES.iter().find(|(n, _)| *n == name).map(|(_, s)| (*s).to_owned());
        Some((by_number.or_else(by_name)?, end))
    });
    if let Some((text, end)) = known {
        out.push_str(&text);
        &html[end + 2..]
    } else {
        out.push('&');
        &html[1..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_go_and_lines_stay() {
        let cases = [
            ("<p>one</p><p>two<br/>three</p>", "one\ntwo\nthree"),
            ("a &amp; b &lt;c&gt; &#20320;&#x597d; &what;", "a & b <c> 你好 &what;"),
            ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
            ("<style>p{}</style>x<!-- no -->y<a href=\"q\">z</a>", "xyz"),
            ("plain", "plain"),
            ("<3 you", "<3 you"),
        ];
        for (html, text) in cases {
            assert_eq!(html_text(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(html in "[<>&;#/a-zé你x0-9! -]{0,60}") {
            let _ = html_text(&html);
        }
    }
}
