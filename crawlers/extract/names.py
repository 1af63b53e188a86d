"""What the class and id of an element say of it: article, frame, perhaps a frame."""

from __future__ import annotations

import re
from functools import lru_cache

# Names of what stands around an article. Whole words between separators or camel humps,
# so that `content` or `shareable-article` do not hit.
_AROUND = re.compile(
    r"(^|[\s_\-])(nav\w*|menu|foot\w*|copyright|breadcrumbs?|crumb|sidebar|side|aside|"
    r"relat\w*|recommend\w*|rec|hot\w*|rank\w*|share\w*|comment\w*|reply|tags?|ads?|advert\w*|"
    r"banner|promo\w*|tool\w*|pager|pagination|login|search|popup|modal|dialog|qr\w*|subscribe|"
    r"download|next|prev\w*|statement|disclaimer|toolbar|topbar|slide\w*|feedback|hidden)"
    r"(?=$|[\s_\-\d])",
    re.I,
)
# Names that frames often have, and articles sometimes.
_PERHAPS = re.compile(
    r"(^|[\s_\-])(right|left|list|header|app|more|tips?|bottom|gallery)(?=$|[\s_\-\d])", re.I
)
# What stands at the foot of every page, in whatever element.
IMPRINT = re.compile(
    r"版权所有|All Rights Reserved|Copyright|ICP备|公网安备|主办单位|承办单位|主办[:：]|技术支持|"
    r"(地址|电话|邮编|传真|邮箱|举报电话)[:：]|违法和不良信息|经营许可证|备案号|网站标识码",
    re.I,
)
# Names of the article's own container: what frames it has outside counts no more inside.
_BODY = re.compile(
    r"(^|[\s_\-])(article-?(content|body|text|con)|post-?(content|body)|main-?(text|content)|"
    r"rich_media_content|js_content|trs_editor|zoom|endtext|artibody|text-?content|news-?content|"
    r"rm_txt_con|art-?content|content-?article|conttext)(?=$|[\s_\-])",
    re.I,
)


@lru_cache(20_000)
def kind_of(names: str) -> str:
    """What a class and an id say of an element; a page repeats few of them often."""
    if len(names) == 1:
        return ""
    if _BODY.search(names):
        return "body"
    return "frame" if _AROUND.search(names) else "perhaps" if _PERHAPS.search(names) else ""
