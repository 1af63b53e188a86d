"""Personal data made up at random, in the ways people write it, to measure masking on."""

from __future__ import annotations

import random
from collections.abc import Callable

from models.masking_rules import luhn_valid

_FULL = str.maketrans("0123456789-@.", "０１２３４５６７８９－＠．")
_PROVINCES = ("11", "13", "21", "31", "32", "37", "42", "44", "51", "61", "65")
_AREAS = ("010", "021", "025", "027", "0311", "0571", "0755", "0851", "0931", "0991")
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ROADS = ("建设路", "人民东路", "解放大道", "中山南街", "沿江大道", "文化巷")
_ESTATES = ("幸福小区", "阳光花园", "金色家园", "绿地新村", "滨江公寓", "书香苑")
_GAPS = ("", "", "", "-", " ", "–", "·")
_LEADS = (
    "请联系", "身份证号码是", "我的号码：", "（", "卡号 ", "家住", "投诉人", "车主",
    "地址：", "，", "电话", "寄到", "微信同号",
)  # fmt: skip
_TAILS = ("，谢谢", "。", "）", " 张先生", "；请尽快处理", "", "！", "\n", "转账")


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _day(rng: random.Random, year_digits: int) -> str:
    year = rng.randint(1940, 2015)
    return f"{year:04d}"[-year_digits:] + f"{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"


def id18(rng: random.Random) -> str:
    body = rng.choice(_PROVINCES) + _digits(rng, 4) + _day(rng, 4) + _digits(rng, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    gap = rng.choice(("", "", "", " ", "-"))
    found = gap.join((body[:6], body[6:14], body[14:] + check))
    return found.lower() if rng.random() < 0.2 else found


def id15(rng: random.Random) -> str:
    return rng.choice(_PROVINCES) + _digits(rng, 4) + _day(rng, 2) + _digits(rng, 3)


def mobile(rng: random.Random) -> str:
    number = "1" + rng.choice("3456789") + _digits(rng, 9)
    gap = rng.choice(_GAPS)
    cuts = rng.choice(((3, 7), (3, 7), (4, 8), (4, 7), (3, 6)))
    found = gap.join((number[: cuts[0]], number[cuts[0] : cuts[1]], number[cuts[1] :]))
    return rng.choice(("", "", "", "+86", "+86 ", "86-", "0086")) + found


def landline(rng: random.Random) -> str:
    area = rng.choice(_AREAS)
    number = rng.choice("2345678") + _digits(rng, 7 if len(area) == 3 else rng.choice((6, 7)))
    if rng.random() < 0.2:
        number = f"{number[:-4]}{rng.choice('- ')}{number[-4:]}"
    form = rng.choice(("{}-{}", "{}{}", "({}){}", "（{}）{}", "{} {}", "{}—{}"))
    return form.format(area, number) + rng.choice(("", "", "", "-802", "转801"))


def card(rng: random.Random) -> str:
    body = rng.choice(("622202", "621700", "622848", "436742", "955880", "601382", "520082"))
    body += _digits(rng, rng.choice((9, 12)) if body[0] in "69" else 9)
    digits = next(body + d for d in "0123456789" if luhn_valid(body + d))
    gap = rng.choice(("", "", " ", "-"))
    return gap.join(digits[i : i + 4] for i in range(0, len(digits), 4))


def mail(rng: random.Random) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    name = "".join(rng.choice(letters + "0123456789._") for _ in range(rng.randint(3, 14)))
    domain = rng.choice(("qq.com", "163.com", "sina.com.cn", "mail.gov.cn", "example.org"))
    return f"{rng.choice(letters)}{name}{rng.choice(letters)}@{domain}"


def plate(rng: random.Random) -> str:
    tail = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(4))
    tail += rng.choice("0123456789") + rng.choice(("", "", "D"))
    return rng.choice(_PLATES) + rng.choice("ABCDEFGH") + rng.choice(("", "", "·", "-", " ")) + tail


def passport(rng: random.Random) -> str:
    head = rng.choice(("E", "G", "D", "S", "P", "EA", "EK"))
    return head + _digits(rng, 9 - len(head))


def address(rng: random.Random) -> str:
    road, estate = rng.choice(_ROADS), rng.choice(_ESTATES)
    n = lambda top: rng.randint(1, top)  # noqa: E731
    return rng.choice(
        (
            f"{road}{n(300)}号{n(20)}栋{n(6)}单元{n(30)}0{n(4)}室",
            f"{road}{n(300)}号{n(9)}0{n(4)}室",
            f"{estate}{n(30)}栋{n(4)}单元{n(30)}0{n(4)}",
            f"{estate}{n(30)}号楼{n(4)}单元{n(9)}0{n(4)}室",
            f"{estate}{n(30)}幢{n(9)}0{n(4)}室",
            f"{road}{n(900)}弄{n(80)}号{n(9)}0{n(4)}室",
            f"{estate}三栋二单元{n(9)}0{n(4)}室",
            f"{estate}{n(30)}-{n(4)}-{n(9)}0{n(4)}",
        )
    )


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "身份证号": id18, "身份证号 15": id15, "手机号": mobile, "电话号码": landline,
    "银行卡号": card, "邮箱": mail, "车牌号": plate, "护照号": passport, "住址": address,
}  # fmt: skip


def made(kind: str, seed: int) -> tuple[str, str]:
    """(the secret part, a text that holds it); a fifth of them in full width."""
    rng = random.Random(seed)
    secret = MAKERS[kind](rng)
    if rng.random() < 0.2:
        secret = secret.translate(_FULL)
    return secret, rng.choice(_LEADS) + secret + rng.choice(_TAILS)


def hidden(kind: str, secret: str, masked: str) -> bool:
    """Whether nothing that tells the person is left: of an address, the door."""
    if kind == "住址":
        tail = secret[next(i for i, c in enumerate(secret) if c.isdigit() or c in "三") :]
        return tail not in masked and tail[-4:] not in masked
    return secret not in masked and (len(secret) < 8 or secret[-6:] not in masked)
