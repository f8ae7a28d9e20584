//! Values of a JSON record by path (`header.session.id`), and records as flat columns.

use serde_json::{Map, Value};

/// Nested deeper than this is one cell of JSON: no table has such columns.
const DEEPEST: usize = 8;

/// The value at a path; a key that holds dots itself is found as it stands.
pub(super) fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    let object = value.as_object();
    if let Some(found) = object.and_then(|o| o.get(path)) {
        return Some(found);
    }
    path.match_indices('.').find_map(|(dot, _)| {
        let (head, tail) = (&path[..dot], &path[dot + 1..]);
        let inner = match value {
            Value::Object(o) => o.get(head)?,
            Value::Array(a) => a.get(head.parse::<usize>().ok()?)?,
            _ => return None,
        };
        get(inner, tail)
    })
}

/// A value as a cell.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Array(items) if items.iter().all(|i| !i.is_object() && !i.is_array()) => {
            items.iter().map(cell).collect::<Vec<_>>().join(", ")
        }
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Hands on every value of a record under its path.
pub(super) fn flatten(record: &Map<String, Value>, each: &mut dyn FnMut(&str, String)) {
    let mut path = String::new();
    walk(record, 0, &mut path, each);
}

fn walk(
    object: &Map<String, Value>,
    depth: usize,
    path: &mut String,
    each: &mut dyn FnMut(&str, String),
) {
    for (key, value) in object {
        let length = path.len();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
        match value {
            Value::Object(inner) if depth < DEEPEST && !inner.is_empty() => {
                walk(inner, depth + 1, path, each);
            }
            _ => each(path, cell(value)),
        }
        path.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_cells() {
        let value: Value =
            serde_json::from_str(r#"{"a":{"b":[{"c":1},2.5]},"d.e":"x","f":null}"#).unwrap();
        let at = |path| get(&value, path).map(cell);
        assert_eq!(at("a.b.0.c").as_deref(), Some("1"));
        assert_eq!(at("d.e").as_deref(), Some("x"));
        assert_eq!(at("f").as_deref(), Some(""));
        assert_eq!(at("a.x"), None);
        assert_eq!(at("d"), None);
        let mut flat = Vec::new();
        flatten(value.as_object().unwrap(), &mut |path, cell| flat.push(format!("{path}={cell}")));
        assert_eq!(flat, [r#"a.b=[{"c":1},2.5]"#, "d.e=x", "f="]);
    }
}
