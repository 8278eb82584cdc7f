"""What the sandbox refuses, in Telegram's words."""

CONFLICT_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class ApiError(Exception):
    """The bot's fault, or its lot: what the Bot API answers instead of a result.

    `migrate_to_chat_id` and `retry_after_s` become `parameters` of the answer (Bot API, ResponseParameters).
    """

    def __init__(
        self,
        status: int,
        description: str,
        *,
        migrate_to_chat_id: int | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(status, description)
        self.status = status
        self.description = description
        self.migrate_to_chat_id = migrate_to_chat_id
        self.retry_after_s = retry_after_s

    def parameters(self) -> dict[str, int]:
        """The answer's `parameters`; empty when there is nothing to say."""
        pairs = {"migrate_to_chat_id": self.migrate_to_chat_id, "retry_after": self.retry_after_s}
        return {name: value for name, value in pairs.items() if value is not None}


class NotAllowedError(Exception):
    """The person's fault: an act that Telegram's apps would not let them do (a press from outside the chat, say)."""


def bad_request(reason: str) -> ApiError:
    """400, "Bad Request: …"."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403, "Forbidden: …"."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after_s: int) -> ApiError:
    """429 with `retry_after`, in seconds (Bot API, ResponseParameters)."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after_s=retry_after_s)
