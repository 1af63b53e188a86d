"""How news states deaths, injuries, missing people and losses. All repeats are bounded.

Figures are looked for around the words of harm: in the clause before the word (6人死亡) and right
after it (死亡6人). The patterns read folded text, so commas and colons are half-width.
"""

from __future__ import annotations

import re

from models.lexicon import read_lines
from models.numerals import NUMBER

# Word -> what it counts.
WORDS: dict[str, str] = {word: line[0] for line in read_lines("harm") for word in line[1:]}
# Not counted themselves; they take the place of a word that would be.
ABSORBED = (
    "九死一生",
    "一死了之",
    "死神",
    "死亡线",
    "死党",
    "死忠",
    "伤者",
    "伤员",
    "伤亡",
    "伤害",
    "伤势",
    "伤口",
    "伤心",
    "死伤",
    "死因",
    "中毒者",
)
OTHERS = ("损失", "人员伤亡", "任何伤害", "人员死伤", "尸体", "遗体", "伤者", "伤员")
_COUNTER = "[名人位个例]"
_ABOUT = (
    "(?:已经|已|达到|达|升至|增至|增加[到至]|上升[到至]|为|是|"
    "至少|超过|逾|约|近|有|共|了|高达|合计|总数)"
)
_WHO = "(?:(?![一二三四五六七八九十百千两]{1,8}[名人位])[^\\d])"

# The clause before a word, up to the word.
BEFORE = re.compile(
    f"(?:(?P<men>{NUMBER})男(?P<women>{NUMBER})女(?:全部|均|都|当场|不幸){{0,3}}"
    f"|(?<![\\d.第])(?P<n>{NUMBER})(?:(?:{_COUNTER}|(?<=[余多]))"
    f"(?:[^\\d死亡伤难毒失踪]{{0,6}}?[和及与、](?P<plus>{NUMBER}){_COUNTER})?"
    f"(?P<who>(?:\\d{{1,3}}(?:多?岁|周岁)的?)?{_WHO}{{0,28}}?"
    "(?:,被(?:不幸)?|[^,。;]{0,8},[头面胸腿腰手脚]部)?)|$)"
    ")$"
)
# 21名学生吃完午餐,下午3时许陆续出现(腹痛)
BEFORE_ILL = re.compile(
    f"(?<![\\d.第])(?P<n>{NUMBER})名[^,\\d]{{0,14}},(?:[上下中]午)?(?:\\d{{1,2}}时许?)?[^,\\d]{{0,6}}"
    "出现[^,\\d]{0,8}$"
)
# What follows a word: 死亡6人, 死亡人数升至25, 中毒学生共22人, 死亡人数从3人升至5人
AFTER = re.compile(
    "的?(?:人员|人数|者|的人数|学生|群众|病人|症状|员工|职工|村民|儿童|孩子|患者){0,3}"
    f"(?:[从由][^,]{{0,4}}?{NUMBER}{_COUNTER}?(?:升至|增至|上升[到至]|增加[到至]|变为)(?P<risen>{NUMBER})"
    f"|{_ABOUT}{{0,3}}(?P<n>{NUMBER})[人名例]|{_ABOUT}{{0,2}}(?:升至|增至|达到?)(?P<bare>{NUMBER})(?=[,。;]|$))"
)
NUMERAL = re.compile("[\\d〇零一二两三四五六七八九十百千]")
DENIAL = re.compile("(?:[未无]|没有?|尚无|暂无|未有|不会)[^,。;!?\\d]{0,8}$")
# What a denial can name, and which figures it makes 0.
DENIABLE = {
    **dict.fromkeys(("人员伤亡", "伤亡", "任何伤害", "人员死伤"), ("deaths", "injuries")),
    "死亡": ("deaths",),
    "受伤": ("injuries",),
}
# Used only when nothing plainer is said: 两具尸体, 三名伤者.
WEAK = re.compile(
    f"(?<![\\d.第])(?:(?P<bodies>{NUMBER})具[^,。]{{0,12}}?(?:尸体|遗体)|(?P<hurt>{NUMBER})名?伤[者员])"
)
NEGATED = re.compile("(?<!抢救)无(?![力效])|没有|未(?=[有造出发受见])|脱离|不是")
# One person, without a number: 奔驰司机受轻伤, 车内的驾驶员当场死亡, 撞伤一男孩.
ONE_BEFORE = re.compile(
    "(?:某|司机|驾驶员|当事人|男子|女子|老人|男孩|女孩|工人|乘客|学生|行人|儿童|民警|妇女)"
    "(?:当场|不幸|因[^,。]{0,6})?$"
)
ONE_AFTER = re.compile("了?[^,。;]{0,8}?(?:男孩|女孩|男子|女子|老人|行人|学生)")
LOSS = re.compile(
    f"损失(?:预计|估计|共计|合计|总额)?[^\\d,。;!?:\n]{{0,6}}?(?P<after>{NUMBER})(?:人民币|多?元)"
    f"|(?P<before>{NUMBER})元的?(?:直接)?(?:经济|财产)损失"
)
BACKGROUND = re.compile(
    "(?:19|20)\\d\\d年|[一二]九[〇零一二三四五六七八九]{2}年|曾(?:经|发生|造成|遭)|历史上|以来|年前|年来|近[几\\d一二三四五六七八九十两]{1,3}年"
)
# Words that say what somebody did: a number before them counts when it suffered it.
ACTIVE = frozenset(["打死", "撞死", "炸死", "砸死", "压死", "毒死", "踩死", "牺牲", "撞伤", "砸伤"])
# Words for the dead themselves: a number counts only right before them (16名遇难者).
THE_DEAD = frozenset(["遇难者", "死者", "死难者"])
PASSIVE = re.compile("[被遭遇中员兵警士]|不幸")
EARLIER = re.compile(
    "(?:北京时间|当地时间)?(?:本月|上月|上周|此前|前日|去年|今年|\\d{1,2}月|\\d{1,2}日)"
)
# 今年2月,某地…: a sentence that begins so, after others with figures, tells an older event.
OLDER = re.compile("(?:今年|去年|前年|上月|上个月|此前|\\d{1,2}月(?!\\d|份?以来))(?!以来)")
PART = re.compile("其中|包括|含")
CURE = re.compile("抢救无效|不治|医治无效")
MORE = re.compile("另|又有|还有")
ALSO = re.compile("另外?[^。]{0,16}也有?$")  # 另外在某地,也有两人丧生
# A figure that the text itself calls a rumour: 网传“50人死亡”不实.
RUMOURED = re.compile("(?:网传|谣传|传言|有传)[^,。;!?]{0,8}$")
DISOWNED = re.compile("^.{0,3}(?:不实|谣言|传言|传闻|系误传|的说法)")
