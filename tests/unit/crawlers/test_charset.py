import pytest

from crawlers.extract.charset import decode

SIMPLIFIED = "<html><body>今天上午，国家发展和改革委员会发布通知，成品油价格上调。</body></html>"
TRADITIONAL = "<html><body>今天上午，這個國家的人們開始學習，電力部門說問題不大。</body></html>"


@pytest.mark.parametrize(
    ("text", "charset", "label"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gbk", "gb2312"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (SIMPLIFIED, "gbk", "utf-8"),  # a wrong label
        (SIMPLIFIED, "utf-8", "gbk"),
        (SIMPLIFIED, "utf-8", "iso-8859-1"),
        (SIMPLIFIED, "gbk", "no-such-charset"),
        (TRADITIONAL, "big5", "utf-8"),
    ],
)
def test_reads_right_and_wrong_labels(text: str, charset: str, label: str) -> None:
    page = text.replace("<html>", f'<html><meta charset="{label}">').encode(charset)
    assert text.removeprefix("<html>") in decode(page)[0]


def test_header_label_and_byte_order_mark() -> None:
    assert SIMPLIFIED in decode(SIMPLIFIED.encode("gbk"), "text/html; charset=GBK")[0]
    assert decode(b"\xef\xbb\xbf" + SIMPLIFIED.encode())[0] == SIMPLIFIED


def test_broken_bytes_never_raise() -> None:
    assert isinstance(decode(bytes(range(256)) * 10)[0], str)
    assert decode(b"")[0] == ""


@pytest.mark.parametrize(
    "label",
    ["punycode", "PunyCode", "idna", "undefined", "unicode_escape", "utf-7", "utf7", "rot13",
     "zlib", "hex", "x" * 5_000, "../../etc"],
)  # fmt: skip
def test_what_only_python_calls_a_charset_is_no_charset(label: str) -> None:
    page = SIMPLIFIED.encode() + b"+ADw-script+AD4-" + b"a" * 300_000  # punycode would take minutes
    text, charset = decode(page, f"text/html; charset={label}")
    assert charset == "utf-8" and text.startswith(SIMPLIFIED) and "<script" not in text
