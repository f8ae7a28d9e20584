use std::io::BufRead;
fn main() {
    for l in std::io::stdin().lock().lines() {
        let l = l.unwrap_or_default();
        let r = tohuman::text::redact(&l);
        if r != l {
            println!("{l}\t{r}");
        }
    }
}
