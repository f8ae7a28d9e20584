//! Placeholder
#![allow(missing_docs)]
pub struct Similarity;
pub struct Prepared(String);
impl Prepared { pub fn new(t:&str)->Self{Self(t.into())} }
impl Similarity { pub const THRESHOLD: f64=0.6; pub fn score_prepared(&self,a:&Prepared,b:&Prepared)->f64{ if a.0==b.0 {1.0}else{0.0} } }
