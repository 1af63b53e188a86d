"""How news states deaths, injuries, missing people and losses. All repeats are bounded."""

from __future__ import annotations

import re

from models.numerals import NUMBER

_START = "(?<![\\d.一二三四五六七八九十百千〇零两第])"
_DEAD = (
    "死亡|遇难|身亡|丧生|丧命|罹难|牺牲|殉职|离世|毙命|遇害|不治|"
    "被?(?:不幸)?[烧炸撞打砸压淹呛踩摔毒冻]死|死(?!伤|者)|亡(?!者)"
)
_HURT = (
    "受了?(?:轻微|轻|重)?伤(?!者)|[负重轻](?:微)?伤(?!者)|"
    "(?<!死)伤(?![者员亡口害势心病])|[烧烫炸撞砸灼挫]伤(?!者)"
)
_SICK = "中毒(?!者)|不适|发病|腹泻|腹痛|呕吐|恶心|入院|住院|染病|感染"
_MISSING = "失踪|失联|下落不明"
_COUNTER = "[名人位个例]"
_GAP = "[^\\d,。;!?:：\n]"  # within one clause
_CALM = "[^,。;!?:\\n\\d死亡伤难毒失踪]"
_WHO = f"(?:(?![一二三四五六七八九十百千两]+[名人位]|\\d){_GAP})"
_ABOUT = (
    "(?:已经|已|达到|达|升至|增至|增加[到至]|上升[到至]|为|是|"
    "至少|超过|逾|约|近|有|共|了|高达|合计|总数)"
)

STATEMENT = re.compile(
    # 从70人升至74人: the later number counts.
    f"(?P<kind1>死亡|遇难|受伤|中毒|失踪){_GAP}{{0,8}}[从由]{_GAP}{{0,4}}{NUMBER}{_COUNTER}?"
    f"(?:升至|增至|上升[到至]|增加[到至]|变为)(?P<n1>{NUMBER})"
    # 三男两女全部死亡
    f"|{_START}(?P<men>{NUMBER})男(?P<women>{NUMBER})女(?:全部|均|都|当场|不幸){{0,3}}(?P<kind2>死亡|遇难|身亡|受伤)"
    # 6名乘客不幸死亡; 50名儿童和3名老师中毒; 三死五伤
    f"|{_START}(?P<n3>{NUMBER})(?:(?P<cl>{_COUNTER})"
    f"(?:{_CALM}{{0,6}}?[和及与、](?P<plus>{NUMBER}){_COUNTER})?"
    f"(?P<who>(?:\\d{{1,3}}(?:多?岁|周岁)的?)?{_WHO}{{0,20}}?(?:,被)?)|(?=[死亡伤]))"
    f"(?:(?P<dead3>{_DEAD})|(?P<hurt3>{_HURT})|(?P<sick3>{_SICK})|(?P<missing3>{_MISSING}))"
    # 21名学生吃完午餐,下午3时许陆续出现腹痛
    f"|{_START}(?P<n5>{NUMBER})名{_GAP}{{0,14}},(?:[上下中]午)?(?:\\d{{1,2}}时许?)?{_GAP}{{0,6}}出现{_GAP}{{0,8}}(?P<sick5>{_SICK})"
    # 死亡6人, 死亡人数升至25, 重伤5人, 中毒学生共22人
    f"|(?:(?P<dead4>死亡|遇难|丧生|罹难|(?<![致了])死)|(?P<hurt4>受?[轻重]?伤)|(?P<sick4>中毒|发病)|(?P<missing4>失踪|失联))"
    f"(?:人员|人数|者|的人数|学生|群众|病人){{0,2}}{_ABOUT}{{0,3}}(?P<n4>{NUMBER})(?:[人名例]|(?<=[至到达]{{1}}..)(?=[,。;]))"
)
DENIAL = re.compile(
    "(?:[未无]|没有?|尚无|暂无|未有|不会)(?:[^,。;!?\\d]{0,8}?)(?:(?P<both>(?:人员)?伤亡|任何伤害|人员死伤)|(?P<dead>人员?死亡|人死亡)|(?P<hurt>人员?受伤|人受伤))"
)
# Used only when nothing plainer is said: 两具尸体, 三名伤者.
WEAK = re.compile(
    f"{_START}(?P<bodies>{NUMBER})具{_GAP}{{0,12}}?(?:尸体|遗体)|{_START}(?P<hurt>{NUMBER})名?伤[者员]"
)
NEGATED = re.compile("(?<!抢救)无(?![力效])|没有|未(?=[有造出发受见])|脱离|不是")
# One person, without a number: 奔驰司机受轻伤, 车内的驾驶员当场死亡, 撞伤一男孩.
ONE = re.compile(
    "(?:司机|驾驶员|当事人|男子|女子|老人|男孩|女孩|工人|乘客|学生|行人|儿童|民警|妇女)(?:当场|不幸|因[^,。]{0,6})?"
    f"(?:(?P<dead>{_DEAD})|(?P<hurt>受了?(?:轻微|轻|重)?伤))"
    "|(?P<hit>[撞砸压]伤)了?[^,。;]{0,8}?(?:男孩|女孩|男子|女子|老人|行人|学生)"
)
LOSS = re.compile(
    f"损失(?:预计|估计|共计|合计|总额)?{_GAP}{{0,6}}?(?P<after>{NUMBER})元"
    f"|(?P<before>{NUMBER})元的?(?:直接)?(?:经济|财产)损失"
    f"|损失(?:预计|估计|共计|合计|总额)?{_GAP}{{0,6}}?(?P<loose>{NUMBER})(?:人民币|多?元)"
)
BACKGROUND = re.compile(
    "(?:19|20)\\d\\d年|[一二]九[〇零一二三四五六七八九]{2}年|曾(?:经|发生|造成|遭)|历史上|以来|年前"
)
SENTENCE = re.compile("[。!?;\n]")
PART = re.compile("其中|包括|含")
CURE = re.compile("抢救无效|不治|医治无效")
MORE = re.compile("另|又有|还有")
# A figure that the text itself calls a rumour: 网传“50人死亡”不实.
RUMOURED = re.compile("(?:网传|谣传|传言|有传)[^,。;!?]{0,8}$")
DISOWNED = re.compile("^.{0,3}(?:不实|谣言|传言|传闻|系误传|的说法)")
