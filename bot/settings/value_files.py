"""Settings whose value lies in a file of its own, as container platforms hand out secrets: NABAT_X_FILE."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.settings.errors import ConfigurationError, line

_LARGEST = 64 * 1024  # bytes; a certificate chain would fit, a mistaken path to a log would not


class ValueFiles(PydanticBaseSettingsSource):
    """Reads the file that NABAT_X_FILE names in place of NABAT_X; line ends around the value are not part of it.

    Raises:
        ConfigurationError: a file cannot be read, or a variable is given both ways.
    """

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._variables = variables

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:  # noqa: ARG002 - the library's signature
        """The value, its field, and that it is no JSON."""
        variable = f"nabat_{field_name}"
        path = self._variables.get(f"{variable}_file")
        if path is None:
            return None, field_name, False
        if self._variables.get(variable) is not None:
            name = variable.upper()
            mistake = line("environment", name, f"is given twice, also as {name}_FILE", "one of the two")
            raise ConfigurationError((mistake,))
        return _content(Path(path), f"{variable}_file".upper()), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All values that lie in files, by field."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def _content(path: Path, variable: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        text = content.decode()
    except OSError as error:
        wrong = f"{path} cannot be read: {error.strerror}"
        raise ConfigurationError((line("environment", variable, wrong, "the path of a readable file"),)) from error
    except UnicodeDecodeError as error:
        wrong = f"{path} is not UTF-8"
        raise ConfigurationError((line("environment", variable, wrong, "a file of text"),)) from error
    if len(content) > _LARGEST or not text.strip():
        wrong = f"{path} is empty or too large"
        raise ConfigurationError((line("environment", variable, wrong, f"1 to {_LARGEST} bytes"),))
    return text.strip("\r\n")
