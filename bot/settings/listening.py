"""An address that the HTTP server can't listen on: which of its two settings is to be corrected, and to what."""

import errno
import socket
from dataclasses import dataclass

from bot.settings.errors import ConfigurationError, line

_ADDRESSES = "an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
_PORTS = "a free port; 0 takes any"


@dataclass(frozen=True, slots=True)
class Unlistenable:
    """The setting at fault, what is wrong with it, and what is allowed. `is_taken`: by a program that runs now."""

    variable: str
    wrong: str
    allowed: str
    is_taken: bool = False


def why_not_listening(error: OSError, host: str, port: int) -> Unlistenable:
    """What the system's refusal means for who wrote the settings (bind(2), getaddrinfo(3))."""
    if isinstance(error, socket.gaierror):
        return Unlistenable("NABAT_HTTP_HOST", f"{host} is not known here", _ADDRESSES)
    match error.errno:
        case errno.EADDRINUSE:
            return Unlistenable("NABAT_HTTP_PORT", f"{port} is taken on {host}", _PORTS, is_taken=True)
        case errno.EACCES | errno.EPERM:
            return Unlistenable("NABAT_HTTP_PORT", f"the bot's user may not listen on {port}", f"{_PORTS}, above 1023")
        case errno.EADDRNOTAVAIL:
            return Unlistenable("NABAT_HTTP_HOST", f"{host} is no address of this machine", _ADDRESSES)
        case _:
            reason = _reason(error)
            return Unlistenable("NABAT_HTTP_HOST", f"nobody can listen on {host}, port {port} ({reason})", _ADDRESSES)


def port_not_free(error: OSError, port: int) -> ConfigurationError:
    """The same of `--port`, for who typed the command."""
    wrong = f"{port} is taken" if error.errno == errno.EADDRINUSE else f"nobody can listen on {port} ({_reason(error)})"
    return ConfigurationError((line("command line", "--port", wrong, _PORTS),))


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
