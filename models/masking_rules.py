"""What personal data looks like, and the checks that tell it from other numbers.

The patterns read text whose full-width forms are folded. Every repeat is bounded, so no
input makes them slower than linear.
"""

from __future__ import annotations

import re
from calendar import monthrange

_GAP = "[ \\-‐–—.·\u00a0\u200b]?"  # what people put between groups of digits
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUM = "[\\d一二三四五六七八九十百零〇]{1,6}"
_NO = f"(?:[A-Za-z]{{0,2}}{_NUM}|[甲乙丙丁A-Za-z])[ \\-]?"

_ID18 = (
    f"(?P<id18>(?<![\\dA-Za-z]){_PROVINCE}\\d{{4}}{_GAP}(?:18|19|20)\\d\\d{_GAP}{_MONTH_DAY}"
    f"{_GAP}\\d{{3}}[\\dXx](?![\\dA-Za-z]))"
)
_ID15 = f"(?P<id15>(?<![\\dA-Za-z]){_PROVINCE}\\d{{6}}{_MONTH_DAY}\\d{{3}}(?![\\dA-Za-z]))"
_CARD = (
    f"(?P<card>(?<![\\d.])(?:[345]\\d{{3}}|6[0-9]\\d\\d|9558)"
    f"(?:{_GAP}\\d{{4}}){{3}}(?:{_GAP}\\d{{1,3}})?(?!\\d))"
)
_MOBILE = (
    f"(?P<mobile>(?<![\\d.])(?:(?:\\+|00)?86{_GAP})?1[3-9]\\d(?:{_GAP}\\d{{4}}{_GAP}\\d{{4}}"
    f"|\\d{_GAP}\\d{{4}}{_GAP}\\d{{3}}|\\d{_GAP}\\d{{3}}{_GAP}\\d{{4}}|{_GAP}\\d{{3}}{_GAP}\\d{{5}})"
    f"(?!\\d|\\.\\d))"
)
_AREA = "0(?:10|2[0-9]|[3-9]\\d\\d)"
_LANDLINE = (
    f"(?P<landline>(?<![\\d.])(?:\\({_AREA}\\) ?|(?:\\+?86[ \\-]?)?{_AREA}[ \\-‐–—]{{0,2}})"
    f"[2-8]\\d{{2,3}}{_GAP}\\d{{4}}(?:(?:-|转)\\d{{1,5}})?(?!\\d))"
)
_NEAR = (  # a local number counts only after a word that announces one
    "(?:电话|热线|座机|致电|拨打|来电|传真|联系方式|[Tt][Ee][Ll])(?:号码|号|是|为|\\(\\w{1,6}\\))?"
    "[ :]{0,3}(?P<local>[2-8]\\d{2,3}[ \\-]?\\d{4}(?![\\d元块万亿]|[ \\-]\\d))"
)
_PASSPORT = (
    "(?P<passport>(?<![\\dA-Za-z])(?:[EGDSPegdsp]\\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\\d{7})"
    "(?![\\dA-Za-z]))"
)

NUMBERS = re.compile("|".join((_ID18, _MOBILE, _LANDLINE, _CARD, _ID15, _PASSPORT, _NEAR)))
MAIL = re.compile(
    "(?P<mail>(?<![A-Za-z0-9._%+\\-])[A-Za-z0-9._%+\\-]{1,64}@"
    "(?:[A-Za-z0-9\\-]{1,63}\\.){1,4}[A-Za-z]{2,24})"
)
PLATE = re.compile(
    f"(?P<plate>[{_PLATES}][A-HJ-Za-hj-z][ ·•.\\-]?"
    "(?=[A-Za-z]{0,5}\\d)(?:[A-HJ-NP-Za-hj-np-z\\d]{5,6}|[A-HJ-NP-Za-hj-np-z\\d]{4}[学警挂港澳领])"
    "(?![A-Za-z\\d]))"
)
_BUILDING = f"{_NO}(?:栋|幢|座|号楼|#楼?)"
_UNIT = f"{_NO}(?:单元|门洞|梯)"
_ROOM = f"(?:{_NUM}(?:楼|层))?{_NO}(?:号?室|号房)"
_BARE = "[A-Za-z]?\\d{3,4}(?![\\d年元米万平人名个多余辆度块分吨天户家套%.])户?"
_INNER = f"(?:{_ROOM}|{_BARE}|{_NUM}户)"
_LANE = f"{_NO}(?:弄|巷|号院?|支弄)"
_DWELLING = (
    f"(?:{_LANE},? ?){{0,2}}(?:{_BUILDING}(?:{_UNIT}{_INNER}?|{_INNER})|{_UNIT}{_INNER})"
    f"|(?:{_LANE},? ?){{1,2}}{_ROOM}|{_NO}弄{_NO}号|[A-Za-z]?\\d{{3,4}}室"
    "|\\d{1,3}[\\-#]\\d{1,2}[\\-#]\\d{3,4}(?![\\d\\-])"
)
_ESTATE = (
    "路|街|大道|胡同|道|巷|弄|里|小区|花园|新村|公寓|家园|苑|园|城|庭|府|湾|坊|"
    "社区|家属院|大院|宿舍|村|庄|寨|郡|期|区"
)
ADDRESS = re.compile(
    f"(?:(?:{_ESTATE})(?:[东西南北中]区|[A-Z一二三四五六]区)?,? ?(?P<home>{_DWELLING}))"
    f"|村(?:第?{_NUM}(?:村民)?小?[组社队])(?P<hamlet>{_NO}号(?!楼|线|公))"
    f"|(?:家住|家里住|现住|住址|住在|居住于|家庭地址|户籍地|收货地址|地址)(?:在|是|为|:)?"
    f"[\\w,]{{2,24}}?(?:路|街|大道|胡同|道|巷|弄|村|里)(?P<door>{_NO}号(?!楼)(?:{_DWELLING})?|{_DWELLING})"
)


def id18_valid(digits: str) -> bool:
    """The checksum of GB 11643 and a day that exists."""
    year, month, day = int(digits[6:10]), int(digits[10:12]), int(digits[12:14])
    if not 1800 <= year <= 2100 or day > monthrange(year, month)[1]:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(digits, weights, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()


def luhn_valid(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    doubled = (sum(divmod(int(d) * 2, 10)) for d in digits[-2::-2])
    return (sum(int(d) for d in digits[::-2]) + sum(doubled)) % 10 == 0
