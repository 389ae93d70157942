"""Where somebody is signed in, in words: what a browser says of itself is for programs."""

import pytest
from django.utils import translation

from zijing.web.account.devices import in_words

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (WINDOWS, "Chrome on Windows"),
        (f"{WINDOWS} Edg/141.0.0.0", "Edge on Windows"),
        (f"{PHONE}Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{PHONE}Mobile/15E148 MicroMessenger/8.0.50", "微信 on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537.36 HuaweiBrowser/15", "华为浏览器 on HarmonyOS"),
        ("curl/8.5.0", "unknown browser"),
        ("", "unknown browser"),
        ("<script>", "unknown browser"),
    ],
)
def test_browser_and_system_are_named(agent: str, said: str) -> None:
    with translation.override("en"):
        assert in_words(agent) == said
