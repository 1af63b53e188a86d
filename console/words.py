"""How values are shown: Chinese names, local times, highlighted text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from console.search import MARK
from response.durations import CHINA
from response.evidence import ACTS
from response.labels import ATTITUDES, NEWS, PHASES, REPORTS, ROLES, STATUSES, TIERS
from response.message import CLOCK_NAMES, KIND_NAMES, LEVEL_NAMES

CHANNELS = {
    "news": "新闻", "forum": "论坛", "blog": "博客", "weibo": "微博", "wechat": "微信",
    "hot": "热搜", "letter": "来信", "call": "来电", "visit": "来访", "staff": "干部职工",
    "partner": "合作单位", "other": "其他",
}  # fmt: skip
COPIES = {"exact": "完全相同", "near": "近似", "repost": "转发"}
ACTIONS = {
    "raised": "发出预警", "level_up": "级别上升", "told": "已通知", "handling": "开始处置",
    "resolved": "已平息", "closed": "关闭",
    "reopened": "重新打开", "muted": "静默至", "acknowledged": "已确认",
    "lapsed": "时限已过", "merged": "并入", "merged_into": "并入", "assigned": "交办",
    "commented": "意见", "met": "完成", "forgotten": "没有进展，重新通知", "repeated": "再次通知",
    "update": "续报", "asked": "请报进展",
}  # fmt: skip

SOURCE_STATUSES = {
    "new": "还没有采过", "fine": "正常", "silent": "没有声音", "broken": "采不到",
    "layout": "版式变了",
}  # fmt: skip
CAUSES = {
    "robots": "robots.txt 不许", "blocked": "被网站拒绝", "gone": "页面不在了",
    "server": "网站出错", "unreachable": "连不上或超时", "refused": "地址不允许访问",
    "layout": "列表或正文读不出来",
    "unpublished": "没能写进 Kafka", "fewer": "条数远少于往常", "nothing": "好久没有新条目",
    "not run": "没有按时采集", "other": "其他原因",
}  # fmt: skip


HOT_LABELS = {
    "future_dates": "有条目的发布时间在未来，不计入", "single_source": "几乎全部来自同一个来源",
    "after_gap": "采集中断之后",
}  # fmt: skip


ROLE_NAMES = {
    "viewer": "只读", "analyst": "分析员", "department": "部门", "office": "办公室",
    "leading_group": "领导小组", "admin": "管理员", "service": "程序",
}  # fmt: skip
RIGHT_NAMES = {
    "read": "查看", "export": "导出", "correct": "更正", "answer": "处置预警", "report": "报送",
    "sources": "来源", "rules": "规则", "dead_letters": "死信", "audit": "操作记录",
    "accounts": "账号",
}  # fmt: skip
DEEDS = {
    "login": "登录", "logout": "退出", "change password": "换密码", "totp on": "开通两步验证",
    "totp off": "关闭两步验证", "end sessions": "退出其他设备", "add account": "添加账号",
    "change account": "修改账号", "reset password": "重置密码", "add key": "发密钥",
    "revoke key": "收回密钥", "another department's": "查看其他部门内容",
    "not allowed": "没有权限", "alert": "处置预警", "report": "报送", "rules": "修改规则",
    "watch": "关注主题", "dead letters": "处理死信", "source": "添加来源", "export": "导出",
    "correct": "更正", "event": "事件",
}  # fmt: skip


def local(when: datetime | str | None, form: str = "%m-%d %H:%M") -> str:
    """In Beijing time."""
    if when is None:
        return "—"
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    return when.astimezone(CHINA).strftime(form)


def until(when: datetime, now: datetime) -> str:
    """How long it is until `when`, or since."""
    minutes = round((when - now).total_seconds() / 60)
    said = f"{abs(minutes)} 分钟" if abs(minutes) < 120 else f"{abs(minutes) / 60:.0f} 小时"
    return f"已过 {said}" if minutes < 0 else f"还有 {said}"


def beside(now: float, usual: float) -> str:
    """A number beside its usual one, as people say it."""
    change = round(100 * (now / usual - 1))
    return "与往常相当" if abs(change) < 10 else f"{'多' if change > 0 else '少'} {abs(change)}%"


def marked(text: str) -> Markup:
    """Escaped, with <mark> around what matched."""
    safe = str(escape(text))
    return Markup(safe.replace(MARK[0], "<mark>").replace(MARK[1], "</mark>"))  # noqa: S704


def outcome(delivery: dict[str, Any]) -> str:
    """What became of a delivery."""
    tries = f"（第 {delivery['attempts']} 次）" if delivery.get("attempts", 0) > 1 else ""
    match delivery["status"]:
        case "delivered":
            return f"已送达{tries}"
        case "failed":
            return f"失败：{delivery['error']}{tries}"
        case "held" if delivery.get("digest"):
            return "已随汇总发出"
        case "held":
            return f"免打扰，{local(delivery.get('next_at'))} 汇总发出"
    when = f"{local(delivery.get('next_at'), '%H:%M:%S')} 再试"
    return f"{delivery['error']}，{when}" if delivery.get("error") else "正在发送"


def _named(names: dict[str, str]):  # type: ignore[no-untyped-def]
    return lambda value: names.get(value, value)


FILTERS = {
    "local": local,
    "until": until,
    "beside": beside,
    "marked": marked,
    "outcome": outcome,
    "channel": _named(CHANNELS),
    "attitude": _named(ATTITUDES),
    "status": _named(STATUSES),
    "role": _named(ROLES),
    "phase": _named(PHASES),
    "tier": _named(TIERS),
    "copy": _named(COPIES),
    "level": _named(LEVEL_NAMES),
    "clock": _named(CLOCK_NAMES),
    "action": _named(ACTIONS),
    "kind": _named(KIND_NAMES),
    "report": _named(REPORTS),
    "news": _named(NEWS),
    "source_status": _named(SOURCE_STATUSES),
    "cause": _named(CAUSES),
    "hot_label": _named(HOT_LABELS),
    "role_name": _named(ROLE_NAMES),
    "right_name": _named(RIGHT_NAMES),
    "deed": _named(DEEDS),
    "act": _named(ACTS),
    "event": lambda key: key[:8],  # of a correction
}
