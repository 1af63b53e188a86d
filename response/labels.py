"""How values of alerts and reports are called, in Chinese and English."""

from __future__ import annotations

from response.message import CLOCK_NAMES, KIND_NAMES, LEVEL_NAMES

STATUSES = {
    "open": "待确认", "acknowledged": "已确认", "handling": "处置中", "resolved": "已平息",
    "closed": "已关闭", "merged": "已并案",
}  # fmt: skip
PHASES = {
    "latent": "潜伏", "outbreak": "爆发", "spread": "扩散", "decline": "消退", "rebound": "反弹",
}  # fmt: skip
ATTITUDES = {"positive": "正面", "neutral": "中性", "negative": "负面"}
TIERS = {
    "central": "中央", "provincial": "省级", "city": "市级", "county": "县级",
    "institution": "机构", "public": "公众",
}  # fmt: skip
ROLES = {
    "duty_officer": "值班员", "department_head": "部门负责人", "office": "舆情办公室",
    "leading_group": "领导小组", "operator": "系统管理员",
}  # fmt: skip
REPORTS = {"first": "首报", "update": "续报", "final": "终报"}
NEWS = {
    "level": "级别", "score": "分值", "items": "条数", "places": "新增地点",
    "subjects": "新增主体", "sources": "新增来源", "phase": "阶段", "status": "处置状态",
}  # fmt: skip
ENGLISH = {
    "I": "Level I (particularly major)", "II": "Level II (major)", "III": "Level III (larger)",
    "IV": "Level IV (general)", "none": "no level",
    "raised": "New alert", "level_up": "Level raised", "escalated": "Unanswered, escalated",
    "forgotten": "Answered but no progress", "repeated": "Still unanswered",
    "clock_warning": "Deadline near", "clock_lapsed": "Deadline passed", "update": "Update",
    "final": "Final report", "ask_update": "Please report progress", "merged": "Merged",
    "assigned": "Assigned to you", "digest": "Digest", "operator": "System alert",
    "information": "publish authoritative information",
    "press_conference": "hold a press conference", "response": "respond",
    "first": "First report", "level": "level", "score": "score", "items": "items",
    "places": "new places", "subjects": "new subjects", "sources": "new sources",
    "phase": "phase", "status": "status",
}  # fmt: skip
CHINESE = {
    **LEVEL_NAMES, **KIND_NAMES, **CLOCK_NAMES, **STATUSES, **PHASES, **NEWS, "first": "首报",
}  # fmt: skip
__all__ = ["CHINESE", "ENGLISH", "NEWS", "PHASES", "REPORTS", "ROLES", "STATUSES"]
