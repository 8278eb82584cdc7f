from datetime import datetime

from requests import Session
from urllib3.util.retry import Retry

class PrometheusApiClientException(Exception): ...

class PrometheusConnect:
    def __init__(
        self,
        url: str = ...,
        headers: dict[str, str] | None = ...,
        disable_ssl: bool = ...,
        retry: Retry | None = ...,
        auth: tuple[str, str] | None = ...,
        proxy: dict[str, str] | None = ...,
        session: Session | None = ...,
        timeout: float | tuple[float, float] | None = ...,
        method: str = ...,
    ) -> None: ...
    def close(self) -> None: ...
    def custom_query(
        self, query: str, params: dict[str, str] | None = ..., timeout: float | tuple[float, float] | None = ...
    ) -> object: ...
    def custom_query_range(
        self,
        query: str,
        start_time: datetime,
        end_time: datetime,
        step: str,
        params: dict[str, str] | None = ...,
        timeout: float | tuple[float, float] | None = ...,
    ) -> object: ...
