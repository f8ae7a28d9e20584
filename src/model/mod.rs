//! The nouns every stage shares (METRICS, section 1): message, conversation, finding, outcome,
//! wait, coverage, complaint, problem. They name nothing else of ours.

pub mod claims;
pub mod complaint;
pub mod conversation;
pub mod coverage;
pub mod facts;
pub mod finding;
pub mod message;
pub mod outcome;
pub mod overridden;
pub mod problem;
pub mod source;
pub mod wait;

pub use claims::{Bound, Claims, ReachingHuman, Stated};
pub use complaint::Complaint;
pub use conversation::Conversation;
pub use coverage::{Coverage, Shows};
pub use facts::Facts;
pub use finding::{Evidence, Finding, Rule};
pub use message::{Kind, Message, Precision, Sender, Stamp, Visibility};
pub use outcome::Outcome;
pub use overridden::Overridden;
pub use problem::{Problem, ProblemKind};
pub use source::SourceReport;
pub use wait::{Wait, WaitEnd};

/// Version of the definitions the numbers follow. It stands in every report and in facts; two
/// reports of different versions are not comparable.
pub const DEFINITIONS_VERSION: &str = "1";
