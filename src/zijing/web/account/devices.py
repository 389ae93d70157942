"""A browser and its system in words, from what the browser says of itself (RFC 9110, 10.1.5)."""

from django.utils.translation import gettext as _

# In this order: most browsers also name those whose pages they want to be served.
BROWSERS = {
    "MicroMessenger": "微信", "wxwork": "企业微信", "DingTalk": "钉钉", "Edg": "Edge", "OPR/": "Opera",
    "QQBrowser": "QQ浏览器", "UCBrowser": "UC浏览器", "HuaweiBrowser": "华为浏览器", "MiuiBrowser": "小米浏览器",
    "360SE": "360浏览器", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome",
    "Safari": "Safari", "MSIE": "Internet Explorer", "Trident": "Internet Explorer",
}  # fmt: skip
SYSTEMS = {
    "HarmonyOS": "HarmonyOS", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS X": "macOS", "UOS": "UOS", "Kylin": "Kylin", "Linux": "Linux",
}  # fmt: skip


def in_words(agent: str) -> str:
    """Browser and system as a person calls them; what names neither is said to be unknown."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unknown browser")
