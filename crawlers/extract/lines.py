"""What stands at the head and the tail of a body and is not part of it."""

from __future__ import annotations

import re

from crawlers.extract.dom import squeeze, words

# A line that says when, where from or by whom: the last such line among the first few
# ends the head, with whatever short lines stand before it.
_META = re.compile(
    r"(19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(?<!\d)\d{1,2}[-月]\d{1,2}日?\s*\d{1,2}:\d\d|"
    r"(信息来源|文章来源|稿源|来源|发布时间|发布日期|发表于|时间|浏览次数|点击数|阅读量?|作者|编辑|责编|责任编辑)\s*[:：]|"
    r"来源[于自]|最后更新|人参与|分享到|分享至|字号|字体|扫描二维码|扫码|微信号|功能介绍|"
    r"当前位置|所在的?位置|现在位置|原创\s|已入驻|^[（(]?原标题[:：]|无法播放"
)
_JUNK = words(
    "关注 更多 打印 关闭 收藏 分享 评论 登录 注册 字号 超大 大 中 标准 小 图集 首页 正文 原创 "
    "微信 微博 QQ空间 Qzone 朋友圈 举报 赞 听新闻 播放 暂停"
)
# Signs under an article: what follows is the site's, even where it is longer.
_SIGNED = re.compile(
    r"^[\s\[【(（▍■◆]*(责任编辑|责编|值班编辑|本文编辑|本期编辑|(编辑|校对|审核)[:：丨|｜/]|监制|本文来源[:：]|"
    r"免责声明|版权声明|特别声明|声明[:：]|发布日期[:：].*责|文章关键词|关键字?词?\s*[:：>]|【?纠错】?$|【?上一篇)",
)
# Other articles and invitations: the end only with most of the text before them.
_OTHERS = re.compile(
    r"^[\s\[【(（▍■◆]*(延伸\s*[·阅]|(相关|推荐|延伸|热门)(阅读|新闻|链接|推荐|文章)|猜你喜欢|为[你您]推荐|"
    r"(网友|精彩|最新|热门|最热)评论.{0,4}$|作者最新文章|标签[:：]?$|下载.{0,8}(APP|客户端)|\+1$|上一篇|下一篇|"
    r"扫描.{0,6}二维码|长按.{0,8}二维码|扫码关注|点击.{0,6}(关注|阅读原文)|专注.{0,30}二维码)",
    re.I,
)
_TAIL = re.compile(
    r"^[\[【(（]?\s*(来源|作者|返回|分享|转载|未经授权|版权|广告|展开|阅读原文|收藏|点赞|评论|好文|钦佩|喜欢|泪奔|"
    r"可爱|思考|关注我们|加载中|加载更多|查看更多|信息来源于|经过.{1,8}编排)|转载请注明|独家授权|未经.{0,8}(转载|许可)|"
    r"版权所有|All rights reserved|更多原创资讯请下载|未经允许不得转载",
    re.I,
)
_STOP = re.compile(r"[。！？!?；;…”]$")
_HEAD_LINES = 10
_SHORT = 60


def trim(lines: list[str], title: str) -> list[str]:
    """The lines of the article alone."""
    kept = [line for line in (squeeze(line) for line in lines) if line]
    kept = kept[_head(kept, title) :]
    kept = kept[: _end(kept)]
    while kept and len(kept[-1]) < 120 and (_TAIL.search(kept[-1]) or kept[-1] in _JUNK):
        kept.pop()
    return kept


def _head(lines: list[str], title: str) -> int:
    """How many lines come before the article."""
    count = 0
    for index, line in enumerate(lines[:_HEAD_LINES]):
        named = bool(title) and (line == title or (title in line and len(line) < len(title) + 15))
        if named or line in _JUNK or _is_meta(line):
            count = index + 1
        elif len(line) >= _SHORT or _STOP.search(line):
            break
    return count


def _is_meta(line: str) -> bool:
    """Says when, where from or by whom, and no more than that."""
    if not _META.search(line) or len(line) > 2 * _SHORT:
        return False
    return len(line) < 30 or not _STOP.search(line)


def _end(lines: list[str]) -> int:
    """Where the article ends."""
    total = sum(map(len, lines))
    passed = 0
    for index, line in enumerate(lines):
        if len(line) < 200:
            if passed >= max(_SHORT, 0.2 * total) and _SIGNED.match(line):
                return index
            if passed >= 0.5 * total and _OTHERS.match(line):
                return index
        passed += len(line)
    return len(lines)
