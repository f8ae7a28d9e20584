//! The codes of Salesforce: types of transcript events and of conversation entries, and results of a
//! bot's transfer. Source: the object reference, `LiveChatTranscriptEvent.Type`,
//! `ConversationEntry.EntryType`, and the Messaging Object Model's entry types.

use crate::model::{Kind, Sender};

/// What a type of `LiveChatTranscriptEvent` means, who did it, and why in words; `None` if nobody
/// knows it.
#[rustfmt::skip]
pub(super) fn event_type(name: &str) -> Option<(Kind, Sender, &'static str)> {
    use Sender::{Agent, Bot, Customer, System};
    Some(match name {
        "Enqueue" | "ChoiceRoute" => (Kind::Enqueue, System, ""),
        "PushAssignment" => (Kind::Assign, System, ""),
        "Accept" => (Kind::AgentJoined, Agent, ""),
        "DeclineManual" => (Kind::Decline, Agent, "the agent declined"),
        "DeclineTimeout" => (Kind::Decline, Agent, "the agent let it lapse"),
        "TransferRequest" | "Transfer" | "TransferredToQueue" | "TransferredToButton"
        | "TransferredToSbrSkill" => (Kind::Transfer, System, ""),
        "TransferredToBot" => (Kind::ReturnedToBot, System, ""),
        "TransferDeclined" | "TransferCancelled" | "TransferToQueueFailed"
        | "TransferToButtonFailed" | "TransferToBotFailed" | "TransferredToSbrSkillFailed" => {
            (Kind::TransferFailed, System, "")
        }
        "CancelNoAgent" => (Kind::Dequeue, System, "no agents available"),
        "CancelNoQueue" => (Kind::Dequeue, System, "no agents available and no room in the queue"),
        "CancelBlocked" => (Kind::Dequeue, System, "blocked"),
        "CancelVisitor" => (Kind::Dequeue, Customer, ""),
        "LeaveAgent" => (Kind::AgentLeft, Agent, ""),
        "LeaveVisitor" | "ConnectionTimeout" => (Kind::CustomerLeft, Customer, ""),
        "EndAgent" => (Kind::Close, Agent, ""),
        "EndVisitor" => (Kind::Close, Customer, ""),
        "ChatbotEndChat" => (Kind::Close, Bot, ""),
        "ChasitorIdleTimeout" | "ChasitorIdleTimeoutDisconnect" => {
            (Kind::Close, System, "closed for the visitor's inactivity")
        }
        "ChatRequest" | "ChatbotEstablished" | "ChatbotNotEstablished" | "AlertCriticalWaitChat"
        | "ChasitorIdleTimeoutWarning" | "ChasitorIdleTimeoutWarningTriggered"
        | "ChasitorIdleTimeoutWarningCleared" | "SensitiveDataRuleTriggered" | "Unassigned"
        | "Other" => (Kind::Other, System, ""),
        name if name.starts_with("SensitiveData") => (Kind::Other, System, ""),
        _ => return None,
    })
}

/// What the type of a conversation entry means; a change of participants by what they did and who
/// they are.
#[rustfmt::skip]
pub(super) fn entry_type(name: &str, operation: &str, role: &str) -> Option<Kind> {
    let name: String = name.to_lowercase().chars().filter(|c| *c != '_').collect();
    let agent = role.eq_ignore_ascii_case("agent") || role.eq_ignore_ascii_case("supervisor");
    let customer = role.to_lowercase().replace('_', "") == "enduser";
    Some(match name.as_str() {
        "message" | "text" => Kind::Message,
        "note" => Kind::Note,
        "participantchanged" => match (operation.to_lowercase().as_str(), agent, customer) {
            ("add", true, _) => Kind::AgentJoined,
            ("remove", true, _) => Kind::AgentLeft,
            ("remove", _, true) => Kind::CustomerLeft,
            _ => Kind::Other,
        },
        "botescalated" => Kind::Transfer,
        "chatbotendedtransfernotconfigured" => Kind::TransferFailed,
        "chatbotclosedidlesession" | "chatbotendedchatbyaction" => Kind::Close,
        "routingresult" => Kind::Enqueue,
        "routingworkresult" => Kind::Assign,
        "chatbotestablished" | "chatbotnotestablished" | "adminoptedin" | "adminoptedout"
        | "enduseroptedin" | "enduseroptedout" | "messagedeliveryfailed" | "flagraise"
        | "flaglower" | "clientmenu" | "enduserconsentupdated" | "sessionstatuschanged"
        | "consultconversationinfo" | "sessioncontext" | "sessionownerchanged"
        | "deliveryacknowledgement" | "readacknowledgement" | "typingindicator"
        | "typingstartedindicator" | "typingstoppedindicator" => Kind::Other,
        _ => return None,
    })
}

/// What the result of a bot's transfer means.
pub(super) fn transfer_result(result: &str) -> Option<Kind> {
    let name: String = result.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match name.as_str() {
        "success" | "successful" | "succeeded" | "transferred" => Kind::Transfer,
        "noagentsavailable" | "noagentavailable" | "failed" | "failure" | "error" => {
            Kind::TransferFailed
        }
        "none" | "notransfer" | "notapplicable" => Kind::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_failures_and_returns_are_returns() {
        let kind = |name| event_type(name).map(|(kind, ..)| kind);
        assert_eq!(kind("TransferToQueueFailed"), Some(Kind::TransferFailed));
        assert_eq!(kind("TransferredToBot"), Some(Kind::ReturnedToBot));
        assert_eq!(kind("Hologram"), None);
        assert_eq!(entry_type("PARTICIPANT_CHANGED", "add", "Agent"), Some(Kind::AgentJoined));
        assert_eq!(entry_type("ParticipantChanged", "remove", "EndUser"), Some(Kind::CustomerLeft));
        assert_eq!(transfer_result("No Agents Available"), Some(Kind::TransferFailed));
    }
}
