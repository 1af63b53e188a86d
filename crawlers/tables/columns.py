"""Which column of a table is which field: by its name, unless a person says otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# In the order of preference. Besides the words of offices and hotlines: the columns that
# weibo-search, weibo-crawler and MediaCrawler document.
NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "comment_id", "note_id", "aweme_id", "video_id", "content_id", "id", "微博id", "编号",
        "工单编号", "工单号", "受理编号", "信访编号", "登记编号", "流水号",
    ),
    "title": (
        "title", "标题", "诉求标题", "主题", "事项", "信访事项", "文章标题",
    ),
    "text": (
        "text", "content", "content_text", "desc", "微博正文", "正文", "内容", "主要内容",
        "诉求内容", "反映内容", "来信内容", "来电内容", "来访内容", "问题描述", "诉求描述",
        "留言内容",
    ),
    "published_at": (
        "published_at", "create_date_time", "full_created_at", "created_at", "create_time",
        "created_time", "publish_time", "pub_time", "time", "完整日期", "发布时间", "时间", "日期",
        "来信时间", "来电时间", "来访时间", "反映时间", "受理时间", "登记时间", "发生时间",
    ),
    "url": (
        "url", "note_url", "aweme_url", "content_url", "video_url", "link", "链接", "网址",
        "原文链接",
    ),
    "author": (
        "user_id", "用户id", "author", "nickname", "screen_name", "user_screen_name",
        "user_nickname", "用户昵称", "作者", "姓名",
        "来信人", "来电人", "来访人", "反映人", "诉求人", "联系人", "留言人",
    ),
    "publisher": (
        "publisher", "媒体", "媒体名称", "来源媒体",
    ),
    "channel": (
        "channel", "渠道", "来源渠道", "受理渠道",
    ),
    "place": (
        "place", "发布位置", "位置", "地点", "事发地点", "发生地点", "所属区域", "区县",
        "ip_location", "ip",
    ),
    "department": (
        "department", "归口部门", "承办单位", "责任部门", "主办单位",
    ),
    "subjects": (
        "subjects", "涉及主体", "涉及单位", "被反映单位", "涉事单位",
    ),
    "views": (
        "views", "view_count", "viewd_count", "video_play_count", "阅读数", "浏览量", "播放量",
    ),
    "likes": (
        "likes", "liked_count", "like_count", "comment_like_count", "voteup_count",
        "attitudes_count", "点赞数",
    ),
    "comments": (
        "comments", "comments_count", "comment_count", "video_comment", "sub_comment_count",
        "total_replay_num",
        "评论数",
    ),
    "reposts": (
        "reposts", "shared_count", "share_count", "video_share_count", "reposts_count", "转发数",
    ),
    "parent": (
        "parent_comment_id", "parment_comment_id", "retweet_id", "parent_id", "源微博id", "源id",
    ),
    "root": (
        "root_id",
    ),
}  # fmt: skip
FIELDS = tuple(NAMES)


def guess(header: Sequence[str]) -> dict[str, str]:
    """field → column, for the columns whose names say what they are."""
    by_name = {_plain(column): column for column in reversed(header) if column}
    found = {}
    for field, names in NAMES.items():
        column = next((by_name[_plain(name)] for name in names if _plain(name) in by_name), None)
        if column:
            found[field] = column
    if "root" not in found:
        # A file of comments: the post that they answer stands beside them.
        posts = NAMES["id"][1:5] if "comment_id" in by_name else ("weibo_id",)
        below = next((by_name[n] for n in posts if n in by_name), None)
        if below:
            found["root"] = below
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s*（(].*$|[\s_:：]+$", "", name.strip().lstrip("\ufeff*")).lower()


def told(pairs: Sequence[str]) -> dict[str, str]:
    """`标题=title` or `title=标题` from the command line; ValueError says which is wrong."""
    found = {}
    for pair in pairs:
        left, _, right = pair.partition("=")
        if right in NAMES:
            found[right] = left
        elif left in NAMES:
            found[left] = right
        else:
            raise ValueError(f"{pair}: 字段是 {' '.join(FIELDS)} 之一")
    return found


def unused(header: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    return [column for column in header if column and column not in mapping.values()]
